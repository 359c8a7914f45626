"""Reminders: what people will be told before meetings and deadlines, and when they asked to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import lead
from storage.lead import Lead
from storage.reminding.event import start_of
from storage.reminding.firing import meetings_of
from storage.reminding.planning import (
    DEFAULTS,
    OPEN,
    Row,
    Slot,
    cause,
    digest,
    plans_of,
    replan,
    replan_all,
    row_of,
    withdraw,
)
from storage.tables import Meeting, Reminder, ReminderPlan, ReminderWish
from storage.upsert import add_missing, upsert
from storage.words import ReminderKind, ReminderState

__all__ = [
    "DEFAULTS",
    "OPEN",
    "begins",
    "cancel",
    "cause",
    "choose",
    "meetings_of",
    "numbered",
    "of_meeting",
    "of_meetings",
    "of_person",
    "plan_of",
    "plans_of",
    "remind_at",
    "remind_before",
    "replan",
    "replan_all",
    "wish",
    "wishes",
]


def begins(meeting: Meeting) -> datetime | None:
    """When a meeting begins, in UTC; where only its day is known, on that morning. None: that is not known."""
    event = start_of(meeting)
    return event.begins if event else None


async def plan_of(session: AsyncSession, meeting_id: int, kind: ReminderKind) -> tuple[Lead, ...]:
    """How long before this one people are reminded who chose nothing themselves."""
    return (await plans_of(session, [meeting_id]))[meeting_id, kind]


async def choose(
    session: AsyncSession, meeting: Meeting, kind: ReminderKind, leads: tuple[Lead, ...], now: datetime
) -> None:
    """From now on people are reminded so long before this meeting, also of what was cancelled before."""
    row = {"meeting_id": meeting.id, "kind": kind, "leads": lead.joined(leads)}
    await upsert(session, ReminderPlan, row, ["meeting_id", "kind"])
    again = update(Reminder).where(Reminder.meeting_id == meeting.id, Reminder.kind == kind)
    await session.execute(again.values(cancelled_by=None).execution_options(synchronize_session=False))
    await replan(session, meeting, now)


async def wishes(session: AsyncSession) -> Mapping[int, tuple[Lead, ...]]:
    """How long before meetings those subscriptions want to be told that chose it themselves."""
    rows = await session.execute(select(ReminderWish.subscription_id, ReminderWish.leads))
    return {number: lead.split(leads) for number, leads in rows}


async def wish(session: AsyncSession, subscription: int, leads: tuple[Lead, ...] | None, now: datetime) -> None:
    """From now on the subscription is told so long before meetings; None: as everybody."""
    if leads is None:
        found = await session.get(ReminderWish, subscription)
        if found:
            await session.delete(found)
            await session.flush()
    else:
        row = {"subscription_id": subscription, "leads": lead.joined(leads)}
        await upsert(session, ReminderWish, row, ["subscription_id"])
    await replan_all(session, now)


async def remind_before(
    session: AsyncSession, person: int, meeting: Meeting, before: Lead, text: str, now: datetime
) -> Reminder | None:
    """Remind a person so long before a meeting, and of its new date when it moves. None: that is past, or not known."""
    event = start_of(meeting)
    due = event.due(before) if event else None
    if event is None or due is None or due <= now:
        return None
    slot = Slot(meeting.id, ReminderKind.PERSONAL, before, person, text)
    return await _kept(session, row_of(slot, due, event.begins, now))


async def remind_at(session: AsyncSession, person: int, due: datetime, text: str, now: datetime) -> Reminder:
    """Remind a person of something then."""
    row = Row(
        key=f"at:{person}:{digest(text)}:{due.isoformat()}",
        kind=ReminderKind.PERSONAL,
        meeting_id=None,
        person_id=person,
        lead="",
        text=text,
        due_at=due,
        begins_at=None,
        revision=0,
        state=ReminderState.PENDING,
        made_at=now,
        cancelled_by=None,
    )
    return await _kept(session, row)


async def cancel(session: AsyncSession, reminder: Reminder, person: int) -> bool:
    """Cancel one that is still to come; whether it was."""
    gone = update(Reminder).where(Reminder.id == reminder.id, Reminder.state.in_(OPEN))
    gone = gone.values(state=ReminderState.CANCELLED, cancelled_by=person)
    if (await session.execute(gone.returning(Reminder.id))).first() is None:
        return False
    await withdraw(session, reminder)
    return True


async def numbered(session: AsyncSession, number: int) -> Reminder | None:
    query = select(Reminder).where(Reminder.id == number).execution_options(populate_existing=True)
    return await session.scalar(query)


async def of_person(session: AsyncSession, person: int) -> Sequence[Reminder]:
    """A person's own that are to come, in order."""
    query = select(Reminder).where(Reminder.person_id == person, Reminder.state.in_(OPEN))
    return (await session.scalars(query.order_by(Reminder.due_at, Reminder.id))).all()


async def of_meeting(session: AsyncSession, meeting_id: int) -> Sequence[Reminder]:
    """Those of a meeting that are to come, in order, but for people's own."""
    query = select(Reminder).where(Reminder.meeting_id == meeting_id, Reminder.state.in_(OPEN))
    query = query.where(Reminder.kind != ReminderKind.PERSONAL)
    return (await session.scalars(query.order_by(Reminder.due_at, Reminder.id))).all()


async def of_meetings(session: AsyncSession, limit: int) -> Sequence[tuple[Reminder, Meeting]]:
    """The next of all meetings, in order, but for people's own."""
    query = (
        select(Reminder, Meeting)
        .join(Meeting, Meeting.id == Reminder.meeting_id)
        .where(Reminder.state.in_(OPEN), Reminder.kind != ReminderKind.PERSONAL)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def _kept(session: AsyncSession, row: Row) -> Reminder:
    """The reminder of that key: made, or as it was, but to come again where it had been cancelled."""
    await add_missing(session, Reminder, [row], ["key"])
    query = select(Reminder).where(Reminder.key == row["key"]).execution_options(populate_existing=True)
    found = (await session.scalars(query)).one()
    if found.state is ReminderState.CANCELLED:
        found.state, found.revision, found.cancelled_by = ReminderState.PENDING, found.revision + 1, None
        await session.flush()
    return found
