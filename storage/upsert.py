"""Insert rows, or change those that have their keys: in one statement, so that two writers at once do not collide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Base


async def upsert(session: AsyncSession, table: type[Base], row: Mapping[str, object], key: Sequence[str]) -> None:
    """Both engines speak ON CONFLICT alike."""
    await session.execute(_statement(session.get_bind().dialect.name, table, tuple(row), tuple(key)), dict(row))


@cache
def _statement(dialect: str, table: type[Base], names: tuple[str, ...], key: tuple[str, ...]) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(cast(Table, table.__table__))
    changes = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changes)


async def add_missing(
    session: AsyncSession, table: type[Base], rows: Sequence[Mapping[str, object]], key: Sequence[str]
) -> int:
    """Insert the rows whose key is new, in one statement for all; gives how many those were."""
    if not rows:
        return 0
    statement = _adding(session.get_bind().dialect.name, table, tuple(key))
    # Without the option PostgreSQL's driver does not say how many.
    options = {"preserve_rowcount": True}
    result = await session.execute(statement, [dict(row) for row in rows], execution_options=options)
    return max(cast("CursorResult[object]", result).rowcount, 0)


@cache
def _adding(dialect: str, table: type[Base], key: tuple[str, ...]) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(cast(Table, table.__table__)).on_conflict_do_nothing(index_elements=list(key))
