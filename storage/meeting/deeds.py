"""What is done to a meeting: planned, changed, announced, cancelled, closed. Each deed is noted in the audit trail.

A deed moves the meeting's reminders with it. Whoever does one has the meeting from `storage.meetings.locked`, so that
of two deeds at once the second one sees what the first one did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import numbering, reminders
from storage.meeting import documents, times, trail
from storage.representing.trail import BOT, Actor
from storage.tables import Meeting
from storage.words import MeetingMode, MeetingStatus

TOLD = ("title", "start", "end", "timezone", "place", "mode", "status", "colocated_with", "documents_due")
"""What everybody is told of a meeting: a change of it raises the sequence."""

_COUNTER = "meeting"


class NumberTaken(Exception):
    """There is a meeting of that number already."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to be. Times are local, as `storage.tables.Meeting` keeps them."""

    title: str
    start: str
    timezone: str
    status: MeetingStatus
    mode: MeetingMode
    end: str = ""
    place: str = ""
    link: str = ""
    colocated_with: str = ""
    documents_due: str = ""
    note: str = ""


async def plan(session: AsyncSession, wanted: Plan, number: int | None, actor: Actor, now: datetime) -> Meeting:
    """A new meeting, under the next number where none is given. Raises `NumberTaken`."""
    if number is not None:
        meeting = await _added(session, wanted, number)
    else:
        meeting = await _added_next(session, wanted)
    after = {name: value for name, value in asdict(wanted).items() if value}
    await trail.note(session, actor, "plan", meeting.number, {}, after, now)
    await reminders.replan(session, meeting, now)
    return meeting


async def change(
    session: AsyncSession,
    meeting: Meeting,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
    action: str = "change",
) -> Mapping[str, object]:
    """Change columns; gives what was there before of those that are different now."""
    before = {name: getattr(meeting, name) for name, value in changes.items() if getattr(meeting, name) != value}
    if not before:
        return before
    for name in before:
        setattr(meeting, name, changes[name])
    for name, value in times.computed(meeting.start, meeting.documents_due, meeting.timezone).items():
        setattr(meeting, name, value)
    if any(name in TOLD for name in before):
        meeting.sequence += 1
    await session.flush()
    await trail.note(session, actor, action, meeting.number, before, {name: changes[name] for name in before}, now)
    await reminders.replan(session, meeting, now)
    return before


async def changed_by_file(session: AsyncSession) -> Sequence[int]:
    """The numbers of meetings that a file changed since anybody looked after them."""
    return (await session.scalars(select(Meeting.number).where(Meeting.untold != "").order_by(Meeting.number))).all()


async def catch_up(session: AsyncSession, meeting: Meeting, now: datetime) -> Sequence[str]:
    """Do what follows from a change by a file, once; gives the columns that it changed and nobody was told of."""
    names = list(dict.fromkeys(meeting.untold.split()))
    if not names:
        return names
    meeting.untold = ""
    for name, value in times.computed(meeting.start, meeting.documents_due, meeting.timezone).items():
        setattr(meeting, name, value)
    if "status" in names and meeting.status is MeetingStatus.HELD and meeting.closed_at is None:
        meeting.closed_at = now
    await reminders.replan(session, meeting, now)
    if "status" in names and meeting.status is MeetingStatus.CANCELLED:
        await documents.defer_all(session, meeting, BOT, now)
    return names


async def announce(session: AsyncSession, meeting: Meeting, actor: Actor, now: datetime) -> None:
    """From now on subscribers know of it."""
    meeting.announced_at = now
    await session.flush()
    await trail.note(session, actor, "announce", meeting.number, {}, {"sequence": meeting.sequence}, now)
    await reminders.replan(session, meeting, now)


async def cancel(session: AsyncSession, meeting: Meeting, reason: str, actor: Actor, now: datetime) -> None:
    """It will not be held; the documents for it wait for the next one."""
    changes = {"status": MeetingStatus.CANCELLED, "cancelled_because": reason}
    await change(session, meeting, changes, actor, now, "cancel")
    await documents.defer_all(session, meeting, actor, now)


async def close(
    session: AsyncSession, meeting: Meeting, results: Mapping[str, object], actor: Actor, now: datetime
) -> None:
    """It was held."""
    changes = {"status": MeetingStatus.HELD, "closed_at": now, **results}
    await change(session, meeting, changes, actor, now, "close")


async def _added_next(session: AsyncSession, wanted: Plan) -> Meeting:
    while True:
        last = await session.scalar(select(func.max(Meeting.number))) or 0
        number = await numbering.take(session, _COUNTER, last)
        try:
            return await _added(session, wanted, number)
        except NumberTaken:
            continue  # somebody else chose just that number


async def _added(session: AsyncSession, wanted: Plan, number: int) -> Meeting:
    derived = times.computed(wanted.start, wanted.documents_due, wanted.timezone)
    meeting = Meeting(number=number, uid=str(uuid4()), **asdict(wanted), **derived)
    try:
        async with session.begin_nested():
            session.add(meeting)
            await session.flush()
    except IntegrityError as error:
        raise NumberTaken from error
    return meeting
