"""Memory of an idle `run` with both platforms, against a process with the same libraries and two bare clients."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, report
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

BAR = 1.4
ROUNDS = 3
MEGABYTE = 1024 * 1024
ROOT = Path(__file__).parents[2]
BOT = ("-m", "bot", "run")
BARE = ("-m", "tests.benchmarks.bare_clients")


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        database = databases.sample(Path(folder))
        rounds = [(asyncio.run(_idle(BOT, database)), asyncio.run(_idle(BARE, database))) for _ in range(ROUNDS)]
    ours, bare = (median(taken) / MEGABYTE for taken in zip(*rounds, strict=True))
    return [(f"memory of an idle run / of bare clients ({ours:.0f} MB / {bare:.0f} MB)", ours / bare, BAR)]


async def _idle(arguments: tuple[str, ...], database: Path) -> int:
    """Bytes of a process that is connected to both platforms and has nothing to do."""
    async with idling(arguments, database) as process:
        return _memory(process.pid)


@asynccontextmanager
async def idling(arguments: tuple[str, ...], database: Path) -> AsyncIterator[psutil.Process]:
    """A process that is connected to both platforms and has nothing to do."""
    async with SlackFake(check=False) as slack, TelegramFake(check=False) as telegram:
        slack.mode = "socket"
        environment = {**os.environ, **_settings(slack, telegram, database)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            await slack.connected(timeout=30)
            await telegram.wait_for(lambda: len(telegram.calls_of("getUpdates")) > 0, timeout=30)
            # Whatever else it does after it connected.
            await asyncio.sleep(3)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            await process.wait()


def _settings(slack: SlackFake, telegram: TelegramFake, database: Path) -> Mapping[str, str]:
    settings = {
        "DATABASE_URL": f"sqlite:///{database}",
        "HTTP_BIND": "127.0.0.1:0",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.api_url,
    }
    return {f"LIAISON_BOT_{name}": value for name, value in settings.items()}


def _memory(pid: int) -> int:
    """What the process has for itself and its share of the rest, where the system tells; else all that it has."""
    full = psutil.Process(pid).memory_full_info()
    return int(getattr(full, "pss", 0) or full.rss)


if __name__ == "__main__":
    sys.exit(report(measure))
