"""Representatives in dialogues: registering, deciding, and the directory."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import AuditEntry, Representative
from tests.talk import Talk, Voice, buttons_of

ADDRESS = "kim@example.org"
LINE = f"register SG13 representative name='Kim Lee' email={ADDRESS}"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


async def registered(talk: Talk, line: str = LINE, voice: Voice | None = None) -> str:
    """Somebody has registered; gives the number of the request."""
    await (voice or talk.member).says(line)
    (voice or talk.member).sees("The secretariat was asked to confirm")
    return await newest(talk)


async def confirmed(talk: Talk, line: str = LINE, voice: Voice | None = None) -> str:
    number = await registered(talk, line, voice)
    await talk.secretariat.says(f"representative confirm {number}")
    talk.secretariat.sees("Confirmed")
    return number


async def newest(talk: Talk) -> str:
    async with talk.database.reading() as session:
        return str(await session.scalar(select(Representative.id).order_by(Representative.id.desc())))


async def row(talk: Talk, number: str) -> Representative:
    async with talk.database.reading() as session:
        found = await session.get(Representative, int(number))
        assert found
        return found


async def test_registering_takes_three_answers(talk: Talk) -> None:
    await talk.member.says("register")
    await talk.member.says("SG13")
    await talk.member.presses("representative")
    await talk.member.says(ADDRESS)
    talk.member.sees("Member, representative of SG13 (ITU-T)", "The secretariat was asked to confirm")
    talk.member.sees_buttons("Change…", "My groups")


async def test_what_the_platform_knows_is_filled_in(talk: Talk) -> None:
    await talk.member.says(f"register SG13 alternate email={ADDRESS}")
    talk.member.sees("Member, alternate of SG13")


async def test_letters_typed_offer_groups_as_buttons(talk: Talk) -> None:
    await talk.member.says("register")
    await talk.member.says("etsi")
    assert any("ISG QKD" in one.label for one in buttons_of(talk.member.last))


async def test_a_group_may_be_named_with_its_body(talk: Talk) -> None:
    await talk.member.says(f"register 'ETSI ISG QKD' kind=alternate email={ADDRESS}")
    talk.member.sees("alternate of ISG QKD (ETSI)")


async def test_a_body_and_a_part_of_the_name_offer_the_group(talk: Talk) -> None:
    await talk.member.says("register")
    await talk.member.says("ETSI QKD")
    talk.member.sees("these are near")
    talk.member.sees_buttons("ISG QKD (ETSI) Industry Specification Group on Quantum Key …")


async def test_a_group_that_ended_is_refused_with_who_went_on(talk: Talk) -> None:
    await talk.member.says(f"register group='ISG QSC' kind=alternate email={ADDRESS}")
    talk.member.sees_buttons("TC CYBER WG QSC (ISG QSC ended)")
    await talk.member.fills("register", {"group": "ISG QSC", "kind": "alternate", "name": "Kim", "email": ADDRESS})
    talk.member.sees("ISG QSC ended; its work went on in TC CYBER WG QSC")


async def test_a_group_that_is_not_in_the_list_is_proposed(talk: Talk) -> None:
    await talk.member.says("register")
    await talk.member.says("Quantum Alliance WG2")
    talk.member.sees("Nothing fits “Quantum Alliance WG2”: choose below, or type something else")
    await talk.member.presses("Propose “Quantum Alliance WG2”")
    talk.member.sees("Group: Quantum Alliance WG2 (new)")
    await talk.member.presses("alternate")
    await talk.member.says(ADDRESS)
    talk.member.sees("alternate of Quantum Alliance WG2", "not in the list of groups yet")
    talk.secretariat.is_told("Quantum Alliance WG2 is a new group")


async def test_mine_is_not_here_asks_for_the_name(talk: Talk) -> None:
    await talk.member.says(f"register other kind=alternate email={ADDRESS}")
    talk.member.sees("Name of your group")
    await talk.member.says("WG 9")
    talk.member.sees("alternate of WG 9")


async def test_the_secretariat_puts_a_proposed_group_into_a_body(talk: Talk) -> None:
    number = await registered(talk, f"register 'new: Alliance WG2' kind=representative email={ADDRESS}")
    await talk.secretariat.presses("Confirm", of=talk.secretariat.told[-1])
    talk.secretariat.sees("the group that it is, or the body to add it to")
    await talk.secretariat.presses("Add it to ETSI")
    talk.secretariat.sees("Confirmed", "Alliance WG2 (ETSI)")
    assert (await row(talk, number)).proposed == ""


async def test_a_proposed_group_may_turn_out_to_be_a_known_one(talk: Talk) -> None:
    number = await registered(talk, f"register 'new: Security at ITU' kind=representative email={ADDRESS}")
    await talk.secretariat.says(f"representative confirm {number} group=SG17")
    talk.secretariat.sees("representative of SG17 (ITU-T)")


@pytest.mark.parametrize("address", ["kim", "kim@", "kim@@example.org", "kim@exa mple.org", "@example.org"])
async def test_an_impossible_address_asks_for_the_address_alone(talk: Talk, address: str) -> None:
    await talk.member.says("register SG13 representative")
    await talk.member.says(address)
    talk.member.sees("E-mail")
    await talk.member.says(ADDRESS)
    talk.member.sees("The secretariat was asked")


@pytest.mark.parametrize(
    ("since", "shown"),
    [
        ("2020", "since 2020"),
        ("2020-07", "since July 2020"),
        ("'March 2021'", "since March 2021"),
        ("2020-07-03", "since 3 July 2020"),
        ("today", "since 2 September 2024"),
    ],
)
async def test_a_beginning_may_be_partial_or_in_words(talk: Talk, since: str, shown: str) -> None:
    await talk.member.says(f"{LINE} since={since}")
    talk.member.sees(shown)


@pytest.mark.parametrize("since", ["2031", "2024-09-03", "'October 2024'"])
async def test_a_beginning_in_the_future_is_refused(talk: Talk, since: str) -> None:
    await talk.member.says(f"{LINE} since={since}")
    talk.member.sees("in the future")


async def test_a_study_period_ends_with_its_last_year(talk: Talk) -> None:
    await talk.member.says(f"{LINE} until=2025-2028")
    talk.member.sees("until 2028")


@pytest.mark.parametrize("until", ["2023", "2024-08", "yesterday"])
async def test_a_term_that_is_over_is_refused(talk: Talk, until: str) -> None:
    await talk.member.says(f"{LINE} until={until}")
    talk.member.sees("over already")


@pytest.mark.parametrize("name", ["李明", "Þórunn Ægisdóttir", "محمد علي", "x" * 200])
async def test_a_name_may_be_in_any_script_and_long(talk: Talk, name: str) -> None:
    number = await registered(talk, f"register SG13 representative name='{name}' email={ADDRESS}")
    await talk.secretariat.says(f"representative show {number}")
    talk.secretariat.sees(name)


async def test_a_name_of_more_than_200_characters_is_refused(talk: Talk) -> None:
    await talk.member.says(f"register SG13 representative name={'x' * 201} email={ADDRESS}")
    talk.member.sees("longer than 200 characters")


async def test_whoever_registered_is_not_asked_twice(talk: Talk) -> None:
    await registered(talk)
    await talk.member.says(LINE)
    talk.member.sees("You are in the list for SG13 already")


async def test_a_person_may_represent_several_groups(talk: Talk) -> None:
    await registered(talk)
    await registered(talk, f"register SG17 alternate email={ADDRESS}")
    await talk.member.says("representative mine")
    talk.member.sees("SG13", "SG17")


async def test_only_who_is_confirmed_is_offered_to_hand_over(talk: Talk) -> None:
    number = await registered(talk)
    await talk.member.says("representative mine")
    assert [one.label for one in buttons_of(talk.member.last)] == ["Change SG13", "End SG13", "Register for a group"]
    await talk.secretariat.says(f"representative confirm {number}")
    await talk.member.says("representative mine")
    talk.member.sees_buttons("Change SG13", "End SG13", "Hand over SG13")


async def test_an_address_in_the_list_for_a_group_is_refused_to_another_one(talk: Talk) -> None:
    await registered(talk)
    await talk.colleague.says(LINE)
    talk.colleague.sees("That address is in the list for SG13 already")


async def test_the_secretariat_is_asked_without_the_address(talk: Talk) -> None:
    await registered(talk, f"{LINE} affiliation=ETRI")
    talk.secretariat.is_told("Kim Lee, representative of SG13 (ITU-T), ETRI", "Address not verified")
    assert [one.label for one in talk.secretariat.told[-1].buttons] == ["Confirm", "Decline", "Show the address"]


async def test_the_secretariat_sees_the_address_when_it_asks(talk: Talk) -> None:
    await registered(talk)
    await talk.secretariat.presses("Show the address", of=talk.secretariat.told[-1])
    talk.secretariat.sees(ADDRESS, "not verified")
    assert talk.secretariat.message.private


async def test_a_second_representative_is_flagged_with_both_names(talk: Talk) -> None:
    await confirmed(talk)
    await registered(talk, "register SG13 representative name='Ana Silva' email=ana@example.org", talk.colleague)
    talk.secretariat.is_told("SG13 would have two representatives", "Ana Silva and Kim Lee")


async def test_an_alternate_is_not_flagged(talk: Talk) -> None:
    await confirmed(talk)
    await registered(talk, "register SG13 alternate name='Ana Silva' email=ana@example.org", talk.colleague)
    assert "would have" not in talk.plain(talk.secretariat.told[-1])


async def test_confirming_tells_the_representative_and_closes_the_message(talk: Talk) -> None:
    await registered(talk)
    await talk.secretariat.presses("Confirm", of=talk.secretariat.told[-1])
    talk.member.is_told("You are confirmed", "representative of SG13")
    talk.administrator.is_told("Confirmed by Secretariat, 2 September 2024")
    assert not talk.administrator.told[-1].buttons


async def test_a_later_press_is_told_who_was_first(talk: Talk) -> None:
    await registered(talk)
    message = talk.administrator.told[-1]
    await talk.secretariat.presses("Confirm", of=talk.secretariat.told[-1])
    await talk.administrator.presses("Confirm", of=message)
    talk.administrator.sees("Confirmed by Secretariat on 2 September 2024")


async def test_declining_asks_for_the_reason_and_tells_it(talk: Talk) -> None:
    await registered(talk)
    await talk.secretariat.presses("Decline", of=talk.secretariat.told[-1])
    assert talk.secretariat.is_asked
    await talk.secretariat.says("SG13 named somebody else")
    talk.secretariat.sees("Declined")
    talk.member.is_told("declined: SG13 named somebody else")
    talk.administrator.is_told("Declined by Secretariat")


async def test_who_was_declined_may_register_again(talk: Talk) -> None:
    number = await registered(talk)
    await talk.secretariat.says(f"representative decline {number} no")
    await registered(talk)


async def test_a_member_cannot_decide(talk: Talk) -> None:
    number = await registered(talk)
    await talk.member.says(f"representative confirm {number}")
    talk.member.sees("needs the role secretariat")


async def test_the_directory_is_read_by_group_and_by_body(talk: Talk) -> None:
    await confirmed(talk)
    for about in ("", "SG13", "ITU-T", "study group 13"):
        await talk.colleague.says(f"representative list {about}")
        talk.colleague.sees("Kim Lee, representative of SG13")


async def test_a_request_is_not_in_the_directory(talk: Talk) -> None:
    await registered(talk)
    await talk.colleague.says("representative list SG13")
    talk.colleague.sees("SG13 has no representative")
    await talk.colleague.says("representative list status=pending")
    talk.colleague.sees("only the secretariat")
    await talk.secretariat.says("representative list")
    await talk.secretariat.presses("Requests")
    talk.secretariat.sees("Kim Lee")


async def test_the_directory_goes_on_with_more(talk: Talk) -> None:
    for index in range(12):
        await talk.secretariat.says(
            f"representative add SG13 alternate name='Person {index:02}' email=p{index}@example.org"
        )
    await talk.member.says("representative list SG13")
    talk.member.sees("12 entries", "1 to 10 shown")
    await talk.member.presses("More")
    talk.member.sees("11 to 12 shown", "Person 11")


async def test_a_change_is_noted_without_what_is_personal(talk: Talk) -> None:
    number = await registered(talk, f"{LINE} affiliation=ETRI")
    await talk.member.says(f"representative change {number} affiliation='New Institute'")
    talk.member.sees("New Institute")
    await talk.member.says(f"representative change {number} email=new@example.org")
    async with talk.database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.subject == "representative")))
    noted = " ".join(f"{one.before} {one.after}" for one in entries)
    assert [one.action for one in entries] == ["request", "change", "change"]
    assert not any(text in noted for text in ("ETRI", "New Institute", "example.org", "Kim"))


async def test_changing_asks_what_and_for_what(talk: Talk) -> None:
    await registered(talk)
    await talk.member.presses("Change…")
    await talk.member.presses("affiliation")
    await talk.member.says("ETRI")
    talk.member.sees("Changed (affiliation)", "ETRI")
    talk.secretariat.is_told("ETRI")


@pytest.mark.parametrize(
    ("change", "problem"),
    [("since=2031", "in the future"), ("email=kim", "no e-mail address"), ("kind=chief", "allowed are")],
)
async def test_a_change_that_cannot_be_asks_for_the_value_again(talk: Talk, change: str, problem: str) -> None:
    number = await registered(talk)
    await talk.member.says(f"representative change {number} {change}")
    talk.member.sees(problem)


async def test_nobody_changes_the_entry_of_another_one(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.colleague.says(f"representative change {number} affiliation=Evil")
    talk.colleague.sees("Only the representative and the secretariat")


async def test_a_representative_does_not_make_themselves_one_from_an_alternate(talk: Talk) -> None:
    number = await confirmed(talk, f"register SG13 alternate email={ADDRESS}")
    await talk.member.says(f"representative change {number} kind=representative")
    talk.member.sees("The group decides")


async def test_the_secretariat_learns_what_a_representative_changed(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.member.says(f"representative change {number} email=new@example.org")
    talk.secretariat.is_told("Kim Lee", "has changed: email")
    assert "example.org" not in talk.plain(talk.secretariat.told[-1])


async def test_ending_is_told_to_the_secretariat(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.member.says(f"representative end {number} 'new job'")
    talk.member.sees("no more")
    talk.secretariat.is_told("SG13 has no representative now", "new job")
    await talk.member.says(f"representative end {number}")
    talk.member.sees("no more")


async def test_a_request_can_be_taken_back(talk: Talk) -> None:
    number = await registered(talk)
    await talk.member.says(f"representative end {number}")
    talk.member.sees("taken back")
    talk.secretariat.is_told("Taken back")
    assert not talk.secretariat.told[-1].buttons


async def test_the_secretariat_ends_an_appointment_and_the_person_is_told(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.secretariat.says(f"representative end {number} 'SG13 wrote so'")
    talk.member.is_told("has ended your appointment", "SG13 wrote so")


async def test_who_hands_over_stays_until_the_next_is_confirmed(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.member.says(f"representative handover {number} name='Ana Silva' email=ana@example.org")
    talk.member.sees("Until then Kim Lee stays")
    talk.secretariat.is_told("Ana Silva", "Takes over from Kim Lee")
    assert "would have" not in talk.plain(talk.secretariat.told[-1])
    await talk.secretariat.presses("Confirm", of=talk.secretariat.told[-1])
    talk.secretariat.sees("Kim Lee, who hands over, is one no more")
    talk.member.is_told("Ana Silva has taken over")
    await talk.colleague.says("representative list SG13")
    talk.colleague.sees("Ana Silva")
    talk.colleague.sees_not("Kim Lee")


async def test_who_wanted_to_hand_over_stays_when_the_next_is_declined(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.member.says(f"representative handover {number} name='Ana Silva' email=ana@example.org")
    await talk.secretariat.says(f"representative decline {await newest(talk)} unknown")
    talk.member.is_told("Ana Silva was not confirmed, so you stay")
    assert (await row(talk, number)).status == "confirmed"


async def test_handing_over_by_the_secretariat_takes_effect_at_once(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.secretariat.says(f"representative handover {number} name='Ana Silva' email=ana@example.org")
    talk.secretariat.sees("Ana Silva is representative of SG13 now")
    assert (await row(talk, number)).status == "ended"


async def test_the_secretariat_adds_somebody_by_a_liaison_statement(talk: Talk) -> None:
    await talk.secretariat.says("liaison list")
    await talk.secretariat.says(
        "representative add SG17 representative name='Ana Silva' email=Ana@Example.org liaison=LS-none"
    )
    talk.secretariat.sees("In the list now: Ana Silva", "I know no liaison statement LS-none")
    found = await row(talk, await newest(talk))
    assert (found.email, found.status, found.liaison) == ("ana@example.org", "confirmed", "LS-none")


async def test_requests_are_brought_up_again_every_three_days(talk: Talk) -> None:
    await registered(talk)
    counts = []
    for days in (2, 1, 1, 2):
        talk.clock.advance(timedelta(days=days))
        await talk.does_chores()
        await talk.does_chores()
        counts.append(len(talk.secretariat.told))
    assert counts == [1, 2, 2, 3]
    talk.secretariat.is_told("1 request waits for a decision", "Kim Lee")


async def test_a_term_ends_by_itself(talk: Talk) -> None:
    number = await confirmed(talk, f"{LINE} until=2024-12")
    talk.clock.now = talk.clock.now.replace(month=12, day=31, hour=22)
    await talk.does_chores()
    assert (await row(talk, number)).status == "confirmed"
    talk.clock.now += timedelta(hours=1)  # midnight in Zurich
    await talk.does_chores()
    await talk.does_chores()
    assert (await row(talk, number)).status == "ended"
    talk.member.is_told("Your term", "ended (December 2024)")
    talk.secretariat.is_told("SG13 has no representative now")


async def test_each_is_asked_before_the_end_and_the_secretariat_extends(talk: Talk) -> None:
    number = await confirmed(talk, f"{LINE} until=2024")
    talk.clock.now = talk.clock.now.replace(month=12, day=3)
    await talk.does_chores()
    talk.member.is_told("Are you still representative of SG13", "Your term ends 2024")
    await talk.member.presses("Yes, still me", of=talk.member.told[-1])
    talk.member.sees("the secretariat was asked whether it goes on")
    talk.secretariat.is_told("Does it go on?")
    await talk.secretariat.presses("Until 2028", of=talk.secretariat.told[-1])
    assert (await row(talk, number)).until == "2028"


async def test_each_is_asked_once_a_year(talk: Talk) -> None:
    number = await confirmed(talk)
    talk.clock.advance(timedelta(days=364))
    await talk.does_chores()
    assert len(talk.member.told) == 1
    talk.clock.advance(timedelta(days=1))
    await talk.does_chores()
    await talk.does_chores()
    assert len(talk.member.told) == 2
    await talk.member.presses("No longer", of=talk.member.told[-1])
    assert (await row(talk, number)).status == "ended"


async def test_silence_is_reported_once(talk: Talk) -> None:
    await confirmed(talk)
    talk.clock.advance(timedelta(days=365))
    await talk.does_chores()
    told = len(talk.secretariat.told)
    for _ in range(3):
        talk.clock.advance(timedelta(days=30))
        await talk.does_chores()
    assert len(talk.secretariat.told) == told + 1
    talk.secretariat.is_told("No answer for 30 days", "Kim Lee")


async def test_who_answered_is_not_reported(talk: Talk) -> None:
    await confirmed(talk)
    talk.clock.advance(timedelta(days=365))
    await talk.does_chores()
    await talk.member.presses("Yes, still me", of=talk.member.told[-1])
    told = len(talk.secretariat.told)
    talk.clock.advance(timedelta(days=40))
    await talk.does_chores()
    assert len(talk.secretariat.told) == told


async def test_nobody_is_asked_at_night(talk: Talk) -> None:
    await confirmed(talk)
    talk.clock.advance(timedelta(days=365, hours=13))
    await talk.does_chores()
    assert len(talk.member.told) == 1


async def test_without_mail_an_address_counts_as_not_verified(talk: Talk) -> None:
    await talk.member.says(LINE)
    talk.member.sees("I cannot send e-mail here, so your address counts as not verified")


async def test_without_mail_the_secretariat_makes_room_for_whom_it_entered(talk: Talk) -> None:
    await talk.secretariat.says(f"representative add SG13 representative name='Kim Lee' email={ADDRESS}")
    talk.secretariat.sees("I cannot reach them")
    await talk.colleague.says(LINE)
    talk.colleague.sees("ask the secretariat to end that entry")


async def test_the_person_learns_what_the_secretariat_changed(talk: Talk) -> None:
    number = await confirmed(talk)
    await talk.secretariat.says(f"representative change {number} until=2028")
    talk.member.is_told("The secretariat has changed your entry (until)", "until 2028")


async def test_a_form_left_half_way_says_for_which_group(talk: Talk) -> None:
    await talk.member.says("register SG17")
    talk.clock.advance(timedelta(days=1))
    await talk.member.says("register")
    talk.member.sees("registering for SG17")


@pytest.mark.parametrize(
    "text",
    [
        "which requests are pending?",
        "what waits for confirmation?",
        "pending requests",
        "which requests wait for a decision?",
        "what is still waiting to be confirmed? any requests?",
    ],
)
async def test_the_secretariat_asks_what_waits_to_be_decided(talk: Talk, text: str) -> None:
    await talk.member.says("register SG17 representative email=kim@example.org")
    await talk.secretariat.says(text)
    talk.secretariat.sees("Member, representative of SG17", "not decided yet")
    await talk.secretariat.presses("Requests")
    talk.secretariat.sees_buttons("Member, SG17")


async def test_nothing_that_waits_is_said_to_be_none(talk: Talk) -> None:
    await talk.secretariat.says("which requests are pending?")
    talk.secretariat.sees("No request waits for a decision")


async def test_what_waits_to_be_decided_is_told_to_the_secretariat_alone(talk: Talk) -> None:
    await talk.colleague.says("register SG17 representative email=kim@example.org")
    await talk.member.says("which requests are pending?")
    talk.member.sees_not("Colleague")
