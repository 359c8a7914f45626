"""The queue of updates: polled by the bot, or posted to its webhook."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .errors import ApiError, conflict
from .params import Object
from .webhook import Poster, Webhook

KINDS_LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(eq=False)
class Update:
    """Something that happened; `copies` counts how often it is still to be delivered."""

    id: int
    kind: str
    body: Object
    lane: int
    copies: int = 1

    def payload(self) -> Object:
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """What the bot has not confirmed yet, oldest first."""

    def __init__(self, poster: Poster, first_id: int = 700_000_001) -> None:
        self.pending: dict[int, Update] = {}
        self.allowed: list[str] | None = None
        self.poster = poster
        self._next_id = first_id
        self._waiter: asyncio.Future[None] | None = None

    @property
    def webhook(self) -> Webhook | None:
        return self.poster.webhook

    def put(self, kind: str, body: Object, lane: int, copies: int = 1) -> Update | None:
        """Queues an update, unless the bot has not asked for its kind."""
        if not self._is_allowed(kind):
            return None
        update = Update(self._next_id, kind, body, lane, copies)
        self._next_id += 1
        self.pending[update.id] = update
        self._deliver(update)
        return update

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Object]:
        """Long polling; raises 409 in an older poll that this one ends."""
        if self.webhook:
            raise conflict(WEBHOOK_ACTIVE)
        self.interrupt(conflict(OTHER_POLLER))
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        return [update.payload() for update in list(self.pending.values())[: limit or 100]]

    def interrupt(self, error: ApiError | None = None) -> None:
        """Ends a poll that waits: with an error, or with no updates."""
        if self._waiter and not self._waiter.done():
            if error:
                self._waiter.set_exception(error)
            else:
                self._waiter.set_result(None)
        self._waiter = None

    def set_webhook(self, webhook: Webhook) -> None:
        self.interrupt(conflict("terminated by setWebhook request"))
        self.poster.start(webhook)
        for update in list(self.pending.values()):
            self._deliver(update)

    def delete_webhook(self) -> None:
        self.poster.stop()

    def _deliver(self, update: Update) -> None:
        if self.webhook:
            self.poster.post(update.payload(), update.lane, lambda: self._delivered(update))
        elif self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _delivered(self, update: Update) -> bool:
        """Notes one delivery to the webhook; says whether it was the last."""
        update.copies -= 1
        if update.copies <= 0:
            self.pending.pop(update.id, None)
        return update.copies <= 0

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            for number in list(self.pending)[:offset]:
                del self.pending[number]
            return
        for number in [number for number in self.pending if number < offset]:
            self._delivered(self.pending[number])

    async def _wait(self, timeout: float) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _is_allowed(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in KINDS_LEFT_OUT
