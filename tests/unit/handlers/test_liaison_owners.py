"""What a statement asks of a group has one owner: offered, accepted, passed on, assigned, raised."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from handlers import following
from storage.liaison.events import Deed
from storage.tables import Notice
from storage.words import AssignmentState, LiaisonStatus
from tests.talk import Talk, Voice, buttons_of
from tests.unit.handlers.liaison_desk import (
    Statement,
    assignments_of,
    at_once,
    errand,
    history,
    logged,
    over,
    represents,
    row,
    voice,
)

FOR_SG17 = Statement("LS on threats", action=["SG17"], deadline="2024-12-01")
ACCEPT = "liaison accept SG11-LS5"


async def two_of_sg17(talk: Talk) -> Voice:
    """The member and somebody else represent SG17, which is asked to act."""
    other = voice(talk, "ana")
    await represents(talk, talk.member, "SG17", name="Kim")
    await represents(talk, other, "SG17", alternate=True)
    await logged(talk, FOR_SG17)
    return other


async def test_the_first_press_wins_and_the_others_read_who_it_was(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await talk.member.presses("Accept", of=talk.member.told[-1])
    talk.member.sees("You see to SG11-LS5 for SG17 by 1 December 2024")
    other.is_told("Kim sees to it for SG17")
    talk.member.is_told("You see to it for SG17, since 2 September 2024")
    assert [button.label for button in buttons_of(other.told[-1])] == ["Show it"]
    assert (len(other.told), len(talk.member.told)) == (1, 1)
    assert (await row(talk)).status is LiaisonStatus.ASSIGNED


async def test_who_accepts_too_late_is_told_who_was_first(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await talk.member.says(ACCEPT)
    await other.says(ACCEPT)
    other.sees("Kim sees to SG11-LS5 for SG17 since 11:00 on 02 September 2024")


async def test_accepting_twice_says_so(talk: Talk) -> None:
    await two_of_sg17(talk)
    await talk.member.says(ACCEPT)
    await talk.member.says(ACCEPT)
    talk.member.sees("You see to SG11-LS5 for SG17")


async def test_who_represents_another_group_cannot_accept(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13")
    await logged(talk, FOR_SG17)
    await talk.member.says(ACCEPT)
    talk.member.sees("asks nothing of a group that you represent", "It asks SG17")


async def test_what_we_sent_ourselves_is_not_accepted(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, Statement(number="", source="JCA-QKDN", action=["SG17"], outgoing=True))
    await talk.member.says(f"liaison accept {(await row(talk)).number}")
    talk.member.sees("is ours: whom it asks answers it with a statement of their own")


async def test_two_groups_are_accepted_each_by_its_button(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17", "SG13")
    await logged(talk, Statement(action=["SG17", "SG13"]))
    labels = [button.label for button in buttons_of(talk.member.told[-1])]
    assert labels[:2] == ["Accept for SG17", "Pass on for SG17…"]
    await talk.member.presses("Accept for SG13", of=talk.member.told[-1])
    states = {one.name: one.state for one in await assignments_of(talk)}
    assert states == {"SG17": AssignmentState.OFFERED, "SG13": AssignmentState.ACCEPTED}
    talk.member.is_told("You see to it for SG13", "Who sees to it for SG17?")


async def test_passing_on_asks_the_other_one(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await talk.member.says(ACCEPT)
    await talk.member.says("liaison pass SG11-LS5 to=Ana")
    talk.member.sees("I ask Ana to see to SG11-LS5 for SG17")
    other.is_told("Kim passes on to you", "Do you see to it for SG17?")
    talk.member.is_told("Ana was asked to see to it for SG17")
    await other.presses("Accept", of=other.told[-1])
    talk.member.is_told("Ana sees to it for SG17")


async def test_whom_to_pass_it_on_to_is_offered(talk: Talk) -> None:
    await two_of_sg17(talk)
    await talk.member.presses("Pass on…", of=talk.member.told[-1])
    assert talk.member.is_asked
    await talk.member.says("ana")
    talk.member.sees("I ask Ana")


async def test_passing_on_to_one_who_does_not_represent_it_offers_those_who_do(talk: Talk) -> None:
    await two_of_sg17(talk)
    await represents(talk, talk.member, "SG13")
    bob = voice(talk, "bob")
    await represents(talk, bob, "SG13")
    await talk.member.says("liaison pass SG11-LS5 to=Bob")
    talk.member.sees("Nobody called “Bob”")
    talk.member.sees_buttons("Ana", "The secretariat")


async def test_passing_on_to_the_secretariat_asks_it(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await two_of_sg17(talk)
    await talk.member.says("liaison pass SG11-LS5 to=secretariat")
    talk.secretariat.is_told("Kim passes on to the secretariat what SG17 is asked")
    assert [one.label for one in buttons_of(talk.secretariat.told[-1])] == ["Accept", "Assign…", "Show it"]
    await talk.secretariat.presses("Accept", of=talk.secretariat.told[-1])
    talk.member.is_told("Secretariat sees to it for SG17")


async def test_what_nobody_sees_to_is_assigned_from_the_statement_itself(talk: Talk) -> None:
    await two_of_sg17(talk)
    await talk.secretariat.says("liaison show SG11-LS5")
    talk.secretariat.sees("SG17: nobody sees to it yet")
    await talk.secretariat.presses("Assign…")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("Kim")
    talk.secretariat.sees("I ask Kim")
    await talk.secretariat.says("liaison show SG11-LS5")
    talk.secretariat.sees("Kim was asked to see to it")
    assert "Assign…" not in [one.label for one in buttons_of(talk.secretariat.last)]


async def test_only_the_secretariat_is_offered_to_assign(talk: Talk) -> None:
    await two_of_sg17(talk)
    await talk.member.says("liaison show SG11-LS5")
    assert "Assign…" not in [one.label for one in buttons_of(talk.member.last)]


async def test_after_three_days_it_goes_to_the_secretariat_once(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await two_of_sg17(talk)
    talk.clock.advance(timedelta(days=2, hours=23))
    await talk.does_chores()
    talk.secretariat.is_told_nothing()
    talk.clock.advance(timedelta(hours=1))
    await talk.does_chores()
    talk.secretariat.is_told("Nobody accepted it for SG17 in 3 days")
    talk.clock.advance(timedelta(days=1))
    await talk.does_chores()
    assert len(talk.secretariat.told) == 1
    talk.member.is_told("Nobody sees to it for SG17 yet")


async def test_two_processes_at_once_raise_it_once(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await two_of_sg17(talk)
    talk.clock.advance(timedelta(days=4))

    async def chore() -> None:
        async with talk.database.writing() as session:
            await following.raise_unaccepted(await errand(talk, session))

    await asyncio.gather(chore(), chore())
    await talk.settles()
    assert len(talk.secretariat.told) == 1


async def test_what_is_over_or_accepted_is_not_raised(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await two_of_sg17(talk)
    await logged(talk, Statement("LS on more", number="SG11-LS6", action=["SG2"]))
    await over(talk)
    await talk.member.says(ACCEPT)
    talk.clock.advance(timedelta(days=4))
    await talk.does_chores()
    talk.secretariat.is_told_nothing()


async def test_the_secretariat_assigns_somebody(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await talk.secretariat.says("liaison assign LS5 SG17 Ana")
    talk.secretariat.sees("I ask Ana to see to SG11-LS5 for SG17")
    other.is_told("The secretariat asks you to see to what SG17 is asked")
    deeds = [one.deed for one in await history(talk)]
    assert deeds == [Deed.LOGGED, Deed.ROUTED, Deed.ASSIGNED]


async def test_the_secretariat_takes_what_nobody_represents_itself(talk: Talk) -> None:
    await logged(talk, Statement(action=["IETF opsawg"]))
    await talk.secretariat.says("liaison accept SG11-LS5")
    talk.secretariat.sees("You see to SG11-LS5 for IETF opsawg")


async def test_assigning_for_a_group_that_is_not_addressed_names_those_that_are(talk: Talk) -> None:
    await two_of_sg17(talk)
    await talk.secretariat.says("liaison assign LS5 SG2 Ana")
    talk.secretariat.sees("SG11-LS5 is not for SG2", "It is for SG17")


async def test_mine_shows_what_waits_for_my_groups(talk: Talk) -> None:
    await two_of_sg17(talk)
    await talk.member.says("liaison mine")
    talk.member.sees("1 liaison statement waits", "SG11-LS5 from SG11", "SG17 is asked to act by 1 December 2024")
    await talk.member.presses("Accept SG11-LS5")
    await talk.member.says("liaison mine")
    talk.member.sees("You see to it for SG17")
    await over(talk)
    await talk.member.says("liaison mine")
    talk.member.sees("No liaison statement waits for your groups")


async def test_mine_of_a_member_says_that_they_represent_nobody(talk: Talk) -> None:
    await talk.member.says("liaison mine")
    talk.member.sees("You represent no group here")


async def test_of_two_who_accept_at_once_one_owns_it(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await at_once(talk, (talk.member, ACCEPT), (other, ACCEPT))
    seen = sorted([talk.member.seen, other.seen], key=lambda text: "You see to" not in text)
    assert "You see to SG11-LS5" in seen[0]
    assert "sees to SG11-LS5 for SG17 since" in seen[1]
    (one,) = await assignments_of(talk)
    assert one.state is AssignmentState.ACCEPTED
    assert [event.deed for event in await history(talk)].count(Deed.ACCEPTED) == 1


async def test_accepting_while_it_is_passed_on_leaves_one_owner_or_one_who_is_asked(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await at_once(talk, (other, ACCEPT), (talk.member, "liaison pass SG11-LS5 to=secretariat"))
    (one,) = await assignments_of(talk)
    assert one.state is AssignmentState.ACCEPTED
    talk.member.is_told("Ana sees to it for SG17")
    other.sees("You see to SG11-LS5")


async def test_accepting_while_it_is_closed_ends_closed(talk: Talk) -> None:
    await two_of_sg17(talk)
    desk = talk.new_desk()
    await asyncio.gather(desk.receive(talk.member.arrival(ACCEPT, kind="button")), over(talk))
    await talk.settles(desk)
    assert (await row(talk)).status is LiaisonStatus.CLOSED
    assert [one.state for one in await assignments_of(talk)] == [AssignmentState.SETTLED]
    talk.member.is_told("Nothing is left to do: it was closed")


async def test_nobody_reads_the_name_of_an_owner_who_was_forgotten(talk: Talk) -> None:
    other = await two_of_sg17(talk)
    await talk.member.says(ACCEPT)
    other.is_told("Kim sees to it")
    await talk.member.says("forget me forget")
    other.is_told("Who sees to it for SG17?")
    async with talk.database.reading() as session:
        kept = [str(one) for one in await session.scalars(select(Notice.data))]
    assert not [one for one in kept if "Kim" in one]
