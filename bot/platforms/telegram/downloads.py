"""Downloads: files that people sent on Telegram."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from pathlib import Path

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.arrival import Enclosed
from bot.platforms import RateLimited, Unavailable
from bot.platforms.fetching import Gone, TooLarge, content_of, read_file, times
from bot.platforms.telegram.errors import platform_error

FILE_LIMIT = "Telegram gives bots files up to 20 MB"
"""On Telegram's own servers (core.telegram.org/bots/api#getfile)."""


class Downloads:
    """An address of a file holds the token: nothing that is raised here tells it."""

    def __init__(self, bot: Bot, timeout: float) -> None:
        self._bot = bot
        self._timeout = timeout

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        """Raises what `bot.platforms.fetching.Fetcher` says."""
        path = await self._path(file.reference)
        if not path.startswith(("http://", "https://")):
            # A server of our own, on this machine, that hands over its files.
            return await asyncio.to_thread(read_file, Path(path), most)
        try:
            # As the library does, by a proxy if the environment names one.
            session = aiohttp.ClientSession(timeout=times(self._timeout), trust_env=True)
            async with session, session.get(path) as response:
                _refuse(response)
                return await content_of(response, most)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"the file did not come: {type(error).__name__}") from None

    async def _path(self, reference: str) -> str:
        try:
            found = await self._bot.get_file(reference)
        except BadRequest as error:
            if "too big" in error.message.lower():
                raise TooLarge from None
            raise Gone(error.message) from None
        except TelegramError as error:
            raise platform_error(error) from None
        if not found.file_path:
            raise Gone("Telegram says no place of the file")
        return found.file_path


def _refuse(response: aiohttp.ClientResponse) -> None:
    if response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
        raise Gone("Telegram has the file no more")
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = response.headers.get("Retry-After", "")
        raise RateLimited(float(wait) if wait.isdecimal() else 1.0)
    if response.status != HTTPStatus.OK:
        raise Unavailable(f"the file did not come: HTTP status {response.status}")
