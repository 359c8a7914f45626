"""The checkup of Slack: the tokens, the granted scopes, and the clock that signatures depend on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.finding import Finding
from bot.platforms import PlatformError, Unreachable
from bot.platforms.slack.address import PATH
from bot.platforms.slack.errors import translated
from bot.platforms.slack.library import new_client, new_session
from bot.platforms.slack.manifest import SCOPES

_SUBJECT = "slack"
_MOST_SKEW = 60.0
_REINSTALL = "put what liaison-bot slack-manifest prints into the app's manifest, and reinstall the app"


async def checkup(bot_token: str, app_token: str | None, api_url: str, seconds: float) -> AsyncIterator[Finding]:
    """What there is to say, each request within so many seconds."""
    async with new_session() as session:
        client = new_client(bot_token, api_url, session)
        try:
            async with asyncio.timeout(seconds):
                yield await _of_bot_token(client)
        except (PlatformError, TimeoutError) as error:
            yield _of_error(error, "the bot token", "LIAISON_BOT_SLACK_BOT_TOKEN")
            return
        if not app_token:
            yield Finding(_SUBJECT, f"run will serve {PATH}; only Slack's calls show if the signing secret is right")
            return
        try:
            async with asyncio.timeout(seconds):
                yield await _of_app_token(client, app_token)
        except (PlatformError, TimeoutError) as error:
            yield _of_error(error, "the app token", "LIAISON_BOT_SLACK_APP_TOKEN")


async def _of_bot_token(client: AsyncWebClient) -> Finding:
    with translated():
        answer = await client.auth_test()
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    skew = _skew(headers)
    if skew > _MOST_SKEW:
        return Finding(
            _SUBJECT, f"this machine's clock is {skew:.0f} s from Slack's, which signs with the time", "set the clock"
        )
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    missing = [scope for scope in SCOPES if scope not in granted] if granted else []
    if missing:
        return Finding(_SUBJECT, f"the app lacks the scopes {', '.join(missing)}", _REINSTALL)
    return Finding(_SUBJECT, f"the bot token is that of @{answer.get('user')} in {answer.get('team')}")


async def _of_app_token(client: AsyncWebClient, app_token: str) -> Finding:
    with translated():
        await client.apps_connections_open(app_token=app_token)
    return Finding(_SUBJECT, "run will use Socket Mode; the app token is right")


def _skew(headers: Mapping[str, str]) -> float:
    """Seconds between Slack's clock and ours."""
    try:
        return abs(parsedate_to_datetime(headers["date"]).timestamp() - time.time())
    except (KeyError, ValueError):
        return 0.0


def _of_error(error: Exception, what: str, setting: str) -> Finding:
    if isinstance(error, Unreachable):
        return Finding(_SUBJECT, f"{what} is refused: {error}", f"put the app's own into {setting}")
    return Finding(
        _SUBJECT, f"it does not answer: {error or 'too late'}", "see that this machine reaches it, and try again"
    )
