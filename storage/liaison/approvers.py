"""Approvers: who chairs the host group now, and which persons they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.roles import Role
from storage.tables import Grant, Officer, Person, Representative
from storage.words import RepresentativeStatus

_CHAIRS = re.compile(r"(?:(?:acting|interim|co|joint)[\s-]*)*chair(?:man|woman|person)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chair:
    """Somebody who chairs the group: `role` as the list has it.

    `persons` are those of that name for whom the secretariat vouched: they represent a group, or were given as much.
    Anybody may take a name.
    """

    name: str
    role: str
    persons: Collection[int]


async def chairs(session: AsyncSession, group_id: int | None, today: date) -> Sequence[Chair]:
    """Who chairs the group on that day: chair, co-chairs and whoever acts as one, in the order of the list."""
    query = select(Officer.name, Officer.role, Officer.since, Officer.until).where(Officer.group_id == group_id)
    rows = (await session.execute(query.order_by(Officer.id))).all()
    found = [row for row in rows if _CHAIRS.fullmatch(row.role.strip()) and _is_now(row.since, row.until, today)]
    return [Chair(row.name, row.role, await _persons(session, row.name)) for row in found]


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, whatever their case and spaces."""
    return _folded(one) == _folded(other)


def _is_now(since: str, until: str, today: date) -> bool:
    """Whether a term of partial dates, or of no end, has that day."""
    day = today.isoformat()
    return since <= day and (not until or day[: len(until)] <= until)


async def _persons(session: AsyncSession, name: str) -> Collection[int]:
    is_called = or_(Person.name == name, func.lower(Person.name) == name.lower())
    living = (Person.merged_into.is_(None), Person.forgotten_at.is_(None))
    appointed = exists().where(
        Representative.person_id == Person.id, Representative.status == RepresentativeStatus.CONFIRMED
    )
    granted = exists().where(Grant.person_id == Person.id, Grant.role >= Role.REPRESENTATIVE)
    query = select(Person.id).where(is_called, *living, appointed | granted).order_by(Person.id)
    return tuple(await session.scalars(query))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
