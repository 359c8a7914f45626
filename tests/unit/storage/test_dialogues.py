"""Dialogues in the database: one asks, the others rest, and what is left for a week is closed once."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage import dialogues
from storage.database import Database
from storage.dialogues import Open
from storage.people import Caller, Household, Newcomer, identify
from tests.unit.storage.waiting import somebody_waits

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUSEHOLD = Household(ZoneInfo("Europe/Zurich"))


async def anna(session: AsyncSession) -> Caller:
    return await identify(session, Newcomer("slack", "T1/U1", "Anna"), HOUSEHOLD, NOW)


async def kept(database: Database, *places: str) -> None:
    async with database.writing() as session:
        caller = await anna(session)
        for place in places:
            await dialogues.keep(session, caller.account_id, place, Open("register", {"group": "SG17"}, "kind"), NOW)


async def test_a_dialogue_that_asks_lets_the_others_rest(database: Database) -> None:
    async with database.writing() as session:
        account = (await anna(session)).account_id
        await dialogues.keep(session, account, "here", Open("register", {"group": "SG17"}, "kind"), NOW)
        await dialogues.keep(session, account, "here", Open("settings zone", {}, "zone"), NOW + timedelta(minutes=1))
        found = await dialogues.opened(session, account, "here", NOW + timedelta(minutes=1))
    assert found == [Open("settings zone", {}, "zone"), Open("register", {"group": "SG17"}, "")]


async def test_whoever_presses_twice_at_once_has_one_dialogue(database: Database) -> None:
    await kept(database, "there")
    async with database.writing() as session:
        account = (await anna(session)).account_id
        await dialogues.keep(session, account, "here", Open("register", {"group": "SG17"}, "kind"), NOW)
        pressing = asyncio.create_task(kept(database, "here"))
        await somebody_waits(database)
    await pressing
    async with database.reading() as session:
        assert len(await dialogues.opened(session, account, "here", NOW)) == 1


async def test_what_rests_is_not_ended_with_another(database: Database) -> None:
    async with database.writing() as session:
        account = (await anna(session)).account_id
        await dialogues.keep(session, account, "here", Open("register", {"group": "SG17"}, ""), NOW)
        await dialogues.keep(session, account, "here", Open("settings zone", {}, "zone"), NOW)
        assert await dialogues.end(session, account, "here", "settings zone")
        assert await dialogues.find(session, account, "here", NOW) == Open("register", {"group": "SG17"}, "")


@pytest.mark.parametrize(
    ("place", "address", "thread", "is_private"),
    [
        ("slack:T1/U1:", "T1/U1", "", True),
        ("slack:T1/C1:1.2", "T1/C1", "1.2", False),
        ("telegram:T1/U1:", "T1/U1", "", False),
        ("slack:a:b:7", "a:b", "7", False),
    ],
)
async def test_the_place_of_what_expired_is_an_address_again(
    database: Database, place: str, address: str, thread: str, is_private: bool
) -> None:
    await kept(database, place)
    async with database.writing() as session:
        (over,) = await dialogues.expire(session, NOW + dialogues.KEPT)
    assert (over.address, over.thread, over.is_private) == (address, thread, is_private)
    assert (over.person, over.command, over.values, over.updated_at) == ("Anna", "register", {"group": "SG17"}, NOW)


async def test_a_dialogue_expires_after_a_week_and_not_before(database: Database) -> None:
    await kept(database, "slack:T1/U1:")
    async with database.writing() as session:
        assert await dialogues.expire(session, NOW + dialogues.KEPT - timedelta(seconds=1)) == []
        assert len(await dialogues.expire(session, NOW + dialogues.KEPT)) == 1
        assert await dialogues.expire(session, NOW + dialogues.KEPT) == []


async def test_two_processes_close_a_dialogue_once(database: Database) -> None:
    await kept(database, *(f"slack:T1/C{number}:" for number in range(5)))

    async def close() -> int:
        async with database.writing() as session:
            return len(await dialogues.expire(session, NOW + dialogues.KEPT))

    assert sum(await asyncio.gather(close(), close(), close())) == 5
