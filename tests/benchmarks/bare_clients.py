"""A process with the bot's libraries, a bare bolt and a bare python-telegram-bot, and nothing else."""

from __future__ import annotations

import asyncio
import os

import aiosqlite  # noqa: F401
import jinja2  # noqa: F401
import markdown_it  # noqa: F401
import prometheus_client  # noqa: F401
import pydantic_settings  # noqa: F401
import rapidfuzz  # noqa: F401
import Stemmer  # noqa: F401
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram.ext import Application


async def serve() -> None:
    """Be connected until somebody ends the process."""
    application = (
        Application.builder().token(_set("TELEGRAM_TOKEN")).base_url(f"{_set('TELEGRAM_API_URL')}/bot").build()
    )
    assert application.updater
    client = AsyncWebClient(_set("SLACK_BOT_TOKEN"), base_url=_set("SLACK_API_URL"))
    handler = AsyncSocketModeHandler(AsyncApp(client=client), _set("SLACK_APP_TOKEN"))
    async with application:
        await application.start()
        await application.updater.start_polling()
        await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt does not type it
        await asyncio.Event().wait()


def _set(name: str) -> str:
    return os.environ[f"LIAISON_BOT_{name}"]


if __name__ == "__main__":
    asyncio.run(serve())
