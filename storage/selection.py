"""Selections: what to look for on the roadmap, and the SQL condition that finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SelectBase,
    SQLColumnExpression,
    and_,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from storage import search
from storage.search import Phrase
from storage.tables import ItemTopic, RoadmapItem
from storage.words import ONGOING, RETIRED, SUPPLEMENTARY_TYPES, ItemStatus


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Clause:
    """Subjects of which an item has at least one: it carries one of the topics, or its title has one of the phrases.

    `spare` phrases are only asked of items that nobody has given topics: topics that were given are trusted.
    """

    topics: frozenset[int] = frozenset()
    phrases: frozenset[Phrase] = frozenset()
    spare: frozenset[Phrase] = frozenset()

    def __or__(self, other: Clause) -> Clause:
        return Clause(self.topics | other.topics, self.phrases | other.phrases, self.spare | other.spare)


@dataclass(frozen=True, slots=True)
class Sources:
    """Who wrote it: any of these bodies, groups or Questions (by id)."""

    bodies: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    questions: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.bodies or self.groups or self.questions)


@dataclass(frozen=True, slots=True)
class Selection:
    """What to look for on the roadmap. Empty fields do not restrict.

    Without `statuses`, superseded and withdrawn items stay out; without `types`, amendments and corrigenda do.
    `since` and `until` are partial dates, both inclusive; an item whose date is less exact is in when it may be.
    `series` are beginnings of references, `excluded` sources and clauses that must not match.
    """

    sources: Sources = Sources()
    excluded: Sources = Sources()
    types: frozenset[str] = frozenset()
    statuses: frozenset[ItemStatus] = frozenset()
    clauses: tuple[Clause, ...] = ()
    without: tuple[Clause, ...] = ()
    since: str = ""
    until: str = ""
    series: tuple[str, ...] = ()
    verified: bool | None = None
    order: Order = Order.NEWEST


Reading = Callable[[SQLColumnExpression[Any]], SQLColumnExpression[Any]]


def _as_it_is(column: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return column


def _past_its_index(column: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """The same value; but an engine starts from the few items of a subject, not from all of a body's."""
    return func.coalesce(column, column)


def condition(dialect: str, selection: Selection) -> ColumnElement[bool]:
    """True of the items that a selection wants; `dialect` is the engine's name."""
    read = _past_its_index if selection.clauses else _as_it_is
    conditions: list[ColumnElement[bool]] = []
    if selection.sources:
        conditions.append(_from(selection.sources, read))
    if selection.excluded:
        conditions.append(not_(func.coalesce(_from(selection.excluded), False)))
    if selection.types:
        conditions.append(RoadmapItem.type.in_(sorted(selection.types)))
    else:
        conditions.append(RoadmapItem.type.not_in(SUPPLEMENTARY_TYPES))
    if selection.statuses:
        conditions.append(read(RoadmapItem.status).in_(sorted(selection.statuses)))
    else:
        conditions.append(RoadmapItem.status.not_in(RETIRED))
    if selection.clauses:
        conditions.append(_about(dialect, *selection.clauses))
    conditions += [not_(_about(dialect, clause)) for clause in selection.without]
    if selection.series:
        conditions.append(or_(*(_begins(one) for one in selection.series)))
    if selection.verified is not None:
        conditions.append(RoadmapItem.verified.is_(selection.verified))
    conditions += _dated(selection.since, selection.until)
    return and_(*conditions)


def _from(sources: Sources, read: Reading = _as_it_is) -> ColumnElement[bool]:
    return or_(
        *(
            read(column).in_(sorted(ids))
            for column, ids in (
                (RoadmapItem.body_id, sources.bodies),
                (RoadmapItem.group_id, sources.groups),
                (RoadmapItem.question_id, sources.questions),
            )
            if ids
        )
    )


def _begins(series: str) -> ColumnElement[bool]:
    """The reference begins so, or the part of it after a space does ("D9." of "FG-NAME D9.1")."""
    reference = func.lower(RoadmapItem.reference)
    start = series.lower()
    return or_(reference.startswith(start, autoescape=True), reference.contains(f" {start}", autoescape=True))


def _about(dialect: str, *clauses: Clause) -> ColumnElement[bool]:
    """All clauses as one set of ids, so that the engine starts from the few items of a subject.

    The items without topics, which are most, are searched for all clauses at once; those with topics are few.
    """
    if not any(clause.topics or clause.spare for clause in clauses):
        return RoadmapItem.id.in_(search.matching(dialect, [sorted(clause.phrases) for clause in clauses]))
    ways: list[Select[int]] = []
    if all(clause.topics or clause.phrases for clause in clauses):
        has_each = [ItemTopic.item_id.in_(_tagged(dialect, clause)) for clause in clauses]
        ways.append(select(ItemTopic.item_id).where(*has_each))
    if all(clause.phrases or clause.spare for clause in clauses):
        wordings = [sorted(clause.phrases | clause.spare) for clause in clauses]
        found = search.matching(dialect, wordings).subquery()
        ways.append(select(found.c.id).where(~exists().where(ItemTopic.item_id == found.c.id)))
    return RoadmapItem.id.in_(union_all(*ways)) if ways else false()


def _tagged(dialect: str, clause: Clause) -> SelectBase:
    """The items that fit a clause and have topics, and some that have none."""
    topics = select(ItemTopic.item_id).where(ItemTopic.topic_id.in_(sorted(clause.topics)))
    if not clause.phrases:
        return topics
    matching = search.matching(dialect, [sorted(clause.phrases)])
    return union_all(topics, matching) if clause.topics else matching


def _dated(since: str, until: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if since:
        conditions.append(RoadmapItem.date >= since[:4])
        if len(since) > 4:
            conditions.append(RoadmapItem.date >= func.substr(literal(since), 1, func.length(RoadmapItem.date)))
    if until:
        conditions += [RoadmapItem.date != "", func.substr(RoadmapItem.date, 1, len(until)) <= until]
    return conditions


def order_by(order: Order) -> tuple[ColumnElement[Any], ...]:
    """By date, those without one last. Among the newest, work items come last: their date is when they are due."""
    undated = (RoadmapItem.date == "").asc()
    if order is Order.OLDEST:
        return (undated, RoadmapItem.date.asc(), RoadmapItem.id.asc())
    ongoing = RoadmapItem.status.in_(ONGOING).asc()
    return (ongoing, undated, RoadmapItem.date.desc(), RoadmapItem.id.desc())
