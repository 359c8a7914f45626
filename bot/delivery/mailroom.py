"""The mailroom: the pumps of all platforms of a process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from bot.delivery.pump import Pump
from bot.delivery.surroundings import Surroundings
from bot.delivery.wording import Words
from bot.dispatch import Dispatcher
from bot.platforms import Sender
from bot.reception import Clock, utc_now
from bot.turn import Turns
from bot.witness import Nobody, Witness
from storage.database import Database
from storage.deliveries import DOUBT

LEASE = "sender:"
"""Who holds the lease of this name and a platform's sends there."""


class Mailroom:
    """`start` and `stop`, or `drain` where nothing runs. With `turns`, each pump sends only while it is its turn."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        senders: Iterable[Sender],
        clock: Clock = utc_now,
        witness: Witness | None = None,
        turns: Turns | None = None,
        public_url: str = "",
        doubt: timedelta = DOUBT,
    ) -> None:
        """`public_url`: see `Words`. What may have arrived is tried again after `doubt`."""
        words = Words(dispatcher.renderer, dispatcher.host, dispatcher.household.zone, public_url)
        around = Surroundings(database, dispatcher.household, words, clock, witness or Nobody(), doubt)
        self._pumps = {sender.name: _pump(sender, around, turns) for sender in senders}
        self._running: list[asyncio.Task[None]] = []

    @property
    def pumps(self) -> Mapping[str, Pump]:
        """By the platform's name."""
        return self._pumps

    def start(self) -> None:
        """Send in the background."""
        self._running = [asyncio.create_task(pump.run()) for pump in self._pumps.values()]

    def nudge(self) -> None:
        """Something was put into the outbox."""
        for pump in self._pumps.values():
            pump.nudge()

    async def drain(self) -> None:
        """Send all that is due now; what that gives rise to, too."""
        while any([await pump.drain() for pump in self._pumps.values()]):
            pass

    async def stop(self) -> None:
        """Begin nothing more; return when what was begun has ended and is recorded."""
        for pump in self._pumps.values():
            pump.close()
        await _all(self._running)

    async def abandon(self) -> None:
        """Begin nothing more and drop what hangs; return when the rest is recorded."""
        for pump in self._pumps.values():
            pump.close()
            pump.abandon()
        await _all(self._running)

    async def kill(self) -> None:
        """End at once, whatever the database does."""
        for task in self._running:
            task.cancel()
        await _all(self._running)


async def _all(tasks: Sequence[asyncio.Task[None]]) -> None:
    # Not gathered: whoever waits for this no longer does not want them cancelled.
    if tasks:
        await asyncio.wait(tasks)


def _pump(sender: Sender, around: Surroundings, turns: Turns | None) -> Pump:
    if turns is None:
        return Pump(sender, around)
    pump: Pump
    turn = turns.add(f"{LEASE}{sender.name}", lambda: pump.wants_turn)
    pump = Pump(sender, around, turn)
    return pump
