"""The directory: who represents whom, as anybody may be told. No address and no account leaves the database here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Body, Group, Person, Representative
from storage.words import RepresentativeKind, RepresentativeStatus

KNOWN = (RepresentativeStatus.CONFIRMED, RepresentativeStatus.ENDED)
"""Statuses that are public: what is asked for and what was declined is not."""

_R = Representative


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place in one group. `name` is empty when the person was forgotten."""

    person_id: int
    name: str
    group: str
    body: str
    kind: RepresentativeKind
    status: RepresentativeStatus
    affiliation: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which seats: of these groups or bodies, or of all; of these persons, or of all.

    `since` and `until` are partial dates: seats that were held at some time between them.
    """

    statuses: frozenset[RepresentativeStatus] = frozenset({RepresentativeStatus.CONFIRMED})
    groups: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()
    kind: RepresentativeKind | None = None
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the seats, how many there are over all, and how many of these are alternates'."""

    seats: Sequence[Seat]
    total: int
    alternates: int


@dataclass(frozen=True, slots=True)
class Named:
    """A person who is or was a representative."""

    id: int
    name: str


async def find(session: AsyncSession, chosen: Chosen, *, offset: int = 0, limit: int | None = None) -> Found:
    """The seats, by group; in each those that are held first, of them the representatives, the longest first."""
    where = _conditions(chosen)
    is_alternate = case((_R.kind == RepresentativeKind.ALTERNATE, 1), else_=0)
    counted = select(func.count(), func.coalesce(func.sum(is_alternate), 0)).select_from(_R).where(*where)
    total, alternates = (await session.execute(counted)).one()
    if total <= offset:
        return Found((), total, alternates)
    order = (_R.group_id, _R.status, _R.kind.desc(), _R.since, _R.id)
    rows = await session.execute(_seats().where(*where).order_by(*order).offset(offset).limit(limit))
    return Found([Seat(*row) for row in rows], total, alternates)


async def is_empty(session: AsyncSession) -> bool:
    """Whether nobody represents any group."""
    query = select(_R.id).where(_R.status == RepresentativeStatus.CONFIRMED).limit(1)
    return await session.scalar(query) is None


async def named(session: AsyncSession, names: Collection[str]) -> Sequence[Named]:
    """The persons who have one of these names."""
    return await _persons(session, Person.name.in_(list(names)))


async def with_words(session: AsyncSession, words: Collection[str], limit: int = 10) -> Sequence[Named]:
    """Persons whose names have all of these words, or whose affiliation has."""
    named = and_(*(func.lower(Person.name).contains(word, autoescape=True) for word in words))
    if found := await _persons(session, named, limit=limit):
        return found
    affiliated = [func.lower(_R.affiliation).contains(word, autoescape=True) for word in words]
    current = select(_R.id).where(_R.person_id == Person.id, _R.status == RepresentativeStatus.CONFIRMED, *affiliated)
    return await _persons(session, Person.name != "", current.exists(), limit=limit)


async def everybody(session: AsyncSession) -> Sequence[Named]:
    """All persons of the directory: for names that nobody has as they are written."""
    return await _persons(session, Person.name != "")


async def vacant(session: AsyncSession, kind: RepresentativeKind = RepresentativeKind.REPRESENTATIVE) -> Sequence[int]:
    """Ids of the groups at work that have nobody of that kind."""
    held = select(_R.id).where(_R.group_id == Group.id, _R.status == RepresentativeStatus.CONFIRMED, _R.kind == kind)
    query = select(Group.id).where(Group.ended == "", ~held.exists()).order_by(Group.id)
    return list(await session.scalars(query))


async def _persons(session: AsyncSession, *where: ColumnElement[bool], limit: int | None = None) -> Sequence[Named]:
    known = select(_R.id).where(_R.person_id == Person.id, _R.status.in_(KNOWN)).exists()
    query = select(Person.id, Person.name).where(*where, known).order_by(Person.id).limit(limit)
    return [Named(*row) for row in await session.execute(query)]


def _seats() -> Select[*tuple[Any, ...]]:
    return (
        select(
            _R.person_id,
            Person.name,
            func.coalesce(Group.code, _R.proposed),
            func.coalesce(Body.code, ""),
            _R.kind,
            _R.status,
            _R.affiliation,
            _R.since,
            _R.until,
        )
        .join(Person, Person.id == _R.person_id)
        .outerjoin(Group, Group.id == _R.group_id)
        .outerjoin(Body, Body.id == Group.body_id)
    )


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [_R.status.in_(sorted(chosen.statuses))]
    sources: list[ColumnElement[bool]] = []
    if chosen.groups:
        sources.append(_R.group_id.in_(sorted(chosen.groups)))
    if chosen.bodies:
        sources.append(_R.group_id.in_(select(Group.id).where(Group.body_id.in_(sorted(chosen.bodies)))))
    if sources:
        where.append(or_(*sources))
    if chosen.persons:
        where.append(_R.person_id.in_(sorted(chosen.persons)))
    if chosen.kind:
        where.append(_R.kind == chosen.kind)
    # Partial dates are compared as far as both of them go.
    if chosen.until:
        where.append(func.substr(_R.since, 1, len(chosen.until)) <= chosen.until)
    if chosen.since:
        over = func.substr(literal(chosen.since), 1, func.length(_R.until)) > _R.until
        where.append(or_(_R.until == "", ~over))
    return where
