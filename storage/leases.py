"""Leases: which process does a thing that only one may do, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Lease


async def take(session: AsyncSession, name: str, holder: str, now: datetime, ttl: timedelta) -> bool:
    """Take a lease that is free or over, or hold one's own for `ttl` from now; whether it is the holder's."""
    mine_or_over = or_(Lease.holder == holder, Lease.until < now)
    taken = update(Lease).where(Lease.name == name, mine_or_over).values(holder=holder, until=now + ttl)
    if (await session.execute(taken.returning(Lease.name))).first():
        return True
    try:
        # Of two that find no row, the other one's unique name decides.
        async with session.begin_nested():
            await session.execute(insert(Lease).values(name=name, holder=holder, until=now + ttl))
    except IntegrityError:
        return False
    return True


async def release(session: AsyncSession, name: str, holder: str) -> None:
    """Give a lease back, so that another one need not wait until it is over."""
    await session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))


async def void(session: AsyncSession) -> None:
    """End all leases: whoever held them is gone, as after a restart of the only process."""
    await session.execute(delete(Lease))
