"""Unsubscribing: the page behind the link of a mail, and the one request that ends a subscription (RFC 8058)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.reception import Clock, utc_now
from storage import tokens
from storage.database import Database

log = logging.getLogger(__name__)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body style="font-family:sans-serif;max-width:32em;margin:3em auto;padding:0 1em">
<h1>{title}</h1>
<p>{text}</p>
{form}</body>
</html>
"""
_FORM = """<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button style="font-size:1.1em;padding:.5em 1em">Unsubscribe</button>
</form>
"""
_ASKED = _PAGE.format(
    title="Unsubscribe?", text="No more messages will come to this address because of its subscription.", form=_FORM
)
_ENDED = _PAGE.format(
    title="Unsubscribed", text="No more messages will come to this address because of its subscription.", form=""
)
_UNKNOWN = _PAGE.format(
    title="Not found", text="This link leads to no subscription. The newest message has the right one.", form=""
)
_LATER = _PAGE.format(title="Not now", text="Please try again in a moment.", form="")


def unsubscribe_url(public_url: str, token: str) -> str:
    """The address that ends the subscription of a token."""
    return f"{public_url.rstrip('/')}/unsubscribe/{token}"


class Unsubscribing:
    """Answers with a status and a page. A token is its own proof: nobody guesses 192 random bits."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def show(self, token: str) -> tuple[int, str]:
        """Ask; looking ends nothing, since programs that check mails look at every link."""
        return await _by_database(lambda: self._shown(token))

    async def end(self, token: str) -> tuple[int, str]:
        """End the subscription. Once more is the same as once."""
        return await _by_database(lambda: self._ended(token))

    async def _shown(self, token: str) -> tuple[int, str]:
        async with self._database.reading() as session:
            is_known = await tokens.is_known(session, token)
        return (200, _ASKED) if is_known else (404, _UNKNOWN)

    async def _ended(self, token: str) -> tuple[int, str]:
        # Looked up first, so that nobody who tries tokens keeps writers waiting.
        status, page = await self._shown(token)
        if status != 200:
            return status, page
        async with self._database.writing() as session:
            await tokens.end(session, token, self._clock())
        return 200, _ENDED


async def _by_database(answer: Callable[[], Awaitable[tuple[int, str]]]) -> tuple[int, str]:
    try:
        return await answer()
    except (SQLAlchemyError, OSError) as error:
        log.warning("unsubscribing: the database failed: %s", type(error).__name__)
        return 503, _LATER
