"""Unsubscribing by the link of a mail: looking ends nothing, one request does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession
from sqlalchemy import select, text

from bot.unsubscribing import UNSUBSCRIBE, Unsubscribing, unsubscribe_url
from bot.web import Health, WebEndpoint
from storage import subscriptions, targets, tokens
from storage.database import Database
from storage.subscriptions import Interest
from storage.tables import AuditEntry, Subscription
from storage.targets import Destination
from storage.words import SubscriptionKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Well:
    """A process that is well."""

    async def health(self) -> Health:
        return Health(True, "ok", {})

    async def metrics(self) -> tuple[bytes, str]:
        return b"", "text/plain"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[ClientSession]:
    endpoint = WebEndpoint(("127.0.0.1", 0), [], Well(), {UNSUBSCRIBE: Unsubscribing(database, lambda: NOW)})
    port = await endpoint.start()
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await endpoint.stop()


async def subscribed(database: Database) -> tuple[int, str]:
    """A target that subscribed, and the path that ends it."""
    async with database.writing() as session:
        target = await targets.kept(session, Destination("email", "kim@example.org"))
        interests = [Interest(SubscriptionKind.MEETINGS)]
        await subscriptions.subscribe(session, target, interests, zone="UTC", by=None, now=NOW, one_click=True)
        found = await tokens.of_targets(session, [target])
    return target, unsubscribe_url("", found[target])


async def has_ended(database: Database) -> bool:
    async with database.reading() as session:
        return await session.scalar(select(Subscription.ended_at)) == NOW


async def test_one_request_ends_it(client: ClientSession, database: Database) -> None:
    _target, path = await subscribed(database)
    async with client.post(path, data={"List-Unsubscribe": "One-Click"}) as answer:
        assert answer.status == 200
        assert "Unsubscribed" in await answer.text()
    assert await has_ended(database)


async def test_once_more_is_the_same_as_once(client: ClientSession, database: Database) -> None:
    _target, path = await subscribed(database)
    for _ in range(2):
        async with client.post(path) as answer:
            assert answer.status == 200
    async with database.reading() as session:
        assert list(await session.scalars(select(AuditEntry.action))) == ["unsubscribe"]


async def test_looking_ends_nothing_and_shows_a_button(client: ClientSession, database: Database) -> None:
    _target, path = await subscribed(database)
    for method in ("GET", "HEAD"):
        async with client.request(method, path) as answer:
            assert answer.status == 200
    async with client.get(path) as answer:
        assert '<form method="post">' in await answer.text()
    assert not await has_ended(database)


async def test_the_page_names_nobody_and_is_not_kept(client: ClientSession, database: Database) -> None:
    _target, path = await subscribed(database)
    async with client.get(path) as answer:
        assert "kim" not in await answer.text()
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["x", "A" * 32, "A" * 65, "", "a/b", "%00", "%3Cb%3E"])
async def test_an_unknown_token_is_not_there(client: ClientSession, method: str, token: str) -> None:
    async with client.request(method, f"/unsubscribe/{token}") as answer:
        assert answer.status == 404


async def test_who_is_told_no_more_has_no_token(client: ClientSession, database: Database) -> None:
    target, path = await subscribed(database)
    await (await client.post(path)).read()
    async with database.reading() as session:
        assert await tokens.of_targets(session, [target]) == {}


async def test_tokens_are_long_and_never_the_same(database: Database) -> None:
    async with database.writing() as session:
        places = [await targets.kept(session, Destination("email", f"a{n}@example.org")) for n in range(20)]
        for place in places:
            await subscriptions.subscribe(session, place, [], zone="UTC", by=None, now=NOW, one_click=True)
        found = await tokens.of_targets(session, places)
    assert len(set(found.values())) == 20
    assert min(map(len, found.values())) >= 32


async def test_without_a_database_it_is_said_so(client: ClientSession, database: Database) -> None:
    _target, path = await subscribed(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE subscriptions RENAME TO elsewhere"))
    async with client.post(path) as answer:
        assert answer.status == 503


def test_the_address_is_built_from_the_public_one() -> None:
    assert unsubscribe_url("https://bot.example.org/", "abc") == "https://bot.example.org/unsubscribe/abc"
