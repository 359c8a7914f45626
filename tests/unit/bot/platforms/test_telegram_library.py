"""Calls to Telegram: files keep their names, failures tell what may have arrived, and nothing tells the token."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut

from bot.platforms import Unavailable
from bot.platforms.telegram.errors import platform_error
from bot.platforms.telegram.library import Requests
from tests.fakes.telegram import TelegramFake

NOWHERE = "http://127.0.0.1:{port}/bot123:secret/sendMessage"


@pytest.fixture
async def requests() -> AsyncIterator[Requests]:
    made = Requests(2, timeout=60)
    await made.initialize()
    yield made
    await made.shutdown()


async def test_a_file_keeps_a_name_that_is_not_ascii(requests: Requests) -> None:
    async with TelegramFake() as fake:
        person = fake.person("Ada")
        bot = Bot(fake.token, base_url=f"{fake.api_url}/bot", request=requests)
        await bot.send_document(person.id, InputFile(b"x" * 2_000_000, filename="Zürich “draft”\n1.pdf"))
        (document,) = fake.world.documents.values()
    assert document.name == "Zürich “draft”_1.pdf"
    assert len(document.content) == 2_000_000


async def test_what_nobody_listens_to_was_never_sent(requests: Requests) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NetworkError) as caught:
            await requests.post(NOWHERE.format(port=taken.getsockname()[1]))
    meaning = platform_error(caught.value)
    assert isinstance(meaning, Unavailable)
    assert not meaning.uncertain
    assert "secret" not in str(meaning)


async def test_what_is_not_answered_in_time_may_have_arrived(requests: Requests) -> None:
    # Kept: newer Pythons close a connection that nobody has any more.
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _reader, writer: held.append(writer), "127.0.0.1", 0)
    async with server:
        with pytest.raises(TimedOut) as caught:
            await requests.post(NOWHERE.format(port=server.sockets[0].getsockname()[1]), read_timeout=0.2)
        for writer in held:
            writer.close()
    meaning = platform_error(caught.value)
    assert isinstance(meaning, Unavailable)
    assert meaning.uncertain
    assert "secret" not in str(meaning)


async def test_an_address_that_cannot_be_read_is_not_repeated(requests: Requests) -> None:
    with pytest.raises(NetworkError) as caught:
        await requests.post("http://:0/bot123:secret/sendMessage")
    assert "secret" not in str(caught.value)


async def test_a_proxy_of_the_environment_is_asked(requests: Requests, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}')
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    async with server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        assert await requests.post("http://bots.example/bot1:x/getMe") is True
    assert asked == [b"POST http://bots.example/bot1:x/getMe HTTP/1.1\r\n"]
