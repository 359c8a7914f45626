"""The catalogue: what the shared database knows by name, read once and kept until it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import (
    Body,
    BodyAlias,
    CatalogueVersion,
    Group,
    Officer,
    Question,
    Relation,
    RoadmapItem,
    Term,
    Topic,
    TopicAlias,
)
from storage.words import RelationKind

FRESH = 1.0
"""Seconds after which a change that another process made is seen at the latest."""

NAMED_ITEMS_LIMIT = 2000
"""At most so many items without a digit in their reference are known by name; more are found by their words."""


@dataclass(frozen=True, slots=True)
class BodyName:
    id: int
    code: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupName:
    id: int
    body_id: int
    code: str
    name: str
    scope: str
    parent_id: int | None
    ended: str
    homepage: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicName:
    id: int
    code: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermName:
    term: str
    abbreviation: str


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Bodies, groups, Questions, topics, terms, types and named items at one version of the database."""

    version: int
    bodies: Mapping[int, BodyName]
    groups: Mapping[int, GroupName]
    questions: Mapping[str, tuple[int, int]]
    """Question code -> (its id, its group's id)."""
    topics: Mapping[int, TopicName]
    terms: tuple[TermName, ...]
    types: tuple[str, ...]
    named_items: Mapping[str, int]
    """Reference without any digit -> item id."""
    officers: tuple[str, ...]
    """Names of officers."""
    changed_items: frozenset[int]
    """Ids of items that something amends, corrects or revises: few, so that most lists need not look."""
    body_of_code: Mapping[str, BodyName] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body_of_code", {body.code: body for body in self.bodies.values()})

    def group_of_code(self, code: str) -> GroupName | None:
        """The group with that code; with the same code in several bodies, the first."""
        return next((group for group in self.groups.values() if group.code == code), None)


class CatalogueKeeper:
    """Keeps the current catalogue: its version is asked for at most once in `FRESH` seconds."""

    def __init__(self) -> None:
        self._kept: Catalogue | None = None
        self._checked = 0.0

    async def current(self, session: AsyncSession) -> Catalogue:
        if self._kept is not None and monotonic() - self._checked < FRESH:
            return self._kept
        version = await session.scalar(select(CatalogueVersion.version)) or 0
        if self._kept is None or self._kept.version != version:
            self._kept = await read_catalogue(session, version)
        self._checked = monotonic()
        return self._kept


_CHANGED = select(Relation.target_id).where(
    Relation.kind.in_((RelationKind.AMENDS, RelationKind.CORRECTS, RelationKind.REVISES))
)


async def read_catalogue(session: AsyncSession, version: int = 0) -> Catalogue:
    """All names, read anew."""
    body_aliases = _gathered(
        await session.execute(select(BodyAlias.body_id, BodyAlias.alias).order_by(BodyAlias.position))
    )
    topic_aliases = _gathered(
        await session.execute(select(TopicAlias.topic_id, TopicAlias.alias).order_by(TopicAlias.position))
    )
    questions = (
        await session.execute(select(Question.id, Question.group_id, Question.code).order_by(Question.position))
    ).all()
    of_group = _gathered((row.group_id, row.code) for row in questions)
    bodies = (await session.execute(select(Body.id, Body.code, Body.name).order_by(Body.id))).all()
    groups = (await session.execute(select(Group.__table__).order_by(Group.id))).all()
    topics = (await session.execute(select(Topic.id, Topic.code, Topic.name).order_by(Topic.id))).all()
    terms = (await session.execute(select(Term.term, Term.abbreviation).distinct().order_by(Term.term))).all()
    types = (await session.execute(select(RoadmapItem.type).distinct().order_by(RoadmapItem.type))).scalars()
    officers = (await session.execute(select(Officer.name).distinct().order_by(Officer.name))).scalars()
    return Catalogue(
        version=version,
        bodies={row.id: BodyName(row.id, row.code, row.name, body_aliases[row.id]) for row in bodies},
        groups={
            row.id: GroupName(
                row.id,
                row.body_id,
                row.code,
                row.name,
                row.scope,
                row.parent_id,
                row.ended,
                row.homepage,
                of_group[row.id],
            )
            for row in groups
        },
        questions={row.code: (row.id, row.group_id) for row in questions},
        topics={row.id: TopicName(row.id, row.code, row.name, topic_aliases[row.id]) for row in topics},
        terms=tuple(TermName(row.term, row.abbreviation) for row in terms),
        types=tuple(types),
        named_items=await _named_items(session),
        officers=tuple(officers),
        changed_items=frozenset((await session.execute(_CHANGED)).scalars()),
    )


async def raise_version(session: AsyncSession, now: datetime) -> None:
    """Tell every process that names or items changed; part of the transaction that changes them."""
    changed = update(CatalogueVersion).values(version=CatalogueVersion.version + 1, changed_at=now)
    if (await session.execute(changed.returning(CatalogueVersion.id))).first() is None:
        await session.execute(insert(CatalogueVersion).values(id=1, version=1, changed_at=now))


async def _named_items(session: AsyncSession) -> dict[str, int]:
    has_digit = or_(*(RoadmapItem.core.contains(digit) for digit in "0123456789"))
    query = select(RoadmapItem.reference, RoadmapItem.id).where(not_(has_digit)).limit(NAMED_ITEMS_LIMIT)
    return dict((await session.execute(query)).all())


def _gathered(pairs: Iterable[tuple[int, str]]) -> defaultdict[int, tuple[str, ...]]:
    gathered: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for owner, value in pairs:
        gathered[owner] += (value,)
    return gathered


__all__ = [
    "BodyName",
    "Catalogue",
    "CatalogueKeeper",
    "GroupName",
    "TermName",
    "TopicName",
    "raise_version",
    "read_catalogue",
]
