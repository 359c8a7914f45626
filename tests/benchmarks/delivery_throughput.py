"""How fast the outbox sends without limits, against a bare loop of the same client with as many sends at once.

The bars are for each client as its documentation makes it. Over an aiohttp session that its requests share, as the
bot's do, each is several times as fast: what the bot is against that is shown, too.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from bot.platforms.slack.library import new_session
from bot.platforms.telegram.library import Requests
from tests.benchmarks import databases
from tests.benchmarks.fake_servers import Servers, served
from tests.benchmarks.figures import INFORMATION, Figure, report
from tests.benchmarks.outbox import NO_LIMITS, TEXT, Outbox, opened, postgresql

BAR = 1 / 0.8
PEOPLE, ROUNDS, WARM_UP = 1_000, 5, 1

Send = Callable[[str], Awaitable[object]]
"""Sends the message to an address, by the client alone."""

Client = Callable[[Servers], AbstractAsyncContextManager[Send]]


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder, postgresql() as shared:
        own = f"sqlite:///{databases.sample(Path(folder))}"
        return [
            *asyncio.run(_measured(own, "SQLite", BAR)),
            *asyncio.run(_measured(shared, "PostgreSQL", INFORMATION)),
        ]


async def _measured(url: str, database: str, bar: float) -> list[Figure]:
    clients: list[tuple[str, str, Client, float]] = [
        ("slack", "", _slack, bar),
        ("slack", " over a shared session", _slack_shared, INFORMATION),
        ("telegram", "", _telegram, bar),
        ("telegram", " over a shared session", _telegram_shared, INFORMATION),
    ]
    figures: list[Figure] = []
    async with served(PEOPLE) as (servers, _), opened(url, servers) as outbox:
        for platform, way, client, own_bar in clients:
            ours, bare = await _compared(outbox, servers, platform, client, way)
            rates = f"{PEOPLE / ours:,.0f} a second / {PEOPLE / bare:,.0f}"
            what = f"sending by {platform} from the outbox, {database} / a bare loop of the client{way} ({rates})"
            figures.append((what, ours / bare, own_bar))
    return figures


async def _compared(outbox: Outbox, servers: Servers, platform: str, client: Client, way: str) -> tuple[float, float]:
    """Seconds of the outbox and of the bare loop; they take turns, so that the noise meets both."""
    taken: list[tuple[float, float]] = []
    async with client(servers) as send:
        for number in range(WARM_UP + ROUNDS):
            await outbox.put(platform, f"bench:{platform}{way}:{number}")
            pair = await _timed(outbox.drained(platform)), await _timed(_looped(servers.people(platform), send))
            if number >= WARM_UP:
                taken.append(pair)
    return median(pair[0] for pair in taken), median(pair[1] for pair in taken)


async def _timed(deed: Awaitable[None]) -> float:
    start = time.perf_counter()
    await deed
    return time.perf_counter() - start


async def _looped(addresses: Sequence[str], send: Send) -> None:
    remaining = iter(addresses)

    async def worker() -> None:
        for address in remaining:
            await send(address)

    await asyncio.gather(*(worker() for _ in range(NO_LIMITS.at_once)))


@asynccontextmanager
async def _slack(servers: Servers) -> AsyncIterator[Send]:
    yield _posting(AsyncWebClient(servers.slack_token, base_url=servers.slack_url))


@asynccontextmanager
async def _slack_shared(servers: Servers) -> AsyncIterator[Send]:
    async with new_session() as session:
        yield _posting(AsyncWebClient(servers.slack_token, base_url=servers.slack_url, session=session))


def _posting(client: AsyncWebClient) -> Send:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": TEXT}]}
    blocks = [{"type": "rich_text", "elements": [section]}]

    async def send(address: str) -> None:
        await client.chat_postMessage(channel=address.rpartition("/")[2], text=TEXT, blocks=blocks)

    return send


@asynccontextmanager
async def _telegram(servers: Servers) -> AsyncIterator[Send]:
    async with _calling(servers, HTTPXRequest(connection_pool_size=NO_LIMITS.at_once)) as send:
        yield send


@asynccontextmanager
async def _telegram_shared(servers: Servers) -> AsyncIterator[Send]:
    async with _calling(servers, Requests(NO_LIMITS.at_once, timeout=15)) as send:
        yield send


@asynccontextmanager
async def _calling(servers: Servers, request: BaseRequest) -> AsyncIterator[Send]:
    bot = Bot(servers.telegram_token, base_url=f"{servers.telegram_url}/bot", request=request)
    message = {"html": f"<p>{TEXT}</p>", "skip_entity_detection": True}

    async def send(address: str) -> None:
        await bot.do_api_request("sendRichMessage", api_kwargs={"chat_id": int(address), "rich_message": message})

    async with bot:
        yield send


if __name__ == "__main__":
    sys.exit(report(measure))
