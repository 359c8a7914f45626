"""Accounts: the platforms on which a person is known, and the addresses that they proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Account, Person, Representative
from storage.targets import EMAIL


@dataclass(frozen=True, slots=True)
class Own:
    """An account of a person."""

    id: int
    platform: str
    external_id: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.external_id}"


async def of(session: AsyncSession, person_id: int) -> Sequence[Own]:
    """The person's accounts, oldest first."""
    query = select(Account.id, Account.platform, Account.external_id, Account.name).where(
        Account.person_id == person_id
    )
    return [Own(*row) for row in await session.execute(query.order_by(Account.id))]


async def owner(session: AsyncSession, platform: str, external_id: str) -> int | None:
    """Whose account it is."""
    query = select(Account.person_id).where(Account.platform == platform, Account.external_id == external_id)
    return await session.scalar(query)


async def add_address(session: AsyncSession, person_id: int, address: str, now: datetime) -> int:
    """Make a proved address the person's account; gives whose it is, which may be somebody else's already."""
    found = await owner(session, EMAIL, address)
    if found is not None:
        return found
    row = {"person_id": person_id, "platform": EMAIL, "external_id": address, "created_at": now}
    try:
        async with session.begin_nested():
            await session.execute(insert(Account).values(name="", timezone="", **row))
    except IntegrityError:  # two proved the same address at once
        return await owner(session, EMAIL, address) or person_id
    return person_id


async def remove(session: AsyncSession, person_id: int, account: int) -> bool:
    """Take an account away from the person, unless it is their last one; whether that was done.

    One who speaks from it later is a new person. Two who remove the last two at once do not remove both.
    """
    await session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    mine = await of(session, person_id)
    if len(mine) < 2 or account not in {one.id for one in mine}:
        return False
    await session.execute(delete(Account).where(Account.id == account))
    return True


async def registered_with(session: AsyncSession, address: str) -> Sequence[int]:
    """Persons whom the secretariat registered with this address and who have no account of their own yet."""
    query = (
        select(Representative.person_id)
        .join(Person, Person.id == Representative.person_id)
        .where(
            Representative.email == address,
            Person.merged_into.is_(None),
            Person.forgotten_at.is_(None),
            ~select(Account.id).where(Account.person_id == Person.id, Account.platform != EMAIL).exists(),
        )
        .distinct()
        .order_by(Representative.person_id)
    )
    return list(await session.scalars(query))


async def reach_on(session: AsyncSession, person_id: int, platform: str) -> None:
    """From now on the person is told things on this platform."""
    await session.execute(update(Person).where(Person.id == person_id).values(reached_on=platform))


async def reached_on(session: AsyncSession, person_id: int) -> str:
    """The platform where the person wants to be told things; empty: where they spoke first."""
    return await session.scalar(select(Person.reached_on).where(Person.id == person_id)) or ""
