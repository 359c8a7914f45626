"""The catalogue: what is known by name, and when a change of it is seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, select

from storage import catalogue
from storage.catalogue import CatalogueKeeper, raise_version, read_catalogue
from storage.database import Database
from storage.references import core_of
from storage.tables import Body, CatalogueVersion, Group, Officer, Question, RoadmapItem, Topic

NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Ticks:
    """The seconds that a keeper sees go by."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    made = Ticks()
    monkeypatch.setattr(catalogue, "monotonic", made)
    return made


async def add_body(database: Database, code: str) -> None:
    """What another process does."""
    async with database.writing() as session:
        await session.execute(insert(Body).values(code=code, name=""))
        await raise_version(session, NOW)


async def test_a_raised_version_is_seen_by_every_keeper(sample: Database, ticks: Ticks) -> None:
    keepers = [CatalogueKeeper(), CatalogueKeeper()]
    async with sample.reading() as session:
        before = [await keeper.current(session) for keeper in keepers]
    await add_body(sample, "NEW")
    ticks.now += catalogue.FRESH
    for keeper, old in zip(keepers, before, strict=True):
        async with sample.reading() as session:
            new = await keeper.current(session)
        assert "NEW" in new.body_of_code
        assert "NEW" not in old.body_of_code
        assert new.version == old.version + 1


async def test_a_catalogue_is_not_read_again_while_nothing_changes(sample: Database, ticks: Ticks) -> None:
    keeper = CatalogueKeeper()
    async with sample.reading() as session:
        first = await keeper.current(session)
        ticks.now += 10 * catalogue.FRESH
        assert await keeper.current(session) is first


async def test_the_version_is_asked_for_at_most_once_in_a_while(sample: Database, ticks: Ticks) -> None:
    keeper = CatalogueKeeper()
    async with sample.reading() as session:
        first = await keeper.current(session)
    await add_body(sample, "NEW")
    ticks.now += catalogue.FRESH / 2
    async with sample.reading() as session:
        assert await keeper.current(session) is first


async def test_a_change_that_is_rolled_back_raises_nothing(sample: Database) -> None:
    async with sample.reading() as session:
        before = await session.scalar(select(CatalogueVersion.version))

    async def fail() -> None:
        async with sample.writing() as session:
            await raise_version(session, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with sample.reading() as session:
        assert await session.scalar(select(CatalogueVersion.version)) == before


async def test_the_first_change_of_an_empty_database_is_version_one(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(delete(CatalogueVersion))
        await raise_version(session, NOW)
    async with database.reading() as session:
        assert await session.scalar(select(CatalogueVersion.version)) == 1


async def test_an_empty_database_has_an_empty_catalogue(database: Database) -> None:
    async with database.reading() as session:
        read = await read_catalogue(session)
    assert [*read.bodies, *read.groups, *read.topics, *read.terms, *read.types, *read.named_items] == []


async def test_the_catalogue_has_all_that_has_a_name(sample: Database) -> None:
    async with sample.reading() as session:
        read = await read_catalogue(session)
        assert {one.code for one in read.bodies.values()} == set(await session.scalars(select(Body.code)))
        assert {one.code for one in read.groups.values()} == set(await session.scalars(select(Group.code)))
        assert {one.code for one in read.topics.values()} == set(await session.scalars(select(Topic.code)))
        assert set(read.questions) == set(await session.scalars(select(Question.code)))
        assert set(read.types) == set(await session.scalars(select(RoadmapItem.type)))
        assert set(read.officers) == set(await session.scalars(select(Officer.name)))
        references = await session.scalars(select(RoadmapItem.reference))
        assert set(read.named_items) == {one for one in references if not any(sign.isdigit() for sign in core_of(one))}


async def test_a_group_knows_its_questions_and_is_found_by_its_code(sample: Database) -> None:
    async with sample.reading() as session:
        read = await read_catalogue(session)
    group = read.group_of_code("SG13")
    assert group is not None
    assert all(read.questions[code][1] == group.id for code in group.questions)
    assert "Q16/13" in group.questions
    assert read.group_of_code("SG99") is None
