"""The roadmap: every facet against the same filter written in Python, pages, relations, references."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import roadmap, search
from storage.database import Database
from storage.references import parse_reference
from storage.roadmap import Clause, Order, Selection, Sources
from storage.tables import ItemTopic, RoadmapItem
from storage.words import CURRENT, ONGOING, RETIRED, SUPPLEMENTARY_TYPES, RelationKind

COMBINATIONS = 150


@dataclass(frozen=True, slots=True)
class Row:
    """A roadmap item as the filter of this test sees it."""

    item: RoadmapItem
    topics: frozenset[int]
    stems: tuple[str, ...]


async def rows_of(session: AsyncSession) -> list[Row]:
    topics: dict[int, set[int]] = {}
    for item, topic in (await session.execute(select(ItemTopic.item_id, ItemTopic.topic_id))).all():
        topics.setdefault(item, set()).add(topic)
    items = (await session.scalars(select(RoadmapItem))).all()
    return [Row(one, frozenset(topics.get(one.id, ())), tuple(search.stems(one.title))) for one in items]


def fits(row: Row, wanted: Selection) -> bool:
    item = row.item
    types = item.type in wanted.types if wanted.types else item.type not in SUPPLEMENTARY_TYPES
    statuses = item.status in wanted.statuses if wanted.statuses else item.status not in RETIRED
    return (
        types
        and statuses
        and (not wanted.sources or is_from(item, wanted.sources))
        and not is_from(item, wanted.excluded)
        and all(is_about(row, clause) for clause in wanted.clauses)
        and not any(is_about(row, clause) for clause in wanted.without)
        and (not wanted.series or any(begins(item.reference, one) for one in wanted.series))
        and wanted.verified in (None, item.verified)
        and is_dated(item.date, wanted.since, wanted.until)
    )


def is_from(item: RoadmapItem, sources: Sources) -> bool:
    return item.body_id in sources.bodies or item.group_id in sources.groups or item.question_id in sources.questions


def is_about(row: Row, clause: Clause) -> bool:
    spare = clause.spare if not row.topics else frozenset()
    return bool(row.topics & clause.topics) or any(has_phrase(row.stems, one) for one in clause.phrases | spare)


def has_phrase(stems: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(stems[at : at + len(phrase)] == phrase for at in range(len(stems)))


def begins(reference: str, series: str) -> bool:
    return any(f" {reference}".lower().find(f" {series.lower()}", at) == at for at in range(len(reference) + 1))


def is_dated(date: str, since: str, until: str) -> bool:
    if not (since or until):
        return True
    first, last = (date + "-00-00")[:10], (date + "-99-99")[:10]
    return bool(date) and last >= (since + "-00-00")[:10] and (not until or first <= (until + "-99-99")[:10])


def expected(rows: list[Row], wanted: Selection) -> list[int]:
    """By date and then as they came in, without a date last; among the newest, work items after the published."""
    newest = wanted.order is Order.NEWEST
    chosen = sorted((row.item for row in rows if fits(row, wanted)), key=lambda one: (one.date, one.id), reverse=newest)
    chosen.sort(key=lambda one: not one.date)
    if newest:
        chosen.sort(key=lambda one: one.status in ONGOING)
    return [one.id for one in chosen]


def single_facets(rows: list[Row]) -> Iterator[Selection]:
    """Every value of every facet, alone."""
    items = [row.item for row in rows]
    for body in {one.body_id for one in items}:
        yield Selection(sources=Sources(bodies=frozenset([body])))
        yield Selection(excluded=Sources(bodies=frozenset([body])))
    for group in {one.group_id for one in items if one.group_id}:
        yield Selection(sources=Sources(groups=frozenset([group])))
        yield Selection(excluded=Sources(groups=frozenset([group])))
    for question in {one.question_id for one in items if one.question_id}:
        yield Selection(sources=Sources(questions=frozenset([question])))
    for kind in {one.type for one in items}:
        yield Selection(types=frozenset([kind]))
    for status in {one.status for one in items}:
        yield Selection(statuses=frozenset([status]))
    for topic in {topic for row in rows for topic in row.topics}:
        yield Selection(clauses=(Clause(topics=frozenset([topic])),))
        yield Selection(without=(Clause(topics=frozenset([topic])),))
    for series in ("Y.", "Y.38", "y.380", "D2.", "GS", "100%", "_", ""):
        yield Selection(series=(series,) if series else ())
    for verified in (True, False):
        yield Selection(verified=verified)
    for date in {one.date for one in items if one.date} | {"2020-02", "1999", "2023-06-15"}:
        yield Selection(since=date)
        yield Selection(until=date)
        yield Selection(since=date[:4], until=date)


def combination(random: Random, rows: list[Row]) -> Selection:
    """Some facets at once, taken from items that exist."""
    one, other = random.choice(rows), random.choice(rows)

    def maybe(chance: float) -> bool:
        return random.random() < chance

    def sources(row: Row) -> Sources:
        item = row.item
        groups = frozenset([item.group_id]) if item.group_id else frozenset()
        questions = frozenset([item.question_id]) if item.question_id and maybe(0.3) else frozenset()
        return Sources(frozenset([item.body_id]) if maybe(0.6) else frozenset(), groups, questions)

    def clause(row: Row) -> Clause:
        at = random.randrange(len(row.stems))
        phrase = row.stems[at : at + random.randint(1, 2)]
        spare = frozenset([phrase]) if maybe(0.3) else frozenset()
        return Clause(
            frozenset(list(row.topics)[:1]) if maybe(0.7) else frozenset(),
            frozenset([phrase]) if maybe(0.5) or not row.topics else frozenset(),
            spare,
        )

    clauses = tuple(found for row in (one, other)[: random.randint(0, 2)] if any_of(found := clause(row)))
    without = tuple(found for row in (other,) if maybe(0.2) and any_of(found := clause(row)))
    dates = sorted(row.item.date for row in (one, other))
    return Selection(
        sources=sources(one) if maybe(0.5) else Sources(),
        excluded=Sources(bodies=frozenset([other.item.body_id])) if maybe(0.2) else Sources(),
        types=frozenset([one.item.type, other.item.type]) if maybe(0.3) else frozenset(),
        statuses=frozenset([one.item.status, *random.choice([CURRENT, ONGOING, RETIRED])])
        if maybe(0.4)
        else frozenset(),
        clauses=clauses,
        without=without,
        since=dates[0] if maybe(0.3) else "",
        until=dates[1] if maybe(0.3) else "",
        series=(one.item.reference[: random.randint(1, 4)],) if maybe(0.2) else (),
        verified=one.item.verified if maybe(0.2) else None,
        order=random.choice(list(Order)),
    )


def any_of(clause: Clause) -> bool:
    return bool(clause.topics or clause.phrases or clause.spare)


async def test_every_facet_finds_what_a_plain_filter_finds(sample: Database) -> None:
    async with sample.reading() as session:
        rows = await rows_of(session)
        for wanted in single_facets(rows):
            found = await roadmap.find(session, wanted)
            assert [one.id for one in found.items] == expected(rows, wanted), wanted
            assert found.total == len(found.items)


async def test_facets_together_find_what_a_plain_filter_finds(sample: Database) -> None:
    random = Random(7)
    async with sample.reading() as session:
        rows = await rows_of(session)
        some = 0
        for _ in range(COMBINATIONS):
            wanted = combination(random, rows)
            found = await roadmap.find(session, wanted)
            assert [one.id for one in found.items] == expected(rows, wanted), wanted
            assert await roadmap.count(session, wanted) == found.total == len(found.items)
            some += bool(found.items)
    assert some > COMBINATIONS / 5, "the combinations are too narrow to show anything"


@pytest.mark.parametrize("order", list(Order))
async def test_pages_are_complete_and_repeat_nothing(sample: Database, order: Order) -> None:
    async with sample.reading() as session:
        everything = await roadmap.find(session, Selection(order=order))
        paged: list[roadmap.Item] = []
        for offset in range(0, everything.total + 14, 7):
            page = await roadmap.find(session, Selection(order=order), 7, offset)
            assert page.total == everything.total
            paged += page.items
    assert paged == list(everything.items)
    assert len({item.id for item in paged}) == everything.total > 100


async def test_the_groups_of_a_selection_are_counted(sample: Database) -> None:
    async with sample.reading() as session:
        rows = await rows_of(session)
        found = await roadmap.by_groups(session, Selection())
    numbers: dict[int, int] = {}
    for row in rows:
        if fits(row, Selection()) and row.item.group_id:
            numbers[row.item.group_id] = numbers.get(row.item.group_id, 0) + 1
    assert found == sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def sample_relations() -> set[tuple[str, RelationKind, str]]:
    with (files("storage") / "sample" / "roadmap.csv").open(encoding="utf-8") as file:
        return {
            (row["id"], RelationKind(one.split(":", 1)[0]), one.split(":", 1)[1])
            for row in csv.DictReader(file)
            for one in row["relations"].split(";")
            if one
        }


async def test_relations_are_read_from_both_ends(sample: Database) -> None:
    written = sample_relations()
    wanted = written | {
        (target, roadmap.INVERSE[kind], source) for source, kind, target in written if kind in roadmap.INVERSE
    }
    async with sample.reading() as session:
        rows = await rows_of(session)
        related = await roadmap.relations(session, [row.item.id for row in rows])
    keys = {row.item.id: row.item.key for row in rows}
    found = [(keys[one], other.kind, other.item.key) for one, others in related.items() for other in others]
    assert set(found) == wanted
    assert len(found) == len(wanted)


async def test_relations_come_in_the_same_order_on_both_databases(sample: Database) -> None:
    """In the order in which the file lists them, those that only the other end lists after them."""
    async with sample.reading() as session:
        ids = (await session.scalars(select(RoadmapItem.id).order_by(RoadmapItem.id))).all()
        together = await roadmap.relations(session, ids)
        for one in ids:
            alone = await roadmap.relations(session, [one])
            assert alone[one] == together[one]


async def test_what_amends_and_corrects_an_item_is_read_from_the_item(sample: Database) -> None:
    kinds = (RelationKind.AMENDS, RelationKind.CORRECTS, RelationKind.REVISES)
    wanted = {(target, kind, source) for source, kind, target in sample_relations() if kind in kinds}
    async with sample.reading() as session:
        rows = await rows_of(session)
        changes = await roadmap.changes(session, [row.item.id for row in rows])
    keys = {row.item.id: row.item.key for row in rows}
    assert {(keys[one], change.kind, change.item.key) for one, all_ in changes.items() for change in all_} == wanted


async def test_overlaps_are_read_from_both_ends(sample: Database) -> None:
    async with sample.reading() as session:
        pairs = await roadmap.overlaps(session)
        for one, other in pairs:
            assert (one, other) in await roadmap.overlaps(session, one.id)
            assert (other, one) in await roadmap.overlaps(session, other.id)
    assert pairs


async def test_items_are_given_in_the_order_in_which_they_are_asked_for(sample: Database) -> None:
    async with sample.reading() as session:
        ids = list((await session.scalars(select(RoadmapItem.id))).all())
        Random(3).shuffle(ids)
        assert [one.id for one in await roadmap.by_ids(session, [*ids, 10_000_000])] == ids
        assert await roadmap.by_ids(session, []) == ()


async def test_every_item_is_found_by_its_core(sample: Database) -> None:
    async with sample.reading() as session:
        rows = await rows_of(session)
        found = await roadmap.by_cores(session, {row.item.core for row in rows} | {"NOSUCH1"})
        assert await roadmap.by_cores(session, []) == {}
    assert {one.id for items in found.values() for one in items} == {row.item.id for row in rows}


async def test_a_former_name_finds_the_item_that_it_became(sample: Database) -> None:
    async with sample.reading() as session:
        core = parse_reference("Q.QKDNi_profr").core
        found = await roadmap.by_cores(session, [core])
    assert [one.reference for one in found[core]] == ["Q.4165"]


async def test_what_somebody_types_is_no_pattern(sample: Database) -> None:
    async with sample.reading() as session:
        for typed in ("%", "_", "\\", "", "'", "Y", "\x00"):
            assert await roadmap.beginning(session, typed, 5) == (), typed


async def test_items_that_begin_like_what_is_typed_are_suggested_current_ones_first(sample: Database) -> None:
    async with sample.reading() as session:
        found = await roadmap.beginning(session, "y.380", 50)
    assert all(one.reference.startswith("Y.380") for one in found)
    retired = [one.is_retired for one in found]
    assert retired == sorted(retired)
    assert True in retired
