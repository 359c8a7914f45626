"""Selections: which liaison statements to look for, and the SQL condition that finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, func, literal, not_, or_
from sqlalchemy.orm import aliased

from storage import search
from storage.liaison.unsent import are_unsent
from storage.search import Phrase
from storage.tables import Liaison, LiaisonAddressee, LiaisonAssignment, LiaisonMention, LiaisonProposal
from storage.words import (
    UNSENT,
    UNSETTLED,
    AssignmentState,
    DeadlineKind,
    Direction,
    LiaisonStatus,
    ProposalState,
    Purpose,
)

ASKING = (Purpose.ACTION, Purpose.COMMENT)
"""Purposes that want an answer."""


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Parties:
    """Senders or addressees: groups of the list, and how they may be written, in lower case.

    One whose name only `begins` so is meant too: `SG13` is also "SG13 WP1".
    """

    groups: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    begins: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.groups or self.names or self.begins)

    def has(self, group: int | None, written: str) -> bool:
        """Whether a group, or a name as it is written, is one of them."""
        name = written.lower()
        return group in self.groups or name in self.names or any(name.startswith(f"{one} ") for one in self.begins)

    def __or__(self, other: Parties) -> Parties:
        return Parties(self.groups | other.groups, self.names | other.names, self.begins | other.begins)


@dataclass(frozen=True, slots=True)
class About:
    """What a statement says: one of the phrases, or something of one of these roadmap items."""

    phrases: frozenset[Phrase] = frozenset()
    items: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which liaison statements to look for. Empty fields do not restrict.

    `today` is the asker's day. Drafts stay out unless `unsent`. An `open` one waits for somebody, an `overdue` one for
    longer than it says. Those addressed `to` a group that are open wait for that group. `owned` is about those for
    action or comment that wait. Dates are partial and inclusive; a statement that was logged in `arrived`, from the
    first moment until before the second, counts as dated so too. `dated`: whether a deadline is stated. `answering`
    are ids of statements that it answers.
    """

    today: str
    direction: Direction | None = None
    statuses: frozenset[LiaisonStatus] = frozenset()
    unsent: bool = False
    open: bool = False
    overdue: bool = False
    source: Parties = field(default_factory=Parties)
    not_source: Parties = field(default_factory=Parties)
    to: Parties = field(default_factory=Parties)
    purposes: frozenset[Purpose] = frozenset()
    owners: frozenset[int] = frozenset()
    owned: bool | None = None
    since: str = ""
    until: str = ""
    arrived: tuple[datetime, datetime] | None = None
    due_since: str = ""
    due_until: str = ""
    dated: bool | None = None
    about: tuple[About, ...] = ()
    answering: frozenset[int] = frozenset()
    proposing: bool = False
    ids: frozenset[int] = frozenset()
    order: Order = Order.NEWEST


_Addressee = type[LiaisonAddressee]
"""An alias of the table; to mypy that is the class."""


def condition(dialect: str, wanted: Selection) -> ColumnElement[bool]:
    """True of the statements that a selection wants; `dialect` is the engine's name."""
    conditions: list[ColumnElement[bool]] = []
    if not wanted.unsent:
        conditions.append(~are_unsent())
    # An engine starts from the few statements that have the words, not from all of a status or a group.
    past = _past_its_index if wanted.about else _as_it_is
    status, source = past(Liaison.status), past(Liaison.source_id)
    if wanted.direction:
        conditions.append(Liaison.direction == wanted.direction)
    if wanted.statuses:
        conditions.append(status.in_(sorted(wanted.statuses)))
    if wanted.open or wanted.overdue:
        conditions.append(_is_open(status))
    if wanted.source:
        conditions.append(_is_one_of(wanted.source, source, Liaison.source))
    if wanted.not_source:
        conditions.append(not_(_is_one_of(wanted.not_source, Liaison.source_id, Liaison.source)))
    conditions += [*_asked(wanted), *_owned(wanted), *_dated(wanted), *_linked(wanted)]
    conditions += about(dialect, wanted.about)
    return and_(*conditions) if conditions else literal(True)


def about(dialect: str, clauses: Sequence[About]) -> list[ColumnElement[bool]]:
    """Conditions for what statements say. All words are looked up at once."""
    plain = [sorted(one.phrases) for one in clauses if not one.items]
    found: list[ColumnElement[bool]] = []
    if plain:
        found.append(Liaison.id.in_(search.matching(dialect, plain, search.LIAISONS)))
    for one in clauses:
        if one.items:
            mention = exists().where(LiaisonMention.liaison_id == Liaison.id, LiaisonMention.item_id.in_(one.items))
            said = search.matching(dialect, [sorted(one.phrases)], search.LIAISONS)
            found.append(or_(mention, Liaison.id.in_(said)) if one.phrases else mention)
    return found


def _asked(wanted: Selection) -> list[ColumnElement[bool]]:
    """Who is asked, and until when: said of one addressee, since each may have a date of its own."""
    waits = wanted.open or wanted.overdue
    timed = wanted.overdue or bool(wanted.due_since or wanted.due_until)
    if not (wanted.to or wanted.purposes or timed):
        return []
    one = aliased(LiaisonAddressee)
    conditions: list[ColumnElement[bool]] = [one.liaison_id == Liaison.id]
    if wanted.to:
        conditions.append(_is_one_of(wanted.to, one.group_id, one.name))
    if wanted.purposes:
        conditions.append(one.purpose.in_(sorted(wanted.purposes)))
    if waits:
        conditions += [
            not_(_has_answered(one)),
            or_(one.purpose.in_(ASKING), Liaison.status.in_(UNSETTLED)),
        ]
    if not timed:
        return [exists().where(*conditions)]
    asked = exists().where(*conditions, one.purpose.in_(ASKING), *_due(wanted, _deadline_of(one)))
    if wanted.to or wanted.purposes:
        return [asked]
    any_asked = aliased(LiaisonAddressee)
    nobody = not_(exists().where(any_asked.liaison_id == Liaison.id, any_asked.purpose.in_(ASKING)))
    return [or_(asked, and_(nobody, *_due(wanted, _own_deadline())))]


