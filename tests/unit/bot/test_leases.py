"""Leases: one holder at a time, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from storage import leases
from storage.database import Database

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TTL = timedelta(seconds=10)
LEASE = "telegram-poller"


async def takes(database: Database, holder: str, now: datetime = NOW) -> bool:
    async with database.writing() as session:
        return await leases.take(session, LEASE, holder, now, TTL)


async def test_a_free_lease_is_taken_and_nobody_else_gets_it(database: Database) -> None:
    assert await takes(database, "one")
    assert not await takes(database, "two")
    assert not await takes(database, "two", NOW + TTL)


async def test_a_holder_keeps_its_lease_by_taking_it_again(database: Database) -> None:
    assert await takes(database, "one")
    assert await takes(database, "one", NOW + TTL)
    assert not await takes(database, "two", NOW + TTL + timedelta(seconds=1))


async def test_a_lease_that_is_over_is_taken_over_and_its_holder_learns_of_it(database: Database) -> None:
    later = NOW + TTL + timedelta(microseconds=1)
    assert await takes(database, "one")
    assert await takes(database, "two", later)
    assert not await takes(database, "one", later)


async def test_a_released_lease_is_free_at_once(database: Database) -> None:
    assert await takes(database, "one")
    async with database.writing() as session:
        await leases.release(session, LEASE, "one")
    assert await takes(database, "two")


async def test_only_its_holder_releases_a_lease(database: Database) -> None:
    assert await takes(database, "one")
    async with database.writing() as session:
        await leases.release(session, LEASE, "two")
    assert not await takes(database, "two")


async def test_void_leases_are_free(database: Database) -> None:
    assert await takes(database, "one")
    async with database.writing() as session:
        await leases.void(session)
    assert await takes(database, "two")


async def test_of_many_that_want_a_free_lease_at_once_one_gets_it(database: Database) -> None:
    for round_ in range(3):
        moment = NOW + round_ * 2 * TTL
        got = await asyncio.gather(*(takes(database, f"holder {number}", moment) for number in range(8)))
        assert sorted(got) == [False] * 7 + [True]
