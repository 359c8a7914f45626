"""Representatives: who speaks for which group. E-mail addresses are had from `contact` alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.tables import Account, Body, Group, Person, Representative
from storage.targets import EMAIL
from storage.words import OPEN, RepresentativeKind, RepresentativeStatus

CONFIRMED = (RepresentativeStatus.CONFIRMED,)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A representative with the names of person, group and body, and without any address.

    `name` is empty when the person was forgotten. A group that `is_proposed` has no id, and its `group` is how the
    person called it. `decided_by` is a name, empty while nobody decided.
    """

    id: int
    person_id: int
    name: str
    group_id: int | None
    group: str
    body: str
    is_proposed: bool
    kind: RepresentativeKind
    status: RepresentativeStatus
    is_verified: bool
    affiliation: str
    since: str
    until: str
    liaison: str
    requested_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str
    ended_at: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    follows: int | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_confirmed(self) -> bool:
        return self.status is RepresentativeStatus.CONFIRMED


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a representative: for the secretariat and representatives alone, and in private."""

    email: str
    is_verified: bool
    accounts: Sequence[tuple[str, str]]
    """Platform, and the name there."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the directory, and how many there are over all."""

    total: int
    appointments: Sequence[Appointment]


_Decider = aliased(Person)
_R = Representative


_APPOINTMENTS = (
    select(
        _R.id,
        _R.person_id,
        Person.name,
        _R.group_id,
        func.coalesce(Group.code, _R.proposed),
        func.coalesce(Body.code, ""),
        _R.group_id.is_(None),
        _R.kind,
        _R.status,
        _R.email_proved_at.is_not(None),
        _R.affiliation,
        _R.since,
        _R.until,
        _R.liaison,
        _R.requested_at,
        _R.decided_at,
        func.coalesce(_Decider.name, ""),
        _R.reason,
        _R.ended_at,
        _R.asked_at,
        _R.answered_at,
        _R.follows,
    )
    .join(Person, Person.id == _R.person_id)
    .outerjoin(Group, Group.id == _R.group_id)
    .outerjoin(Body, Body.id == Group.body_id)
    .outerjoin(_Decider, _Decider.id == _R.decided_by)
)


async def _read(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> Sequence[Appointment]:
    return [Appointment(*row) for row in await session.execute(query)]


async def found(session: AsyncSession, id: int) -> Appointment | None:
    """The representative of that number, whatever became of it."""
    read = await _read(session, _APPOINTMENTS.where(_R.id == id))
    return read[0] if read else None


async def known(session: AsyncSession, id: int) -> Appointment:
    """As `found`, for a number that is known to exist. Raises `LookupError`."""
    one = await found(session, id)
    if one is None:
        raise LookupError(f"representative {id}")
    return one


async def numbered(session: AsyncSession, ids: Collection[int]) -> Sequence[Appointment]:
    """Those representatives, in the order of their numbers."""
    return await _read(session, _APPOINTMENTS.where(_R.id.in_(list(ids))).order_by(_R.id))


async def of_group(
    session: AsyncSession, group_id: int, statuses: Collection[RepresentativeStatus] = CONFIRMED
) -> Sequence[Appointment]:
    """Who represents a group: representatives first, then alternates, the longest-serving first."""
    where = (_R.group_id == group_id, _R.status.in_(list(statuses)))
    return await _read(session, _APPOINTMENTS.where(*where).order_by(_R.kind.desc(), _R.id))


async def of_person(
    session: AsyncSession, person_id: int, statuses: Collection[RepresentativeStatus] = OPEN
) -> Sequence[Appointment]:
    """What a person represents, or asks to."""
    where = (_R.person_id == person_id, _R.status.in_(list(statuses)))
    return await _read(session, _APPOINTMENTS.where(*where).order_by(_R.id))


async def directory(
    session: AsyncSession,
    *,
    group_ids: Collection[int] | None = None,
    body_ids: Collection[int] | None = None,
    statuses: Collection[RepresentativeStatus] = CONFIRMED,
    offset: int = 0,
    limit: int = 10,
) -> Page:
    """The list of representatives, by body and group; of some groups or bodies when they are given."""
    where: list[ColumnElement[bool]] = [_R.status.in_(list(statuses))]
    if group_ids is not None:
        where.append(_R.group_id.in_(list(group_ids)))
    if body_ids is not None:
        where.append(_R.group_id.in_(select(Group.id).where(Group.body_id.in_(list(body_ids)))))
    total = await session.scalar(select(func.count()).select_from(_R).where(*where)) or 0
    if total <= offset:
        return Page(total, ())
    # Which ones is asked first: their names are looked up for this page alone.
    ids = select(_R.id).where(*where)
    if group_ids is None or len(group_ids) != 1:
        ids = ids.outerjoin(Group, Group.id == _R.group_id).outerjoin(Body, Body.id == Group.body_id)
        ids = ids.order_by(Body.code, Group.code, _R.proposed)
    chosen = list(await session.scalars(ids.order_by(_R.kind.desc(), _R.id).offset(offset).limit(limit)))
    by_id = {one.id: one for one in await numbered(session, chosen)}
    return Page(total, [by_id[one] for one in chosen])


async def without_representative(session: AsyncSession, body_ids: Collection[int] | None = None) -> Sequence[int]:
    """Ids of the groups at work that have no confirmed representative; an alternate alone does not make one."""
    has_one = exists().where(
        _R.group_id == Group.id, _R.status.in_(CONFIRMED), _R.kind == RepresentativeKind.REPRESENTATIVE
    )
    query = select(Group.id).join(Body, Body.id == Group.body_id).where(Group.ended == "", ~has_one)
    if body_ids is not None:
        query = query.where(Group.body_id.in_(list(body_ids)))
    return list(await session.scalars(query.order_by(Body.code, Group.code)))


async def confirmed_persons(session: AsyncSession, group_ids: Collection[int] | None = None) -> Sequence[int]:
    """Ids of the persons who represent these groups, or any group; each once."""
    query = select(_R.person_id).where(_R.status.in_(CONFIRMED))
    if group_ids is not None:
        query = query.where(_R.group_id.in_(list(group_ids)))
    return list(await session.scalars(query.distinct().order_by(_R.person_id)))


async def contact(session: AsyncSession, id: int) -> Contact:
    """The address and the accounts of a representative: personal data, see `Contact`."""
    query = select(_R.person_id, _R.email, _R.email_proved_at).where(_R.id == id)
    person_id, email, proved_at = (await session.execute(query)).one()
    accounts = select(Account.platform, Account.name, Account.external_id).where(
        Account.person_id == person_id, Account.platform != EMAIL
    )
    rows = (await session.execute(accounts.order_by(Account.id))).all()
    return Contact(email, proved_at is not None, [(row.platform, row.name or row.external_id) for row in rows])


__all__ = [
    "CONFIRMED",
    "Appointment",
    "Contact",
    "Page",
    "confirmed_persons",
    "contact",
    "directory",
    "found",
    "known",
    "numbered",
    "of_group",
    "of_person",
    "without_representative",
]
