"""Work under way: what must be finished before the platform stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from bot.platforms import PlatformError

log = logging.getLogger("bot.platforms.slack")


class Work:
    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: set[asyncio.Task[None]] = set()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._idle.set()

    def begin(self, deed: Coroutine[Any, Any, None]) -> None:
        """Something that nobody waits for; its failure is logged."""
        task = asyncio.create_task(self._run(deed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, patience: float) -> None:
        """Wait until nothing is under way, but not for ever."""
        try:
            async with asyncio.timeout(patience):
                await asyncio.gather(*self._tasks)
                await self._idle.wait()
        except TimeoutError:
            log.warning("stopped with %d answers unfinished", self._count)

    async def _run(self, deed: Coroutine[Any, Any, None]) -> None:
        with self.under_way():
            try:
                await deed
            except PlatformError as error:
                log.warning("not shown on Slack: %s: %s", type(error).__name__, error)
            except Exception:
                log.exception("not shown on Slack")
