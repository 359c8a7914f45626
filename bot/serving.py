"""Serving: kept files for whoever knows their addresses, in pieces."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from sqlalchemy.exc import SQLAlchemyError

from storage import serving
from storage.database import Database
from storage.serving import Served

log = logging.getLogger(__name__)

PIECE = 1024 * 1024
"""Bytes that are in memory at once for each who fetches a file."""

AT_ONCE = 2
"""Pieces that are read at once: SQLite has the whole file in memory while it cuts one out."""


class Serving:
    """A token is its own proof: nobody guesses 192 random bits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._room = asyncio.Semaphore(AT_ONCE)

    async def find(self, token: str, name: str) -> Served | None:
        """The file at that address; None: there is none. Raises `OSError` when the database fails."""
        try:
            async with self._database.reading() as session:
                found = await serving.found(session, token)
        except (SQLAlchemyError, OSError) as error:
            log.warning("serving: the database failed: %s", type(error).__name__)
            raise OSError("the database failed") from error
        return found if found and found.name == name else None

    async def pieces(self, file: Served) -> AsyncIterator[bytes]:
        """The file's content; no transaction is open while a slow reader takes a piece.

        Raises `ConnectionResetError` when the file is removed meanwhile, and what the database raises: nobody takes
        half a file for the whole.
        """
        for begin in range(0, file.size, PIECE):
            async with self._room, self._database.reading() as session:
                piece = await serving.piece(session, file.digest, begin, PIECE)
            if not piece:
                raise ConnectionResetError(f"the file {file.name} was removed while it was sent")
            yield piece
