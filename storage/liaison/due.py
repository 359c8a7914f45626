"""What is due: open liaison statements whose deadline is near, and the clocks of those who see to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.people import known_zone
from storage.tables import Account, Liaison, LiaisonAddressee, Person
from storage.words import UNSETTLED, DeadlineKind, Direction, LiaisonStatus, Purpose

_asks_to_act = exists().where(LiaisonAddressee.liaison_id == Liaison.id, LiaisonAddressee.purpose == Purpose.ACTION)
_is_unsettled = and_(Liaison.direction == Direction.INCOMING, Liaison.status.in_(UNSETTLED))
_is_waiting = and_(Liaison.status == LiaisonStatus.SENT, _asks_to_act)


async def near(session: AsyncSession, first: date, last: date) -> Sequence[int]:
    """Ids of the statements of which something is due between these days: open ones, and sent ones that ask to act."""
    own = exists().where(LiaisonAddressee.liaison_id == Liaison.id, _between(LiaisonAddressee.due, first, last))
    whole = and_(Liaison.deadline_kind == DeadlineKind.DATE, _between(Liaison.deadline, first, last))
    query = select(Liaison.id).where(or_(_is_unsettled, _is_waiting), or_(whole, own))
    return list(await session.scalars(query.order_by(Liaison.id)))


async def zones(session: AsyncSession, persons: Collection[int], usual: ZoneInfo) -> Mapping[int, ZoneInfo]:
    """The zone of each of the persons: their own, else their account's, else the usual one."""
    query = (
        select(Person.id, Person.timezone, Account.timezone)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(list(persons)))
        .order_by(Person.id, Account.platform != Person.reached_on, Account.id)
    )
    found: dict[int, ZoneInfo] = {}
    for person, own, of_account in await session.execute(query):
        zone = known_zone(own) or known_zone(of_account or "")
        if zone is not None:
            found.setdefault(person, zone)
    return {person: found.get(person, usual) for person in persons}


def _between(column: InstrumentedAttribute[str], first: date, last: date) -> ColumnElement[bool]:
    """Whether a date is between these days, or a month or year that one of them is in."""
    begin, end = first.isoformat(), last.isoformat()
    partial = sorted({day[:length] for day in (begin, end) for length in (4, 7)})
    return or_(column.between(begin, end), column.in_(partial))
