"""The roadmap: which items answer a selection, and how items relate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BindParameter, Executable, Row, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.references import Reference, parse_reference
from storage.selection import Clause, Order, Selection, Sources, condition, order_by
from storage.tables import Body, FormerName, Group, ItemTopic, Overlap, Question, Relation, RoadmapItem
from storage.words import CURRENT, ONGOING, RETIRED, SUPPLEMENTARY_TYPES, ItemStatus, RelationKind


@dataclass(frozen=True, slots=True)
class Item:
    """A roadmap item as it is shown."""

    id: int
    key: str
    reference: str
    title: str
    type: str
    status: ItemStatus
    date: str
    version: str
    url: str
    verified: bool
    body: str
    group: str
    question: str

    @property
    def is_retired(self) -> bool:
        return self.status in RETIRED


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items, and how many there are in all."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Related:
    """Another item and how the first one relates to it."""

    kind: RelationKind
    item: Item


INVERSE = {
    RelationKind.REPLACES: RelationKind.REPLACED_BY,
    RelationKind.REPLACED_BY: RelationKind.REPLACES,
    RelationKind.RELATED: RelationKind.RELATED,
    RelationKind.IDENTICAL: RelationKind.IDENTICAL,
}
"""How a relation reads from its other end; amending, correcting and revising keep their direction."""

_ITEM = (
    select(
        RoadmapItem.id,
        RoadmapItem.key,
        RoadmapItem.reference,
        RoadmapItem.title,
        RoadmapItem.type,
        RoadmapItem.status,
        RoadmapItem.date,
        RoadmapItem.version,
        RoadmapItem.url,
        RoadmapItem.verified,
        Body.code.label("body"),
        func.coalesce(Group.code, "").label("group"),
        func.coalesce(Question.code, "").label("question"),
    )
    .join(Body, Body.id == RoadmapItem.body_id)
    .outerjoin(Group, Group.id == RoadmapItem.group_id)
    .outerjoin(Question, Question.id == RoadmapItem.question_id)
)

# What most answers ask; made once, as making a statement takes longer than executing it.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_BY_IDS = _ITEM.where(RoadmapItem.id.in_(_IDS))
_BY_CORES = _ITEM.add_columns(RoadmapItem.core).where(RoadmapItem.core.in_(bindparam("cores", expanding=True)))
_RELATIONS = (
    select(Relation.source_id, Relation.kind, Relation.target_id)
    .where(or_(Relation.source_id.in_(_IDS), Relation.target_id.in_(_IDS)))
    .order_by(Relation.position, Relation.source_id, Relation.kind, Relation.target_id)
)
_CHANGES = (
    _ITEM.add_columns(Relation.kind, Relation.target_id)
    .join(Relation, Relation.source_id == RoadmapItem.id)
    .where(Relation.target_id.in_(_IDS), Relation.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(RoadmapItem.date, RoadmapItem.id)
)
_TOPICS = select(ItemTopic.topic_id).where(ItemTopic.item_id == bindparam("item")).order_by(ItemTopic.position)


async def find(session: AsyncSession, selection: Selection, limit: int | None = None, offset: int = 0) -> Found:
    """The items that answer a selection, in its order; all of them without a limit."""
    rows = (await session.execute(_page(_dialect(session), selection, limit, offset))).all()
    if rows:
        return Found(tuple(_item(row) for row in rows), rows[0].total)
    return Found((), await count(session, selection) if offset else 0)


@lru_cache(maxsize=256)
def _page(dialect: str, selection: Selection, limit: int | None, offset: int) -> Executable:
    """The statement of `find`; kept, as making it takes longer than executing it."""
    page = select(RoadmapItem.id, func.count().over().label("total")).where(condition(dialect, selection))
    page = page.order_by(*order_by(selection.order)).limit(limit).offset(offset)
    chosen = page.subquery()
    query = _ITEM.add_columns(chosen.c.total).join(chosen, chosen.c.id == RoadmapItem.id)
    return query.order_by(*order_by(selection.order))


async def count(session: AsyncSession, selection: Selection) -> int:
    """How many items answer a selection."""
    query = select(func.count()).select_from(RoadmapItem).where(condition(_dialect(session), selection))
    return await session.scalar(query) or 0


async def by_groups(session: AsyncSession, selection: Selection) -> list[tuple[int, int]]:
    """Which groups wrote the items of a selection: (group id, how many), most first."""
    number = func.count()
    query = (
        select(RoadmapItem.group_id, number)
        .where(condition(_dialect(session), selection), RoadmapItem.group_id.is_not(None))
        .group_by(RoadmapItem.group_id)
        .order_by(number.desc(), RoadmapItem.group_id)
    )
    return [(group, amount) for group, amount in (await session.execute(query)) if group is not None]


async def questions_of(session: AsyncSession, selection: Selection) -> list[str]:
    """The codes of the Questions that wrote the items of a selection, the busiest first."""
    query = (
        select(Question.code)
        .join(RoadmapItem, RoadmapItem.question_id == Question.id)
        .where(condition(_dialect(session), selection))
        .group_by(Question.code)
        .order_by(func.count().desc(), Question.code)
    )
    return list((await session.execute(query)).scalars())


async def by_ids(session: AsyncSession, ids: Sequence[int]) -> tuple[Item, ...]:
    """These items, in the given order."""
    rows = (await session.execute(_BY_IDS, {"ids": ids})).all()
    items = {row.id: _item(row) for row in rows}
    return tuple(items[one] for one in ids if one in items)


async def by_cores(session: AsyncSession, cores: Collection[str]) -> dict[str, list[Item]]:
    """All items under each core, whatever their edition; a former name counts as a core."""
    wanted = sorted(set(cores))
    if not wanted:
        return {}
    rows = (await session.execute(_BY_CORES, {"cores": wanted})).all()
    found: dict[str, list[Item]] = {}
    for row in rows:
        found.setdefault(row.core, []).append(_item(row))
    missing = [core for core in wanted if core not in found]
    if missing:
        former = _ITEM.add_columns(FormerName.core).join(FormerName, FormerName.item_id == RoadmapItem.id)
        for row in (await session.execute(former.where(FormerName.core.in_(missing)))).all():
            found.setdefault(row.core, []).append(_item(row))
    return found


async def beginning(session: AsyncSession, written: str, limit: int) -> tuple[Item, ...]:
    """Items whose reference begins like what somebody is typing, current ones first."""
    core = parse_reference(written).core
    if len(core) < 2:
        return ()
    query = _ITEM.where(RoadmapItem.core.startswith(core, autoescape=True))
    rows = (await session.execute(query.order_by(RoadmapItem.status.in_(RETIRED), RoadmapItem.core).limit(limit))).all()
    return tuple(_item(row) for row in rows)


async def ending(session: AsyncSession, number: str) -> tuple[Item, ...]:
    """Current items whose reference ends with that number, for those who say "3802"."""
    query = _ITEM.where(RoadmapItem.core.endswith(number, autoescape=True), RoadmapItem.status.not_in(RETIRED))
    rows = (await session.execute(query.where(RoadmapItem.type.not_in(SUPPLEMENTARY_TYPES)).limit(10))).all()
    return tuple(item for item in map(_item, rows) if _ends_with_number(parse_reference(item.reference).core, number))


async def family(session: AsyncSession, reference: Reference) -> list[Item]:
    """The parts of a multi-part standard that was asked for as a whole: 7498 is 7498-1 and 7498-2."""
    query = _ITEM.where(RoadmapItem.core.startswith(reference.core, autoescape=True))
    rows = (await session.execute(query.limit(200))).all()
    items = [_item(row) for row in rows]
    return [item for item in items if _is_part_of(item.reference, reference.core) or _is_lettered(item, reference.core)]


def _ends_with_number(core: str, number: str) -> bool:
    return core.endswith(number) and not core.removesuffix(number)[-1:].isdigit()


def _is_lettered(item: Item, core: str) -> bool:
    """800-90 is 800-90A, 800-90B ..."""
    return core[-1:].isdigit() and parse_reference(item.reference).core.removeprefix(core) in tuple("ABCDEFG")


def _is_part_of(written: str, core: str) -> bool:
    for separator in "-.":
        head, found, tail = written.partition(separator)
        while found and tail:
            if tail[0].isdigit() and len(head) > 2 and head[-1].isdigit() and parse_reference(head).core == core:
                return True
            more, found, tail = tail.partition(separator)
            head = f"{head}{separator}{more}"
    return False


async def near(session: AsyncSession, reference: Reference, limit: int = 3) -> tuple[Item, ...]:
    """Items whose reference begins like this one's, nearest number first: for "not in the roadmap, but"."""
    from rapidfuzz import fuzz, process  # imported late: most questions never need it

    stem = reference.core[: max(2, len(reference.core) - 2)]
    query = _ITEM.where(RoadmapItem.core.startswith(stem, autoescape=True), RoadmapItem.status.not_in(RETIRED))
    rows = (await session.execute(query.order_by(RoadmapItem.id).limit(500))).all()
    items = {row.id: _item(row) for row in rows}
    cores = {one: parse_reference(item.reference).core for one, item in items.items()}
    best = process.extract(reference.core, cores, scorer=fuzz.ratio, limit=limit)
    return tuple(items[one] for _core, _score, one in best)


