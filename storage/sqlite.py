"""SQLite without blocking the loop: each connection works in a thread of its own, which is asked as seldom as possible.

A way to the thread and back costs more than a short statement itself, and aiosqlite's own cursor goes it four times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Connection as Transaction
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another one."""

_PREPARATION = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL", "PRAGMA journal_mode = WAL")

Parameters = Sequence[Any] | dict[str, Any]
Answer = TypeVar("Answer")


def new_engine(url: URL) -> AsyncEngine:
    """An engine for one file. A transaction with the execution option `writes` takes the write lock as it begins."""
    engine = create_async_engine(url, connect_args={"async_creator_fn": _connect}, hide_parameters=True)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _begin(transaction: Transaction) -> None:
    writes = transaction.get_execution_options().get("writes", False)
    connection = transaction.connection.driver_connection
    assert isinstance(connection, Connection)
    connection.beginning = "BEGIN IMMEDIATE" if writes else "BEGIN"


def _connect(path: str, **options: Any) -> Connection:
    def connector() -> sqlite3.Connection:
        # Without an isolation level the driver begins no transaction by itself: it would, and too late.
        made = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, **options)
        for statement in _PREPARATION:
            made.execute(statement)
        return made

    return Connection(connector)


class Connection(aiosqlite.Connection):
    """A connection whose statements each go to the thread and back once.

    `beginning`: what begins the transaction; it goes together with the first statement.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True
        self.beginning = ""

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy enters it; aiosqlite's opens it in the thread
        return Cursor(self)

    async def perform(self, deed: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do it in the thread, in the transaction that begins if none is going on."""
        beginning, self.beginning = self.beginning, ""

        def begun() -> Answer:
            if beginning:
                self._conn.execute(beginning)
            return deed(self._conn)

        return await self._execute(begun)

    async def commit(self) -> None:
        await self._end(super().commit)

    async def rollback(self) -> None:
        await self._end(super().rollback)

    async def _end(self, ending: Callable[[], Any]) -> None:
        self.beginning = ""
        if self.in_transaction:
            await ending()


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
