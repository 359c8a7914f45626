"""The line: what is due, read ahead from the outbox and claimed from its head."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries
from storage.deliveries import Claimed
from storage.words import DeliveryState

LENGTH = 64
"""Deliveries that are read at once."""

FRESH = timedelta(seconds=1)
"""So long they are taken for the most urgent that there are."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What is to be sent now, the states of what is not sent any more, and whether no more is due."""

    sends: Sequence[Claimed] = ()
    ended: Sequence[DeliveryState] = ()
    is_all: bool = False


class Line:
    """What stands in it is not claimed: whatever became of it since it was read, it is sent as it is when claimed.

    `only`: nothing but what goes to that address.
    """

    def __init__(self, platform: str, only: str | None) -> None:
        self._platform = platform
        self._only = only
        self._due: list[Claimed] = []
        self._read_at = datetime.min.replace(tzinfo=UTC)

    def dissolve(self) -> None:
        """Something changed that may change the order: it is read anew."""
        self._due = []

    async def claim(self, session: AsyncSession, count: int, barred: Collection[int], now: datetime) -> Claims:
        """Claim up to so many, each to another target and none to a barred one."""
        if now - self._read_at >= FRESH:
            self.dissolve()
        chosen = self._choose(count, barred)
        if len(chosen) == count:
            self._leave(chosen)
            return Claims(await deliveries.take(session, chosen, now))
        found = await deliveries.line_up(session, self._platform, LENGTH, barred, now, self._only)
        self._due, self._read_at = list(found.due), now
        chosen = self._choose(count, barred)
        self._leave(chosen)
        sends = await deliveries.take(session, chosen, now)
        return Claims(sends, found.ended, found.is_all and len(chosen) < count)

    def _choose(self, count: int, barred: Collection[int]) -> list[Claimed]:
        chosen: dict[int, Claimed] = {}
        for one in self._due:
            if len(chosen) == count:
                break
            if one.target not in barred:
                chosen.setdefault(one.target, one)
        return list(chosen.values())

    def _leave(self, chosen: Collection[Claimed]) -> None:
        gone = {one.id for one in chosen}
        self._due = [one for one in self._due if one.id not in gone]
