"""Migrations: up from empty on both databases, and no drift from the models."""

from __future__ import annotations

from collections.abc import Callable

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.database import Database, head, revision
from storage.tables import Base
from storage.upgrade import SEARCH_OBJECTS, configuration, drift, upgrade


def newest(connection: Connection) -> str | None:
    return ScriptDirectory.from_config(configuration(connection)).get_current_head()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_tables_are_those_of_the_models(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(drift) == []
        found = await connection.run_sync(tables)
    assert {one for one in found if not one.startswith(SEARCH_OBJECTS)} == {*Base.metadata.tables, "alembic_version"}


async def test_drift_is_noticed(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE audit"))
        await connection.execute(text("ALTER TABLE bodies ADD COLUMN colour VARCHAR"))
        assert {one[0] for one in await connection.run_sync(drift)} >= {"add_table", "remove_column"}


async def test_the_newest_revision_is_the_one_that_alembic_means(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(newest) == await connection.run_sync(revision) == head()


async def test_a_database_of_our_version_is_left_as_it_is(sample: Database) -> None:
    assert await upgrade(sample) == (head(), head())
    await sample.check()


async def test_an_empty_database_is_brought_to_our_version(make_database: Callable[[bool], Database]) -> None:
    database = make_database(False)
    await emptied(database)
    assert await upgrade(database) == ("", head())
    await database.check()
    async with database.engine.connect() as connection:
        assert await connection.run_sync(drift) == []
    await database.close()


async def emptied(database: Database) -> None:
    async with database.engine.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
            return
        for search in SEARCH_OBJECTS:
            await connection.execute(text(f"DROP TABLE {search}_words"))
            await connection.execute(text(f"DROP TABLE {search}"))
        await connection.run_sync(Base.metadata.drop_all)
        await connection.execute(text("DROP TABLE alembic_version"))
