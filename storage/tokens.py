"""Tokens: what the link of a mail carries, so that one click ends the subscription that it came because of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit, subscriptions
from storage.tables import Subscription


async def is_known(session: AsyncSession, token: str) -> bool:
    """Whether a mail carried this token."""
    return await session.scalar(select(Subscription.id).where(Subscription.token == token)) is not None


async def end(session: AsyncSession, token: str, now: datetime) -> bool:
    """End the subscription of that token, with an entry in the audit trail. False: there is no such token."""
    number = await session.scalar(select(Subscription.id).where(Subscription.token == token))
    if number is None:
        return False
    if await subscriptions.end(session, number, now):
        await audit.note_of_bot(session, "unsubscribe", subscriptions.SUBJECT, number, {}, {}, now, "one click")
    return True


async def of_targets(session: AsyncSession, target_ids: Collection[int]) -> Mapping[int, str]:
    """The tokens that end the subscriptions of these targets, of those that have one."""
    query = select(Subscription.target_id, Subscription.token).where(
        Subscription.target_id.in_(list(target_ids)), Subscription.ended_at.is_(None), Subscription.token.is_not(None)
    )
    return {row.target_id: str(row.token) for row in await session.execute(query)}
