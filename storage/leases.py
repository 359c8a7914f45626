"""Leases: which process does a thing that only one may do, and until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Lease


async def take(session: AsyncSession, name: str, holder: str, now: datetime, ttl: timedelta) -> bool:
    """Take a lease that is free or over, or hold one's own for `ttl` from now; whether it is the holder's."""
    return bool(await take_all(session, [name], holder, now, ttl))


async def take_all(
    session: AsyncSession, names: Collection[str], holder: str, now: datetime, ttl: timedelta
) -> Collection[str]:
    """As `take`, for all of these in one statement; gives the names of those that are the holder's."""
    if not names:
        return ()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # In one order, so that two processes do not wait for each other.
    wanted = insert(Lease).values([{"name": name, "holder": holder, "until": now + ttl} for name in sorted(names)])
    taken = wanted.on_conflict_do_update(
        index_elements=[Lease.name],
        set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
        where=or_(Lease.holder == holder, Lease.until < now),
    )
    return set(await session.scalars(taken.returning(Lease.name)))


async def release(session: AsyncSession, name: str, holder: str) -> None:
    """Give a lease back, so that another one need not wait until it is over."""
    await session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))


async def void(session: AsyncSession) -> None:
    """End all leases: whoever held them is gone, as after a restart of the only process."""
    await session.execute(delete(Lease))
