"""Changing the roadmap by a proposal: one row, through the same code as a row of an imported file."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.tables import RoadmapItem
from storage.transfer.batch import Batch, Cells
from storage.transfer.incoming import keep_others_out
from storage.transfer.kind import Change
from storage.transfer.kinds.roadmap import Row, Rows

FIELDS = ("reference", "title", "type", "status", "date")
"""What a proposal can change of an item that is there."""

_NOT_IN_KEY = re.compile(r"[^a-z0-9.]+")


class RoadmapFile:
    """The roadmap, open for one row."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._rows = Rows(connection)

    async def begin(self) -> None:
        await keep_others_out(self._connection)
        await self._rows.begin()

    async def write(self, item_id: int | None, wanted: Mapping[str, str]) -> int:
        """Give the item these values, by column, or add it; gives its id. What is no column is left out."""
        known = {name: value for name, value in wanted.items() if name in Row.model_fields}
        if item_id is None:
            return await self._add(known)
        (kept,) = await self._rows.read(RoadmapItem.id == item_id)
        after = _checked({**kept.cells, **known})
        if after != kept.cells:
            await self._rows.change([Change(1, item_id, kept.cells, after)])
        return item_id

    async def finish(self) -> None:
        """Bring what depends on items in step: the full-text index, former names."""
        await self._rows.finish()

    async def settle(self) -> None:
        await self._rows.settle()

    async def _add(self, known: Mapping[str, str]) -> int:
        key = await self._free_key(known["body"], known["reference"])
        cells = dict.fromkeys(Row.model_fields, "") | {"verified": "no"} | dict(known) | {"id": key}
        checked = _checked(cells)
        await self._rows.add(Batch([1], {name: [cell] for name, cell in checked.items()}))
        await self._rows.settle()
        query = select(RoadmapItem.id).where(RoadmapItem.key == key)
        return (await self._connection.execute(query)).scalar_one()

    async def _free_key(self, body: str, reference: str) -> str:
        """A key as the roadmap's others: `itu-t-y.qkdn-rsrq`."""
        bare = reference.removeprefix(body).strip()
        plain = _NOT_IN_KEY.sub("-", f"{body} {bare}".lower()).strip("-")
        query = select(RoadmapItem.key).where(RoadmapItem.key.startswith(plain, autoescape=True))
        taken = set((await self._connection.execute(query)).scalars())
        further = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
        return plain if plain not in taken else next(key for key in further if key not in taken)


@asynccontextmanager
async def alone(session: AsyncSession) -> AsyncIterator[RoadmapFile]:
    """The roadmap for this transaction alone: no import and no other proposal changes it meanwhile."""
    opened = RoadmapFile(await session.connection())
    try:
        await opened.begin()
        yield opened
    finally:
        await opened.settle()


def _checked(cells: Mapping[str, str]) -> Cells:
    """As an import would check them. Raises `ValidationError`."""
    return {name: str(value) for name, value in Row.model_validate(dict(cells)).model_dump().items()}
