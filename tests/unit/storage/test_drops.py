"""Drops in the database: contents are kept once, and nobody sweeps away what somebody just keeps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from storage import drops, outbox
from storage.database import Database
from storage.drops import User
from storage.tables import File
from tests.unit.storage.waiting import somebody_waits

NOW = datetime(2027, 1, 10, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=40)


async def files(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(File)) or 0


async def keep(database: Database, content: bytes, now: datetime) -> None:
    async with database.writing() as session:
        await drops.keep_content(session, content, now)


async def forget(database: Database, now: datetime) -> None:
    async with database.writing() as session:
        await drops.forget(session, now)


async def test_a_content_is_kept_once(database: Database) -> None:
    await asyncio.gather(*(keep(database, b"same", NOW) for _ in range(5)))
    assert await files(database) == 1


async def test_what_nothing_refers_to_goes_after_a_day(database: Database) -> None:
    await keep(database, b"left by a crash", NOW)
    await forget(database, NOW + timedelta(hours=23))
    assert await files(database) == 1
    await forget(database, NOW + timedelta(hours=25))
    assert await files(database) == 0


async def test_what_a_message_encloses_stays(database: Database) -> None:
    async with database.writing() as session:
        words = outbox.Words("a", enclosures=[outbox.Enclosure("a.pdf", "application/pdf", b"%PDF")])
        await outbox.write(session, words, NOW)
    await forget(database, LATER)
    assert await files(database) == 1


async def test_what_a_message_encloses_just_now_stays(database: Database) -> None:
    await keep(database, b"%PDF", NOW)
    async with database.writing() as session:
        words = outbox.Words("a", enclosures=[outbox.Enclosure("a.pdf", "application/pdf", b"%PDF")])
        await outbox.write(session, words, LATER)
        sweeping = asyncio.create_task(forget(database, LATER))
        await somebody_waits(database)
    await sweeping
    assert await files(database) == 1


async def test_a_content_that_is_kept_again_just_now_is_not_swept_away(database: Database) -> None:
    for _ in range(10):
        await keep(database, b"old", NOW)
        await asyncio.gather(keep(database, b"old", LATER), forget(database, LATER))
        assert await files(database) == 1
        await forget(database, LATER + timedelta(days=2))


async def test_a_content_that_is_forgotten_is_not_found(database: Database) -> None:
    async with database.reading() as session:
        assert await drops.find(session, [1], User(1)) == []
        with pytest.raises(NoResultFound):
            await drops.content(session, 1)
