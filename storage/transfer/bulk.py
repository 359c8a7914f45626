"""Adding many rows fast, within one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from aiosqlite import Connection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE tbl_name = :table AND type = 'trigger'"


class Load:
    """Rows on their way into one table, given column by column, with values that the driver takes as they are.

    On SQLite the database writes a batch while the next one is being read and checked. What is executed on the
    connection afterwards waits for it, as the driver does one thing after the other.
    """

    def __init__(self, connection: AsyncConnection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._writing: asyncio.Future[Any] | None = None
        self._triggers: list[str] | None = None

    @property
    def is_bare(self) -> bool:
        """Whether the table's triggers are set aside."""
        return self._triggers is not None

    async def add(self, columns: Mapping[str, Sequence[object]]) -> None:
        """Add rows."""
        # One statement with many rows: for each of them the driver would do more than the database does.
        is_sqlite = self._connection.dialect.name == "sqlite"
        row = f"({', '.join(['?' if is_sqlite else '%s'] * len(columns))})"
        values = tuple(chain.from_iterable(zip(*columns.values(), strict=True)))
        rows = ", ".join([row] * (len(values) // len(columns)))
        statement = f"INSERT INTO {self._table} ({', '.join(columns)}) VALUES {rows}"
        if not is_sqlite:
            await self._connection.exec_driver_sql(statement, values)
            return
        await self.settle()
        driver = (await self._connection.get_raw_connection()).driver_connection
        assert isinstance(driver, Connection)  # noqa: S101  # what SQLAlchemy's aiosqlite dialect has below
        self._writing = asyncio.ensure_future(driver.execute_fetchall(statement, values))
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Wait until all rows are written."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def set_triggers_aside(self) -> None:
        """Drop the table's triggers until `put_triggers_back`: SQLite only."""
        found = (await self._connection.execute(text(_TRIGGERS), {"table": self._table})).all()
        for name, _ in found:
            await self._connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        self._triggers = [sql for _, sql in found]

    async def put_triggers_back(self, search: str) -> None:
        """Make them again, and the full-text index `search` anew from its table, as they did not tell it."""
        await self.settle()
        for statement in self._triggers or ():
            await self._connection.exec_driver_sql(statement)
        if self._triggers:
            await self._connection.exec_driver_sql(f"INSERT INTO {search}({search}) VALUES ('rebuild')")
        self._triggers = None
