"""Turns: this process's hold of what only one process at a time may do."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.reception import Clock
from storage import leases
from storage.database import Database

log = logging.getLogger(__name__)

TTL = timedelta(seconds=10)
"""So long a process that died keeps its turn."""

BEAT = 3.0
"""Seconds between two beats: a turn is taken over at most 13 s after a death."""


class Turn:
    """The hold of one lease: begun when it is this process's, ended when it is not. Made by `Turns`."""

    def __init__(self, name: str, clock: Clock, is_wanted: Callable[[], bool]) -> None:
        self.name = name
        self._clock = clock
        self._is_wanted = is_wanted
        self._mine = asyncio.Event()
        self._others = asyncio.Event()
        self._others.set()
        self._until = clock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_mine(self) -> bool:
        """Whether it is this process's turn, by its own clock too: a beat may hang."""
        return self._mine.is_set() and self._clock() < self._until

    def on_change(self, listener: Callable[[], None]) -> None:
        """Have this called whenever the turn begins or ends."""
        self._listeners.append(listener)

    async def begun(self) -> None:
        """Return when it is this process's turn."""
        await self._mine.wait()

    async def ended(self) -> None:
        """Return when it is this process's turn no more."""
        await self._others.wait()

    @property
    def is_wanted(self) -> bool:
        return self._is_wanted()

    @property
    def is_held(self) -> bool:
        """Whether the database may still say that it is this process's."""
        return self._mine.is_set()

    def keep(self, until: datetime) -> None:
        """It is this process's turn until then."""
        self._until = until
        self._turn(True)

    def lose(self) -> None:
        """It is another process's turn, or nobody's."""
        self._turn(False)

    def lapse(self) -> None:
        """The database does not answer: the turn is lost when its time is over."""
        if self._clock() >= self._until:
            self._turn(False)

    def _turn(self, mine: bool) -> None:
        if mine == self._mine.is_set():
            return
        log.info("the lease %s is %s", self.name, "this process's" if mine else "given up")
        set_, cleared = (self._mine, self._others) if mine else (self._others, self._mine)
        cleared.clear()
        set_.set()
        for listener in self._listeners:
            listener()


class Turns:
    """All turns of a process, kept by beating: one transaction for all of them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._turns: dict[str, Turn] = {}

    def add(self, name: str, is_wanted: Callable[[], bool] = lambda: True) -> Turn:
        """A turn to be taken when it is free, for as long as it is wanted."""
        turn = self._turns[name] = Turn(name, self._clock, is_wanted)
        return turn

    async def beat(self) -> None:
        """Take or keep what is wanted, give back what is not; who cannot reach the database loses it in time."""
        now = self._clock()
        wanted = [turn.name for turn in self._turns.values() if turn.is_wanted]
        unwanted = [turn for turn in self._turns.values() if turn.is_held and not turn.is_wanted]
        for turn in unwanted:
            turn.lose()
        try:
            async with self._database.writing() as session:
                for turn in unwanted:
                    await leases.release(session, turn.name, self._holder)
                mine = await leases.take_all(session, wanted, self._holder, now, TTL)
        except BaseException:
            for turn in self._turns.values():
                turn.lapse()
            raise
        for turn in self._turns.values():
            if turn.name in mine:
                turn.keep(now + TTL)
            else:
                turn.lose()

    async def release(self) -> None:
        """Let another process have them all at once."""
        held = [turn for turn in self._turns.values() if turn.is_held]
        if not held:
            return
        for turn in held:
            turn.lose()
        async with self._database.writing() as session:
            for turn in held:
                await leases.release(session, turn.name, self._holder)
