"""Files at their addresses on the web: whole, in pieces, never shown, and only to who knows the address."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import ClientPayloadError, ClientSession

from bot import serving as served
from bot.serving import Serving
from bot.web import WebEndpoint
from storage import drops, serving
from storage.database import Database
from storage.tables import File
from tests.unit.bot.test_unsubscribing import Well

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HTML = b"<script>alert(1)</script>"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[ClientSession]:
    endpoint = WebEndpoint(("127.0.0.1", 0), [], Well(), files=Serving(database))
    port = await endpoint.start()
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await endpoint.stop()


async def kept(database: Database, content: bytes, name: str, media_type: str = "text/html") -> str:
    """The path of a file that is kept."""
    async with database.writing() as session:
        digest = await drops.keep_content(session, content, NOW)
        return f"/files/{await serving.token_of(session, digest, name, media_type)}/{name}"


async def test_a_file_is_downloaded_whole_and_never_shown(client: ClientSession, database: Database) -> None:
    path = await kept(database, HTML, "量子.html")
    async with client.get(path) as answer:
        assert (answer.status, await answer.read()) == (200, HTML)
        headers = answer.headers
    assert headers["Content-Type"] == "text/html"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E9%87%8F%E5%AD%90.html"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Length"] == str(len(HTML))


async def test_a_large_file_comes_in_pieces(
    client: ClientSession, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "PIECE", 1_000)
    content = bytes(range(256)) * 40
    path = await kept(database, content, "data.bin")
    async with client.get(path) as answer:
        assert await answer.read() == content


async def test_a_file_that_goes_while_it_is_sent_is_not_taken_for_whole(
    client: ClientSession, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "PIECE", 5)

    async def gone(*_: object) -> bytes:
        return b""

    path = await kept(database, HTML, "a.html")
    monkeypatch.setattr(serving, "piece", gone)
    with pytest.raises(ClientPayloadError):
        async with client.get(path) as answer:
            await answer.read()


async def test_the_address_is_always_the_same_and_another_for_each_version_and_name(database: Database) -> None:
    paths = [await kept(database, content, name) for content in (b"1", b"2") for name in ("a.txt", "b.txt")]
    assert len(set(paths)) == 4
    assert all(re.fullmatch(r"/files/[A-Za-z0-9_-]{32}/[ab]\.txt", path) for path in paths)
    assert await kept(database, b"1", "a.txt") == paths[0]


async def test_two_who_ask_at_once_are_given_one_address(database: Database) -> None:
    found = await asyncio.gather(*(kept(database, b"1", "a.txt") for _ in range(4)))
    assert len(set(found)) == 1


async def test_what_is_not_there_is_not_found(client: ClientSession, database: Database) -> None:
    path = await kept(database, HTML, "a.html")
    wrong = [path.replace("a.html", "b.html"), path[:10] + "A" * 8 + path[18:], "/files/x", f"{path}/more"]
    async with database.writing() as session:
        unkept = await serving.token_of(session, "no such digest", "a.html", "text/html")
    for one in (*wrong, f"/files/{unkept}/a.html"):
        async with client.get(one) as answer:
            assert (one, answer.status) == (one, 404)
    async with client.post(path) as answer:
        assert answer.status == 405


async def test_who_has_it_already_is_told_so_and_who_only_asks_gets_no_content(
    client: ClientSession, database: Database
) -> None:
    path = await kept(database, HTML, "a.html")
    async with client.head(path) as answer:
        assert (answer.status, answer.headers["Content-Length"], await answer.read()) == (200, str(len(HTML)), b"")
        tag = answer.headers["ETag"]
    async with client.get(path, headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_a_file_that_nothing_needs_is_removed_all_the_same(client: ClientSession, database: Database) -> None:
    path = await kept(database, HTML, "a.html")
    async with database.writing() as session:
        await drops.forget(session, datetime(2026, 5, 2, tzinfo=UTC))
        assert await session.get(File, path) is None
    async with client.get(path) as answer:
        assert answer.status == 404


async def test_while_the_database_is_away_it_is_said_so(client: ClientSession, database: Database) -> None:
    path = await kept(database, HTML, "a.html")

    async def failing(*_: object) -> None:
        raise OSError("away")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "found", failing)
        async with client.get(path) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
