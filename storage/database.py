"""The connection to the shared database, SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage import sqlite

VERSIONS = Path(__file__).parent / "migrations" / "versions"

_WATCHED = {
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""libpq: after so many seconds (the last: milliseconds) of silence a connection is dead. Linux itself waits 15 min."""


class DatabaseUnfit(Exception):
    """The database cannot be used as it is. `message` says why, `hint` what to type."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Database:
    """An engine and its sessions. Close it when done."""

    def __init__(self, url: str) -> None:
        self.url = asynchronous_url(url)
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and writes nothing."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on an exception.

        On SQLite it takes the write lock at once, so that it never fails half-way because another one wrote.
        """
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            await session.connection(execution_options={"writes": True})
            yield session

    async def check(self) -> None:
        """Raise `DatabaseUnfit` unless the database is there and of our version."""
        if self.is_sqlite and not Path(self.url.database or "").is_file():
            hint = "liaison-bot init, or init --sample for the sample"
            raise DatabaseUnfit(f"there is no database at {self.url.database}", hint)
        try:
            async with self.engine.connect() as connection:
                found = await connection.run_sync(revision)
        except (DBAPIError, OSError) as error:
            raise unfit(error, self.url) from error
        if found != head():
            raise _wrong_version(found)

    async def close(self) -> None:
        await self.engine.dispose()


def asynchronous_url(url: str) -> URL:
    """The address with the driver that we use: aiosqlite or psycopg 3."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    return parsed.set(drivername="postgresql+psycopg")


def head() -> str:
    """The newest revision that this code knows: the number that the last migration's file begins with."""
    return max((path.name for path in VERSIONS.glob("[0-9]*.py")), default="").split("_")[0]


def revision(connection: Connection) -> str:
    """The revision of the database; empty when it has none."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def unfit(error: Exception, url: URL) -> DatabaseUnfit:
    """Say in words what a driver's error means for the person at the keyboard; never shows the password."""
    words = next(iter(str(getattr(error, "orig", error)).strip().splitlines()), type(error).__name__)
    place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    if "locked" in words:
        return DatabaseUnfit(f"the database {place} is locked by another program", "try again in a moment")
    if "readonly" in words or "read-only" in words:
        return DatabaseUnfit(f"the database {place} cannot be written", "give this user the right to write the file")
    if "not a database" in words:
        return DatabaseUnfit(f"{place} is not a database", "name another file in LIAISON_BOT_DATABASE_URL")
    return DatabaseUnfit(f"the database {place} does not answer: {words}", "liaison-bot doctor")


def _wrong_version(found: str) -> DatabaseUnfit:
    if found and found > head():
        return DatabaseUnfit(
            f"the database has version {found}, newer than this program's {head()}", "upgrade liaison-bot"
        )
    return DatabaseUnfit(
        f"the database has version {found or 'none'}, this program needs {head()}", "liaison-bot migrate"
    )


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        return sqlite.new_engine(url)
    watched = {name: value for name, value in _WATCHED.items() if name not in url.query}
    return create_async_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=watched)


__all__ = ["Database", "DatabaseUnfit", "OperationalError", "asynchronous_url", "head", "revision", "unfit"]
