"""Meetings in the database: numbers without gaps, reminders that move along, who answered, what waits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import drops, meetings, numbering
from storage.database import Database
from storage.drops import Content
from storage.meeting import agenda, attendance, deeds, documents, minutes
from storage.meeting.agenda import Item
from storage.meeting.deeds import NumberTaken, Plan
from storage.meeting.documents import Known, Submission
from storage.representing.trail import BOT
from storage.tables import Meeting, Person, Reminder
from storage.words import Answer, DocumentStatus, MeetingMode, MeetingStatus, NoteKind

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
OPEN = ("pending", "planned")


def wanted(title: str = "Seventh", start: str = "2027-03-18T14:00", **others: str) -> Plan:
    return Plan(
        title=title,
        start=start,
        timezone="Europe/Zurich",
        status=MeetingStatus.CONFIRMED,
        mode=MeetingMode.PHYSICAL,
        **others,
    )


async def planned(session: AsyncSession, number: int | None = None, plan: Plan | None = None) -> Meeting:
    return await deeds.plan(session, plan or wanted(), number, BOT, NOW)


async def file(session: AsyncSession, content: bytes) -> Content:
    digest = await drops.keep_content(session, content, NOW)
    return Content("report.pdf", "application/pdf", len(content), digest)


async def submitted(session: AsyncSession, meeting: Meeting, content: bytes) -> int:
    paper = Submission(content.decode(), "SG13")
    return await documents.submit(session, meeting, paper, await file(session, content), BOT, NOW)


async def person(session: AsyncSession, name: str) -> int:
    made = Person(name=name, created_at=NOW)
    session.add(made)
    await session.flush()
    return made.id


async def reminders_due(session: AsyncSession) -> list[datetime]:
    query = select(Reminder.due_at).where(Reminder.state.in_(OPEN)).order_by(Reminder.due_at)
    return list(await session.scalars(query))


async def test_a_number_is_taken_with_the_transaction_or_not_at_all(database: Database) -> None:
    async with database.writing() as session:
        assert await numbering.take(session, "paper", above=67) == 68
    with pytest.raises(RuntimeError):
        await taken_and_dropped(database)
    async with database.writing() as session:
        assert await numbering.take(session, "paper", above=3) == 69
        assert await numbering.take(session, "paper", above=90) == 91
        assert await numbering.take(session, "other") == 1


async def taken_and_dropped(database: Database) -> None:
    async with database.writing() as session:
        await numbering.take(session, "paper")
        raise RuntimeError


async def test_numbers_that_are_taken_at_once_have_no_gap(database: Database) -> None:
    async def take() -> int:
        async with database.writing() as session:
            return await numbering.take(session, "paper")

    assert sorted(await asyncio.gather(*(take() for _ in range(8)))) == list(range(1, 9))


async def test_the_next_meeting_has_the_next_number(sample: Database) -> None:
    async with sample.writing() as session:
        assert (await planned(session)).number == 7
        assert (await planned(session, 12)).number == 12
        assert (await planned(session)).number == 13
        with pytest.raises(NumberTaken):
            await planned(session, 12)


async def test_instants_follow_from_local_times(sample: Database) -> None:
    async with sample.writing() as session:
        meeting = await planned(session, plan=wanted(documents_due="2027-03-04"))
        assert meeting.starts_at == datetime(2027, 3, 18, 13, 0, tzinfo=UTC)
        assert meeting.documents_due_at == datetime(2027, 3, 4, 22, 59, tzinfo=UTC)
        await deeds.change(session, meeting, {"timezone": "Asia/Seoul"}, BOT, NOW)
        assert meeting.starts_at == datetime(2027, 3, 18, 5, 0, tzinfo=UTC)
        await deeds.change(session, meeting, {"start": "July 2027"}, BOT, NOW)
        vague = await meetings.numbered(session, meeting.number)
        assert vague is not None
        assert [vague.starts_at, vague.begins_on] == [None, ""]


async def test_reminders_move_with_the_meeting_and_go_with_it(sample: Database) -> None:
    async with sample.writing() as session:
        meeting = await planned(session)
        before = await reminders_due(session)
        await deeds.change(session, meeting, {"start": "2027-03-25T14:00"}, BOT, NOW)
        after = await reminders_due(session)
        assert [(new - old).days for old, new in zip(before, after, strict=True)] == [7] * len(before)
        assert before
        await deeds.cancel(session, meeting, "ill", BOT, NOW)
        assert await reminders_due(session) == []


async def test_only_what_everybody_is_told_raises_the_sequence(sample: Database) -> None:
    async with sample.writing() as session:
        meeting = await planned(session)
        for name, value, sequence in (("note", "x", 0), ("link", "https://x.org", 0), ("place", "Bern", 1)):
            await deeds.change(session, meeting, {name: value}, BOT, NOW)
            assert meeting.sequence == sequence
        assert await deeds.change(session, meeting, {"place": "Bern"}, BOT, NOW) == {}


async def test_documents_are_numbered_over_all_meetings_after_those_that_reports_name(sample: Database) -> None:
    async with sample.writing() as session:
        seventh, eighth = await planned(session), await planned(session)
        first = await submitted(session, seventh, b"one")
        assert (first, await submitted(session, eighth, b"two")) == (68, 69)


async def test_one_content_is_one_document(sample: Database) -> None:
    async with sample.writing() as session:
        meeting = await planned(session)
        await submitted(session, meeting, b"one")
        with pytest.raises(Known) as known:
            await submitted(session, meeting, b"one")
        assert (known.value.number, known.value.version) == (68, 1)
        assert await submitted(session, meeting, b"two") == 69


async def test_of_one_content_at_once_one_is_a_document_and_no_number_is_lost(sample: Database) -> None:
    async with sample.writing() as session:
        number = (await planned(session)).number

    async def submit(content: bytes) -> int | None:
        async with sample.writing() as session:
            meeting = await meetings.numbered(session, number)
            assert meeting is not None
            try:
                return await submitted(session, meeting, content)
            except Known:
                return None

    made = await asyncio.gather(*(submit(one) for one in (b"one", b"one", b"two", b"two", b"three")))
    assert sorted(one for one in made if one) == [68, 69, 70]


async def test_a_meeting_looks_at_what_came_for_it_and_at_what_was_left_to_it(sample: Database) -> None:
    async with sample.writing() as session:
        seventh = await planned(session, 7)
        eighth = await planned(session, 8, wanted("Eighth", "2027-09-18T14:00"))
        first, second, third = [await submitted(session, seventh, one) for one in (b"one", b"two", b"three")]
        await documents.defer(session, first, eighth, BOT, NOW)
        await documents.defer(session, second, None, BOT, NOW)

        async def of(meeting: Meeting, now: datetime = NOW) -> list[int]:
            return [one.number for one in await documents.for_meeting(session, meeting, now)]

        assert await of(seventh) == [third]
        assert await of(eighth) == [first]
        await deeds.close(session, seventh, {}, BOT, NOW)
        assert await of(eighth, datetime(2027, 8, 1, tzinfo=UTC)) == [first, second]
        assert [one.deferred_to for one in await documents.deferred(session)] == [8, None]
        assert [one.status for one in await documents.of_meeting(session, seventh)][2:] == [DocumentStatus.RECEIVED]


async def test_an_agenda_names_each_document_once(sample: Database) -> None:
    async with sample.writing() as session:
        meeting = await planned(session)
        first, second = [await submitted(session, meeting, one) for one in (b"one", b"two")]
        await agenda.add(session, meeting, Item("Keys", documents=[first]), BOT, NOW)
        found = await agenda.agenda(session, meeting, NOW)
        assert [one.number for one in found.received] == [second]
        assert [one.number for one in found.points[-1].documents] == [first]


async def test_actions_stay_open_until_they_are_done(sample: Database) -> None:
    async with sample.writing() as session:
        meeting = await planned(session)
        await minutes.note(session, meeting, NoteKind.DECISION, "Approved", BOT, NOW)
        number = await minutes.note(session, meeting, NoteKind.ACTION, "Draft", BOT, NOW, owner="Kim")
        (action,) = await minutes.open_actions(session, before=8)
        assert (action.id, await minutes.open_actions(session, before=7)) == (number, [])
        assert await minutes.finish(session, action, BOT, NOW)
        assert not await minutes.finish(session, action, BOT, NOW)
        assert await minutes.open_actions(session) == []
        kinds = [one.kind for one in await minutes.notes_of(session, [meeting.id], [NoteKind.DECISION])]
        assert kinds == [NoteKind.DECISION]


async def test_a_person_answers_once_however_often(sample: Database) -> None:
    async with sample.writing() as session:
        meeting, kim = await planned(session), await person(session, "Kim")
        assert await attendance.answer(session, meeting, kim, Answer.YES, BOT, NOW) is None
        assert await attendance.answer(session, meeting, kim, Answer.NO, BOT, NOW) is Answer.YES
        await attendance.note_present(session, meeting, [kim], ["Ana"], BOT, NOW)
        found = [(one.name, one.answer, one.attended) for one in await attendance.people(session, meeting)]
        assert found == [("Ana", None, True), ("Kim", Answer.NO, True)]


async def test_of_two_persons_who_are_one_the_answers_are_kept(sample: Database) -> None:
    async with sample.writing() as session:
        seventh, eighth = await planned(session), await planned(session)
        kim, double = await person(session, "Kim"), await person(session, "K.")
        await attendance.answer(session, seventh, kim, Answer.YES, BOT, NOW)
        await attendance.answer(session, seventh, double, Answer.NO, BOT, NOW)
        await attendance.note_present(session, seventh, [double], [], BOT, NOW)
        await attendance.answer(session, eighth, double, Answer.MAYBE, BOT, NOW)
        await attendance.take_over(session, kim, double)
        found = [(one.person_id, one.answer, one.attended) for one in await attendance.people(session, seventh)]
        assert found == [(kim, Answer.YES, True)]
        assert await attendance.answer_of(session, eighth, kim) is Answer.MAYBE
