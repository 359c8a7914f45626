"""A token that is revoked while the bot runs: that platform alone is refused, and whoever looks sees it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.patience import LONG
from tests.end_to_end.running import running
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    async with SlackFake() as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as fake:
        yield fake


@ON_SQLITE
async def test_a_token_that_is_revoked_while_it_runs_is_shown_and_the_other_platform_goes_on(
    slack: SlackFake, telegram: TelegramFake, make_database: MakeDatabase
) -> None:
    settings = {
        "DATABASE_URL": make_database(True).url.render_as_string(hide_password=False),
        "HTTP_BIND": "127.0.0.1:0",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.api_url,
    }
    anna = telegram.person("Anna", "anna")
    async with running(settings) as bot:
        await bot.says("connected to Slack")
        await slack.connected()
        slack.misbehave("revoked", "chat.postMessage")
        await slack.says("anna", "help")
        await bot.says("ERROR .*slack refuses this bot, nothing is answered there: token_revoked")
        await telegram.answer_to(await telegram.says(anna, "/help"), LONG)
        status, body = await bot.gets("/healthz")
        platforms = json.loads(body)["platforms"]
        assert (status, platforms["slack"], platforms["telegram"]) == (200, "refused", "connected")