async def relations(session: AsyncSession, item_ids: Collection[int]) -> dict[int, list[Related]]:
    """How these items relate to others, read from both ends."""
    ids = sorted(set(item_ids))
    rows = (await session.execute(_RELATIONS, {"ids": ids})).all()
    pairs: dict[tuple[int, RelationKind, int], None] = {}
    for source, kind, target in rows:
        if source in ids:
            pairs[source, kind, target] = None
        if target in ids and kind in INVERSE:
            pairs[target, INVERSE[kind], source] = None
    others = {item.id: item for item in await by_ids(session, [target for _one, _kind, target in pairs])}
    related: dict[int, list[Related]] = {one: [] for one in ids}
    for one, kind, target in pairs:
        related[one].append(Related(kind, others[target]))
    return related


async def changes(session: AsyncSession, item_ids: Collection[int]) -> dict[int, list[Related]]:
    """What amends, corrects or revises these items, oldest first."""
    kinds = (RelationKind.AMENDS, RelationKind.CORRECTS, RelationKind.REVISES)
    found: dict[int, list[Related]] = {}
    for row in (await session.execute(_CHANGES, {"ids": sorted(set(item_ids)), "kinds": kinds})).all():
        found.setdefault(row.target_id, []).append(Related(row.kind, _item(row)))
    return found


