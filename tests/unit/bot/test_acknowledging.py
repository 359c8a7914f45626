"""Acknowledging by the link of a mail: looking acknowledges nothing, one request does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession
from sqlalchemy import insert, select

from bot.acknowledging import ACKNOWLEDGE, Acknowledging, acknowledge_url
from bot.web import Health, WebEndpoint
from storage import announcements, audiences, broadcasts, receipts, targets
from storage.announcements import Draft
from storage.audiences import Sort
from storage.database import Database
from storage.outbox import Words
from storage.tables import AuditEntry, Person, Recipient
from storage.targets import Destination

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KIM, REFLECTOR = Destination("email", "kim@example.org"), Destination("email", "all@example.org")


class Well:
    """A process that is well."""

    async def health(self) -> Health:
        return Health(True, "ok", {})

    async def metrics(self) -> tuple[bytes, str]:
        return b"", "text/plain"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[ClientSession]:
    links = {ACKNOWLEDGE: Acknowledging(database, lambda: NOW)}
    endpoint = WebEndpoint(("127.0.0.1", 0), [], Well(), links)
    port = await endpoint.start()
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await endpoint.stop()


async def sent(database: Database, *, asks: bool = True) -> dict[str, str]:
    """The tokens of an announcement to Kim, by mail and on Slack Lee, and the reflector; by address."""
    async with database.writing() as session:
        people = [{"id": n, "name": name, "created_at": NOW} for n, name in ((1, "Kim"), (2, "Lee"), (3, "Author"))]
        await session.execute(insert(Person), people)
        number = await announcements.draft(session, Draft("Hello", "everybody", asks), 3, NOW)
        places = {1: KIM, 2: Destination("slack", "T1/U2"), None: REFLECTOR}
        found = [
            audiences.Recipient(
                Sort.PERSON if person else Sort.REFLECTOR,
                "",
                await targets.kept(session, place),
                place.platform,
                person,
            )
            for person, place in places.items()
        ]
        await broadcasts.send(session, number, found, Words("x"), Words("x"), NOW)
        tokens = await receipts.of_announcement(session, number)
        return {
            place.address: tokens.get(one.target or 0, "") for one, place in zip(found, places.values(), strict=True)
        }


async def readers(database: Database) -> dict[str, datetime | None]:
    async with database.reading() as session:
        return {one.name: one.at for one in await announcements.readers(session, 1)}


async def test_one_request_acknowledges_for_its_person_alone(client: ClientSession, database: Database) -> None:
    tokens = await sent(database)
    async with client.post(acknowledge_url("", tokens[KIM.address])) as answer:
        assert answer.status == 200
        assert "Thank you" in await answer.text()
    assert await readers(database) == {"Kim": NOW, "Lee": None}


async def test_once_more_is_the_same_as_once(client: ClientSession, database: Database) -> None:
    tokens = await sent(database)
    for _ in range(2):
        async with client.post(acknowledge_url("", tokens[KIM.address])) as answer:
            assert answer.status == 200
    async with database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "acknowledge")))
    assert [(one.subject_id, one.after) for one in entries] == [("1", {"person": 1})]


async def test_looking_acknowledges_nothing_and_shows_one_button(client: ClientSession, database: Database) -> None:
    tokens = await sent(database)
    for method in ("GET", "HEAD"):
        async with client.request(method, acknowledge_url("", tokens[KIM.address])) as answer:
            assert answer.status == 200
    async with client.get(acknowledge_url("", tokens[KIM.address])) as answer:
        page = await answer.text()
    assert len(re.findall("<button", page)) == 1
    assert '<form method="post">' in page
    assert "Kim" not in page
    assert await readers(database) == {"Kim": None, "Lee": None}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["x", "A" * 32, "A" * 65, "", "a/b", "%00"])
async def test_an_unknown_token_is_not_there(client: ClientSession, method: str, token: str) -> None:
    async with client.request(method, f"/acknowledge/{token}") as answer:
        assert answer.status == 404


async def test_nobody_has_a_token_but_persons_who_are_told_by_mail(database: Database) -> None:
    tokens = await sent(database)
    assert [address for address, token in tokens.items() if token] == [KIM.address]
    assert len(tokens[KIM.address]) >= 32


async def test_what_needs_no_acknowledgement_has_no_tokens(database: Database) -> None:
    await sent(database, asks=False)
    async with database.reading() as session:
        assert set(await session.scalars(select(Recipient.token))) == {None}
