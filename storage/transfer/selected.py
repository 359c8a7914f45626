"""Exporting some rows of a kind, as a file that can be imported again."""

from __future__ import annotations

import io
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from storage.transfer import csv_file
from storage.transfer.columns import names
from storage.transfer.kind import PAGE, kind_named


async def csv_of(session: AsyncSession, kind: str, ids: Sequence[int]) -> str:
    """The rows with these ids as a CSV file of that kind, in the order in which all are exported."""
    rows = kind_named(kind)(await session.connection())
    await rows.begin()
    columns = names(rows.row)
    out = io.StringIO(newline="")
    out.write(csv_file.header(columns))
    wanted = sorted(ids)
    for start in range(0, len(wanted), PAGE):
        kept = await rows.read(rows.order().in_(wanted[start : start + PAGE]))
        csv_file.write(columns, [row.cells for row in kept], out)
    return out.getvalue()