async def overlaps(session: AsyncSession, item_id: int | None = None) -> list[tuple[Item, Item]]:
    """Pairs of items that were judged to overlap; those of one item when it is given, that item first."""
    query = select(Overlap.a_id, Overlap.b_id).where(Overlap.overlap.is_(True)).order_by(Overlap.a_id, Overlap.b_id)
    if item_id is not None:
        query = query.where(or_(Overlap.a_id == item_id, Overlap.b_id == item_id))
    pairs = (await session.execute(query)).all()
    ids = list(dict.fromkeys(one for pair in pairs for one in pair))
    items = {item.id: item for item in await by_ids(session, ids)}
    return [(items[b], items[a]) if b == item_id else (items[a], items[b]) for a, b in pairs]


async def topics_of(session: AsyncSession, item_id: int) -> list[int]:
    """The topics of an item, in their order."""
    return list((await session.execute(_TOPICS, {"item": item_id})).scalars())


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


def _item(row: Row[*tuple[object, ...]]) -> Item:
    return Item(*row[:13])  # type: ignore[arg-type]  # the columns of _ITEM, in the order of the fields


__all__ = [
    "CURRENT",
    "ONGOING",
    "Clause",
    "Found",
    "Item",
    "Order",
    "Related",
    "Selection",
    "Sources",
    "by_cores",
    "by_groups",
    "by_ids",
    "changes",
    "count",
    "find",
    "near",
    "overlaps",
    "relations",
    "topics_of",
]
