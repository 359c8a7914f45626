"""A meeting's reminders: made, moved and cancelled with it, each once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage import outbox, reminders
from storage.database import Database
from storage.lead import Lead
from storage.meeting import times
from storage.outbox import Post, Words
from storage.reminding import firing
from storage.tables import Delivery, Meeting, Person, Reminder, Target
from storage.words import DeliveryState, MeetingMode, MeetingStatus, ReminderKind, ReminderState
from tests.unit.storage.waiting import somebody_waits

NOW = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)


def a_meeting(
    start: str = "2027-03-30T14:00", *, zone: str = "Europe/Zurich", number: int = 7, due: str = ""
) -> Meeting:
    return Meeting(
        number=number,
        title="Seventh meeting",
        start=start,
        timezone=zone,
        mode=MeetingMode.REMOTE,
        status=MeetingStatus.CONFIRMED,
        documents_due=due,
        **times.computed(start, due, zone),
    )


async def planned(database: Database, meeting: Meeting, now: datetime = NOW) -> int:
    async with database.writing() as session:
        session.add(meeting)
        await session.flush()
        await reminders.replan(session, meeting, now)
        return meeting.id


async def moved(database: Database, number: int, start: str, now: datetime = NOW) -> None:
    async with database.writing() as session:
        meeting = (await session.scalars(select(Meeting).where(Meeting.id == number))).one()
        meeting.start = start
        for name, value in times.computed(start, meeting.documents_due, meeting.timezone).items():
            setattr(meeting, name, value)
        await reminders.replan(session, meeting, now)


async def open_ones(database: Database) -> list[tuple[str, str, str]]:
    async with database.reading() as session:
        query = select(Reminder).where(Reminder.state.in_(reminders.OPEN)).order_by(Reminder.due_at)
        return [(one.kind.value, one.lead, f"{one.due_at:%m-%dT%H:%M}") for one in await session.scalars(query)]


async def test_a_meeting_has_its_reminders_at_the_hour_of_its_place(database: Database) -> None:
    await planned(database, a_meeting())
    assert await open_ones(database) == [
        ("meeting", "P28D", "03-02T13:00"),
        ("meeting", "P7D", "03-23T13:00"),
        ("meeting", "P1D", "03-29T12:00"),
        ("meeting", "PT1H", "03-30T11:00"),
    ]


async def test_the_document_deadline_has_its_own(database: Database) -> None:
    await planned(database, a_meeting(due="2027-03-16T18:00"))
    found = [one for one in await open_ones(database) if one[0] == "documents"]
    assert found == [("documents", "P7D", "03-09T17:00"), ("documents", "P1D", "03-15T17:00")]


async def test_a_deadline_that_is_a_day_is_reminded_of_in_the_morning(database: Database) -> None:
    await planned(database, a_meeting(due="2027-03-16"))
    assert ("documents", "P1D", "03-15T08:00") in await open_ones(database)


async def test_a_day_without_an_hour_has_no_reminder_an_hour_before(database: Database) -> None:
    await planned(database, a_meeting("2027-03-30"))
    assert [one[1:] for one in await open_ones(database)] == [
        ("P28D", "03-02T08:00"),
        ("P7D", "03-23T08:00"),
        ("P1D", "03-29T07:00"),
    ]


async def test_a_vague_time_has_none(database: Database) -> None:
    await planned(database, a_meeting("late 2027"))
    assert await open_ones(database) == []


async def test_nothing_is_made_for_what_is_past(database: Database) -> None:
    await planned(database, a_meeting(), datetime(2027, 3, 29, 13, 0, tzinfo=UTC))
    assert [one[1] for one in await open_ones(database)] == ["PT1H"]


async def test_planning_twice_makes_one_of_each(database: Database) -> None:
    number = await planned(database, a_meeting())
    await moved(database, number, "2027-03-30T14:00")
    assert len(await open_ones(database)) == 4


async def test_planning_twice_at_once_makes_one_of_each(database: Database) -> None:
    number = await planned(database, a_meeting("late 2027"))
    await asyncio.gather(*(moved(database, number, "2027-03-30T14:00") for _ in range(2)))
    assert len(await open_ones(database)) == 4


async def test_they_move_with_the_meeting(database: Database) -> None:
    number = await planned(database, a_meeting())
    await moved(database, number, "2027-04-06T10:00")
    assert [one[2] for one in await open_ones(database)] == ["03-09T09:00", "03-30T08:00", "04-05T08:00", "04-06T07:00"]


async def test_they_come_back_with_the_old_date(database: Database) -> None:
    number = await planned(database, a_meeting())
    before = await open_ones(database)
    await moved(database, number, "late 2027")
    assert await open_ones(database) == []
    await moved(database, number, "2027-03-30T14:00")
    assert await open_ones(database) == before


async def test_a_cancelled_one_stays_so_when_the_meeting_moves(database: Database) -> None:
    number = await planned(database, a_meeting())
    async with database.writing() as session:
        person = Person(name="Kim", created_at=NOW)
        session.add(person)
        await session.flush()
        one = next(one for one in await reminders.of_meeting(session, number) if one.lead == "P1D")
        assert await reminders.cancel(session, one, person.id)
    await moved(database, number, "2027-04-06T10:00")
    assert [one[1] for one in await open_ones(database)] == ["P28D", "P7D", "PT1H"]


async def test_a_person_is_reminded_of_the_new_date(database: Database) -> None:
    number = await planned(database, a_meeting())
    async with database.writing() as session:
        person = Person(name="Kim", created_at=NOW)
        session.add(person)
        await session.flush()
        meeting = (await session.scalars(select(Meeting).where(Meeting.id == number))).one()
        for _ in range(2):
            assert await reminders.remind_before(session, person.id, meeting, Lead(2), "badge", NOW)
    assert ("personal", "P2D", "03-28T12:00") in await open_ones(database)
    await moved(database, number, "2027-04-06T10:00")
    own = [one for one in await open_ones(database) if one[0] == "personal"]
    assert own == [("personal", "P2D", "04-04T08:00")]


async def test_each_is_claimed_once_by_two_at_once(database: Database) -> None:
    await planned(database, a_meeting())

    async def claim() -> list[int]:
        async with database.writing() as session:
            return [one.id for one in await firing.claim(session, NOW + timedelta(days=400), 50)]

    first, second = await asyncio.gather(claim(), claim())
    assert sorted([*first, *second]) == sorted(set(first) | set(second))
    assert len(first) + len(second) == 4


async def test_what_is_put_into_the_outbox_just_when_the_meeting_moves_is_withdrawn(database: Database) -> None:
    number = await planned(database, a_meeting())
    async with database.writing() as session:
        target = Target(platform="slack", address="T1/C1")
        session.add(target)
        await session.flush()
        claimed = await firing.claim(session, NOW + timedelta(days=400), 50)
        notice = await outbox.write(session, Words("reminders/meeting"), NOW)
        for one in claimed:
            cause = reminders.cause(one)
            await outbox.put(session, notice, [Post(target.id, cause)], cause=cause, now=NOW, due=one.due_at)
        moving = asyncio.create_task(moved(database, number, "2027-04-06T14:00"))
        await somebody_waits(database)
    await moving
    async with database.reading() as session:
        assert set(await session.scalars(select(Delivery.state))) == {DeliveryState.DROPPED}


async def test_a_meeting_that_is_cancelled_just_when_all_are_planned_anew_reminds_nobody(database: Database) -> None:
    number = await planned(database, a_meeting())

    async def all_are_planned_anew() -> None:
        async with database.writing() as session:
            await reminders.replan_all(session, NOW)

    async with database.writing() as session:
        meeting = (await session.scalars(select(Meeting).where(Meeting.id == number))).one()
        meeting.status = MeetingStatus.CANCELLED
        await reminders.replan(session, meeting, NOW)
        planning = asyncio.create_task(all_are_planned_anew())
        waiting = asyncio.create_task(somebody_waits(database))
        await asyncio.wait({planning, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    await asyncio.gather(planning, asyncio.wait({waiting}))
    assert await open_ones(database) == []


async def test_how_long_before_is_chosen_for_one_meeting(database: Database) -> None:
    number = await planned(database, a_meeting())
    await planned(database, a_meeting(number=8))
    async with database.writing() as session:
        meeting = (await session.scalars(select(Meeting).where(Meeting.id == number))).one()
        await reminders.choose(session, meeting, ReminderKind.MEETING, (Lead(2), Lead(0, 90)), NOW)
        assert [one.lead for one in await reminders.of_meeting(session, number)] == ["P2D", "PT1H30M"]
        assert await reminders.plan_of(session, number, ReminderKind.MEETING) == (Lead(2), Lead(0, 90))
        assert len((await session.scalars(select(Reminder).where(Reminder.state == ReminderState.PENDING))).all()) == 6


async def test_meetings_that_came_with_a_file_get_theirs(sample: Database) -> None:
    async with sample.writing() as session:
        await reminders.replan_all(session, NOW)
        session.add(a_meeting(number=70))
        await session.flush()
        await reminders.replan_all(session, NOW)
    assert len(await open_ones(sample)) == 4
