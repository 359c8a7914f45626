"""The webhook: Telegram posts an update, and is told 200 when it is kept."""

from __future__ import annotations

import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from telegram import Bot, Update

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
# Telegram takes no other secrets.
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_log = logging.getLogger("bot.platforms.telegram")


def checked_secret(secret: str | None) -> str:
    """The secret, if Telegram takes it. Raises ValueError."""
    if not secret:
        raise ValueError(
            "LIAISON_BOT_TELEGRAM_WEBHOOK_URL needs LIAISON_BOT_TELEGRAM_WEBHOOK_SECRET: "
            "any 1 to 256 letters, digits, _ and - that nobody can guess"
        )
    if not _SECRET.fullmatch(secret):
        raise ValueError("LIAISON_BOT_TELEGRAM_WEBHOOK_SECRET may have 1 to 256 letters, digits, _ and - only")
    return secret


class Webhook:
    """Answers Telegram's posts; `take` is None while the platform is stopped."""

    def __init__(self, bot: Bot, url: str, secret: str) -> None:
        self._bot = bot
        self.url = url
        self.secret = secret
        self.take: Callable[[Update], Awaitable[None]] | None = None

    async def posted(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self.secret.encode()):
            _log.warning("a post to the webhook without its secret was refused")
            return web.Response(status=403)
        if self.take is None:
            return web.Response(status=503)
        update = self._read(await request.read())
        if update is None:
            return web.Response(status=400)
        try:
            await self.take(update)
        except Exception:
            _log.exception("the update %d could not be kept; Telegram will send it again", update.update_id)
            return web.Response(status=500)
        return web.Response()

    def _read(self, body: bytes) -> Update | None:
        try:
            read = json.loads(body)
            return Update.de_json(read, self._bot) if isinstance(read, dict) else None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            _log.warning("a post to the webhook is no update: %s", type(error).__name__)
            return None
