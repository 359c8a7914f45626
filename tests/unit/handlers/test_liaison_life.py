"""The life of a liaison statement: answered, noted, closed, reopened, corrected; each step once, and kept."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.arrival import Asking
from storage.database import Database
from storage.liaison import replies
from storage.tables import AuditEntry, Drop, Liaison, LiaisonEvent, LiaisonFile
from storage.words import LiaisonStatus
from tests.talk import Talk, Voice
from tests.unit.handlers.liaison_desk import Statement, logged


@pytest.fixture
async def talk(sample: Database) -> Talk:
    """LS9 of SG17 came in, with a deadline."""
    talk = Talk(sample)
    await logs(talk, number="SG17-LS9", source="SG17", title="LS on key managers", for_action="JCA-QKDN")
    return talk


async def logs(talk: Talk, **values: str) -> None:
    given = {"deadline": "2024-10-01", "contact": "Kim Lee", "contact_email": "kim@example.org", "date": "2024-08-30"}
    await talk.secretariat.fills("liaison log", {**given, **values})


async def one(talk: Talk, number: str = "SG17-LS9") -> Liaison:
    async with talk.database.reading() as session:
        return (await session.scalars(select(Liaison).where(Liaison.number == number))).one()


async def steps(talk: Talk) -> list[LiaisonEvent]:
    """What was done with it since it was logged, but whom it was brought to."""
    async with talk.database.reading() as session:
        every = await session.scalars(select(LiaisonEvent).order_by(LiaisonEvent.id))
        return [event for event in every if event.deed not in ("logged", "routed")]


async def at_once(talk: Talk, *said: tuple[Voice, str]) -> None:
    """Several people say something at the same time, each to a replica of their own."""
    desks = [talk.new_desk() for _ in said]
    arrivals = [voice.arrival(line, kind="button") for voice, line in said]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)


async def test_a_statement_shows_what_matters(talk: Talk) -> None:
    await talk.secretariat.says("liaison show LS9")
    talk.secretariat.sees(
        "SG17-LS9", "our number JCA-QKDN-IN1", "received", "1 October 2024, in 29 days", "kim@example.org"
    )
    talk.secretariat.sees_buttons("Answer it", "Note it", "Close it", "Correct it", "History")
    await talk.secretariat.says("liaison show IN1")
    talk.secretariat.sees("SG17-LS9")


async def test_whom_to_contact_is_not_for_members_nor_for_channels(talk: Talk) -> None:
    await talk.member.says("liaison show LS9")
    talk.member.sees("LS on key managers")
    talk.member.sees_not("Kim Lee", "kim@example.org")
    await talk.secretariat.says("/liaison show LS9", channel=True)
    talk.secretariat.sees_not("kim@example.org")


async def test_a_statement_that_is_not_there_is_asked_for_again(talk: Talk) -> None:
    await talk.member.says("liaison show LS99")
    talk.member.sees("no liaison statement “LS99”")
    talk.member.sees_buttons("SG17-LS9: LS on key managers")


async def test_drafts_are_for_the_secretariat(talk: Talk) -> None:
    async with talk.database.writing() as session:
        found = (await session.scalars(select(Liaison).where(Liaison.number == "SG17-LS9"))).one()
        found.status = LiaisonStatus.DRAFT
    await talk.member.says("liaison show LS9")
    talk.member.sees("There is no liaison statement “LS9”")
    await talk.secretariat.says("liaison show LS9")
    talk.secretariat.sees("draft")


async def test_noting_closing_and_reopening_are_steps_with_reasons(talk: Talk) -> None:
    await talk.secretariat.says("liaison note LS9 'only for information'")
    talk.secretariat.sees("SG17-LS9, LS on key managers, is noted (only for information)")
    await talk.secretariat.says("liaison close LS9")
    await talk.secretariat.says("liaison reopen LS9 'they ask again'")
    assert (await one(talk)).status == "received"
    done = [(event.deed, event.acting_as, event.reason) for event in await steps(talk)]
    assert done == [
        ("noted", "secretariat", "only for information"),
        ("closed", "secretariat", ""),
        ("reopened", "secretariat", "they ask again"),
    ]
    async with talk.database.reading() as session:
        audited = set(await session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "liaison")))
    assert {"noted", "closed", "reopened"} <= audited


async def test_a_number_that_is_only_near_closes_nothing(talk: Talk) -> None:
    await logs(talk, number="SG17-LS23", source="SG17", title="LS on other managers")
    await talk.secretariat.says("liaison close LS2")
    talk.secretariat.sees("Nothing fits “LS2”: choose below")
    assert (await one(talk, "SG17-LS23")).status == "received"


async def test_forwarding_and_withdrawing_need_a_reason(talk: Talk) -> None:
    await talk.secretariat.says("liaison forward LS9 to=SG13")
    talk.secretariat.sees("Why")
    await talk.secretariat.says("networks are theirs")
    talk.secretariat.sees("went to the wrong group (forwarded to SG13: networks are theirs)")
    await talk.secretariat.says("liaison withdraw LS9 'sent by mistake'")
    talk.secretariat.sees("misdirected already, by Secretariat")


async def test_of_two_who_close_it_at_once_the_other_is_told_who_was_first(talk: Talk) -> None:
    await at_once(talk, (talk.secretariat, "liaison close LS9"), (talk.administrator, "liaison close LS9"))
    seen = sorted([talk.secretariat.seen, talk.administrator.seen], key=lambda text: "already" in text)
    assert "is closed" in seen[0]
    assert "closed already, by" in seen[1]
    assert [event.deed for event in await steps(talk)] == ["closed"]


async def test_of_closing_and_answering_at_once_each_is_done_or_told(talk: Talk) -> None:
    await logs(talk, number="JCA-QKDN-LS2", source="JCA-QKDN", title="Reply", deadline="none")
    answer = "liaison answer SG17-LS9 with=JCA-QKDN-LS2"
    await at_once(talk, (talk.secretariat, "liaison note SG17-LS9"), (talk.administrator, answer))
    assert (await one(talk)).status == "answered"


async def test_a_correction_keeps_what_was_before_but_no_address(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 deadline=2027-01-10 title='LS on managers' contact=none")
    talk.secretariat.sees("Corrected SG17-LS9", "deadline")
    found = await one(talk)
    assert (found.deadline, found.title, found.contact) == ("2027-01-10", "LS on managers", "")
    (event,) = await steps(talk)
    assert event.before["deadline"] == "2024-10-01"
    assert event.before["contact"] == "changed"
    await talk.secretariat.presses("Show it")
    await talk.secretariat.presses("History")
    talk.secretariat.sees("deadline: 2024-10-01 → 2027-01-10", "title: LS on key managers → LS on managers")


async def test_one_thing_is_corrected_by_its_button(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9")
    await talk.secretariat.presses("Deadline")
    await talk.secretariat.says("none")
    assert (await one(talk)).deadline_kind == "none"


async def test_a_correction_that_changes_nothing_says_so(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 title='LS on key managers'")
    talk.secretariat.sees("says so already")
    assert not await steps(talk)


async def test_who_is_addressed_can_be_corrected(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 for_action='SG13; SG11' for_information='TSAG'")
    await talk.secretariat.says("liaison show LS9")
    talk.secretariat.sees("For action: SG13, SG11", "For information: TSAG")


async def test_a_number_that_another_one_has_is_refused(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 called=SG13-LS136")
    talk.secretariat.sees("Another statement is called SG13-LS136")


async def test_logging_a_reply_answers_what_we_sent(talk: Talk) -> None:
    await logs(talk, number="SG17-LS10", source="SG17", title="Reply", in_response_to="JCA-QKDN-LS1")
    talk.secretariat.sees("It answers JCA-QKDN-LS1")
    assert (await one(talk, "JCA-QKDN-LS1")).status == "answered"
    await talk.secretariat.says("liaison show JCA-QKDN-LS1")
    talk.secretariat.sees("Reply: SG17-LS10 from SG17")
    await talk.secretariat.presses("Thread")
    talk.secretariat.sees("1. JCA-QKDN-LS1", "2. SG17-LS10", "replies to JCA-QKDN-LS1")


async def test_a_holding_reply_moves_the_deadline_and_says_until_when(talk: Talk) -> None:
    await logs(
        talk, number="SG17-LS10", source="SG17", title="Later", in_response_to="JCA-QKDN-LS1", holding="2024-12-24"
    )
    talk.secretariat.sees("JCA-QKDN-LS1", "is due on 24 December 2024 now")
    found = await one(talk, "JCA-QKDN-LS1")
    assert (found.status, found.deadline, found.deadline_kind) == ("sent", "2024-12-24", "date")


async def test_a_holding_reply_needs_to_say_to_what(talk: Talk) -> None:
    await logs(talk, number="SG17-LS10", source="SG17", title="Later", holding="2024-12-24")
    assert isinstance(talk.secretariat.last, Asking)
    assert "which statement it asks more time for" in talk.secretariat.last.errors["holding"]


async def test_the_secretariat_says_which_statement_answers(talk: Talk) -> None:
    await logs(talk, number="JCA-QKDN-LS2", source="JCA-QKDN", title="Our reply", deadline="none", date="2024-09-01")
    await talk.secretariat.says("liaison answer LS9")
    await talk.secretariat.presses("JCA-QKDN-LS2: Our reply")
    talk.secretariat.sees("It answers SG17-LS9")
    await talk.secretariat.says("liaison answer LS9 with=JCA-QKDN-LS2")
    talk.secretariat.sees("JCA-QKDN-LS2 answers SG17-LS9 already")
    await talk.secretariat.says("liaison answer JCA-QKDN-LS2 with=LS9")
    talk.secretariat.sees("itself replies to SG17-LS9")


async def test_an_answer_can_be_put_off(talk: Talk) -> None:
    await talk.secretariat.says("liaison hold LS9 2024-11-15 'they agreed'")
    talk.secretariat.sees("is due on 15 November 2024 now (they agreed)")
    await talk.secretariat.says("liaison hold LS9 2020-01-01 no")
    talk.secretariat.sees("that day is over")


async def test_a_file_added_later_is_sent_under_a_stable_name(talk: Talk) -> None:
    await talk.secretariat.drops({"Annex A (final).pdf": b"%PDF-1.7 annex"}, "liaison attach SG17-LS9")
    talk.secretariat.sees("Added to SG17-LS9", "Annex A (final).pdf")
    async with talk.database.reading() as session:
        id = (await session.scalars(select(LiaisonFile.id))).one()
        number = (await session.scalars(select(Drop.id))).one()
    await talk.member.says(f"liaison file {id}")
    (file,) = talk.member.message.attachments
    assert (file.name, file.content) == (f"JCA-QKDN-SG17-LS9-{id}-Annex-A-final.pdf", b"%PDF-1.7 annex")
    await talk.secretariat.says(f"liaison attach SG17-LS9 file={number}")
    talk.secretariat.sees("has that file already")
    await talk.member.says("liaison file 999")
    talk.member.sees("I have no file 999")


async def test_what_is_in_an_attachment_can_be_found(talk: Talk) -> None:
    await talk.secretariat.drops({"annex.txt": b"about entanglement swapping"}, "liaison attach SG17-LS9")
    async with talk.database.reading() as session:
        text = await session.scalar(select(LiaisonFile.text))
    assert text == "about entanglement swapping"


async def test_what_we_sent_is_not_reopened(talk: Talk) -> None:
    await talk.secretariat.says("liaison close JCA-QKDN-LS1")
    await talk.secretariat.says("liaison reopen JCA-QKDN-LS1 'no answer came'")
    talk.secretariat.sees("what we sent is not reopened")


async def test_a_correction_of_what_it_replies_to_links_it(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 in_response_to=JCA-QKDN-LS1")
    talk.secretariat.sees("It answers JCA-QKDN-LS1")
    original, reply = await one(talk, "JCA-QKDN-LS1"), await one(talk)
    async with talk.database.reading() as session:
        assert [each.id for each in await replies.thread(session, reply.id)] == [original.id, reply.id]


async def test_the_last_of_those_who_were_asked_answers_for_all(talk: Talk) -> None:
    await logs(talk, number="SG11-LS5", source="SG11", title="LS to both", for_action="SG13; SG17")
    await logs(talk, number="SG17-LS10", source="SG17", title="Reply", in_response_to="SG11-LS5")
    talk.secretariat.sees("It replies to SG11-LS5", "still waits for SG13")
    await logs(talk, number="SG13-LS900", source="SG13", title="Reply", in_response_to="SG11-LS5")
    talk.secretariat.sees("It answers SG11-LS5")


async def test_what_was_wrongly_marked_as_answered_waits_again(talk: Talk) -> None:
    await logs(talk, number="SG11-LS5", source="SG11", title="LS to us", for_action="JCA-QKDN")
    await logs(talk, number="JCA-QKDN-LS2", source="JCA-QKDN", title="Our reply", in_response_to="SG17-LS9")
    assert (await one(talk)).status == "answered"
    await talk.secretariat.says("liaison correct JCA-QKDN-LS2 in_response_to=SG11-LS5")
    talk.secretariat.sees("It answers SG11-LS5", "SG17-LS9", "is open again")
    assert (await one(talk)).status == "received"


async def test_what_we_sent_and_nobody_answered_after_all_is_sent(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 in_response_to=JCA-QKDN-LS1")
    await talk.secretariat.says("liaison correct LS9 in_response_to=none")
    talk.secretariat.sees("JCA-QKDN-LS1", "is open again")
    assert (await one(talk, "JCA-QKDN-LS1")).status == "sent"


async def test_what_was_answered_by_what_is_withdrawn_waits_again(talk: Talk) -> None:
    await talk.secretariat.says("liaison correct LS9 in_response_to=JCA-QKDN-LS1")
    await talk.secretariat.says("liaison withdraw LS9 'sent by mistake'")
    talk.secretariat.sees("SG17-LS9", "is withdrawn", "JCA-QKDN-LS1 is open again")
    assert (await one(talk, "JCA-QKDN-LS1")).status == "sent"


async def test_more_time_moves_the_days_of_single_groups_too(talk: Talk) -> None:
    await logged(talk, Statement("LS on threats", action=["SG17"], deadline="2024-09-15", due="2024-09-20"))
    await talk.secretariat.says("liaison hold SG11-LS5 2024-11-20 'they agreed'")
    await talk.secretariat.says("liaison show SG11-LS5")
    talk.secretariat.sees("Deadline: 20 November 2024")
    talk.secretariat.sees_not("20 September")
    await talk.secretariat.says("liaison history SG11-LS5")
    talk.secretariat.sees("SG17: 2024-09-20 → 2024-11-20")
