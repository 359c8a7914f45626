"""Slack: how long a slash command takes to its answer through a loopback server, against a bare bolt handler."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.core import Core, make_core
from bot.platforms.slack.platform import Handler, SlackPlatform
from bot.settings import Settings
from tests.benchmarks import databases
from tests.benchmarks.figures import INFORMATION, Figure, Lap, in_milliseconds, medians, report
from tests.fakes.slack import SlackFake

BAR = 1.5
ROUNDS, WARM_UP = 100, 10
QUESTION = "What has ETSI published on QKD interfaces since 2020?"
PATH = "/slack/events"

Mode = Literal["http", "socket"]


def measure() -> list[Figure]:
    figures: list[Figure] = []
    modes: tuple[Mode, ...] = ("http", "socket")
    for mode in modes:
        with TemporaryDirectory() as folder:
            figures += asyncio.run(_measured(databases.sample(Path(folder)), mode))
    return figures


async def _measured(database: Path, mode: Mode) -> list[Figure]:
    async with (
        SlackFake(check=False) as theirs,
        SlackFake(check=False) as ours,
        _bolt(theirs, mode),
        _bot(ours, database, mode) as core,
    ):
        taken = await medians(
            {
                "bot": _lap(ours, "/ask", QUESTION, core),
                "ack": _lap(theirs, "/ack", "Hello"),
                "respond": _lap(theirs, "/respond", "Hello"),
            },
            ROUNDS,
            WARM_UP,
        )
    way = "HTTP" if mode == "http" else "Socket Mode"
    bot, ack, respond = (taken[name] for name in ("bot", "ack", "respond"))
    return [
        (
            f"Slack, {way}, a slash command to its answer / bolt's ack(text) ({in_milliseconds(bot, ack)})",
            bot / ack,
            BAR,
        ),
        (
            f"Slack, {way}, a slash command to its answer / bolt's ack() and respond(text) "
            f"({in_milliseconds(bot, respond)})",
            bot / respond,
            INFORMATION,
        ),
    ]


def _lap(slack: SlackFake, name: str, text: str, core: Core | None = None) -> Lap:
    async def lap() -> float:
        slack.forget()
        start = time.perf_counter()
        delivery = asyncio.create_task(slack.command("anna", name, text, "general"))
        await slack.wait_for(lambda: slack.answers("general"))
        took = time.perf_counter() - start
        await delivery
        if core:
            await core.desk.settled()
        return took

    return lap


@asynccontextmanager
async def _bolt(slack: SlackFake, mode: Mode) -> AsyncIterator[None]:
    """A bolt application as its documentation has it."""
    slack.mode = mode
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)

    async def answer_at_once(ack: AsyncAck) -> None:
        await ack("Hello")

    async def answer_after(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("Hello")

    app.command("/ack")(answer_at_once)
    app.command("/respond")(answer_after)
    if mode == "http":
        async with _served(slack, app.web_app(PATH)):
            yield
        return
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt does not type it
    await slack.connected()
    yield
    await handler.close_async()  # type: ignore[no-untyped-call]  # bolt does not type it


@asynccontextmanager
async def _bot(slack: SlackFake, database: Path, mode: Mode) -> AsyncIterator[Core]:
    slack.mode = mode
    core = make_core(Settings(database_url=SecretStr(f"sqlite:///{database}")))
    platform = SlackPlatform(
        bot_token=slack.bot_token,
        app_token=slack.app_token if mode == "socket" else None,
        signing_secret=slack.signing_secret if mode == "http" else None,
        api_url=slack.api_url,
        command_prefix="",
        commands=core.commands,
        render=core.renderer,
    )
    core.desk.add(platform)
    async with _served(slack, _application(platform.http_routes())):
        await platform.start(core.desk)
        yield core
        await core.desk.settled()
        await platform.stop()
    await core.database.close()


def _application(routes: Sequence[tuple[str, Handler]]) -> web.Application:
    application = web.Application()
    for path, handler in routes:
        application.router.add_post(path, handler)
    return application


@asynccontextmanager
async def _served(slack: SlackFake, application: web.Application) -> AsyncIterator[None]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    yield
    await runner.cleanup()


if __name__ == "__main__":
    sys.exit(report(measure))
