"""The connection to the shared database: transactions, and a database that cannot be used."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage import sqlite
from storage.database import Database, DatabaseUnfit, asynchronous_url, head, unfit
from storage.tables import Body, Group
from storage.upgrade import upgrade


async def refusal(database: Database) -> DatabaseUnfit:
    try:
        with pytest.raises(DatabaseUnfit) as caught:
            await database.check()
    finally:
        await database.close()
    assert "\n" not in caught.value.message + caught.value.hint
    return caught.value


@pytest.fixture
def path(sqlite_templates: dict[bool, Path], tmp_path: Path) -> Path:
    """A migrated SQLite file."""
    made = tmp_path / "liaison.db"
    shutil.copy(sqlite_templates[False], made)
    return made


async def set_version(database: Database, found: str) -> None:
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})


async def add(database: Database, code: str, *, fails: bool = False) -> None:
    async with database.writing() as session:
        await session.execute(insert(Body).values(code=code))
        if fails:
            raise RuntimeError


async def test_a_migrated_database_is_fit(database: Database) -> None:
    await database.check()


async def test_a_missing_file_is_said_to_be_missing_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    refused = await refusal(Database(f"sqlite:///{path}"))
    assert refused.message == f"there is no database at {path}"
    assert refused.hint == "liaison-bot init, or init --sample for the sample"
    assert not path.exists()


async def test_an_empty_file_needs_a_migration(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    refused = await refusal(Database(f"sqlite:///{path}"))
    assert (refused.message, refused.hint) == (
        f"the database has version none, this program needs {head()}",
        "liaison-bot migrate",
    )


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear secretariat, " * 500)
    refused = await refusal(Database(f"sqlite:///{path}"))
    assert refused.message == f"{path} is not a database"
    assert path.read_text() == "Dear secretariat, " * 500


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "no database" in (await refusal(Database(f"sqlite:///{tmp_path}"))).message


async def test_an_older_database_needs_a_migration(database: Database) -> None:
    await set_version(database, "0000")
    refused = await refusal(database)
    assert "version 0000" in refused.message
    assert refused.hint == "liaison-bot migrate"


async def test_a_newer_database_needs_a_newer_program(database: Database) -> None:
    await set_version(database, "9999")
    refused = await refusal(database)
    assert "newer than this program" in refused.message
    assert refused.hint == "upgrade liaison-bot"


async def test_a_newer_database_is_not_upgraded(database: Database) -> None:
    await set_version(database, "9999")
    with pytest.raises(DatabaseUnfit, match="newer than this program"):
        await upgrade(database)


async def test_a_locked_file_is_said_to_be_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.01)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        refused = await refusal(Database(f"sqlite:///{path}"))
    other.close()
    assert refused.message == f"the database {path} is locked by another program"
    await Database(f"sqlite:///{path}").check()


async def test_a_writer_that_waits_too_long_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.01)
    database = Database(f"sqlite:///{path}")
    async with database.writing() as session:
        await session.execute(insert(Body).values(code="FIRST"))
        with pytest.raises(OperationalError, match="locked"):
            await add(database, "SECOND")
    async with database.reading() as session:
        assert (await session.scalars(select(Body.code))).all() == ["FIRST"]
    await database.close()


async def test_a_read_only_database_is_said_to_be_read_only(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    async with database.reading() as session:
        await session.execute(text("PRAGMA query_only = ON"))
        with pytest.raises(DBAPIError) as caught:
            await session.execute(insert(Body).values(code="NEW"))
    await database.close()
    refused = unfit(caught.value, database.url)
    assert refused.message == f"the database {path} cannot be written"
    assert "right to write" in refused.hint


async def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    refused = await refusal(Database("postgresql://someone:secret@127.0.0.1:1/nothing?connect_timeout=2"))
    assert "does not answer" in refused.message
    assert "secret" not in refused.message + refused.hint


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await add(database, "NEW", fails=True)
    async with database.reading() as session:
        assert (await session.scalars(select(Body.code))).all() == []


async def test_a_row_must_belong_to_something_that_exists(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(IntegrityError):
            await session.execute(insert(Group).values(code="G", name="", body_id=99))


async def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(insert(Body).values(code="NEW"))
        async with database.reading() as other:
            assert (await other.scalars(select(Body.code))).all() == []


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite"),
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg"),
        ("postgresql+asyncpg://u@h/d", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_our_driver(written: str, driver: str) -> None:
    assert asynchronous_url(written).drivername == driver


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert "does not answer: TimeoutError" in unfit(TimeoutError(), asynchronous_url("postgresql://u@h/d")).message


async def parameters(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, object]:
    """What the driver is given for a connection to this address."""
    given: dict[str, object] = {}

    async def connect(*_: object, **others: object) -> None:
        given.update(others)
        raise psycopg.OperationalError("nobody listens")

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", connect)
    await refusal(Database(url))
    return given


async def test_a_dead_connection_is_noticed_before_long(monkeypatch: pytest.MonkeyPatch) -> None:
    given = await parameters(monkeypatch, "postgresql://somebody@127.0.0.1/bot")
    names = ("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
    assert [given[name] for name in names] == [1, 20, 5, 3, 30_000]


async def test_the_address_says_when_a_connection_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://somebody@127.0.0.1/bot?tcp_user_timeout=5000&keepalives_idle=60"
    given = await parameters(monkeypatch, url)
    assert (given["tcp_user_timeout"], given["keepalives_idle"], given["keepalives"]) == ("5000", "60", 1)
