"""Planning: a meeting's reminders are made, moved and cancelled with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import digests, lead, outbox
from storage.lead import Lead
from storage.reminding.event import PLANNED, deadline_of, start_of
from storage.tables import Meeting, Reminder, ReminderPlan, ReminderWish, SubscribedKind, Subscription
from storage.upsert import add_missing
from storage.words import ReminderKind, ReminderState, SubscriptionKind

DEFAULTS: Mapping[ReminderKind, tuple[Lead, ...]] = {
    ReminderKind.MEETING: (Lead(28), Lead(7), Lead(1), Lead(0, 60)),
    ReminderKind.DOCUMENTS: (Lead(7), Lead(1)),
}
"""How long before a meeting, and before its document deadline, people are reminded."""

OPEN = (ReminderState.PENDING, ReminderState.PLANNED)
"""States of a reminder that is still to come."""

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Slot:
    """What of a meeting's reminders is one and the same, whenever the meeting is."""

    meeting: int
    kind: ReminderKind
    lead: Lead
    person: int | None = None
    text: str = ""


class Row(TypedDict):
    """A reminder to be."""

    key: str
    kind: ReminderKind
    meeting_id: int | None
    person_id: int | None
    lead: str
    text: str
    due_at: datetime
    begins_at: datetime | None
    revision: int
    state: ReminderState
    made_at: datetime
    cancelled_by: int | None


def cause(reminder: Reminder) -> str:
    """Under which cause it is in the outbox."""
    return f"reminder:{reminder.id}:{reminder.revision}"


async def replan(session: AsyncSession, meeting: Meeting, now: datetime) -> None:
    """Make the meeting's reminders what they have to be, and withdraw what waits in the outbox, in old words.

    To be called in the transaction in which a meeting is planned, changed, confirmed, cancelled or held, after that.
    None is made for what is past.
    """
    await session.flush()
    await _replan(session, [meeting], now, is_changed=True)


async def replan_all(session: AsyncSession, now: datetime) -> None:
    """As `replan`, for all meetings that are planned, of which nothing was changed but how long before people want to
    be reminded; what waits in the outbox stays.
    """
    last = 0
    # Whoever changes a meeting just now plans its reminders, too: of the meeting as it was before, they would be wrong.
    query = select(Meeting).where(Meeting.status.in_(PLANNED), Meeting.begins_on >= f"{now.year:04}")
    query = query.with_for_update(read=True, skip_locked=True).execution_options(populate_existing=True)
    while page := (await session.scalars(query.where(Meeting.id > last).order_by(Meeting.id).limit(_PAGE))).all():
        await _replan(session, page, now, is_changed=False)
        last = page[-1].id


async def withdraw(session: AsyncSession, row: Reminder) -> None:
    """Nobody is told of it who was not told yet."""
    await outbox.withdraw(session, cause(row))
    await digests.withdraw(session, cause(row))


async def plans_of(
    session: AsyncSession, meeting_ids: Collection[int]
) -> Mapping[tuple[int, ReminderKind], tuple[Lead, ...]]:
    """How long before these meetings people are reminded who chose nothing themselves."""
    query = select(ReminderPlan).where(ReminderPlan.meeting_id.in_(list(meeting_ids)))
    chosen = {(row.meeting_id, row.kind): lead.split(row.leads) for row in await session.scalars(query)}
    kinds = list(DEFAULTS)
    return {(one, kind): chosen.get((one, kind), DEFAULTS[kind]) for one in meeting_ids for kind in kinds}


def row_of(slot: Slot, due: datetime, begin: datetime, now: datetime) -> Row:
    """The reminder of that slot at that instant."""
    whose = f"{slot.person or ''}:{digest(slot.text) if slot.text else ''}"
    return Row(
        key=f"{slot.kind}:{slot.meeting}:{slot.lead}:{whose}:{due.isoformat()}",
        kind=slot.kind,
        meeting_id=slot.meeting,
        person_id=slot.person,
        lead=str(slot.lead),
        text=slot.text,
        due_at=due,
        begins_at=begin,
        revision=0,
        state=ReminderState.PENDING,
        made_at=now,
        cancelled_by=None,
    )


