"""Finding liaison statements: a page of those that a selection wants, how many there are, and what is said of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BindParameter, Executable, Row, SQLColumnExpression, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison.selection import ASKING, Selection, condition, order_by
from storage.liaison.unsent import are_unsent
from storage.search import words
from storage.tables import Liaison, LiaisonAddressee, LiaisonAssignment, Person
from storage.words import (
    UNSENT,
    UNSETTLED,
    AssignmentState,
    DeadlineKind,
    Direction,
    LiaisonStatus,
    Purpose,
)

_SIGNS = " -_/.:()"
"""What numbers are written with, beside letters and digits."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A group that is asked something: until when, by which statement it answered, and which one asked for time."""

    name: str
    purpose: Purpose
    group_id: int | None
    asked: str
    due: str
    answer: str = ""
    holding: str = ""

    @property
    def waits(self) -> bool:
        return self.purpose in ASKING and not self.answer


@dataclass(frozen=True, slots=True)
class Owner:
    """Who sees to what a group is asked; the name of one who was forgotten is empty."""

    group: str
    name: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A liaison statement as a list shows it."""

    id: int
    number: str
    ours: str
    direction: Direction
    date: str
    source: str
    source_id: int | None
    title: str
    status: LiaisonStatus
    deadline: str
    deadline_kind: DeadlineKind
    in_response_to: str
    is_holding: bool
    summary: str
    url: str
    addressees: tuple[Addressee, ...]
    owners: tuple[Owner, ...]

    @property
    def waiting(self) -> tuple[Addressee, ...]:
        """Those who are asked and have not answered, while the statement is open."""
        if self.status not in _FOLLOWED:
            return ()
        return tuple(one for one in self.addressees if one.waits)

    @property
    def is_open(self) -> bool:
        return self.status in UNSETTLED or bool(self.waiting)

    def named(self, purpose: Purpose) -> tuple[str, ...]:
        return tuple(one.name for one in self.addressees if one.purpose is purpose)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of statements by id, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


_FOLLOWED = (*UNSETTLED, LiaisonStatus.SENT)
"""Statuses of which a list says who is waited for."""

_TOTAL = func.count().over().label("total")
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_LINES = select(
    Liaison.id,
    Liaison.number,
    func.coalesce(Liaison.ours, ""),
    Liaison.direction,
    Liaison.date,
    Liaison.source,
    Liaison.source_id,
    Liaison.title,
    Liaison.status,
    Liaison.deadline,
    Liaison.deadline_kind,
    Liaison.in_response_to,
    Liaison.is_holding,
    Liaison.summary,
    Liaison.url,
).where(Liaison.id.in_(_IDS))
_ADDRESSEES = (
    select(
        LiaisonAddressee.liaison_id,
        LiaisonAddressee.name,
        LiaisonAddressee.purpose,
        LiaisonAddressee.group_id,
        LiaisonAddressee.asked,
        LiaisonAddressee.due,
    )
    .where(LiaisonAddressee.liaison_id.in_(_IDS))
    .order_by(LiaisonAddressee.liaison_id, LiaisonAddressee.purpose, LiaisonAddressee.position, LiaisonAddressee.name)
)
_REPLIES = (
    select(Liaison.response_to_id, Liaison.number, Liaison.source_id, Liaison.source, Liaison.is_holding)
    .where(Liaison.response_to_id.in_(_IDS), Liaison.status.not_in((*UNSENT, LiaisonStatus.WITHDRAWN)))
    .order_by(Liaison.id)
)
_OWNERS = (
    select(
        LiaisonAssignment.liaison_id,
        LiaisonAssignment.name,
        func.coalesce(Person.name, "").label("person"),
        LiaisonAssignment.state,
    )
    .join(Person, Person.id == LiaisonAssignment.person_id)
    .where(LiaisonAssignment.liaison_id.in_(_IDS))
    .order_by(LiaisonAssignment.id)
)


async def find(session: AsyncSession, wanted: Selection, limit: int | None = None, offset: int = 0) -> Found:
    """The statements that a selection wants, in its order; all of them without a limit."""
    rows = (await session.execute(_page(_dialect(session), wanted, limit, offset))).all()
    if rows:
        return Found(tuple(row.id for row in rows), rows[0].total)
    return Found((), await count(session, wanted) if offset else 0)


async def count(session: AsyncSession, wanted: Selection) -> int:
    """How many statements a selection wants."""
    query = select(func.count()).select_from(Liaison).where(condition(_dialect(session), wanted))
    return await session.scalar(query) or 0


async def numbered(session: AsyncSession, ends: Collection[str], *, drafts: bool = False) -> Sequence[int]:
    """The statements whose number, or ours, ends so, letters and digits alone in lower case; a whole one goes first.

    An end begins where a word or a number does: `5` is no end of `LS15`.
    """
    wanted = sorted(filter(None, ends))
    if not wanted:
        return ()
    plain = [_plain(Liaison.number), _plain(func.coalesce(Liaison.ours, ""))]
    query = select(Liaison.id, Liaison.number, Liaison.ours).order_by(Liaison.date.desc(), Liaison.id.desc())
    query = query.where(or_(*(column.endswith(end, autoescape=True) for column in plain for end in wanted)))
    if not drafts:
        query = query.where(~are_unsent())
    rows = (await session.execute(query)).all()
    named = {row.id: ["".join(words(one)) for one in (row.number, row.ours or "")] for row in rows}
    whole = [id for id, names in named.items() if set(names) & set(wanted)]
    return whole or [id for id, names in named.items() if any(_ends(name, end) for name in names for end in wanted)]


async def owners(session: AsyncSession) -> Mapping[int, str]:
    """Everybody who was ever asked to see to something, by id: their names."""
    query = select(Person.id, Person.name).where(Person.name != "")
    seeing = exists().where(LiaisonAssignment.person_id == Person.id)
    return dict((await session.execute(query.where(seeing))).all())


async def lines(session: AsyncSession, ids: Sequence[int], *, in_short: bool = False) -> Sequence[Line]:
    """These statements, in the given order; `in_short` without the replies to and the owners of those that are over."""
    if not ids:
        return ()
    given = {"ids": list(ids)}
    rows = {row.id: row for row in (await session.execute(_LINES, given)).all()}
    followed = {"ids": [id for id, row in rows.items() if not in_short or row.status in _FOLLOWED]}
    replies: dict[int, list[_Reply]] = defaultdict(list)
    for reply in (await session.execute(_REPLIES, followed)).all() if followed["ids"] else ():
        if reply.response_to_id is not None:
            replies[reply.response_to_id].append(_Reply(reply.number, reply.source_id, reply.source, reply.is_holding))
    addressed: dict[int, list[Addressee]] = defaultdict(list)
    for one in (await session.execute(_ADDRESSEES, given)).all():
        theirs = [reply for reply in replies[one.liaison_id] if reply.is_from(one.name, one.group_id)]
        answer = next((reply.number for reply in theirs if not reply.is_holding), "")
        holding = next((reply.number for reply in reversed(theirs) if reply.is_holding), "")
        addressed[one.liaison_id].append(
            Addressee(one.name, one.purpose, one.group_id, one.asked, one.due, answer, holding)
        )
    owners: dict[int, list[Owner]] = defaultdict(list)
    for owner in (await session.execute(_OWNERS, followed)).all() if followed["ids"] else ():
        is_accepted = owner.state is not AssignmentState.OFFERED
        owners[owner.liaison_id].append(Owner(owner.name, owner.person, is_accepted))
    return [_line(rows[id], addressed[id], owners[id]) for id in ids if id in rows]


def _plain(number: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    for sign in _SIGNS:
        number = func.replace(number, sign, "")
    return func.lower(number)


def _ends(name: str, end: str) -> bool:
    before = name.removesuffix(end)[-1:]
    return name.endswith(end) and not (before.isdigit() and end[:1].isdigit())


@dataclass(frozen=True, slots=True)
class _Reply:
    number: str
    source_id: int | None
    source: str
    is_holding: bool

    def is_from(self, name: str, group_id: int | None) -> bool:
        return (group_id is not None and self.source_id == group_id) or self.source.lower() == name.lower()


def _line(row: Row[*tuple[object, ...]], addressees: Sequence[Addressee], owners: Sequence[Owner]) -> Line:
    return Line(*row, tuple(addressees), tuple(owners))  # type: ignore[arg-type, call-arg]  # as _LINES has them


@lru_cache(maxsize=256)
def _page(dialect: str, wanted: Selection, limit: int | None, offset: int) -> Executable:
    """The statement of `find`; kept, as making it takes longer than executing it."""
    query = select(Liaison.id, _TOTAL).where(condition(dialect, wanted)).order_by(*order_by(wanted))
    return query.limit(limit).offset(offset)


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
