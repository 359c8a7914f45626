"""Chores: what the bot does by itself when the time has come, found beside the commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from storage.catalogue import Catalogue
from storage.people import Household


@dataclass(frozen=True, slots=True)
class Errand:
    """One run of a chore, in a transaction of its own. `now` is aware and in UTC."""

    session: AsyncSession
    catalogue: Catalogue
    now: datetime
    host: str
    household: Household

    @property
    def zone(self) -> ZoneInfo:
        """That of whoever set none."""
        return self.household.zone


Deed = Callable[[Errand], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Looks, every so often, for what is due in the database.

    It may run twice, in two processes at once or not for days: what it does must be the same then, which the
    outbox's keys and conditions on rows see to.
    """

    name: str
    every: timedelta
    run: Deed = field(repr=False)

    async def __call__(self, errand: Errand) -> None:
        await self.run(errand)


def chore(name: str, *, every: timedelta) -> Callable[[Deed], Chore]:
    """Declare the function below as the chore `name`."""

    def declare(run: Deed) -> Chore:
        return Chore(name, every, run)

    return declare
