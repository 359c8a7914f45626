"""Pacing: what was sent a short while ago, and what rests, so that whoever begins to send exceeds no limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import CLAIM
from storage.tables import Delivery, PlatformRest, Target


async def recent(session: AsyncSession, platform: str, since: datetime) -> Sequence[tuple[int, str, str, datetime]]:
    """What was sent, or begun to be, since then, oldest first: target, address, thread and moment."""
    # Of what is in doubt the claim is kept, since it may have been sent.
    is_recent = or_(Delivery.claimed_until >= since + CLAIM, Delivery.sent_at >= since)
    query = (
        select(Delivery.target_id, Target.address, Target.thread, Delivery.sent_at, Delivery.claimed_until)
        .join(Target, Target.id == Delivery.target_id)
        .where(Delivery.platform == platform, is_recent)
    )
    found: list[tuple[int, str, str, datetime]] = []
    for target, address, thread, sent_at, claimed_until in await session.execute(query):
        begun_at = claimed_until - CLAIM if claimed_until else sent_at
        if begun_at:
            found.append((target, address, thread, begun_at))
    return sorted(found, key=lambda one: one[3])


async def rest(session: AsyncSession, platform: str) -> datetime | None:
    """Until when the platform asked not to be sent anything."""
    return await session.scalar(select(PlatformRest.until).where(PlatformRest.platform == platform))
