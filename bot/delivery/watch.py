"""The watch: when there is something to do next in the outbox, as far as that is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import deliveries
from storage.deliveries import Outlook

LOOK = {True: timedelta(seconds=15), False: timedelta(seconds=5)}
"""Time between two looks for what another process put: on SQLite that is rare, on PostgreSQL a replica does it."""

LOCKED = timedelta(seconds=0.25)
"""So long what is due and held by somebody else's transaction is left alone."""


class Watch:
    """`only`: of nothing but what goes to that address."""

    def __init__(self, platform: str, is_sqlite: bool, only: str | None) -> None:
        self._platform = platform
        self._only = only
        self._look = LOOK[is_sqlite]
        self._outlook = Outlook(None, None)
        self._look_at = datetime.min.replace(tzinfo=UTC)

    async def look(
        self,
        session: AsyncSession,
        now: datetime,
        excluded: Collection[int],
        in_hand: Collection[int],
        free_at: datetime | None,
    ) -> None:
        """Look for what is not excluded or in hand. At `free_at` more may be sent to than now."""
        self._outlook = await deliveries.outlook(session, self._platform, excluded, in_hand, self._only)
        look_at = now + self._look
        self._look_at = min(look_at, free_at) if free_at else look_at

    def is_over(self, now: datetime) -> bool:
        """Whether it is time for another look."""
        return now >= self._look_at

    def is_due(self, now: datetime) -> bool:
        """Whether something is due."""
        return self._outlook.due is not None and self._outlook.due <= now

    def is_stale(self, now: datetime) -> bool:
        """Whether a claim is over of somebody who may be gone."""
        return self._outlook.stale is not None and self._outlook.stale <= now

    def expect(self, due: datetime) -> None:
        """Something may be due then."""
        self._outlook = replace(self._outlook, due=due)

    def far(self, now: datetime) -> datetime:
        """When to look if there is nothing to do at all."""
        return now + self._look

    def next(self, now: datetime, room_at: datetime) -> datetime:
        """When there may be something to do, sends beginning not before `room_at`."""
        moments = [self.far(now), max(self._look_at, now)]
        if self._outlook.due:
            moments.append(max(self._outlook.due, room_at))
        if self._outlook.stale:
            moments.append(self._outlook.stale)
        return min(moments)
