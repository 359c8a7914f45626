"""Reminders as people see them: at the right instant, once, late or not at all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.arrival import Message
from handlers.chore import Chore
from handlers.reminders import plan_reminders, send_reminders
from storage import reminders
from storage.database import Database
from storage.meeting import times
from storage.tables import AuditEntry, Delivery, DigestEntry, Meeting, Reminder
from storage.words import DeliveryState, MeetingMode, MeetingStatus, ReminderState
from tests.talk import Talk

START = datetime(2027, 3, 30, 12, 0, tzinfo=UTC)
CHORES: tuple[Chore, ...] = (send_reminders, plan_reminders)


@pytest.fixture
def talk(sample: Database) -> Talk:
    talk = Talk(sample, chores=CHORES)
    talk.clock.now = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
    return talk


async def plans(
    talk: Talk, start: str = "2027-03-30T14:00", zone: str = "Europe/Zurich", number: int = 7, due: str = ""
) -> None:
    """Somebody plans a meeting."""
    async with talk.database.writing() as session:
        meeting = Meeting(
            number=number,
            title=f"Meeting of {start[:4]}",
            start=start,
            timezone=zone,
            place="Geneva",
            mode=MeetingMode.PHYSICAL,
            status=MeetingStatus.CONFIRMED,
            documents_due=due,
            **times.computed(start, due, zone),
        )
        session.add(meeting)
        await session.flush()
        await reminders.replan(session, meeting, talk.clock.now)


async def changes(talk: Talk, number: int = 7, **values: object) -> None:
    """Somebody changes a meeting."""
    async with talk.database.writing() as session:
        meeting = (await session.scalars(select(Meeting).where(Meeting.number == number))).one()
        for name, value in values.items():
            setattr(meeting, name, value)
        for name, value in times.computed(meeting.start, meeting.documents_due, meeting.timezone).items():
            setattr(meeting, name, value)
        await reminders.replan(session, meeting, talk.clock.now)


async def at(talk: Talk, moment: datetime) -> None:
    """The clock jumps there, and what there is to do is done."""
    talk.clock.now = moment
    await talk.does_chores()


async def lives(talk: Talk, until: datetime) -> None:
    """The bot runs until then: the clock stops at whatever is due on the way."""
    while (moment := await _next(talk)) is not None and moment < until:
        await at(talk, moment)
    await at(talk, until)


async def _next(talk: Talk) -> datetime | None:
    now = talk.clock.now
    async with talk.database.reading() as session:
        waiting = (Delivery.state == DeliveryState.WAITING, Delivery.due_at > now)
        found = [
            await session.scalar(select(func.min(Reminder.due_at)).where(Reminder.due_at > now)),
            await session.scalar(select(func.min(Delivery.due_at)).where(*waiting)),
            await session.scalar(select(func.min(DigestEntry.due_at)).where(DigestEntry.due_at > now)),
        ]
    return min((one for one in found if one), default=None)


def told(talk: Talk) -> list[str]:
    return [talk.plain(message) for message in talk.member.told]


async def states(talk: Talk) -> dict[str, str]:
    async with talk.database.reading() as session:
        rows = await session.scalars(select(Reminder).order_by(Reminder.due_at))
        return {one.lead: one.state.value for one in rows}


async def test_a_subscriber_is_reminded_four_times(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await lives(talk, START)
    assert [text.split("begins in ")[1].split(".")[0] for text in told(talk)] == [
        "4 weeks",
        "1 week",
        "1 day",
        "1 hour",
    ]
    assert set((await states(talk)).values()) == {"sent"}


async def test_a_reminder_says_when_in_the_readers_zone(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await lives(talk, START - timedelta(days=1))
    talk.member.is_told("30 March 2027, 21:00 (Asia/Seoul)", "14:00 in Europe/Zurich", "Geneva")


async def test_a_reminder_is_sent_just_when_it_is_due(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    due = START - timedelta(hours=1)
    await lives(talk, due - timedelta(minutes=1))
    assert len(told(talk)) == 3
    talk.clock.now = due
    await talk.settles()
    talk.member.is_told("begins in 1 hour")


@pytest.mark.parametrize(
    ("zone", "start", "due"),
    [
        ("Europe/Zurich", "2027-03-28T14:00", "2027-03-27T13:00Z"),
        ("Europe/Zurich", "2027-10-31T14:00", "2027-10-30T12:00Z"),
        ("America/New_York", "2027-03-14T14:00", "2027-03-13T19:00Z"),
        ("America/New_York", "2027-11-07T14:00", "2027-11-06T18:00Z"),
        ("Australia/Lord_Howe", "2027-04-04T14:00", "2027-04-03T03:00Z"),
        ("Australia/Lord_Howe", "2027-10-03T14:00", "2027-10-02T03:30Z"),
        ("Asia/Seoul", "2027-03-28T14:00", "2027-03-27T05:00Z"),
        ("Asia/Kolkata", "2027-03-28T14:00", "2027-03-27T08:30Z"),
        ("Europe/Zurich", "2028-02-05T14:00", "2028-02-04T13:00Z"),
    ],
)
async def test_the_day_before_is_the_same_hour_wherever_clocks_change(
    talk: Talk, zone: str, start: str, due: str
) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk, start, zone)
    await talk.secretariat.says("reminders change 7 1d")
    moment = datetime.fromisoformat(due)
    await at(talk, moment - timedelta(minutes=1))
    talk.member.is_told_nothing()
    for minutes in range(0, 30, 10):
        await at(talk, moment + timedelta(minutes=minutes))
    assert len(told(talk)) == 1


async def test_a_clock_that_jumps_back_and_forth_reminds_once(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    due = START - timedelta(days=1)
    await talk.secretariat.says("reminders change 7 1d")
    for minutes in (-60, 5, -120, 30, -1, 0, -3000, 60, 1):
        await at(talk, due + timedelta(minutes=minutes))
    assert len(told(talk)) == 1


async def test_a_restart_changes_nothing(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    for day in range(1, 89):
        talk.restart()
        await at(talk, datetime(2027, 1, 1, 11, 55, tzinfo=UTC) + timedelta(days=day))
    assert len(told(talk)) == 4


async def test_two_replicas_remind_once(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1d")
    talk.clock.now = START - timedelta(days=1)
    other = Talk(talk.database, chores=CHORES)
    other.clock = talk.clock
    await asyncio.gather(talk.does_chores(), other.does_chores())
    assert len(told(talk)) + len(other.member.told) == 1


async def test_what_was_missed_is_sent_late_and_says_so(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await at(talk, START - timedelta(minutes=30))
    assert len(told(talk)) == 1
    talk.member.is_told("This reminder is late: it was due on 30 March 2027, 13:00 (Europe/Zurich)", "is soon")
    assert set((await states(talk)).values()) == {"late"}


async def test_what_lay_in_the_outbox_while_the_bot_was_down_says_that_it_is_late(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1d")
    await at(talk, START - timedelta(days=1, hours=1))
    talk.member.is_told_nothing()
    talk.clock.now = START - timedelta(hours=20)
    await talk.settles()
    await talk.does_chores()
    assert len(told(talk)) == 1
    talk.member.is_told("This reminder is late")
    await lives(talk, START)
    assert len(told(talk)) == 1
    assert await states(talk) == {"P28D": "cancelled", "P7D": "cancelled", "P1D": "late", "PT1H": "cancelled"}


async def test_what_is_too_late_is_dropped_and_reported(talk: Talk) -> None:
    await talk.secretariat.says("hello")
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await at(talk, START + timedelta(minutes=1))
    talk.member.is_told_nothing()
    talk.secretariat.is_told("4 reminders were not sent in time", "1 hour before Meeting of 2027 (meeting 7)")
    await at(talk, START + timedelta(days=1))
    assert len(talk.secretariat.told) == 1
    assert set((await states(talk)).values()) == {"dropped"}


async def test_what_lay_in_the_outbox_until_the_meeting_began_is_dropped_and_reported(talk: Talk) -> None:
    await talk.secretariat.says("hello")
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1h")
    await at(talk, START - timedelta(hours=2))
    talk.clock.now = START + timedelta(minutes=1)
    await talk.does_chores()
    talk.member.is_told_nothing()
    talk.secretariat.is_told("1 reminder was not sent in time")
    assert (await states(talk))["PT1H"] == "dropped"


async def test_a_change_withdraws_what_waits_in_old_words(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1d")
    await at(talk, START - timedelta(days=1, hours=1))
    await changes(talk, place="Singapore")
    await at(talk, START - timedelta(days=1))
    talk.member.is_told("Singapore")
    assert len(told(talk)) == 1


async def test_a_moved_meeting_has_no_stale_reminder(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1d")
    await at(talk, START - timedelta(days=1, hours=1))
    await changes(talk, start="2027-04-06T14:00")
    await lives(talk, START)
    talk.member.is_told_nothing()
    await lives(talk, START + timedelta(days=7))
    talk.member.is_told("6 April 2027, 14:00")
    assert len(told(talk)) == 1


async def test_a_change_while_reminders_are_sent_reaches_each_once(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await talk.colleague.says("subscribe here to meetings")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1d")
    await at(talk, START - timedelta(days=1, hours=1))
    talk.clock.now = START - timedelta(days=1)
    await talk.mailroom.pumps["slack"].drain()
    await changes(talk, place="Singapore")
    await talk.does_chores()
    assert len(talk.member.told) == 1
    assert len(talk.colleague.told) == 1
    talk.colleague.is_told("Singapore")


async def test_a_cancelled_meeting_reminds_nobody(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await at(talk, START - timedelta(days=28, hours=1))
    await changes(talk, status=MeetingStatus.CANCELLED)
    await lives(talk, START)
    talk.member.is_told_nothing()


async def test_a_subscriber_chooses_how_long_before(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await talk.member.says("settings reminders 3d")
    talk.member.sees("3 days before")
    await talk.colleague.says("subscribe here to meetings")
    await plans(talk)
    await lives(talk, START)
    assert len(talk.member.told) == 1
    talk.member.is_told("begins in 3 days")
    assert len(talk.colleague.told) == 4


async def test_a_subscriber_wants_none(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await talk.member.says("settings reminders off")
    talk.member.sees("never")
    await plans(talk)
    await lives(talk, START)
    talk.member.is_told_nothing()
    await talk.member.says("settings reminders default")
    talk.member.sees("as everybody")


async def test_who_hears_of_no_meetings_has_nothing_to_choose(talk: Talk) -> None:
    await talk.member.says("settings reminders 1d")
    talk.member.sees("You are told of no meetings here")
    talk.member.sees_buttons("Subscribe to meetings")


async def test_the_document_deadline_is_reminded_of(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk, due="2027-03-16T18:00")
    await lives(talk, datetime(2027, 3, 15, 17, 0, tzinfo=UTC))
    talk.member.is_told("Documents for Meeting of 2027", "are due in 1 day", "16 March 2027, 18:00")


async def test_quiet_hours_put_a_reminder_off_but_not_beyond_the_meeting(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings quiet=22:00-07:00")
    await plans(talk, "2027-03-30T06:30")
    await lives(talk, START)
    assert len(told(talk)) == 3
    assert "begins in 1 hour" not in " ".join(told(talk))


async def test_a_digest_does_not_remind_of_what_is_over(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings weekly")
    await plans(talk)
    await talk.secretariat.says("reminders change 7 1h")
    await lives(talk, START + timedelta(days=8))
    talk.member.is_told_nothing()


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("remind me 2 days before meeting 7", "28 March 2027, 14:00"),
        ("remind me on 2027-01-10 09:00 to send the report", "10 January 2027, 09:00"),
        ("remind me in 3 weeks to call SG13", "22 January 2027, 10:00"),
        ("remind me tomorrow at 9 to write", "2 January 2027, 09:00"),
        ("remind me an hour before the next meeting", "30 March 2027, 13:00"),
        ("remind me about meeting 7", "29 March 2027, 14:00"),
        ("please remind me 2 days before meeting 7", "28 March 2027, 14:00"),
        ("Could you remind me tomorrow at 9 to write?", "2 January 2027, 09:00"),
        ("remind me to send the minutes on 10 January 2027 at 14:30", "10 January 2027, 14:30"),
    ],
)
async def test_a_person_is_reminded_when_they_asked_to_be(talk: Talk, line: str, due: str) -> None:
    await plans(talk)
    await talk.member.says(line)
    talk.member.sees(due)
    await lives(talk, START)
    assert len(told(talk)) == 1


async def test_an_own_reminder_says_what_for(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    await lives(talk, datetime(2027, 1, 10, 8, 0, tzinfo=UTC))
    talk.member.is_told("Reminder: send the report")


async def test_an_own_reminder_moves_with_the_meeting(talk: Talk) -> None:
    await plans(talk)
    await talk.member.says("remind me 2 days before meeting 7 to pack")
    await changes(talk, start="2027-04-06T10:00")
    await talk.member.says("reminders")
    talk.member.sees("4 April 2027, 10:00", "pack")
    await lives(talk, datetime(2027, 4, 4, 8, 0, tzinfo=UTC))
    talk.member.is_told("Reminder: pack", "6 April 2027, 10:00")


async def test_an_own_reminder_that_was_missed_comes_late(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    await at(talk, datetime(2027, 1, 12, tzinfo=UTC))
    talk.member.is_told("send the report", "This reminder is late")
    await at(talk, datetime(2027, 1, 14, tzinfo=UTC))
    assert len(told(talk)) == 1


async def test_an_hour_that_clocks_leave_out_is_said(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-03-28 02:30 to look at the clock")
    talk.member.sees("28 March 2027, 03:30", "02:30 does not exist there on that day")


async def test_an_hour_that_comes_twice_is_said(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-10-31 02:30 to look at the clock")
    talk.member.sees("31 October 2027, 02:30", "comes twice there on that day")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("remind me 2 days before meeting 99", "There is no meeting 99"),
        ("remind me 2 days before meeting 6", "Meeting 6 has no day yet"),
        ("remind me 2 days before meeting 1", "Meeting 1 was held"),
        ("remind me on 2020-01-10 09:00 to travel in time", "That is in the past"),
        ("remind me 400 days before meeting 7", "is past"),
        ("remind me of cheese", "I cannot read when"),
        ("remind me on 2027-02-30 09:00 to x", "there is no such day"),
    ],
)
async def test_what_cannot_be_is_refused_and_says_why(talk: Talk, line: str, said: str) -> None:
    await plans(talk)
    await talk.member.says(line)
    talk.member.sees(said)


async def test_asking_twice_reminds_once(talk: Talk) -> None:
    for _ in range(2):
        await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    await lives(talk, datetime(2027, 1, 10, 8, 0, tzinfo=UTC))
    assert len(told(talk)) == 1


async def test_own_reminders_are_listed_and_cancelled(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    await talk.member.says("reminders")
    talk.member.sees("1: 10 January 2027, 09:00", "send the report")
    await talk.member.presses("Cancel 1")
    talk.member.sees("Cancelled", "send the report")
    await lives(talk, datetime(2027, 1, 11, tzinfo=UTC))
    talk.member.is_told_nothing()
    await talk.member.says("reminders cancel 1")
    talk.member.sees("is over already")


async def test_what_lies_in_the_outbox_is_cancelled_too(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    await at(talk, datetime(2027, 1, 10, 7, 0, tzinfo=UTC))
    await talk.member.says("reminders cancel 1")
    await at(talk, datetime(2027, 1, 10, 9, 0, tzinfo=UTC))
    talk.member.is_told_nothing()


async def test_nobody_sees_or_cancels_anothers(talk: Talk) -> None:
    await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    for voice in (talk.colleague, talk.secretariat):
        await voice.says("reminders cancel 1")
        voice.sees("You have no reminder 1")
        await voice.says("reminders")
        voice.sees_not("send the report")


async def test_subscribers_see_what_will_come(talk: Talk) -> None:
    await plans(talk)
    await talk.member.says("reminders")
    talk.member.sees("You have no reminders of your own")
    talk.member.sees_not("Meeting of 2027")
    await talk.member.says("subscribe here to meetings")
    await talk.member.says("reminders")
    talk.member.sees("2 March 2027, 14:00", "4 weeks before Meeting of 2027 (meeting 7)")


async def test_the_secretariat_sees_and_cancels_those_of_a_meeting(talk: Talk) -> None:
    await plans(talk, due="2027-03-16T18:00")
    await talk.secretariat.says("reminders 7")
    talk.secretariat.sees("9 March 2027, 18:00", "1 week before the document deadline")
    await talk.secretariat.presses("Cancel 1")
    talk.secretariat.sees("Cancelled", "4 weeks before")
    await talk.member.says("reminders cancel 2")
    talk.member.sees("for all who subscribed")


async def test_only_the_secretariat_changes_those_of_a_meeting(talk: Talk) -> None:
    await plans(talk)
    await talk.member.says("reminders change 7 1d")
    await talk.secretariat.says("reminders 7")
    talk.secretariat.sees("4 weeks, 1 week, 1 day and 1 hour before")
    await talk.secretariat.says("reminders change 7 2d,90 min")
    talk.secretariat.sees("2 days and 1 hour 30 minutes before")
    await talk.secretariat.says("reminders change 7 off")
    talk.secretariat.sees("None is to come", "meeting never")


async def test_changes_are_in_the_audit_trail(talk: Talk) -> None:
    await plans(talk)
    await talk.member.says("remind me on 2027-01-10 09:00 to send the report")
    await talk.member.says("reminders cancel 5")
    await talk.secretariat.says("reminders change 7 1d")
    async with talk.database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.subject == "reminder")))
    assert [entry.action for entry in entries] == ["remind", "cancel", "change"]
    assert "report" not in str([(entry.before, entry.after) for entry in entries])


async def test_a_meeting_that_came_with_a_file_is_reminded_of(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    async with talk.database.writing() as session:
        start = "2027-01-05T14:00"
        meeting = Meeting(
            number=8,
            title="Imported",
            start=start,
            timezone="Asia/Seoul",
            mode=MeetingMode.REMOTE,
            status=MeetingStatus.TENTATIVE,
            **times.computed(start, "", "Asia/Seoul"),
        )
        session.add(meeting)
    await talk.does_chores()
    await lives(talk, datetime(2027, 1, 4, 5, 0, tzinfo=UTC))
    talk.member.is_told("Imported", "(tentative)", "remote")


async def test_nothing_waits_when_all_is_over(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await lives(talk, START + timedelta(days=1))
    async with talk.database.reading() as session:
        open_ones = select(Delivery).where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
        assert not (await session.scalars(open_ones)).all()
        late = select(Reminder).where(Reminder.state.in_((ReminderState.PENDING, ReminderState.PLANNED)))
        assert not (await session.scalars(late)).all()


def _buttons(message: Message) -> list[str]:
    return [button.label for button in message.buttons]


async def test_a_reminder_asks_whether_somebody_comes(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await plans(talk)
    await lives(talk, START - timedelta(days=27))
    assert _buttons(talk.member.told[-1]) == [
        "I will come",
        "Maybe",
        "I cannot come",
        "Agenda",
        "Fewer of these",
    ]
