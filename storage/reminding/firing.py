"""Firing: which reminders are due, who has had them, and which came too late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.reminding.planning import cause
from storage.tables import Delivery, Meeting, Reminder
from storage.words import DeliveryState, ReminderState

REACHED = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reminder in the outbox: targets that may still get it, that got it, and that missed it."""

    waiting: frozenset[int] = frozenset()
    reached: frozenset[int] = frozenset()
    missed: frozenset[int] = frozenset()


async def claim(session: AsyncSession, until: datetime, limit: int) -> Sequence[Reminder]:
    """Reminders that are due by then and not in the outbox yet, in order; from now on they are `planned`.

    Nobody else gets them, in no transaction. Those that are planned anew just now are left to the next time.
    """
    first = (
        select(Reminder.id)
        .where(Reminder.state == ReminderState.PENDING, Reminder.due_at <= until)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    # The condition again: another transaction may have been first.
    taken = update(Reminder).where(Reminder.id.in_(first), Reminder.state == ReminderState.PENDING)
    taken = taken.values(state=ReminderState.PLANNED).returning(Reminder.id)
    ids = list(await session.scalars(taken.execution_options(synchronize_session=False)))
    return await _read(session, ids)


async def sent_by_now(session: AsyncSession, now: datetime, limit: int) -> Sequence[Reminder]:
    """Those in the outbox whose time has come."""
    query = (
        select(Reminder.id)
        .where(Reminder.state == ReminderState.PLANNED, Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return await _read(session, list(await session.scalars(query)))


async def outcomes(session: AsyncSession, reminders: Sequence[Reminder]) -> Mapping[int, Outcome]:
    """What became of them, by id."""
    by_cause = {cause(one): one.id for one in reminders}
    query = select(Delivery.cause, Delivery.target_id, Delivery.state).where(Delivery.cause.in_(list(by_cause)))
    found: defaultdict[int, dict[DeliveryState, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in await session.execute(query):
        found[by_cause[row.cause]][row.state].add(row.target_id)
    return {one.id: _outcome(found[one.id]) for one in reminders}


async def expire(session: AsyncSession, reminders: Sequence[Reminder], now: datetime, *, all_: bool = False) -> None:
    """Send no more of what is too late, or of `all_` that waits."""
    causes = [cause(one) for one in reminders]
    gone = update(Delivery).where(Delivery.cause.in_(causes), Delivery.state == DeliveryState.WAITING)
    if not all_:
        gone = gone.where(Delivery.expires_at <= now)
    values = {"state": DeliveryState.EXPIRED, "problem": "it was not sent in time"}
    await session.execute(gone.values(values).execution_options(synchronize_session=False))


async def reached(session: AsyncSession, reminder: Reminder) -> Collection[int]:
    """Targets that got it before, in words that were withdrawn from the others."""
    causes = [f"reminder:{reminder.id}:{revision}" for revision in range(reminder.revision)]
    if not causes:
        return frozenset()
    query = select(Delivery.target_id).where(Delivery.cause.in_(causes), Delivery.state.in_(REACHED))
    return frozenset(await session.scalars(query))


async def told(session: AsyncSession, cause: str) -> Set[int]:
    """Targets that were told for the cause, or will be."""
    return frozenset(await session.scalars(select(Delivery.target_id).where(Delivery.cause == cause)))


async def settle(session: AsyncSession, ids: Collection[int], state: ReminderState) -> None:
    """That is what became of them."""
    over = update(Reminder).where(Reminder.id.in_(list(ids))).values(state=state)
    await session.execute(over.execution_options(synchronize_session=False))


async def meetings_of(session: AsyncSession, reminders: Sequence[Reminder]) -> Mapping[int, Meeting]:
    """The meetings that they are about, by id."""
    ids = {one.meeting_id for one in reminders if one.meeting_id is not None}
    query = select(Meeting).where(Meeting.id.in_(ids)).execution_options(populate_existing=True)
    return {one.id: one for one in await session.scalars(query)} if ids else {}


async def _read(session: AsyncSession, ids: Collection[int]) -> Sequence[Reminder]:
    if not ids:
        return ()
    query = select(Reminder).where(Reminder.id.in_(list(ids))).order_by(Reminder.due_at, Reminder.id)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


def _outcome(found: Mapping[DeliveryState, set[int]]) -> Outcome:
    some = {state: found.get(state, set()) for state in DeliveryState}
    return Outcome(
        waiting=frozenset().union(*(some[state] for state in _OPEN)),
        reached=frozenset(some[DeliveryState.SENT] | some[DeliveryState.UNCERTAIN]),
        missed=frozenset(some[DeliveryState.EXPIRED]),
    )
