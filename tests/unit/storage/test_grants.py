"""Grants: one administrator always stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from storage import grants, merging
from storage.database import Database
from storage.people import Household, Newcomer, identify
from storage.roles import Role

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
HOUSEHOLD = Household(ZoneInfo("Europe/Zurich"))


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    made = Database(database.url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def administrator(database: Database, name: str) -> int:
    async with database.writing() as session:
        person = (await identify(session, Newcomer("slack", name), HOUSEHOLD, NOW)).person_id
        await grants.set_role(session, person, Role.ADMINISTRATOR, person, NOW)
        return person


async def revoke(database: Database, person: int) -> bool:
    async with database.writing() as session:
        if await grants.is_last_administrator(session, person, HOUSEHOLD):
            return False
        return await grants.take(session, person, Role.ADMINISTRATOR)


async def test_of_two_administrators_who_revoke_each_other_at_once_one_stays(
    database: Database, other: Database
) -> None:
    kim, lee = await administrator(database, "kim"), await administrator(database, "lee")
    assert sorted(await asyncio.gather(revoke(database, lee), revoke(other, kim))) == [False, True]


async def test_three_who_are_revoked_at_once_leave_one(database: Database, other: Database) -> None:
    three = [await administrator(database, name) for name in ("kim", "lee", "ann")]
    ways = (database, other, database)
    done = await asyncio.gather(*(revoke(way, person) for way, person in zip(ways, three, strict=True)))
    assert sum(done) == 2


async def test_whoever_the_settings_name_counts_as_an_administrator(database: Database) -> None:
    kim = await administrator(database, "kim")
    named = Household(HOUSEHOLD.zone, administrators=["slack:lee"])
    async with database.writing() as session:
        assert not await grants.is_last_administrator(session, kim, named)
        assert await grants.is_last_administrator(session, kim, HOUSEHOLD)


async def test_an_administrator_by_the_settings_alone_is_the_last_one(database: Database) -> None:
    named = Household(HOUSEHOLD.zone, administrators=["slack:lee"])
    async with database.writing() as session:
        lee = (await identify(session, Newcomer("slack", "lee"), named, NOW)).person_id
        assert await grants.is_last_administrator(session, lee, named)


async def test_an_administrator_is_one_on_every_platform(database: Database) -> None:
    named = Household(HOUSEHOLD.zone, administrators=["slack:lee"])
    async with database.writing() as session:
        lee = (await identify(session, Newcomer("slack", "lee"), named, NOW)).person_id
        ann = await identify(session, Newcomer("telegram", "42"), named, NOW)
        await merging.merge(session, lee, ann.person_id, NOW)
        assert (await identify(session, Newcomer("telegram", "42"), named, NOW)).role is Role.ADMINISTRATOR
