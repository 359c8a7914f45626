"""A broadcast under way: a service in a process of its own, loopback platforms, and what became of each delivery.

The service, its clients and its settings are the real ones. Where a test is not about the pace, the platforms' limits
are lifted; time-outs and the pause before a doubted delivery is tried again are short.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.core import Core, make_core
from bot.metrics import Metrics
from bot.platforms import Limits
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.telegram import TelegramPlatform
from bot.roster import Entry
from bot.service import Service
from bot.settings import Settings
from storage import outbox
from storage.database import Database
from storage.outbox import Post, Words
from storage.tables import Delivery, Target
from storage.words import DeliveryState
from tests.end_to_end.forked import CONTEXT
from tests.end_to_end.patience import LONG, be_patient
from tests.end_to_end.running import LISTENING
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

TEXT = "The seventh meeting is on 18 March 2027"
CAUSE = "broadcast:1"
OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)
_NO_LIMITS = Limits(per_second=float("inf"), target_seconds=0, at_once=8)


@dataclass(frozen=True, slots=True)
class Options:
    """`doubt` and `timeout` are seconds."""

    has_limits: bool = False
    doubt: float = 60.0
    timeout: float = 15.0


class Process:
    """A running service. `output` is what it logged so far."""

    def __init__(self, settings: Mapping[str, str], options: Options, log: Path) -> None:
        self._log = log
        self._process = CONTEXT.Process(target=_run, args=(dict(settings), options, str(log)), daemon=True)
        self._process.start()

    @property
    def output(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    async def says(self, words: str) -> None:
        await until(lambda: words in self.output)

    async def address(self) -> str:
        """Where its web endpoint listens."""
        await self.says("listening on ")
        found = LISTENING.search(self.output)
        assert found
        return found[1]

    def holds(self, lease: str) -> bool:
        """Whether it was its turn when it last said so."""
        said = [line for line in self.output.splitlines() if f"the lease {lease} is " in line]
        return bool(said) and said[-1].endswith("this process's")

    async def kill(self) -> None:
        """As a crash."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)

    async def stop(self) -> int | None:
        """SIGTERM; gives the exit status, or None when it does not end."""
        assert self._process.pid
        os.kill(self._process.pid, signal.SIGTERM)
        await asyncio.to_thread(self._process.join, LONG)
        return self._process.exitcode


class Broadcast:
    """One message to all people of both platforms, in the outbox of a database."""

    def __init__(self, database: Database, slack: SlackFake, telegram: TelegramFake, folder: Path) -> None:
        self.database = database
        self.slack = slack
        self.telegram = telegram
        self._folder = folder
        self._started: list[Process] = []

    async def put(self, slack: int, telegram: int) -> None:
        """To so many new people on each."""
        team = self.slack.workspace.team
        members = [self.slack.workspace.add_person(f"member{number}") for number in range(slack)]
        people = [("slack", f"{team}/{one.id}") for one in members]
        people += [("telegram", str(one.id)) for one in self.telegram.persons(telegram)]
        rows = [
            {"platform": platform, "address": address, "thread": "", "title": "", "closed_because": ""}
            for platform, address in people
        ]
        now = datetime.now(UTC)
        async with self.database.writing() as session:
            await session.execute(insert(Target), rows)
            ids = await session.scalars(select(Target.id).order_by(Target.id))
            notice = await outbox.write(session, Words("dialogue/refused", {"message": TEXT, "hint": ""}), now)
            posts = [Post(id_, f"{CAUSE}:{id_}") for id_ in ids]
            await outbox.put(session, notice, posts, cause=CAUSE, now=now)

    def start(self, options: Options) -> Process:
        settings = {
            "DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "HTTP_BIND": "127.0.0.1:0",
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.api_url,
        }
        process = Process(settings, options, self._folder / f"log-{len(self._started)}")
        self._started.append(process)
        return process

    async def end(self) -> None:
        for process in self._started:
            await process.kill()

    @property
    def arrived(self) -> int:
        """Messages that anybody saw, repeats too."""
        return self.slack.copies(TEXT).total() + self.telegram.copies(TEXT).total()

    async def reaches(self, count: int, timeout: float = LONG) -> None:
        await until(lambda: self.arrived >= count, timeout)

    async def deliveries(self) -> Sequence[Delivery]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Delivery).where(Delivery.cause == CAUSE).order_by(Delivery.id)))

    async def states(self) -> Counter[str]:
        return Counter(one.state.value for one in await self.deliveries())

    async def doubts(self) -> int:
        return sum(one.doubts for one in await self.deliveries())

    async def settles(self, timeout: float = 2 * LONG) -> None:
        """Wait until nothing waits to be sent any more."""

        async def is_settled() -> bool:
            query = select(Delivery.id).where(Delivery.cause == CAUSE, Delivery.state.in_(OPEN)).limit(1)
            try:
                async with self.database.reading() as session:
                    return await session.scalar(query) is None
            except (SQLAlchemyError, OSError):
                return False

        await until_true(is_settled, timeout)

    async def copies(self) -> dict[int, int]:
        """How often each delivery arrived, by its number."""
        seen = self.slack.copies(TEXT), self.telegram.copies(TEXT)
        query = select(Delivery.id, Target.platform, Target.address).join(Target, Target.id == Delivery.target_id)
        found: dict[int, int] = {}
        async with self.database.reading() as session:
            for id_, platform, address in await session.execute(query.where(Delivery.cause == CAUSE)):
                found[id_] = seen[0][address.rpartition("/")[2]] if platform == "slack" else seen[1][int(address)]
        return found


async def until(condition: Callable[[], bool], timeout: float = LONG) -> None:
    """Wait for what another process does."""

    async def is_true() -> bool:
        return condition()

    await until_true(is_true, timeout)


async def until_true(condition: Callable[[], Awaitable[bool]], timeout: float) -> None:
    async with asyncio.timeout(timeout):
        while not await condition():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)


def _run(settings: Mapping[str, str], options: Options, log: str) -> None:
    with open(log, "w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), sys.stdout.fileno())
        os.dup2(stream.fileno(), sys.stderr.fileno())
        os.environ.update({f"LIAISON_BOT_{name}": value for name, value in settings.items()})
        be_patient()
        asyncio.run(_serve(Settings(), options))


async def _serve(settings: Settings, options: Options) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    logs.configure(settings)
    metrics = Metrics()
    core = make_core(settings, witness=metrics)
    service = Service(core, _entries(core, options), metrics, doubt=timedelta(seconds=options.doubt))
    await service.start()
    await stopping.wait()
    await service.stop()
    await core.database.close()


def _entries(core: Core, options: Options) -> list[Entry]:
    """As the roster makes them, but for the limits and the time-outs."""
    settings = core.settings
    assert settings.slack_bot_token
    assert settings.slack_app_token
    assert settings.telegram_token
    slack = SlackPlatform(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=None,
        api_url=settings.slack_api_url,
        command_prefix="",
        commands=core.commands,
        render=core.renderer,
        timeout=options.timeout,
    )
    telegram = TelegramPlatform(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        webhook_url=None,
        webhook_secret=None,
        commands=core.commands,
        render=core.renderer,
        timeout=options.timeout,
    )
    if not options.has_limits:
        slack.limits = telegram.limits = _NO_LIMITS
    return [Entry(slack, ()), Entry(telegram, (), telegram.connect)]
