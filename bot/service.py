"""The service: a process that receives and answers on every platform until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from datetime import timedelta
from typing import Generic, TypeGuard, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.acknowledging import ACKNOWLEDGE, Acknowledging
from bot.chores import Chores, declared_chores
from bot.clock import Ticker
from bot.core import Core
from bot.delivery.mailroom import Mailroom
from bot.link import Link, State
from bot.mailbox.intake import Intake
from bot.mailbox.poller import Poller
from bot.metrics import CONTENT_TYPE, Metrics
from bot.platforms import Platform, Sender
from bot.reception import Clock, utc_now
from bot.roster import Entry
from bot.serving import Serving
from bot.turn import BEAT, Turns
from bot.unsubscribing import UNSUBSCRIBE, Unsubscribing
from bot.web import Health, WebEndpoint
from storage import backlog, deliveries, inbox, leases
from storage.backlog import Backlog
from storage.database import DatabaseUnfit, unfit

log = logging.getLogger(__name__)

SWEEP = 15.0
"""Seconds between two looks for what was left half-done."""

PATIENCE = 7.0
"""Seconds in which a stop lets what is being answered come to its end."""

_DAY = timedelta(days=1).total_seconds()
_POLLER = "telegram-poller"
_CLOCK = "clock"
_MAILBOX = "mailbox"
_DATABASE_PATIENCE = 3.0
_NO_BACKLOG = Backlog(0, timedelta(0))

T = TypeVar("T")


class Service:
    """`start`, then `stop`. The web endpoint answers from the start on, whatever the platforms do.

    `senders` are those beside the entries' platforms; whoever made them stops them. What may have arrived is sent
    again after `doubt`.
    """

    def __init__(
        self,
        core: Core,
        entries: Sequence[Entry],
        metrics: Metrics,
        clock: Clock = utc_now,
        senders: Iterable[Sender] = (),
        doubt: timedelta = deliveries.DOUBT,
    ) -> None:
        self._core = core
        self._metrics = metrics
        self._clock = clock
        self._turns = Turns(core.database, clock)
        polls = any(entry.connect for entry in entries)
        poller = self._turns.add(_POLLER, lambda: polls)
        self._links = [Link(entry, core.desk, poller, self._take_up) for entry in entries]
        self._doubt = doubt
        self._mailroom = self._new_mailroom([*_senders_of(entries), *senders])
        self._chief = self._turns.add(_CLOCK)
        self._chores = Chores(core.database, core.dispatcher, declared_chores(), clock, self._mailroom.nudge)
        self._mailbox = self._new_mailbox()
        routes = [route for entry in entries for route in entry.routes]
        links = {UNSUBSCRIBE: Unsubscribing(core.database, clock), ACKNOWLEDGE: Acknowledging(core.database, clock)}
        files = Serving(core.database)
        self._web = WebEndpoint(core.settings.http_address, routes, self, links, files)
        self._ticker = Ticker()
        self._fitness = _Probe(core.database.check)
        self._waiting = _Probe(self._count_waiting)
        core.desk.on_put(self._mailroom.nudge)
        for name in self._mailroom.pumps:
            metrics.expect_deliveries(name)
        for entry in entries:
            core.desk.add(entry.platform)
            metrics.expect(entry.platform.name)

    async def start(self) -> None:
        """Raises `DatabaseUnfit`, and `OSError` when the address cannot be listened at."""
        await self._prepare_database()
        port = await self._web.start()
        host = self._core.settings.http_address[0]
        log.info("listening on http://%s:%d", f"[{host}]" if ":" in host else host, port)
        self._ticker.every(BEAT, "the leases", self._turns.beat)
        self._ticker.every(BEAT, "the chores", self._do_chores)
        self._ticker.every(SWEEP, "the sweep", self._sweep)
        self._ticker.every(_DAY, "the inbox", self._core.desk.forget)
        self._ticker.start()
        for link in self._links:
            link.start()
        self._mailroom.start()
        if self._mailbox:
            self._mailbox.start()

    async def stop(self) -> None:
        """Keep what arrives for the next start, finish what is being answered, close: in less than 10 s."""
        desk, began = self._core.desk, asyncio.get_running_loop().time()
        desk.close()
        endings = asyncio.gather(desk.settled(), self._ticker.stop(), self._mailroom.stop())
        await _by(began + PATIENCE, endings, "all answers and deliveries")
        await _by(began + 7.5, asyncio.gather(desk.abandon(), self._mailroom.abandon()), "the last of them")
        await _by(began + 7.7, self._mailroom.kill(), "the outbox")
        receiving: list[Link | Poller] = [*self._links, *([self._mailbox] if self._mailbox else [])]
        stops = [_by(began + 8.5, one.stop(), one.name) for one in receiving]
        await asyncio.gather(*stops, _by(began + 8.5, self._web.stop(), "the web endpoint"))
        await _by(began + 9.0, self._turns.release(), "the leases")

    async def health(self) -> Health:
        database = await self._database_state()
        states = self._states()
        mailbox = {self._mailbox.name: self._mailbox.state} if self._mailbox else {}
        # Where there is no platform, the mailbox is all that this process is for.
        receiving = [states[link.name] for link in self._links] or mailbox.values()
        is_well = database == "ok" and any(state.can_answer for state in receiving)
        return Health(is_well, database, {name: state.value for name, state in {**states, **mailbox}.items()})

    async def metrics(self) -> tuple[bytes, str]:
        try:
            waiting, outbox = await self._waiting.answer()
            found = {name: outbox.get(name, _NO_BACKLOG) for name in self._mailroom.pumps}
        except (SQLAlchemyError, OSError):
            waiting, found = math.nan, {}
        up = {name: state.can_answer for name, state in self._states().items()}
        return self._metrics.page(waiting, up, found), CONTENT_TYPE

    def _states(self) -> dict[str, State]:
        """Of every platform. One that refuses what is sent is refused, whatever arrives from it."""
        pumps = self._mailroom.pumps
        states = dict.fromkeys(pumps, State.CONNECTED) | {link.name: link.state for link in self._links}
        refused = {name for name, pump in pumps.items() if pump.is_revoked}.union(self._core.desk.refused)
        return states | dict.fromkeys(refused, State.REFUSED)

    def _new_mailroom(self, senders: Iterable[Sender]) -> Mailroom:
        core = self._core
        return Mailroom(
            core.database,
            core.dispatcher,
            senders,
            self._clock,
            witness=self._metrics,
            turns=self._turns,
            public_url=core.settings.public_url or "",
            doubt=self._doubt,
        )

    def _new_mailbox(self) -> Poller | None:
        core, server = self._core, self._core.settings.imap_server
        if server is None:
            return None
        own = core.settings.email_from or ""
        intake = Intake(core.database, core.dispatcher, self._clock, own, self._mailroom.nudge)
        return Poller(server, intake, self._turns.add(_MAILBOX), self._clock)

    async def _prepare_database(self) -> None:
        """See that it can be written, and on SQLite undo the claims of the process that was here before."""
        database = self._core.database
        await database.check()
        try:
            async with database.writing() as session:
                if database.is_sqlite:
                    await leases.void(session)
                    await deliveries.doubt(session, self._clock(), unclaimed=True, pause=self._doubt)
                else:
                    await leases.release(session, _POLLER, "")
        except (SQLAlchemyError, OSError) as error:
            raise unfit(error, database.url) from error
        if database.is_sqlite:
            await self._core.desk.recover(unclaimed=True, platforms=())

    def _take_up(self, platform: str) -> None:
        """What was left half-done while the platform was away, and what waits to be sent there."""
        if platform in self._mailroom.pumps:
            self._mailroom.pumps[platform].resume()
            self._ticker.once("the leases", self._turns.beat)
        self._ticker.once("the sweep", lambda: self._core.desk.recover(platforms=[platform]))

    async def _do_chores(self) -> None:
        if self._chief.is_mine:
            await self._chores.do_due()

    async def _sweep(self) -> None:
        states = self._states()
        await self._core.desk.recover(platforms=[link.name for link in self._links if states[link.name].can_answer])

    async def _count_waiting(self) -> tuple[float, dict[str, Backlog]]:
        async with self._core.database.reading() as session:
            return await inbox.waiting(session), await backlog.backlogs(session, self._clock())

    async def _database_state(self) -> str:
        try:
            await self._fitness.answer()
        except DatabaseUnfit as error:
            return error.message
        except TimeoutError:
            return "does not answer"
        return "ok"


def _senders_of(entries: Iterable[Entry]) -> list[Sender]:
    platforms: list[Platform | Sender] = [entry.platform for entry in entries]
    return [one for one in platforms if _can_send(one)]


def _can_send(platform: Platform | Sender) -> TypeGuard[Sender]:
    """Whether a platform sends what nobody asked for, too."""
    return all(hasattr(platform, name) for name in ("limits", "is_ready", "is_group", "send", "edit"))


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
