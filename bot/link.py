"""The link to a platform: made, made again after a trouble, given up when the token is refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum

from bot.dispatch import new_reference
from bot.platforms import PlatformError, RateLimited, Reception, Unreachable
from bot.roster import Entry
from bot.turn import Turn

log = logging.getLogger(__name__)

_WAITS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)

Ready = Callable[[str], None]
"""Called with a platform's name when it can answer."""


class State(StrEnum):
    CONNECTING = "connecting"
    STANDING_BY = "standing by"
    CONNECTED = "connected"
    REFUSED = "refused"
    STOPPED = "stopped"

    @property
    def can_answer(self) -> bool:
        return self in (State.CONNECTED, State.STANDING_BY)


class Link:
    """Keeps one platform connected. With a `turn`, the platform receives only while it is this process's."""

    def __init__(self, entry: Entry, reception: Reception, turn: Turn, ready: Ready) -> None:
        self._entry = entry
        self._reception = reception
        self._turn = turn
        self._ready = ready
        self._task: asyncio.Task[None] | None = None
        self.state = State.CONNECTING

    @property
    def name(self) -> str:
        return self._entry.platform.name

    def start(self) -> None:
        """Connect in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Disconnect, whatever state it is in."""
        if self._task:
            self._task.cancel()
            # Not awaited itself: whoever waits for this no longer would not be let go.
            await asyncio.wait({self._task})
        await self._entry.platform.stop()
        self.state = State.STOPPED

    async def _run(self) -> None:
        while True:
            try:
                await self._hold()
            except Unreachable as refused:
                self.state = State.REFUSED
                log.error("%s refuses this bot and is stopped: %s; do: liaison-bot doctor", self.name, refused)
                await self._entry.platform.stop()
            except Exception:
                self.state = State.CONNECTING
                wait = _WAITS[-1]
                log.exception("reference %s: %s broke; again in %g s", new_reference(), self.name, wait)
                await asyncio.sleep(wait)
                continue
            return

    async def _hold(self) -> None:
        if self._entry.connect:
            await self._take_turns(self._entry.connect)
        else:
            await self._reach(self._entry.platform.start, State.CONNECTED)

    async def _take_turns(self, connect: Callable[[Reception], Awaitable[None]]) -> None:
        """Answer always, receive when it is this process's turn."""
        while True:
            await self._reach(connect, State.STANDING_BY)
            await self._turn.begun()
            await self._reach(self._entry.platform.start, State.CONNECTED)
            await self._turn.ended()
            log.warning("%s: another process receives now", self.name)
            await self._entry.platform.stop()

    async def _reach(self, connect: Callable[[Reception], Awaitable[None]], state: State) -> None:
        """Try until it succeeds. Raises `Unreachable` when trying is useless."""
        failures = 0
        while True:
            try:
                await connect(self._reception)
                break
            except Unreachable:
                raise
            except PlatformError as error:
                wait = _wait(error, failures)
                log.error("%s cannot be reached: %s; again in %g s", self.name, error, wait)
            except Exception:
                wait = _WAITS[-1]
                log.exception("reference %s: %s cannot be started; again in %g s", new_reference(), self.name, wait)
            self.state = State.CONNECTING
            failures += 1
            await asyncio.sleep(wait)
        self.state = state
        log.info("%s is %s", self.name, state)
        self._ready(self.name)


def _wait(error: PlatformError, failures: int) -> float:
    return error.retry_after if isinstance(error, RateLimited) else _WAITS[min(failures, len(_WAITS) - 1)]
