"""The backlog: what waits to be sent and why, and what an operator does about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, Target
from storage.words import DeliveryState

UNDONE = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.FAILED)
"""What did not arrive yet, or perhaps never will."""

DROPPABLE = (DeliveryState.WAITING, DeliveryState.UNCERTAIN, DeliveryState.FAILED)
RETRIABLE = (DeliveryState.WAITING, DeliveryState.UNCERTAIN, DeliveryState.FAILED, DeliveryState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits on one platform, and how late the oldest of it is."""

    waiting: int
    late: timedelta


@dataclass(frozen=True, slots=True)
class Entry:
    """A delivery as an operator sees it."""

    id: int
    platform: str
    target: str
    title: str
    cause: str
    state: DeliveryState
    tries: int
    doubts: int
    due_at: datetime
    problem: str


async def backlogs(session: AsyncSession, now: datetime) -> dict[str, Backlog]:
    """What waits, by platform."""
    waits = Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
    query = select(Delivery.platform, func.count(), func.min(Delivery.due_at)).where(waits).group_by(Delivery.platform)
    return {
        platform: Backlog(count, max(now - oldest, timedelta(0)))
        for platform, count, oldest in await session.execute(query)
    }


async def entries(
    session: AsyncSession,
    states: Collection[DeliveryState] = UNDONE,
    platform: str | None = None,
    limit: int | None = None,
) -> Sequence[Entry]:
    """Deliveries in these states, in the order in which they are due."""
    query = (
        select(
            Delivery.id,
            Delivery.platform,
            Target.address,
            Target.thread,
            Target.title,
            Delivery.cause,
            Delivery.state,
            Delivery.tries,
            Delivery.doubts,
            Delivery.due_at,
            Delivery.problem,
        )
        .join(Target, Target.id == Delivery.target_id)
        .where(Delivery.state.in_(states))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    )
    if platform is not None:
        query = query.where(Delivery.platform == platform)
    return [
        Entry(id_, name, f"{address}#{thread}" if thread else address, *rest)
        for id_, name, address, thread, *rest in await session.execute(query)
    ]


async def known(session: AsyncSession, ids: Collection[int]) -> dict[int, DeliveryState]:
    """The states of those deliveries that there are."""
    query = select(Delivery.id, Delivery.state).where(Delivery.id.in_(ids))
    return {row.id: row.state for row in await session.execute(query)}


async def failed(session: AsyncSession) -> Sequence[int]:
    """The deliveries that failed."""
    return list(await session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.FAILED)))


async def retry(session: AsyncSession, ids: Collection[int], now: datetime) -> Sequence[int]:
    """Have these sent as soon as can be, also to targets that were closed; gives those that will be.

    The doubts stay: what may have arrived is not tried more than once again.
    """
    chosen = (Delivery.id.in_(ids), Delivery.state.in_(RETRIABLE))
    targets = select(Delivery.target_id).where(*chosen)
    opened = update(Target).where(Target.id.in_(targets), Target.closed_at.is_not(None))
    await session.execute(opened.values(closed_at=None, closed_because=""))
    # What would be too late again has no end any more: the operator knows.
    late = case((Delivery.expires_at <= now, None), else_=Delivery.expires_at)
    again = update(Delivery).where(*chosen)
    again = again.values(state=DeliveryState.WAITING, due_at=now, failing_since=None, expires_at=late)
    return sorted(await session.scalars(again.returning(Delivery.id)))


async def drop(session: AsyncSession, ids: Collection[int]) -> Sequence[int]:
    """Have these never sent; gives those that will not be."""
    dropped = update(Delivery).where(Delivery.id.in_(ids), Delivery.state.in_(DROPPABLE))
    return sorted(await session.scalars(dropped.values(state=DeliveryState.DROPPED).returning(Delivery.id)))
