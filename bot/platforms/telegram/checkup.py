"""The checkup of Telegram: the token, how updates come, and what @BotFather has switched off."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from telegram import Bot, User, WebhookInfo
from telegram.error import TelegramError

from bot.finding import Finding
from bot.platforms import Unreachable
from bot.platforms.telegram.arrivals import PLATFORM
from bot.platforms.telegram.errors import platform_error
from bot.platforms.telegram.library import Requests
from bot.platforms.telegram.logs import silence_libraries

_LATELY = 3600.0


async def checkup(token: str, api_url: str, webhook_url: str | None, seconds: float) -> AsyncIterator[Finding]:
    """What there is to say, each request within so many seconds; the last one is wrong when Telegram is away."""
    silence_libraries()
    request = Requests(1, seconds)
    bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot", request=request, get_updates_request=request)
    try:
        await bot.initialize()
        yield _of_bot(await bot.get_me())
        yield _of_webhook(await bot.get_webhook_info(), webhook_url)
    except TelegramError as error:
        yield _of_error(error, api_url)
    finally:
        await bot.shutdown()


def _of_bot(me: User) -> Finding:
    hints = []
    if not me.supports_inline_queries:
        hints.append("inline mode is off: /setinline at @BotFather switches it on")
    if not me.can_join_groups:
        hints.append("it cannot join groups: /setjoingroups at @BotFather lets it")
    return Finding(PLATFORM, "; ".join([f"the token is that of @{me.username}", *hints]))


def _of_webhook(found: WebhookInfo, wanted: str | None) -> Finding:
    if not wanted:
        note = f", and will remove the webhook at {urlsplit(found.url).hostname}" if found.url else ""
        return Finding(PLATFORM, f"run will poll{note}; {_waiting(found)}")
    if found.url != wanted:
        return Finding(PLATFORM, f"run will set the webhook; {_waiting(found)}")
    failed = found.last_error_date
    if failed and found.last_error_message and time.time() - failed.timestamp() < _LATELY:
        remedy = "make LIAISON_BOT_TELEGRAM_WEBHOOK_URL reach LIAISON_BOT_HTTP_BIND, and see that liaison-bot run is up"
        return Finding(PLATFORM, f"it could not deliver to the webhook: {found.last_error_message}", remedy)
    return Finding(PLATFORM, f"the webhook is set; {_waiting(found)}")


def _waiting(found: WebhookInfo) -> str:
    return f"{found.pending_update_count} updates wait"


def _of_error(error: TelegramError, api_url: str) -> Finding:
    meant = platform_error(error)
    if isinstance(meant, Unreachable):
        return Finding(PLATFORM, "the token is refused", "put the one from @BotFather into LIAISON_BOT_TELEGRAM_TOKEN")
    return Finding(PLATFORM, f"{api_url} does not answer: {meant}", "see that this machine reaches it, and try again")
