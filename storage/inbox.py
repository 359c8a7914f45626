"""The inbox: events of platforms, kept before they are acknowledged, handled once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import InboxEvent
from storage.words import InboxState

CLAIM = timedelta(seconds=60)
"""So long an event belongs to the process that received it; after that another one may take it over."""

WORTH_ANSWERING = timedelta(hours=1)
"""An older question gets no answer any more: whoever asked has moved on."""

KEPT = timedelta(days=14)
"""So long a handled event is kept, to know it again when a platform repeats it."""

UNFINISHED = (InboxState.RECEIVED, InboxState.HANDLED)

# Made once: making a statement takes as long as executing it.
_TABLE = cast(Table, InboxEvent.__table__)
_PUT = insert(_TABLE).returning(_TABLE.c.id)
_HANDLED = update(_TABLE).where(_TABLE.c.id == bindparam("event")).values(state=InboxState.HANDLED)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the inbox. `outcome` is what is to be answered, once it is handled."""

    id: int
    platform: str
    arrival: str
    outcome: str
    state: InboxState


async def put(
    session: AsyncSession, platform: str, event_id: str, arrival: str, now: datetime, claim: timedelta = CLAIM
) -> int | None:
    """Keep an event and claim it; None when it is there already. The rest of the transaction is lost then."""
    row = {
        "platform": platform,
        "event_id": event_id,
        "arrival": arrival,
        "outcome": "",
        "received_at": now,
        "state": InboxState.RECEIVED,
        "claimed_until": now + claim,
    }
    try:
        return (await session.execute(insert(InboxEvent).values(row).returning(InboxEvent.id))).scalar_one()
    except IntegrityError:
        return None


async def cover(session: AsyncSession, platform: str, event_ids: Collection[str], now: datetime) -> None:
    """What these events tell is part of another one: they are done with, come or not yet. One that is handled stays."""
    done = {"platform": platform, "arrival": "", "outcome": "", "received_at": now, "state": InboxState.ANSWERED}
    rows = [{**done, "event_id": one, "claimed_until": now} for one in sorted(set(event_ids))]
    if rows:
        await session.execute(_covering(session.get_bind().dialect.name), rows)


async def is_waiting(session: AsyncSession, event: int) -> bool:
    """Whether the event is still to be handled. Until the transaction ends, nobody else says that it is done with."""
    query = select(InboxEvent.state).where(InboxEvent.id == event).with_for_update()
    return await session.scalar(query) is InboxState.RECEIVED


async def handled(session: AsyncSession, event: int, outcome: str) -> None:
    """The event did what it does; part of the same transaction. The answer is still to be sent."""
    await session.execute(_HANDLED, {"event": event, "outcome": outcome})


async def close(session: AsyncSession, events: Sequence[int], state: InboxState) -> None:
    """The events are done with: answered, failed or expired. What they said is not kept any longer."""
    await session.execute(
        update(InboxEvent).where(InboxEvent.id.in_(events)).values(state=state, arrival="", outcome="")
    )


async def hold(session: AsyncSession, events: Collection[int], until: datetime) -> None:
    """Whoever works on these events goes on, or comes back to them, until then: nobody else takes them before."""
    await session.execute(update(InboxEvent).where(InboxEvent.id.in_(events)).values(claimed_until=until))


async def unclaim(session: AsyncSession, now: datetime, but: Collection[int]) -> None:
    """All claims but those on these events are void: whoever made them is gone."""
    void = update(InboxEvent).where(InboxEvent.state.in_(UNFINISHED), InboxEvent.id.not_in(but))
    await session.execute(void.values(claimed_until=now))


async def claim_left(session: AsyncSession, platforms: Sequence[str], now: datetime) -> list[Event]:
    """Events that nobody finished and nobody works on, oldest first, now claimed. Those too old are expired."""
    left = [InboxEvent.state.in_(UNFINISHED), InboxEvent.claimed_until <= now]
    await session.execute(
        update(InboxEvent)
        .where(*left, InboxEvent.received_at < now - WORTH_ANSWERING)
        .values(state=InboxState.EXPIRED, arrival="", outcome="")
    )
    query = (
        select(InboxEvent.id, InboxEvent.platform, InboxEvent.arrival, InboxEvent.outcome, InboxEvent.state)
        .where(*left, InboxEvent.platform.in_(platforms))
        .order_by(InboxEvent.id)
        .with_for_update(skip_locked=True)
    )
    events = [Event(*row) for row in await session.execute(query)]
    if events:
        await hold(session, [event.id for event in events], now + CLAIM)
    return events


async def waiting(session: AsyncSession) -> int:
    """How many events are not answered yet."""
    count = select(func.count()).select_from(InboxEvent).where(InboxEvent.state.in_(UNFINISHED))
    return (await session.execute(count)).scalar_one()


async def forget(session: AsyncSession, now: datetime) -> int:
    """Remove events that no platform repeats any more; gives how many."""
    done = InboxEvent.state.not_in(UNFINISHED)
    gone = delete(InboxEvent).where(done, InboxEvent.received_at < now - KEPT).returning(InboxEvent.id)
    return len((await session.execute(gone)).all())


@cache
def _covering(dialect: str) -> Executable:
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_TABLE)
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["platform", "event_id"],
        set_={"state": given.state, "arrival": given.arrival},
        where=_TABLE.c.state == InboxState.RECEIVED,
    )
