"""Liaison statements with their addressees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, insert, select, update

from storage.tables import Liaison, LiaisonAddressee
from storage.transfer import former
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import Addressees, Label, Link, Name, PartialDate, Prose, Text, one_of, split
from storage.transfer.columns import names
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.parts import add_parts, mapping, read_parts, replace_parts
from storage.transfer.problems import Problem
from storage.words import Direction, LiaisonStatus, Purpose

_ADDRESSED = {f"for_{purpose}": purpose for purpose in Purpose}


class Row(BaseModel):
    number: Name
    direction: Annotated[Label, one_of(Direction)]
    date: PartialDate
    source: Name
    title: Text
    for_action: Addressees
    for_comment: Addressees
    for_information: Addressees
    deadline: PartialDate
    in_response_to: Prose
    status: Annotated[Label, one_of(LiaisonStatus)]
    summary: Prose
    url: Link


_OWN = tuple(name for name in names(Row) if name not in _ADDRESSED)


class Rows(Kind):
    row = Row
    key = ("number",)
    table = Liaison

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return Liaison.number.in_(batch["number"])

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        columns = [getattr(Liaison, name) for name in _OWN]
        query = select(Liaison.id, *columns).where(where).order_by(Liaison.id).limit(limit)
        rows = (await self.connection.execute(query)).mappings().all()
        ids = [row["id"] for row in rows]
        addressed = {column: await self._addressees(purpose, ids) for column, purpose in _ADDRESSED.items()}
        return [
            Kept(
                row["id"],
                {
                    name: addressed[name].get(row["id"], "") if name in addressed else str(row[name])
                    for name in names(Row)
                },
            )
            for row in rows
        ]

    async def add(self, batch: Batch) -> None:
        rows = [cells for _, cells in batch.rows()]
        await self.run(insert(Liaison), [_values(cells) for cells in rows])
        ids = await mapping(self.connection, select(Liaison.number, Liaison.id).where(self.about(batch)))
        for column, purpose in _ADDRESSED.items():
            parts = {ids[cells["number"]]: _parts(cells[column], purpose) for cells in rows}
            await add_parts(self.connection, LiaisonAddressee.liaison_id, parts)

    async def change(self, changes: Sequence[Change]) -> None:
        values = [_values(change.after) | {"_id": change.id} for change in changes]
        await self.run(update(Liaison).where(Liaison.id == bindparam("_id")), values)
        for column, purpose in _ADDRESSED.items():
            parts = {change.id: _parts(change.after[column], purpose) for change in changes if column in change.fields}
            await replace_parts(
                self.connection, LiaisonAddressee.liaison_id, parts, LiaisonAddressee.purpose == purpose
            )

    async def finish(self) -> Iterable[Problem]:
        await former.refresh(self.connection)
        return ()

    async def _addressees(self, purpose: Purpose, ids: Collection[int]) -> dict[int, str]:
        return await read_parts(
            self.connection,
            LiaisonAddressee.liaison_id,
            LiaisonAddressee.name,
            ids,
            "; ",
            LiaisonAddressee.purpose == purpose,
        )


def _values(cells: Cells) -> dict[str, object]:
    own: dict[str, object] = {name: cells[name] for name in _OWN}
    return own | {
        "direction": Direction(cells["direction"]),
        "status": LiaisonStatus(cells["status"]),
    }


def _parts(cell: str, purpose: Purpose) -> list[dict[str, object]]:
    return [{"name": name, "purpose": purpose} for name in split(cell)]
