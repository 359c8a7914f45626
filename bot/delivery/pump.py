"""The pump of one platform: claims what is due, sends it at the platform's pace, records how that ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.courier import Courier
from bot.delivery.ledger import GATHER, Ledger
from bot.delivery.line import Claims, Line
from bot.delivery.outages import Outages
from bot.delivery.pace import Pace
from bot.delivery.slots import Slots
from bot.delivery.surroundings import Surroundings
from bot.delivery.watch import LOCKED, Watch
from bot.dispatch import new_reference
from bot.platforms import Address, Sender
from bot.turn import Turn
from storage import deliveries, pacing
from storage.results import Result
from storage.words import DeliveryState

log = logging.getLogger(__name__)

AHEAD = 2
"""Times what the platform takes at once may be claimed and not recorded, so that no slot waits for the database."""

_MINUTE = timedelta(seconds=61)
_AFTER_FAILURE = (0.2, 1.0, 2.0, 5.0)


class Pump:
    """Claims a delivery, in a transaction, before its send begins, and records in the next one how that ended.

    At a kill nobody knows of those that were claimed and not recorded, which are at most `AHEAD` times
    `Limits.at_once`; no more than that ever arrive twice. Where there is a limit a second, no more are claimed than may
    begin now.

    `only`: it sends nothing but what goes to that address, for a sender that reaches nobody else.
    """

    def __init__(self, sender: Sender, around: Surroundings, turn: Turn | None = None, only: str | None = None) -> None:
        self._sender = sender
        self._around = around
        self._turn = turn
        self._awake = asyncio.Event()
        self._courier = Courier(sender, around.words, around.clock, around.doubt)
        self._pace = Pace(sender.limits)
        self._slots = Slots(sender, self._courier, self._pace, around.clock, self._may_send, self._end, self._awake.set)
        self._outages = Outages(sender.limits.at_once)
        self._ledger = Ledger(sender.name, sender.limits.at_once, around)
        self._line = Line(sender.name, only)
        self._watch = Watch(sender.name, around.database.is_sqlite, only)
        self._is_nudged = False
        self._has_begun = False
        self._closed = False
        if turn:
            turn.on_change(self._awake.set)

    @property
    def name(self) -> str:
        return self._sender.name

    @property
    def is_revoked(self) -> bool:
        """Whether the platform refuses the bot."""
        return self._courier.is_revoked

    @property
    def can_send(self) -> bool:
        """Whether it might send, were it this process's turn."""
        return self._sender.is_ready and not self.is_revoked and not self._closed

    @property
    def wants_turn(self) -> bool:
        """Whether it might send, or is sending: then nobody else may take it for gone."""
        return self.can_send or bool(self._slots.claimed)

    def nudge(self) -> None:
        """Something was put into the outbox, or the platform is there again."""
        self._line.dissolve()
        self._is_nudged = True
        self._awake.set()

    def resume(self) -> None:
        """The platform was connected anew: though it refused the bot before, it is tried again."""
        self._courier.is_revoked = False
        self.nudge()

    async def run(self) -> None:
        """Send while it is this process's turn; return when it was closed and all that was begun is recorded."""
        failures = 0
        while not (self._closed and self._is_idle()):
            try:
                self._awake.clear()
                await self._step()
                await self._pause()
                failures = 0
                continue
            except (SQLAlchemyError, OSError) as error:
                if not failures:
                    log.error("the outbox of %s: the database failed: %s; trying on", self.name, type(error).__name__)
            except Exception:
                log.exception("reference %s: the outbox of %s failed", new_reference(), self.name)
            self._is_nudged = True
            await asyncio.sleep(_AFTER_FAILURE[min(failures, len(_AFTER_FAILURE) - 1)])
            failures += 1

    async def drain(self) -> bool:
        """Send what is due and may be sent now, until that is recorded; whether there was any. Not while it runs."""
        self._line.dissolve()
        if not self._has_begun:
            await self._begin()
        else:
            async with self._around.database.reading() as session:
                await self._look(session, self._now())
        was_idle = True
        while not self._is_idle() or self._has_work():
            was_idle = False
            self._awake.clear()
            if self._has_work():
                await self._cycle()
            else:
                await self._doze(GATHER if self._ledger else None)
        return not was_idle

    def close(self) -> None:
        """Begin no more sends."""
        self._closed = True
        self._slots.fill()
        self._awake.set()

    def abandon(self) -> None:
        """Drop the sends that hang: nobody knows whether they arrive, and the next process finds them so."""
        self._slots.abandon()
        self._awake.set()

    async def _step(self) -> None:
        now = self._now()
        if not self._may_send():
            self._has_begun = False
            self._line.dissolve()
            self._slots.fill()
        elif not self._has_begun:
            await self._begin()
        elif (self._is_nudged or self._watch.is_over(now)) and not self._watch.is_due(now):
            self._is_nudged = False  # before the look: what is put during it is looked for once more
            async with self._around.database.reading() as session:
                await self._look(session, now)
        if self._has_work():
            await self._cycle()

    async def _begin(self) -> None:
        """Learn what was sent before this process's turn, so that no limit is exceeded by the change.

        Whose turn it is, nobody else sends: what others were sending has nobody any more who would record it.
        """
        now = self._now()
        self._is_nudged = False
        database = self._around.database
        async with database.writing() if self._turn else database.reading() as session:
            for target, address, thread, at in await pacing.recent(session, self.name, now - _MINUTE):
                self._pace.begin(target, self._sender.is_group(Address(address, thread)), at.timestamp())
            if until := await pacing.rest(session, self.name):
                self._pace.rest(until.timestamp())
            if self._turn:
                await self._doubt(session, now, unclaimed=True)
            await self._look(session, now)
        self._has_begun = True

    async def _cycle(self) -> None:
        """Record what ended and claim what is due in one transaction, then begin to send that."""
        now, ended = self._now(), self._ledger.entries
        if any(one.state is not DeliveryState.SENT for one in ended):
            self._line.dissolve()
        async with self._around.database.writing() as session:
            await self._ledger.record(session, ended, now)
            claims = await self._claim(session, now, len(ended))
        self._ledger.strike_off(ended)
        for state in claims.ended:
            self._around.witness.delivered(self.name, state.value)
        self._slots.add(claims.sends)

    async def _claim(self, session: AsyncSession, now: datetime, recording: int) -> Claims:
        if not self._may_send():
            return Claims()
        if self._watch.is_stale(now):
            await self._doubt(session, now)
        room = self._room(now, recording)
        if not room:
            if recording:
                # What ended may be due again, or what waited for it: the next look is as soon as there is room.
                self._watch.expect(now)
            return Claims()
        claims = await self._line.claim(session, room, self._barred(now), now)
        await self._around.words.learn(session, claims.sends)
        if claims.is_all:
            await self._look(session, now, [one.target for one in claims.sends])
        if self._watch.is_due(now) and not claims.sends and not claims.ended:
            self._watch.expect(now + LOCKED)
        return claims

    async def _doubt(self, session: AsyncSession, now: datetime, *, unclaimed: bool = False) -> None:
        """Take up what others were sending who are gone."""
        hand, pause = self._in_hand(), self._around.doubt
        await deliveries.doubt(session, now, platform=self.name, in_hand=hand, unclaimed=unclaimed, pause=pause)

    async def _look(self, session: AsyncSession, now: datetime, busy: Sequence[int] = ()) -> None:
        until = min(self._pace.barred(now.timestamp()).values(), default=None)
        free_at = datetime.fromtimestamp(until, UTC) if until is not None else None
        await self._watch.look(session, now, {*self._barred(now), *busy}, self._in_hand(), free_at)

    def _end(self, result: Result) -> None:
        if result.target_rests:
            self._pace.rest(result.target_rests.timestamp(), result.claimed.target)
        if result.platform_rests:
            self._pace.rest(result.platform_rests.timestamp())
        pause = self._outages.after(result)
        if pause:
            log.warning("%s is away: %s; again in %g s", self.name, result.problem, pause)
            self._pace.rest(result.at.timestamp() + pause)
        self._ledger.add(result)
        self._awake.set()

    async def _pause(self) -> None:
        """Until there may be something to do."""
        now = self._now()
        if self._has_work() or (self._closed and self._is_idle()):
            return
        await self._doze(GATHER if self._ledger else max((self._next(now) - now).total_seconds(), 0))

    async def _doze(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return

    def _next(self, now: datetime) -> datetime:
        if not self._has_begun or not self._free():
            return self._watch.far(now)
        return self._watch.next(now, datetime.fromtimestamp(self._pace.next_room(now.timestamp()), UTC))

    def _has_work(self) -> bool:
        now = self._now()
        if self._ledger.has_gathered(self._slots.busy):
            return True
        if not (self._has_begun and self._may_send()):
            return False
        return self._watch.is_stale(now) or (self._watch.is_due(now) and self._room(now) > 0)

    def _is_idle(self) -> bool:
        return not (self._slots.claimed or self._ledger)

    def _may_send(self) -> bool:
        return self.can_send and (self._turn is None or self._turn.is_mine)

    def _free(self, recording: int = 0) -> int:
        """How many more may be claimed, when so many that ended are recorded at the same time."""
        unrecorded = len(self._slots.claimed) + len(self._ledger) - recording
        return AHEAD * self._sender.limits.at_once - unrecorded

    def _room(self, now: datetime, recording: int = 0) -> int:
        return max(0, min(self._free(recording), self._pace.room(now.timestamp()) - self._slots.ready))

    def _barred(self, now: datetime) -> set[int]:
        return {*self._pace.barred(now.timestamp()), *(claimed.target for claimed in self._slots.claimed)}

    def _in_hand(self) -> list[int]:
        return [*(one.id for one in self._slots.claimed), *(result.claimed.id for result in self._ledger.entries)]

    def _now(self) -> datetime:
        return self._around.clock()
