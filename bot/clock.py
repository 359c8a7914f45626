"""The clock: wakes, every so often, the code that looks into the database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from bot.dispatch import new_reference

log = logging.getLogger(__name__)

Deed = Callable[[], Awaitable[object]]


class Ticker:
    """Jobs live in memory only and carry nothing: what is due is a question to the database."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._working: set[asyncio.Task[None]] = set()

    def every(self, seconds: float, name: str, deed: Deed) -> None:
        """Do this now, and then so often; a failure is logged when it begins, and the next time is tried again."""
        guarded = _Guarded(name, deed)

        async def wake() -> None:
            # Not the scheduler's own task: that one is cancelled at the end, maybe in the middle of a transaction.
            # The scheduler would log that as a failure, though `stop` waits for what was begun.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({self._begin(guarded)})

        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(wake, trigger, name=name, next_run_time=datetime.now(UTC))

    def once(self, name: str, deed: Deed) -> None:
        """Do this now, beside everything else."""
        self._begin(_Guarded(name, deed))

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing more; return when what was begun is done."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        while self._working:
            await asyncio.wait(self._working)

    def _begin(self, guarded: _Guarded) -> asyncio.Task[None]:
        task = asyncio.create_task(guarded.run())
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task


class _Guarded:
    def __init__(self, name: str, deed: Deed) -> None:
        self._name = name
        self._deed = deed
        self._failing = False

    async def run(self) -> None:
        try:
            await self._deed()
        except (SQLAlchemyError, OSError) as error:
            if not self._failing:
                log.error("%s: the database failed: %s; trying on", self._name, type(error).__name__)
            self._failing = True
        except Exception:
            log.exception("reference %s: %s failed", new_reference(), self._name)
        else:
            if self._failing:
                log.info("%s: the database is there again", self._name)
            self._failing = False
