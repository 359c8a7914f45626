"""The chores: found beside the commands, done when their time has come."""

from __future__ import annotations

import logging
import pkgutil
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

import handlers
from bot.dispatch import Dispatcher, new_reference
from bot.reception import Clock
from handlers.chore import Chore, Errand
from storage import outbox
from storage.database import Database

log = logging.getLogger(__name__)


def declared_chores() -> tuple[Chore, ...]:
    """Every chore of the handlers' modules, in the order of modules and declarations."""
    found: dict[str, Chore] = {}
    for module in sorted(pkgutil.iter_modules(handlers.__path__), key=lambda module: module.name):
        for value in vars(import_module(f"handlers.{module.name}")).values():
            if isinstance(value, Chore):
                found.setdefault(value.name, value)
    return tuple(found.values())


class Chores:
    """Does chores, each in a transaction of its own. `put` is called when one put something into the outbox."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        chores: Sequence[Chore],
        clock: Clock,
        put: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._chores = chores
        self._clock = clock
        self._put = put
        self._next: dict[str, datetime] = {}
        self._failing: set[str] = set()

    async def do_due(self) -> None:
        """Do those whose interval is over; one that fails does not hold up the others."""
        for chore in self._chores:
            now = self._clock()
            if now >= self._next.get(chore.name, now):
                self._next[chore.name] = now + chore.every
                await self._guarded(chore)

    async def do_all(self) -> None:
        """Do every one now. Raises what a chore raises."""
        for chore in self._chores:
            await self._do(chore)

    async def _guarded(self, chore: Chore) -> None:
        try:
            await self._do(chore)
        except (SQLAlchemyError, OSError) as error:
            # It is tried again with the next look at the clock, not after a whole interval.
            self._next.pop(chore.name, None)
            if chore.name not in self._failing:
                log.error("the chore %s: the database failed: %s; trying on", chore.name, type(error).__name__)
            self._failing.add(chore.name)
        except Exception:
            log.exception("reference %s: the chore %s failed", new_reference(), chore.name)
        else:
            self._failing.discard(chore.name)

    async def _do(self, chore: Chore) -> None:
        async with self._database.writing() as session:
            await chore(
                Errand(
                    session=session,
                    catalogue=await self._dispatcher.catalogues.current(session),
                    now=self._clock(),
                    host=self._dispatcher.host,
                    household=self._dispatcher.household,
                )
            )
        if outbox.is_fuller(session):
            self._put()
