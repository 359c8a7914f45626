"""Persons and accounts, and what is kept of what they do: dialogues, last queries, shortcuts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from storage import conversations, dialogues, shortcuts
from storage.database import Database
from storage.people import Caller, Household, Newcomer, identify, known_zone, set_zone
from storage.roles import Role
from storage.tables import Account, Conversation, Grant, Person, Shortcut

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")
ALICE = Newcomer("slack", "T1/U1", "Alice", "Asia/Seoul")


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    made = Database(database.url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def met(database: Database, newcomer: Newcomer = ALICE, household: Household | None = None) -> Caller:
    async with database.writing() as session:
        return await identify(session, newcomer, household or Household(ZURICH), NOW)


async def numbers(database: Database) -> tuple[int, int]:
    async with database.reading() as session:
        persons = await session.scalar(select(func.count()).select_from(Person))
        accounts = await session.scalar(select(func.count()).select_from(Account))
    return persons or 0, accounts or 0


async def test_whoever_speaks_first_becomes_a_person_with_an_account(database: Database) -> None:
    caller = await met(database)
    assert (caller.name, caller.role, caller.zone.key, caller.zone_is_own) == (
        "Alice",
        Role.MEMBER,
        "Asia/Seoul",
        False,
    )
    assert await met(database) == caller
    assert await numbers(database) == (1, 1)


async def test_two_first_contacts_at_once_make_one_person(database: Database, other: Database) -> None:
    callers = await asyncio.gather(*(met(one) for one in (database, other, database, other)))
    assert len(set(callers)) == 1
    assert await numbers(database) == (1, 1)


async def test_the_same_name_on_two_platforms_is_two_accounts(database: Database) -> None:
    one = await met(database, Newcomer("slack", "42", "Alice"))
    two = await met(database, Newcomer("telegram", "42", "Alice"))
    assert one.account_id != two.account_id
    assert await numbers(database) == (2, 2)


async def test_a_zone_of_ones_own_comes_before_that_of_the_platform(database: Database) -> None:
    caller = await met(database)
    async with database.writing() as session:
        await set_zone(session, caller.person_id, ZoneInfo("America/Lima"))
    again = await met(database)
    assert (again.zone.key, again.zone_is_own) == ("America/Lima", True)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe/zurich"])
async def test_without_a_zone_that_exists_the_secretariats_is_taken(database: Database, zone: str) -> None:
    assert (await met(database, Newcomer("slack", "U", "A", zone))).zone == ZURICH
    assert known_zone(zone) is None


async def test_the_highest_role_that_was_granted_counts(database: Database) -> None:
    caller = await met(database)
    async with database.writing() as session:
        for role in (Role.SECRETARIAT, Role.GUEST):
            row = {"person_id": caller.person_id, "role": role, "granted_at": NOW, "granted_by": None}
            await session.execute(insert(Grant).values(row))
    assert (await met(database)).role is Role.SECRETARIAT


async def test_settings_name_the_first_administrators(database: Database) -> None:
    household = Household(ZURICH, administrators=["slack:T1/U1"])
    assert (await met(database, household=household)).role is Role.ADMINISTRATOR
    assert (await met(database, Newcomer("telegram", "T1/U1"), household)).role is Role.MEMBER


async def test_a_role_of_this_process_comes_before_all_others(database: Database) -> None:
    household = Household(ZURICH, administrators=["slack:T1/U1"], roles={"slack:T1/U1": Role.GUEST})
    assert (await met(database, household=household)).role is Role.GUEST


async def test_a_dialogue_is_one_at_a_time_in_a_place_and_ends(database: Database) -> None:
    caller = await met(database)
    first = dialogues.Open("meeting plan", {"title": "A"}, "start")
    second = dialogues.Open("settings zone", {}, "zone")
    async with database.writing() as session:
        for place, dialogue in (("here", first), ("here", second), ("there", first)):
            await dialogues.keep(session, caller.account_id, place, dialogue, NOW)
        assert await dialogues.find(session, caller.account_id, "here", NOW) == second
        assert await dialogues.find(session, caller.account_id, "there", NOW) == first
        assert await dialogues.find(session, caller.account_id, "there", NOW + dialogues.KEPT) is None
        assert await dialogues.end(session, caller.account_id, "here")
        assert not await dialogues.end(session, caller.account_id, "here")


async def test_the_last_query_is_kept_for_some_hours(database: Database, other: Database) -> None:
    caller = await met(database)

    async def keep(one: Database, query: str) -> None:
        async with one.writing() as session:
            await conversations.keep_query(session, caller.account_id, "here", query, NOW)

    await asyncio.gather(*(keep(one, query) for one, query in ((database, "a"), (other, "b"), (database, "c"))))
    await keep(other, "last")
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 1
        ends = NOW + conversations.REMEMBERED
        assert await conversations.last_query(session, caller.account_id, "here", ends) == "last"
        assert await conversations.last_query(session, caller.account_id, "there", NOW) == ""
        assert await conversations.last_query(session, caller.account_id, "here", ends + timedelta(seconds=1)) == ""


async def test_a_long_command_has_one_token_which_leads_back_to_it(database: Database, other: Database) -> None:
    line = "roadmap list about='" + "key management " * 40 + "'"

    async def shortened(one: Database) -> str:
        async with one.writing() as session:
            return await shortcuts.shorten(session, line)

    tokens = set(await asyncio.gather(*(shortened(one) for one in (database, other, database, other))))
    assert [len(token) for token in tokens] == [32]
    async with database.reading() as session:
        assert await shortcuts.lengthen(session, tokens.pop()) == line
        assert await shortcuts.lengthen(session, "0" * 32) is None
        assert await session.scalar(select(func.count()).select_from(Shortcut)) == 1
