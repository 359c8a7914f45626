"""Numbering: counters without gaps, since each number is taken in the transaction that uses it."""

from __future__ import annotations

from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, bindparam, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Counter


async def take(session: AsyncSession, name: str, above: int = 0) -> int:
    """The next number of that counter, and never one that is not `above`.

    Whoever takes one too waits until this transaction ends; what is rolled back was never given.
    """
    statement = _taking(session.get_bind().dialect.name)
    taken = await session.execute(statement, {"of": name, "above": above})
    return int(taken.scalar_one())


@cache
def _taking(dialect: str) -> Executable:
    table = cast(Table, Counter.__table__)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    above = bindparam("above", type_=table.c.value.type)
    last = case((table.c.value > above, table.c.value), else_=above)
    statement = insert(table).values(name=bindparam("of"), value=above + 1)
    return statement.on_conflict_do_update(index_elements=["name"], set_={"value": last + 1}).returning(table.c.value)
