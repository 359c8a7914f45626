"""The service: a process that receives and answers on every platform until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Ticker
from bot.core import Core
from bot.link import Link
from bot.metrics import CONTENT_TYPE, Metrics
from bot.reception import Clock, utc_now
from bot.roster import Entry
from bot.turn import BEAT, Turn
from bot.web import Health, WebEndpoint
from storage import inbox, leases
from storage.database import DatabaseUnfit, unfit

log = logging.getLogger(__name__)

SWEEP = 15.0
"""Seconds between two looks for what was left half-done."""

PATIENCE = 7.0
"""Seconds in which a stop lets what is being answered come to its end."""

_DAY = timedelta(days=1).total_seconds()
_POLLER = "telegram-poller"
_DATABASE_PATIENCE = 3.0

T = TypeVar("T")


class Service:
    """`start`, then `stop`. The web endpoint answers from the start on, whatever the platforms do."""

    def __init__(self, core: Core, entries: Sequence[Entry], metrics: Metrics, clock: Clock = utc_now) -> None:
        self._core = core
        self._metrics = metrics
        self._turn = Turn(core.database, _POLLER, clock)
        self._links = [Link(entry, core.desk, self._turn, self._take_up) for entry in entries]
        self._polls = any(entry.connect for entry in entries)
        routes = [route for entry in entries for route in entry.routes]
        self._web = WebEndpoint(core.settings.http_address, routes, self)
        self._ticker = Ticker()
        self._fitness = _Probe(core.database.check)
        self._waiting = _Probe(self._count_waiting)
        for entry in entries:
            core.desk.add(entry.platform)
            metrics.expect(entry.platform.name)

    async def start(self) -> None:
        """Raises `DatabaseUnfit`, and `OSError` when the address cannot be listened at."""
        await self._prepare_database()
        port = await self._web.start()
        host = self._core.settings.http_address[0]
        log.info("listening on http://%s:%d", f"[{host}]" if ":" in host else host, port)
        if self._polls:
            self._ticker.every(BEAT, "the lease", self._turn.beat)
        self._ticker.every(SWEEP, "the sweep", self._sweep)
        self._ticker.every(_DAY, "the inbox", self._core.desk.forget)
        self._ticker.start()
        for link in self._links:
            link.start()

    async def stop(self) -> None:
        """Keep what arrives for the next start, finish what is being answered, close: in less than 10 s."""
        desk, began = self._core.desk, asyncio.get_running_loop().time()
        desk.close()
        await _by(began + PATIENCE, asyncio.gather(desk.settled(), self._ticker.stop()), "all answers")
        await _by(began + 7.5, desk.abandon(), "the last answers")
        stops = [_by(began + 8.5, link.stop(), link.name) for link in self._links]
        await asyncio.gather(*stops, _by(began + 8.5, self._web.stop(), "the web endpoint"))
        await _by(began + 9.0, self._turn.release(), "the lease")

    async def health(self) -> Health:
        database = await self._database_state()
        states = {link.name: link.state.value for link in self._links}
        is_well = database == "ok" and any(link.state.can_answer for link in self._links)
        return Health(is_well, database, states)

    async def metrics(self) -> tuple[bytes, str]:
        try:
            waiting: float = await self._waiting.answer()
        except (SQLAlchemyError, OSError):
            waiting = math.nan
        return self._metrics.page(waiting, {link.name: link.state.can_answer for link in self._links}), CONTENT_TYPE

    async def _prepare_database(self) -> None:
        """See that it can be written, and on SQLite undo the claims of the process that was here before."""
        database = self._core.database
        await database.check()
        try:
            async with database.writing() as session:
                await (leases.void(session) if database.is_sqlite else leases.release(session, _POLLER, ""))
        except (SQLAlchemyError, OSError) as error:
            raise unfit(error, database.url) from error
        if database.is_sqlite:
            await self._core.desk.recover(unclaimed=True, platforms=())

    def _take_up(self, platform: str) -> None:
        """What was left half-done while the platform was away."""
        self._ticker.once("the sweep", lambda: self._core.desk.recover(platforms=[platform]))

    async def _sweep(self) -> None:
        await self._core.desk.recover(platforms=[link.name for link in self._links if link.state.can_answer])

    async def _count_waiting(self) -> int:
        async with self._core.database.reading() as session:
            return await inbox.waiting(session)

    async def _database_state(self) -> str:
        try:
            await self._fitness.answer()
        except DatabaseUnfit as error:
            return error.message
        except TimeoutError:
            return "does not answer"
        return "ok"


class _Probe(Generic[T]):
    """A question to the database for which nobody waits longer than `_DATABASE_PATIENCE`.

    It is not asked again before it is answered, nor cancelled: that would leave a connection of SQLite's half-way.
    """

    def __init__(self, ask: Callable[[], Coroutine[object, object, T]]) -> None:
        self._ask = ask
        self._asked: asyncio.Task[T] | None = None

    async def answer(self) -> T:
        """Raises `TimeoutError`, and what the database raises."""
        asked = self._asked = self._asked or asyncio.create_task(self._ask())
        done, _ = await asyncio.wait({asked}, timeout=_DATABASE_PATIENCE)
        if not done:
            raise TimeoutError
        self._asked = None
        return asked.result()


async def _by(moment: float, ending: Awaitable[object], what: str) -> None:
    try:
        async with asyncio.timeout_at(moment):
            await ending
    except TimeoutError:
        log.warning("stopped without waiting longer for %s", what)
    except Exception:
        log.exception("%s: did not end well", what)
