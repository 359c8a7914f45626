"""Judgements whether two roadmap items overlap."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Hashable, Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, bindparam, func, insert, or_, select, update

from storage.tables import Overlap, RoadmapItem
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import Label, Name, one_of
from storage.transfer.kind import PAGE, Change, Kept, Kind
from storage.transfer.parts import mapping
from storage.transfer.problems import Problem


class Row(BaseModel):
    a: Name
    b: Name
    overlap: Annotated[Label, one_of(("1", "0"))]


class Rows(Kind):
    """A pair is the same pair the other way round. Its order is kept as it came first."""

    row = Row
    key = ("a", "b")
    table = Overlap

    async def begin(self) -> None:
        self._ids: dict[str, int] = {}
        self._names: dict[int, str] = {}

    async def prepare(self, batch: Batch) -> None:
        await self._resolve({*batch["a"], *batch["b"]})

    def identities(self, batch: Batch) -> Sequence[Hashable]:
        pairs = zip(batch["a"], batch["b"], strict=True)
        return [frozenset((self._ids.get(a, a), self._ids.get(b, b))) for a, b in pairs]

    def check(self, batch: Batch) -> Iterator[Problem]:
        for number, cells in batch.rows():
            for column in self.key:
                if cells[column] not in self._ids:
                    yield Problem(number, column, cells[column], "the reference of one roadmap item, or its id")
            if cells["a"] in self._ids and self._ids[cells["a"]] == self._ids.get(cells["b"]):
                yield Problem(number, "b", cells["b"], "another item than a")

    def about(self, batch: Batch) -> ColumnElement[bool]:
        ids = {self._ids[name] for column in self.key for name in batch[column]}
        return and_(Overlap.a_id.in_(ids), Overlap.b_id.in_(ids))

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        query = select(Overlap.a_id, Overlap.b_id, Overlap.overlap).where(where)
        rows = (await self.connection.execute(query.order_by(Overlap.a_id, Overlap.b_id).limit(limit))).all()
        await self._name({id for row in rows for id in row[:2]})
        return [
            Kept((a, b), {"a": self._names[a], "b": self._names[b], "overlap": "1" if overlap else "0"})
            for a, b, overlap in rows
        ]

    async def pages(self) -> AsyncIterator[list[Kept]]:
        where: ColumnElement[bool] = Overlap.a_id > 0
        while page := await self.read(where, PAGE):
            yield page
            a, b = page[-1].id
            where = or_(Overlap.a_id > a, and_(Overlap.a_id == a, Overlap.b_id > b))

    def merge(self, before: Cells, after: Cells) -> Cells:
        return before | {"overlap": after["overlap"]}

    async def add(self, batch: Batch) -> None:
        values = [
            {"a_id": self._ids[cells["a"]], "b_id": self._ids[cells["b"]], "overlap": cells["overlap"] == "1"}
            for _, cells in batch.rows()
        ]
        await self.run(insert(Overlap), values)

    async def change(self, changes: Sequence[Change]) -> None:
        values = [
            {"_a": change.id[0], "_b": change.id[1], "overlap": change.after["overlap"] == "1"} for change in changes
        ]
        chosen = and_(Overlap.a_id == bindparam("_a"), Overlap.b_id == bindparam("_b"))
        await self.run(update(Overlap).where(chosen), values)

    async def _resolve(self, names: Collection[str]) -> None:
        """Find the items with these names: a reference that one item has, else an id."""
        wanted = [name for name in names if name not in self._ids]
        keys = select(RoadmapItem.key, RoadmapItem.id).where(RoadmapItem.key.in_(wanted))
        self._ids |= await mapping(self.connection, keys)
        self._ids |= await self._unique_references(wanted)

    async def _name(self, ids: Collection[int]) -> None:
        wanted = [id for id in ids if id not in self._names]
        query = select(RoadmapItem.id, RoadmapItem.key, RoadmapItem.reference).where(RoadmapItem.id.in_(wanted))
        rows = (await self.connection.execute(query)).all()
        unique = await self._unique_references([row.reference for row in rows])
        for id, key, reference in rows:
            self._names[id] = reference if reference in unique else key
            self._ids[self._names[id]] = id

    async def _unique_references(self, references: Sequence[str]) -> dict[str, int]:
        one = (
            select(RoadmapItem.reference, func.min(RoadmapItem.id))
            .where(RoadmapItem.reference.in_(references))
            .group_by(RoadmapItem.reference)
            .having(func.count() == 1)
        )
        return await mapping(self.connection, one)