def digest(text: str) -> str:
    """What tells a text from others, in a key."""
    return sha256(text.encode()).hexdigest()[:12]


async def _replan(session: AsyncSession, meetings: Sequence[Meeting], now: datetime, *, is_changed: bool) -> None:
    ids = [meeting.id for meeting in meetings]
    # Locked: what is being put into the outbox just now is in it, or not, before it is decided what to withdraw.
    query = select(Reminder).where(Reminder.meeting_id.in_(ids)).order_by(Reminder.id).with_for_update()
    rows = (await session.scalars(query.execution_options(populate_existing=True))).all()
    last = {_slot(row): row for row in rows}
    wanted: dict[str, Row] = {}
    for slot, row in _wanted(meetings, await plans_of(session, ids), await _extra(session), list(last), now):
        latest = last.get(slot)
        if latest is None or latest.cancelled_by is None:
            wanted[row["key"]] = row
    for one in rows:
        await _bring_in_line(session, one, wanted.get(one.key), now, is_changed=is_changed)
    known = {one.key for one in rows}
    await session.flush()
    new = [row for key, row in wanted.items() if key not in known and row["due_at"] > now]
    await add_missing(session, Reminder, new, ["key"])


async def _bring_in_line(
    session: AsyncSession, one: Reminder, wanted: Row | None, now: datetime, *, is_changed: bool
) -> None:
    """A reminder as it has to be; what is over stays as it is."""
    was_planned = one.state is ReminderState.PLANNED
    if wanted is None:
        if one.state in OPEN:
            await withdraw(session, one)
            one.state = ReminderState.SENT if was_planned and one.due_at <= now else ReminderState.CANCELLED
        return
    one.begins_at = wanted["begins_at"]
    is_back = one.state is ReminderState.CANCELLED and one.cancelled_by is None and one.due_at > now
    if is_back or (was_planned and is_changed):
        await withdraw(session, one)
        one.state, one.revision = ReminderState.PENDING, one.revision + 1


def _wanted(
    meetings: Sequence[Meeting],
    plans: Mapping[tuple[int, ReminderKind], tuple[Lead, ...]],
    extra: Collection[Lead],
    slots: Sequence[Slot],
    now: datetime,
) -> Iterator[tuple[Slot, Row]]:
    own: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.kind is ReminderKind.PERSONAL:
            own[slot.meeting].append(slot)
    for meeting in meetings:
        for kind, event in ((ReminderKind.MEETING, start_of(meeting)), (ReminderKind.DOCUMENTS, deadline_of(meeting))):
            leads = dict.fromkeys((*plans[meeting.id, kind], *extra))
            mine = [Slot(meeting.id, kind, one) for one in leads]
            for slot in (*mine, *(own[meeting.id] if kind is ReminderKind.MEETING else ())):
                due = event.due(slot.lead) if event else None
                if event and due:
                    yield slot, row_of(slot, due, event.begins, now)


def _slot(one: Reminder) -> Slot:
    return Slot(one.meeting_id or 0, one.kind, lead.of_iso(one.lead), one.person_id, one.text)


async def _extra(session: AsyncSession) -> Sequence[Lead]:
    """How long before meetings anybody wants to be reminded beside the others."""
    query = (
        select(ReminderWish.leads)
        .join(Subscription, Subscription.id == ReminderWish.subscription_id)
        .join(SubscribedKind, SubscribedKind.subscription_id == Subscription.id)
        .where(Subscription.ended_at.is_(None), SubscribedKind.kind == SubscriptionKind.MEETINGS)
        .distinct()
    )
    found = {one for leads in await session.scalars(query) for one in lead.split(leads)}
    return sorted(found, key=lambda one: -one.span)
