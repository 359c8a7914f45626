"""The secretariat's places: the targets that requests and reports go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Account, Person, Target


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """A place that the secretariat chose; `closed_because` says why nothing reaches it.

    `name` is what people call it: the channel's title, or the name of whose own chat it is.
    """

    platform: str
    address: str
    name: str
    closed_because: str


async def choose(session: AsyncSession, target: int) -> bool:
    """Requests and reports go there from now on; a place that was closed is open again. False: they went already."""
    chosen = update(Target).where(Target.id == target, Target.is_secretariat.is_(False) | Target.closed_at.is_not(None))
    chosen = chosen.values(is_secretariat=True, closed_at=None, closed_because="")
    return (await session.execute(chosen.returning(Target.id))).first() is not None


async def leave(session: AsyncSession, target: int) -> bool:
    """Requests and reports go there no longer. False: they did not."""
    left = update(Target).where(Target.id == target, Target.is_secretariat.is_(True)).values(is_secretariat=False)
    return (await session.execute(left.returning(Target.id))).first() is not None


async def is_chosen(session: AsyncSession, platform: str, address: str) -> bool:
    """Whether requests and reports go to that place, or to a thread in it."""
    there = (Target.platform == platform, Target.address == address)
    chosen = exists().where(*there, Target.is_secretariat.is_(True), Target.closed_at.is_(None))
    return bool((await session.execute(select(chosen))).scalar_one())


async def places(session: AsyncSession) -> Sequence[ChosenPlace]:
    """The places that were chosen, also those that nothing reaches any more."""
    owner = (Account.platform == Target.platform) & (Account.external_id == Target.address)
    name = func.coalesce(func.nullif(Person.name, ""), func.nullif(Account.name, ""), Target.title)
    query = (
        select(Target.platform, Target.address, name, Target.closed_because)
        .outerjoin(Account, owner)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Target.is_secretariat.is_(True))
        .order_by(Target.id)
    )
    rows = await session.execute(query)
    return [ChosenPlace(*row) for row in rows]
