"""Kinds whose rows are a code, a name and aliases: bodies and topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from storage.tables import Body, Topic
from storage.transfer.batch import Batch
from storage.transfer.cells import Name, Names, Text, split
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.parts import add_parts, mapping, read_parts, replace_parts


class Row(BaseModel):
    code: Name
    name: Text
    aliases: Names


class AliasedRows(Kind):
    """`aliases` are two columns of the table of aliases: the one that points to the row, and the text."""

    row = Row
    key = ("code",)
    table: ClassVar[type[Body] | type[Topic]]
    aliases: ClassVar[tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]]

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return self.table.code.in_(batch["code"])

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        table = self.table
        query = select(table.id, table.code, table.name).where(where).order_by(table.id).limit(limit)
        rows = (await self.connection.execute(query)).all()
        aliases = await read_parts(self.connection, *self.aliases, [row[0] for row in rows])
        return [Kept(id, {"code": code, "name": name, "aliases": aliases.get(id, "")}) for id, code, name in rows]

    async def add(self, batch: Batch) -> None:
        rows = [cells for _, cells in batch.rows()]
        await self.run(insert(self.table), [{"code": cells["code"], "name": cells["name"]} for cells in rows])
        ids = await mapping(self.connection, select(self.table.code, self.table.id).where(self.about(batch)))
        aliases = {ids[cells["code"]]: self._parts(cells["aliases"]) for cells in rows}
        await add_parts(self.connection, self.aliases[0], aliases)

    async def change(self, changes: Sequence[Change]) -> None:
        named = [{"_id": change.id, "name": change.after["name"]} for change in changes if "name" in change.fields]
        await self.run(update(self.table).where(self.table.id == bindparam("_id")), named)
        aliases = {change.id: self._parts(change.after["aliases"]) for change in changes if "aliases" in change.fields}
        await replace_parts(self.connection, self.aliases[0], aliases)

    def _parts(self, cell: str) -> list[dict[str, str]]:
        return [{self.aliases[1].key: alias} for alias in split(cell)]
