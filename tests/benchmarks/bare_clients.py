"""A process with the bot's libraries, a bare bolt and a bare python-telegram-bot, and nothing else."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram.ext import Application

LIBRARIES = (
    *("aiosqlite", "apscheduler.schedulers.asyncio", "jinja2", "markdown_it", "prometheus_client"),
    *("pydantic_settings", "rapidfuzz", "sqlalchemy.ext.asyncio", "sqlalchemy.orm", "Stemmer"),
)
"""What the bot imports beside the two clients."""


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
    loaded = [import_module(library) for library in LIBRARIES]
    asyncio.run(serve())
