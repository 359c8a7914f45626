"""Conversations: the last query of an account in a place, which a follow-up changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Conversation
from storage.upsert import upsert

REMEMBERED = timedelta(hours=12)
"""A follow-up comes within so long; later a question stands alone."""


async def last_query(session: AsyncSession, account_id: int, place: str, now: datetime) -> str:
    """The last query as it was kept; empty when there is none or it is long ago."""
    query = select(Conversation.query).where(
        Conversation.account_id == account_id, Conversation.place == place, Conversation.updated_at >= now - REMEMBERED
    )
    return await session.scalar(query) or ""


async def keep_query(session: AsyncSession, account_id: int, place: str, query: str, now: datetime) -> None:
    """Keep a query as the last one."""
    row = {"account_id": account_id, "place": place, "query": query, "updated_at": now}
    await upsert(session, Conversation, row, ["account_id", "place"])
