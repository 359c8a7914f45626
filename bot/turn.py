"""The turn: this process's hold of what only one process at a time may do."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from datetime import timedelta

from bot.reception import Clock
from storage import leases
from storage.database import Database

log = logging.getLogger(__name__)

TTL = timedelta(seconds=10)
"""So long a process that died keeps its turn."""

BEAT = 3.0
"""Seconds between two beats: a turn is taken over at most 13 s after a death."""


class Turn:
    """A lease in the database, taken when it is free and kept by beating."""

    def __init__(self, database: Database, name: str, clock: Clock) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._mine = asyncio.Event()
        self._others = asyncio.Event()
        self._others.set()
        self._until = clock()

    async def beat(self) -> None:
        """Take or keep the lease; a holder that cannot reach the database loses it in time."""
        now = self._clock()
        try:
            async with self._database.writing() as session:
                mine = await leases.take(session, self._name, self._holder, now, TTL)
        except BaseException:
            if self._clock() >= self._until:
                self._turn(False)
            raise
        if mine:
            self._until = now + TTL
        self._turn(mine)

    async def begun(self) -> None:
        """Return when it is this process's turn."""
        await self._mine.wait()

    async def ended(self) -> None:
        """Return when it is this process's turn no more."""
        await self._others.wait()

    async def release(self) -> None:
        """Let another process have it at once."""
        if not self._mine.is_set():
            return
        self._turn(False)
        async with self._database.writing() as session:
            await leases.release(session, self._name, self._holder)

    def _turn(self, mine: bool) -> None:
        if mine != self._mine.is_set():
            log.info("the lease %s is %s", self._name, "this process's" if mine else "given up")
        set_, cleared = (self._mine, self._others) if mine else (self._others, self._mine)
        cleared.clear()
        set_.set()
