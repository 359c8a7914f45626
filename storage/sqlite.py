"""SQLite without blocking the loop: each connection works in a thread of its own, which is asked as seldom as possible.

A way to the thread and back costs more than a short statement itself, and aiosqlite's own cursor goes it four times.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import aiosqlite
from sqlalchemy import Connection as Transaction
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one."""

_PREPARATION = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL", "PRAGMA journal_mode = WAL")
_PARTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ")

Parameters = Sequence[Any] | dict[str, Any]


def new_engine(url: URL) -> AsyncEngine:
    """An engine for one file. A transaction with the execution option `writes` takes the write lock as it begins."""
    engine = create_async_engine(url, connect_args={"async_creator_fn": _connect}, hide_parameters=True)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _begin(transaction: Transaction) -> None:
    writes = transaction.get_execution_options().get("writes", False)
    connection = cast(Connection, transaction.connection.driver_connection)
    connection.defer("BEGIN IMMEDIATE" if writes else "BEGIN")


def _connect(path: str, **options: Any) -> Connection:
    def connector() -> sqlite3.Connection:
        # Without an isolation level the driver begins no transaction by itself: it would, and too late.
        made: sqlite3.Connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, **options)
        for statement in _PREPARATION:
            made.execute(statement)
        return made

    return Connection(connector)


class Connection(aiosqlite.Connection):
    """A connection whose statements each go to the thread and back once.

    What only begins or ends a part of a transaction has no answer and goes together with the next statement.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True
        self._deferred: list[str] = []
        self._stopped: asyncio.Future[object] | None = None

    def stop(self) -> asyncio.Future[object] | None:
        """End the thread; the future is done when it has ended."""
        self._stopped = super().stop()
        return self._stopped

    def defer(self, statement: str) -> None:
        """Do it before the next statement."""
        self._deferred.append(statement)

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy enters it; aiosqlite's opens it in the thread
        return Cursor(self)

    async def perform(self, deed: Callable[[sqlite3.Connection], None]) -> None:
        """Do it in the thread."""
        await self._execute(lambda: deed(self._conn))

    async def commit(self) -> None:
        await self._end(super().commit)

    async def rollback(self) -> None:
        await self._end(super().rollback)

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except Exception:
            # aiosqlite does not wait: its thread would tell of its end to a loop that may be closed by then.
            if self._stopped:
                await self._stopped
            raise

    async def _end(self, ending: Callable[[], Awaitable[None]]) -> None:
        self._deferred.clear()
        if self.in_transaction:
            await ending()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await super()._execute(self._in_transaction, fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _in_transaction(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        while self._deferred:
            self._conn.execute(self._deferred[0])
            del self._deferred[0]
        return fn(*args, **kwargs)


class Cursor:
    """What SQLAlchemy wants of a cursor: a statement and all its rows."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, statement: str, parameters: Parameters = ()) -> None:
        if statement.startswith(_PARTS):
            self._connection.defer(statement)
            return
        await self._connection.perform(lambda connection: self._keep(connection.execute(statement, parameters)))

    async def executemany(self, statement: str, rows: Sequence[Parameters]) -> None:
        await self._connection.perform(lambda connection: self._keep(connection.executemany(statement, rows)))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """All is in memory already."""

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall() if cursor.description else []
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        cursor.close()
