"""The service: a process that receives and answers on every platform until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Sequence
from datetime import timedelta

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
        self._ticker.stop()
        await _by(began + PATIENCE, desk.settled(), "all answers")
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
            async with asyncio.timeout(_DATABASE_PATIENCE), self._core.database.reading() as session:
                waiting: float = await inbox.waiting(session)
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

    async def _take_up(self, platform: str) -> None:
        """What was left half-done while the platform was away."""
        try:
            await self._core.desk.recover(platforms=[platform])
        except SQLAlchemyError:
            log.exception("the database failed; what was left of %s waits for the next sweep", platform)

    async def _sweep(self) -> None:
        await self._core.desk.recover(platforms=[link.name for link in self._links if link.state.can_answer])

    async def _database_state(self) -> str:
        try:
            async with asyncio.timeout(_DATABASE_PATIENCE):
                await self._core.database.check()
        except DatabaseUnfit as error:
            return error.message
        except TimeoutError:
            return "does not answer"
        return "ok"


async def _by(moment: float, ending: Awaitable[object], what: str) -> None:
    try:
        async with asyncio.timeout_at(moment):
            await ending
    except TimeoutError:
        log.warning("stopped without waiting longer for %s", what)
    except Exception:
        log.exception("%s: did not end well", what)
