"""Insert a row, or change the one that has its key: in one statement, so that two writers at once do not collide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Base


async def upsert(session: AsyncSession, table: type[Base], row: Mapping[str, object], key: Sequence[str]) -> None:
    """Both engines speak ON CONFLICT alike."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(dict(row))
    changes = {name: statement.excluded[name] for name in row if name not in key}
    await session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes))
