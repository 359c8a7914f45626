"""One-time codes: kept as hashes, good once, also for two who use them at the same instant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import accounts, codes
from storage.codes import Made, Outcome, Trial
from storage.database import Database
from storage.people import Household, Newcomer, identify
from storage.tables import Account, Code

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
ADDRESS = "kim@example.org"
T = TypeVar("T")


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    made = Database(database.url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def does(database: Database, deed: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async with database.writing() as session:
        return await deed(session)


async def person(database: Database, name: str) -> int:
    household = Household(ZoneInfo("Europe/Zurich"))
    return (await does(database, lambda s: identify(s, Newcomer("slack", name), household, NOW))).person_id


async def made(database: Database, kim: int) -> Made:
    return await does(database, lambda s: codes.make_for_address(s, kim, ADDRESS, NOW))


async def tried(database: Database, kim: int, typed: str) -> Trial:
    return await does(database, lambda s: codes.try_for_address(s, kim, typed, NOW))


async def test_of_two_who_use_a_code_at_once_one_wins(database: Database, other: Database) -> None:
    kim = await person(database, "kim")
    code = (await made(database, kim)).code
    trials = await asyncio.gather(*(tried(one, kim, code) for one in (database, other, database, other)))
    assert sorted(one.outcome for one in trials) == [Outcome.RIGHT, Outcome.USED, Outcome.USED, Outcome.USED]


async def test_of_two_who_use_a_link_code_at_once_one_wins(database: Database, other: Database) -> None:
    kim, lee, ann = [await person(database, name) for name in ("kim", "lee", "ann")]
    code = (await does(database, lambda s: codes.make_for_link(s, kim, NOW))).code
    trials = await asyncio.gather(
        does(database, lambda s: codes.try_for_link(s, lee, code, NOW)),
        does(other, lambda s: codes.try_for_link(s, ann, code, NOW)),
    )
    assert sorted(one.outcome for one in trials) == [Outcome.RIGHT, Outcome.USED]
    assert {one.person_id for one in trials} == {kim}


async def test_ten_wrong_tries_at_once_are_five(database: Database, other: Database) -> None:
    kim = await person(database, "kim")
    right = (await made(database, kim)).code
    wrong = [f"{(int(right) + step) % 10**6:06}" for step in range(1, 11)]
    ways = (database, other)
    trials = await asyncio.gather(*(tried(ways[index % 2], kim, typed) for index, typed in enumerate(wrong)))
    assert sum(one.outcome is Outcome.WRONG for one in trials) == codes.TRIES
    assert (await tried(database, kim, right)).outcome is Outcome.EXHAUSTED


async def test_two_who_prove_one_address_at_once_do_not_both_get_it(database: Database, other: Database) -> None:
    kim, lee = await person(database, "kim"), await person(database, "lee")
    owners = await asyncio.gather(
        does(database, lambda s: accounts.add_address(s, kim, ADDRESS, NOW)),
        does(other, lambda s: accounts.add_address(s, lee, ADDRESS, NOW)),
    )
    assert len(set(owners)) == 1
    async with database.reading() as session:
        count = select(func.count()).select_from(Account).where(Account.platform == "email")
        assert await session.scalar(count) == 1


async def test_of_two_last_accounts_removed_at_once_one_stays(database: Database, other: Database) -> None:
    kim = await person(database, "kim")
    await does(database, lambda s: accounts.add_address(s, kim, ADDRESS, NOW))
    mine = await does(database, lambda s: accounts.of(s, kim))
    await asyncio.gather(
        does(database, lambda s: accounts.remove(s, kim, mine[0].id)),
        does(other, lambda s: accounts.remove(s, kim, mine[1].id)),
    )
    assert len(await does(database, lambda s: accounts.of(s, kim))) == 1


async def test_the_hashes_of_one_code_differ_by_their_salt(database: Database) -> None:
    kim = await person(database, "kim")
    await made(database, kim)
    await made(database, kim)
    async with database.reading() as session:
        rows = (await session.execute(select(Code.salt, Code.digest))).all()
    assert len({row.salt for row in rows}) == len({row.digest for row in rows}) == 2


async def test_codes_are_removed_when_no_limit_counts_them(database: Database) -> None:
    kim = await person(database, "kim")
    await made(database, kim)
    for later, left in ((timedelta(hours=2), 1), (timedelta(days=2), 0)):
        async with database.writing() as session:
            await codes.forget(session, NOW + later)
            assert await session.scalar(select(func.count()).select_from(Code)) == left
