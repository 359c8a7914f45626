"""Subscriptions as they are kept: one a target, each person told once, digests taken once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from storage import digests, subscriptions, targets
from storage.database import Database
from storage.digests import Headline
from storage.local_time import Quiet
from storage.subscriptions import Interest, Listener
from storage.tables import Account, Person, Subscription
from storage.targets import Destination
from storage.words import Pace, SubscriptionKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROADMAP, MEETINGS = SubscriptionKind.ROADMAP, SubscriptionKind.MEETINGS


async def subscribe(database: Database, address: str, *interests: Interest, platform: str = "slack") -> int:
    async with database.writing() as session:
        target = await targets.kept(session, Destination(platform, address))
        return await subscriptions.subscribe(session, target, interests, zone="Europe/Zurich", by=None, now=NOW)


@pytest.mark.parametrize(
    ("topics", "groups", "wanted"),
    [
        ((), (), True),
        (("qkdn-arch",), (), True),
        (("security",), (), False),
        (("security", "qkdn-arch"), (), True),
        (("security",), ("SG13",), True),
        ((), ("SG17",), False),
    ],
)
def test_an_interest_is_in_topics_or_groups(topics: tuple[str, ...], groups: tuple[str, ...], wanted: bool) -> None:
    assert Interest(ROADMAP, topics=("qkdn-arch",), groups=("SG13",)).wants(topics, groups) is wanted


async def test_two_who_subscribe_a_place_at_once_make_one_subscription(database: Database) -> None:
    async with database.writing() as session:
        await targets.kept(session, Destination("slack", "C1"))
    numbers = await asyncio.gather(
        subscribe(database, "C1", Interest(MEETINGS)), subscribe(database, "C1", Interest(ROADMAP))
    )
    assert numbers[0] == numbers[1]
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Subscription)) == 1
        one = await subscriptions.numbered(session, numbers[0])
    assert one is not None
    assert {interest.kind for interest in one.interests} == {MEETINGS, ROADMAP}


async def test_who_comes_back_begins_anew(database: Database) -> None:
    number = await subscribe(database, "C1", Interest(MEETINGS))
    async with database.writing() as session:
        await subscriptions.end(session, number, NOW)
        assert await subscriptions.listeners(session, MEETINGS) == []
    assert await subscribe(database, "C1", Interest(ROADMAP)) == number
    async with database.reading() as session:
        assert await subscriptions.listeners(session, MEETINGS) == []
        assert len(await subscriptions.listeners(session, ROADMAP)) == 1


async def test_a_person_with_two_subscribed_places_is_one_listener(database: Database) -> None:
    async with database.writing() as session:
        made = insert(Person).values(name="Kim", reached_on="telegram", created_at=NOW).returning(Person.id)
        kim = (await session.execute(made)).scalar_one()
        accounts = [("slack", "kim"), ("telegram", "7")]
        rows = [
            {"person_id": kim, "platform": one, "external_id": address, "created_at": NOW} for one, address in accounts
        ]
        await session.execute(insert(Account), rows)
    await subscribe(database, "kim", Interest(MEETINGS))
    telegram = await subscribe(database, "7", Interest(MEETINGS), platform="telegram")
    async with database.reading() as session:
        found = await subscriptions.listeners(session, MEETINGS)
    assert [(one.subscription, one.person) for one in found] == [(telegram, kim)]


async def test_a_closed_place_listens_no_more(database: Database) -> None:
    await subscribe(database, "C1", Interest(MEETINGS))
    async with database.writing() as session:
        target = await targets.kept(session, Destination("slack", "C1"))
        await targets.close(session, target, "archived", NOW)
        assert await subscriptions.listeners(session, MEETINGS) == []


async def test_a_subscription_to_nothing_ends(database: Database) -> None:
    number = await subscribe(database, "C1", Interest(MEETINGS))
    async with database.writing() as session:
        await subscriptions.drop(session, number, MEETINGS, NOW)
        assert await subscriptions.numbered(session, number) is None


async def test_it_is_known_where_it_is_quiet(database: Database) -> None:
    number = await subscribe(database, "C1", Interest(MEETINGS))
    async with database.writing() as session:
        await subscriptions.hush(session, number, Quiet(time(9), time(12)), "Europe/Zurich", NOW)
        target = await targets.kept(session, Destination("slack", "C1"))
        assert await subscriptions.quiet_until(session, [target], NOW) == {target: NOW + timedelta(hours=2)}
        assert await subscriptions.quiet_until(session, [target], NOW + timedelta(hours=2)) == {}


async def test_two_who_take_digests_at_once_take_each_once(database: Database) -> None:
    number = await subscribe(database, "C1", Interest(MEETINGS, Pace.DAILY))
    async with database.writing() as session:
        target = await targets.kept(session, Destination("slack", "C1"))
        listener = Listener(target, number, Pace.DAILY, ZoneInfo("Europe/Zurich"), None)
        for cause in ("meeting:1", "meeting:2", "meeting:1"):
            await digests.add(session, [listener], Headline(MEETINGS, cause), cause=cause, moment=NOW)

    async def take() -> int:
        async with database.writing() as session:
            return sum([len(one.headlines) for one in await digests.take(session, NOW + timedelta(days=1))])

    assert sorted(await asyncio.gather(take(), take())) == [0, 2]
