"""Waiting: until one transaction waits for another."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from storage.database import Database

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def somebody_waits(database: Database) -> None:
    """Until a transaction waits for another one; on SQLite it cannot even begin."""
    async with asyncio.timeout(60):
        while not database.is_sqlite:
            async with database.reading() as session:
                if await session.scalar(_WAITING):
                    return
            await asyncio.sleep(0.01)
