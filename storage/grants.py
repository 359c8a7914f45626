"""Grants: which roles persons were given, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import accounts
from storage.people import Household
from storage.roles import Role
from storage.tables import Grant, Person
from storage.targets import Destination, kept, of_person
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that a person was given; `by` is empty where nobody in the database gave it."""

    person_id: int
    name: str
    role: Role
    at: datetime
    by: str


async def everybody(session: AsyncSession) -> Sequence[Granted]:
    """All grants, the highest role first."""
    giver = aliased(Person)
    query = (
        select(Grant.person_id, Person.name, Grant.role, Grant.granted_at, giver.name)
        .join(Person, Person.id == Grant.person_id)
        .join(giver, giver.id == Grant.granted_by, isouter=True)
        .order_by(Grant.role.desc(), Person.name, Grant.person_id)
    )
    return [Granted(row[0], row[1], Role(row[2]), row[3], row[4] or "") for row in await session.execute(query)]


async def of(session: AsyncSession, person_id: int) -> Collection[Role]:
    """The roles that the person was given."""
    return {Role(one) for one in await session.scalars(select(Grant.role).where(Grant.person_id == person_id))}


async def set_role(session: AsyncSession, person_id: int, role: Role, by: int, now: datetime) -> None:
    """The person has this role and no other. Look at `is_last_administrator` first."""
    await session.execute(delete(Grant).where(Grant.person_id == person_id))
    row = {"person_id": person_id, "role": int(role), "granted_at": now, "granted_by": by}
    await upsert(session, Grant, row, ["person_id", "role"])


async def take(session: AsyncSession, person_id: int, role: Role) -> bool:
    """Take the role away; whether the person had it. Look at `is_last_administrator` first."""
    gone = delete(Grant).where(Grant.person_id == person_id, Grant.role == int(role)).returning(Grant.role)
    return (await session.execute(gone)).first() is not None


async def is_last_administrator(session: AsyncSession, person_id: int, household: Household) -> bool:
    """Whether nobody would be an administrator without the person.

    Until the transaction ends nobody else changes who is one, so that two who remove each other do not both go.
    """
    query = select(Grant.person_id).where(Grant.role == int(Role.ADMINISTRATOR)).order_by(Grant.person_id)
    granted = list(await session.scalars(query.with_for_update()))
    own = {one.key for one in await accounts.of(session, person_id)}
    named = [one for one in household.administrators if one not in own]
    is_one = person_id in granted or any(one in own for one in household.administrators)
    return is_one and granted in ([], [person_id]) and not named


async def is_named(session: AsyncSession, person_id: int, household: Household) -> bool:
    """Whether the settings name the person as an administrator, which no command changes."""
    return any(one.key in household.administrators for one in await accounts.of(session, person_id))


async def administrators(session: AsyncSession, household: Household) -> Sequence[int]:
    """The targets at which administrators are told things."""
    query = select(Grant.person_id).where(Grant.role == int(Role.ADMINISTRATOR)).order_by(Grant.person_id)
    persons = list(await session.scalars(query))
    unknown = []
    named = [*household.administrators, *(key for key, role in household.roles.items() if role >= Role.ADMINISTRATOR)]
    for key in named:
        platform, _, external_id = key.partition(":")
        found = await accounts.owner(session, platform, external_id)
        if found is None:
            unknown.append(await kept(session, Destination(platform, external_id)))
        else:
            persons.append(found)
    known = [await of_person(session, one) for one in dict.fromkeys(persons)]
    return list(dict.fromkeys([*(one for one in known if one is not None), *unknown]))