def _due(wanted: Selection, deadline: SQLColumnExpression[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [deadline != ""]
    if wanted.overdue:
        conditions.append(deadline < func.substr(literal(wanted.today), 1, func.length(deadline)))
    return conditions + _within(deadline, wanted.due_since, wanted.due_until)


def _owned(wanted: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    of_it = LiaisonAssignment.liaison_id == Liaison.id
    if wanted.owners:
        sees_to_it = LiaisonAssignment.person_id.in_(wanted.owners)
        conditions.append(exists().where(of_it, sees_to_it, LiaisonAssignment.state != AssignmentState.SETTLED))
    if wanted.owned is not None:
        accepted = exists().where(of_it, LiaisonAssignment.state == AssignmentState.ACCEPTED)
        one = aliased(LiaisonAddressee)
        asks = exists().where(one.liaison_id == Liaison.id, one.purpose.in_(ASKING))
        conditions += [Liaison.status.in_(UNSETTLED), asks, accepted if wanted.owned else not_(accepted)]
    return conditions


def _dated(wanted: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since or wanted.until:
        written = and_(Liaison.date != "", *_within(Liaison.date, wanted.since, wanted.until))
        if wanted.arrived:
            first, end = wanted.arrived
            written = or_(written, and_(Liaison.logged_at >= first, Liaison.logged_at < end))
        conditions.append(written)
    if wanted.dated is not None:
        conditions.append(_own_deadline() != "" if wanted.dated else Liaison.deadline == "")
    return conditions


def _linked(wanted: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.answering:
        conditions.append(Liaison.response_to_id.in_(wanted.answering))
    if wanted.proposing:
        waits = LiaisonProposal.state == ProposalState.OPEN
        conditions.append(exists().where(LiaisonProposal.liaison_id == Liaison.id, waits))
    if wanted.ids:
        conditions.append(Liaison.id.in_(wanted.ids))
    return conditions


def _as_it_is(column: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return column


def _past_its_index(column: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return func.coalesce(column, column)


def _is_open(status: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Of one that was sent: a group that is asked something has not answered."""
    one = aliased(LiaisonAddressee)
    waits = exists().where(one.liaison_id == Liaison.id, one.purpose.in_(ASKING), not_(_has_answered(one)))
    return or_(status.in_(UNSETTLED), and_(status == LiaisonStatus.SENT, waits))


def _has_answered(one: _Addressee) -> ColumnElement[bool]:
    reply = aliased(Liaison)
    return exists().where(
        reply.response_to_id == one.liaison_id,
        reply.is_holding.is_(False),
        reply.status.not_in((*UNSENT, LiaisonStatus.WITHDRAWN)),
        or_(reply.source_id == one.group_id, func.lower(reply.source) == func.lower(one.name)),
    )


def _is_one_of(
    parties: Parties, group: SQLColumnExpression[Any], written: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if parties.groups:
        ways.append(func.coalesce(group.in_(sorted(parties.groups)), False))
    if parties.names:
        ways.append(func.lower(written).in_(sorted(parties.names)))
    ways += [func.lower(written).startswith(f"{one} ", autoescape=True) for one in sorted(parties.begins)]
    return or_(*ways)


def _deadline_of(one: _Addressee) -> SQLColumnExpression[str]:
    return case((one.due != "", one.due), else_=_own_deadline())


def _own_deadline() -> SQLColumnExpression[str]:
    """The deadline where it is a date, else empty."""
    return case((Liaison.deadline_kind == DeadlineKind.VAGUE, ""), else_=Liaison.deadline)


def _within(column: SQLColumnExpression[str], since: str, until: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if since:
        conditions.append(column >= func.substr(literal(since), 1, func.length(column)))
    if until:
        conditions.append(func.substr(column, 1, len(until)) <= until)
    return conditions


def order_by(wanted: Selection) -> tuple[ColumnElement[Any], ...]:
    """By date, or by deadline with those without one last; what fits best has the words in its title."""
    newest = (Liaison.date.desc(), Liaison.id.desc())
    match wanted.order:
        case Order.OLDEST:
            return (Liaison.date.asc(), Liaison.id.asc())
        case Order.DUE:
            return ((_own_deadline() == "").asc(), _own_deadline().asc(), Liaison.id.asc())
        case Order.BEST if entitled := [_in_title(one) for one in wanted.about if one.phrases]:
            return (sum(entitled[1:], entitled[0]).desc(), *newest)
        case _:
            return newest


def _in_title(about: About) -> ColumnElement[int]:
    """1 where the title has the beginnings of a phrase's words, which nearly all of their stems are; else 0."""
    title = func.lower(Liaison.title)
    ways = ["%" + "%".join(stem.rstrip("i") for stem in phrase) + "%" for phrase in sorted(about.phrases)]
    return case((or_(*(title.like(way) for way in ways)), 1), else_=0)
