"""Telegram: how long a question takes to its answer through a loopback server, against a bare echo bot."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.core import Core, make_core
from bot.platforms.telegram import TelegramPlatform
from bot.settings import Settings
from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, Lap, in_milliseconds, medians, report
from tests.fakes.telegram import Person, TelegramFake

BAR = 2.0
ROUNDS, WARM_UP = 200, 20
QUESTIONS = {
    "a list": "What has ETSI published on QKD interfaces since 2020?",
    "a reference": "Y.3802",
}


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(databases.sample(Path(folder))))


async def _measured(database: Path) -> list[Figure]:
    async with (
        TelegramFake(check=False) as theirs,
        TelegramFake(check=False) as ours,
        _echo(theirs),
        _bot(ours, database) as core,
    ):
        laps = {"echo": _lap(theirs, theirs.person("Anna"), "Hello")}
        laps |= {name: _lap(ours, ours.person("Anna"), text, core) for name, text in QUESTIONS.items()}
        taken = await medians(laps, ROUNDS, WARM_UP)
    echo = taken.pop("echo")
    return [
        (f"Telegram, {name}, to its answer / a bare echo ({in_milliseconds(seconds, echo)})", seconds / echo, BAR)
        for name, seconds in taken.items()
    ]


def _lap(telegram: TelegramFake, person: Person, text: str, core: Core | None = None) -> Lap:
    async def lap() -> float:
        start = time.perf_counter()
        await telegram.answer_to(await telegram.says(person, text))
        took = time.perf_counter() - start
        # What comes after the answer counts as little for the one as for the other.
        await telegram.wait_for(lambda: not telegram.pending_updates)
        if core:
            await core.desk.settled()
        return took

    return lap


@asynccontextmanager
async def _echo(telegram: TelegramFake) -> AsyncIterator[None]:
    """python-telegram-bot's own echo example."""
    application = Application.builder().token(telegram.token).base_url(telegram.base_url).build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, _echoed))
    assert application.updater
    async with application:
        await application.start()
        await application.updater.start_polling()
        yield
        await application.updater.stop()
        await application.stop()


async def _echoed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text)


@asynccontextmanager
async def _bot(telegram: TelegramFake, database: Path) -> AsyncIterator[Core]:
    core = make_core(Settings(database_url=SecretStr(f"sqlite:///{database}")))
    platform = TelegramPlatform(
        token=telegram.token,
        api_url=telegram.api_url,
        webhook_url=None,
        webhook_secret=None,
        commands=core.commands,
        render=core.renderer,
    )
    core.desk.add(platform)
    await platform.start(core.desk)
    yield core
    await platform.stop()
    await core.desk.settled()
    await core.database.close()


if __name__ == "__main__":
    sys.exit(report(measure))
