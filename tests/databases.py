"""Databases for tests, each a copy of one that was migrated once; and what makes many of them quick to use."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from storage.database import Database
from storage.transfer import load_sample
from storage.upgrade import upgrade


class Files:
    """SQLite files."""

    def __init__(self, templates: Mapping[bool, Path]) -> None:
        self._templates = templates
        self._lessons = Lessons(f"sqlite:///{templates[False]}")

    def copied(self, has_sample: bool, folder: Path) -> Database:
        path = folder / f"{uuid4().hex}.db"
        shutil.copy(self._templates[has_sample], path)
        return self._lessons.taught(f"sqlite:///{path}")


class Server:
    """The databases of a PostgreSQL server."""

    def __init__(self, url: str, templates: Mapping[bool, str]) -> None:
        self._url = url
        self._templates = templates
        self._lessons = Lessons(url)
        self._connection = _connected(url)

    def copied(self, has_sample: bool) -> Database:
        name = f"liaison_test_{uuid4().hex}"
        self._does(f"CREATE DATABASE {name} TEMPLATE {self._templates[has_sample]} STRATEGY FILE_COPY")
        return self._lessons.taught(on_server(self._url, name))

    def drop(self, made: Database) -> None:
        self._does(f"DROP DATABASE {made.url.database} WITH (FORCE)")

    def close(self) -> None:
        self._connection.close()

    def _does(self, statement: str) -> None:
        if self._connection.closed:
            self._connection = _connected(self._url)
        self._connection.execute(statement.encode())


class Lessons:
    """What an engine finds out about its database, and the statements that it compiled: found out once, for all.

    None of that depends on what is in a database. A test would compile as long as it works.
    """

    def __init__(self, url: str) -> None:
        model = Database(url)
        asyncio.run(_met(model))
        self._dialect = model.engine.sync_engine.dialect
        self._statements: dict[Any, Any] = {}

    def taught(self, url: str) -> Database:
        """A new one of the same kind that knows all that."""
        made = Database(url)
        engine = made.engine.sync_engine
        vars(engine.dialect)["initialize"] = lambda connection: None
        engine.dialect = self._dialect
        engine.update_execution_options(compiled_cache=self._statements)
        return made


async def fill(url: str, has_sample: bool) -> None:
    """Migrate it; give it the sample."""
    made = Database(url)
    await upgrade(made)
    if has_sample:
        await load_sample(made, datetime(2026, 1, 1, tzinfo=UTC))
    await made.close()


def on_server(server: str, name: str) -> str:
    """The address of a database there."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, *statements: str) -> None:
    """Have a server do what is not done in a transaction."""
    with _connected(server) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _connected(server: str) -> psycopg.Connection:
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


async def _met(database: Database) -> None:
    async with database.engine.connect():
        pass
    await database.close()
