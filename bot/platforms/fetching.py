"""Fetching: the files that people sent, brought from a platform, and the few ways in which that may fail."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

import aiohttp

from bot.arrival import Enclosed
from bot.platforms import PlatformError

MOST = 20 * 1024 * 1024
"""Bytes of a file that are taken."""

SECONDS = 60.0
"""A file that takes longer is given up."""

_CONNECT_SECONDS, _SILENT_SECONDS = 5.0, 10.0
_PIECE = 64 * 1024


class TooLarge(PlatformError):
    """The file is larger than is taken."""


class Gone(PlatformError):
    """The platform has the file no more."""


class Withheld(PlatformError):
    """The platform does not let the bot have the file. Its text says why, `hint` what to do, to the person."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


@runtime_checkable
class Fetcher(Protocol):
    """A platform from which files can be fetched.

    `file_limit`: what to say of a file that is too large for the platform itself; empty where it sets no lower limit.
    """

    file_limit: str

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        """The content of a file that is no larger than that.

        Raises a `PlatformError`: `TooLarge`, `Gone`, `Withheld`, and those that any platform raises.
        """


def times(timeout: float) -> aiohttp.ClientTimeout:
    """How long a platform may take that is given so many seconds for other things."""
    silent = min(timeout, _SILENT_SECONDS)
    return aiohttp.ClientTimeout(total=SECONDS, connect=min(timeout, _CONNECT_SECONDS), sock_read=silent)


async def content_of(response: aiohttp.ClientResponse, most: int) -> bytes:
    """What comes, as long as it is not too large, whatever the platform said of its size."""
    if (response.content_length or 0) > most:
        raise TooLarge
    content = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > most:
            raise TooLarge
    return bytes(content)


def read_file(path: Path, most: int) -> bytes:
    """A file of this machine."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise Gone(error.strerror) from None
    if len(content) > most:
        raise TooLarge
    return content
