"""What all tests share: an empty database and one with the sample, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from storage.database import Database
from tests.databases import Files, Server, administer, fill, on_server
from tests.own_server import own_server

# Hypothesis' own profile for such runs: the same examples each time, and no limit to how long a busy machine takes.
# `pytest --hypothesis-profile=default` looks for new ones.
settings.load_profile("ci")

MakeDatabase = Callable[[bool], Database]
"""Gives a database of its own, with the sample or without."""


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server: the one that the environment names, else one that the test suite brings."""
    if named := os.environ.get("LIAISON_BOT_TEST_POSTGRES_URL"):
        yield named
        return
    with own_server() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Migrated files to copy: empty, and with the sample."""
    folder = tmp_path_factory.mktemp("templates")
    paths = {has_sample: folder / f"{'sample' if has_sample else 'empty'}.db" for has_sample in (False, True)}
    for has_sample, path in paths.items():
        asyncio.run(fill(f"sqlite:///{path}", has_sample))
    return paths


@pytest.fixture(scope="session")
def postgresql_templates(postgresql_url: str) -> Iterator[dict[bool, str]]:
    """Migrated databases to copy: empty, and with the sample."""
    names = {has_sample: f"liaison_template_{uuid4().hex}" for has_sample in (False, True)}
    for has_sample, name in names.items():
        administer(postgresql_url, f"CREATE DATABASE {name}")
        asyncio.run(fill(on_server(postgresql_url, name), has_sample))
    yield names
    for name in names.values():
        administer(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_files(sqlite_templates: dict[bool, Path]) -> Files:
    return Files(sqlite_templates)


@pytest.fixture(scope="session")
def postgresql_server(postgresql_url: str, postgresql_templates: dict[bool, str]) -> Iterator[Server]:
    server = Server(postgresql_url, postgresql_templates)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeDatabase]:
    """Makes databases on one engine, which go when the test ends."""
    if request.param == "sqlite":
        files: Files = request.getfixturevalue("sqlite_files")
        yield lambda has_sample: files.copied(has_sample, tmp_path)
        return
    server: Server = request.getfixturevalue("postgresql_server")
    made: list[Database] = []

    def make(has_sample: bool) -> Database:
        made.append(server.copied(has_sample))
        return made[-1]

    yield make
    for one in made:
        server.drop(one)


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
