"""The reader: reads files for those who wait for it, outside of any transaction, and keeps what stands in them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from handlers.liaison import readings
from handlers.liaison.readings import Wanted
from storage import drops
from storage.database import Database

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Files that are read at once, each in a process of its own."""


class Reader:
    """However many wait for the same, it is read once."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._room = asyncio.Semaphore(AT_ONCE)
        self._reading: dict[Wanted, asyncio.Task[None]] = {}

    @property
    def reading(self) -> Sequence[asyncio.Task[None]]:
        """What is being read."""
        return list(self._reading.values())

    async def read(self, wanted: Sequence[Wanted]) -> None:
        """Return when all is read. Raises what the database raises; whoever is cut short leaves it to be read."""
        await asyncio.gather(*(asyncio.shield(self._begun(one)) for one in wanted))

    def foresee(self, wanted: Wanted) -> None:
        """Begin to read what is likely to be needed soon."""
        self._begun(wanted)

    def _begun(self, wanted: Wanted) -> asyncio.Task[None]:
        task = self._reading.get(wanted)
        if task is None:
            task = self._reading[wanted] = asyncio.create_task(self._read(wanted))
            task.add_done_callback(lambda done: self._over(wanted, done))
        return task

    async def _read(self, wanted: Wanted) -> None:
        async with self._room:
            async with self._database.reading() as session:
                is_known = await readings.is_known(session, wanted, self._now())
                content = None if is_known else await drops.kept(session, wanted.digest)
            if content is None:
                return
            made = await readings.read(wanted, content)
            async with self._database.writing() as session:
                await readings.keep(session, wanted, made, self._now())

    def _over(self, wanted: Wanted, done: asyncio.Task[None]) -> None:
        self._reading.pop(wanted, None)
        error = None if done.cancelled() else done.exception()
        if error is not None:
            log.warning("a file could not be read: %s", type(error).__name__)
