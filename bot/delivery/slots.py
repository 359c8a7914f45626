"""The slots: the sends in flight on one platform, and what is claimed and goes next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from bot.delivery import verdict
from bot.delivery.courier import Courier
from bot.delivery.pace import Pace
from bot.platforms import Address, Sender
from bot.reception import Clock
from storage.deliveries import Claimed
from storage.results import Result


class Slots:
    """As many as the platform takes at once. Nothing begins unless `may_send`.

    Each result goes to `ended`; `freed` is called whenever there is nothing more for a slot.
    """

    def __init__(
        self,
        sender: Sender,
        courier: Courier,
        pace: Pace,
        clock: Clock,
        may_send: Callable[[], bool],
        ended: Callable[[Result], None],
        freed: Callable[[], None],
    ) -> None:
        self._sender = sender
        self._courier = courier
        self._pace = pace
        self._clock = clock
        self._may_send = may_send
        self._ended = ended
        self._freed = freed
        self._ready: deque[Claimed] = deque()
        self._sending: dict[int, Claimed] = {}
        self._begun: dict[int, float] = {}
        self._slots: set[asyncio.Task[None]] = set()

    @property
    def claimed(self) -> Sequence[Claimed]:
        """What is being sent, and what is about to be."""
        return [*self._ready, *self._sending.values()]

    @property
    def ready(self) -> int:
        """How many are about to be sent."""
        return len(self._ready)

    @property
    def busy(self) -> int:
        """How many are being sent."""
        return len(self._sending)

    def add(self, claims: Iterable[Claimed]) -> None:
        """Send these, as soon as there are slots."""
        self._ready.extend(claims)
        self.fill()

    def fill(self) -> None:
        """Begin as far as there are slots; give back what may not be sent after all."""
        while len(self._sending) < self._sender.limits.at_once or not self._may_send():
            first = self._next_begun()
            if first is None:
                return
            slot = asyncio.create_task(self._send(first))
            self._slots.add(slot)
            slot.add_done_callback(self._free)

    def abandon(self) -> None:
        """Drop the sends that hang: nobody knows whether they arrive."""
        for slot in self._slots:
            slot.cancel()

    def _free(self, slot: asyncio.Task[None]) -> None:
        self._slots.discard(slot)
        self._freed()

    def _next_begun(self) -> Claimed | None:
        """The next one that is claimed, whose send begins."""
        while self._ready:
            claimed, now = self._ready.popleft(), self._clock()
            seconds = now.timestamp()
            if not self._may_send() or not self._pace.room(seconds) or claimed.target in self._pace.barred(seconds):
                self._ended(verdict.not_begun(claimed, now))
                continue
            is_group = self._sender.is_group(Address(claimed.address, claimed.thread))
            self._pace.begin(claimed.target, is_group, seconds)
            self._sending[claimed.id] = claimed
            self._begun[claimed.id] = seconds
            return claimed
        return None

    async def _send(self, first: Claimed) -> None:
        # One task for one after the other, each begun in the moment in which the last one ended.
        claimed: Claimed | None = first
        while claimed:
            result = None
            try:
                result = await self._courier.carry(claimed)
            finally:
                del self._sending[claimed.id]
                self._pace.end(claimed.target, self._begun.pop(claimed.id), self._clock().timestamp())
                if result:
                    self._ended(result)
            claimed = self._next_begun()
