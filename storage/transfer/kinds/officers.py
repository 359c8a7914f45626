"""Officers of groups."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, insert, select, update

from storage.tables import Officer
from storage.transfer.batch import Batch
from storage.transfer.cells import Name, PartialDate, Prose
from storage.transfer.directory import Directory
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.problems import Problem

_OWN = ("affiliation", "since", "until")


class Row(BaseModel):
    group: Name
    role: Name
    name: Name
    affiliation: Prose
    since: PartialDate
    until: PartialDate


class Rows(Kind):
    row = Row
    key = ("group", "role", "name")
    table = Officer

    async def begin(self) -> None:
        self._directory = Directory(self.connection, self.made)
        await self._directory.load()

    def identities(self, batch: Batch) -> Sequence[Hashable]:
        groups = [self._directory.pointed(pointer) or pointer for pointer in batch["group"]]
        return list(zip(groups, batch["role"], batch["name"], strict=True))

    def check(self, batch: Batch) -> Iterator[Problem]:
        for number, pointer in zip(batch.numbers, batch["group"], strict=True):
            if not self._directory.pointed(pointer):
                allowed = "a group of the database, with its body before it where the code is not unique"
                yield Problem(number, "group", pointer, allowed)

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return Officer.name.in_(batch["name"])

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        columns = (Officer.group_id, Officer.role, Officer.name, Officer.affiliation, Officer.since, Officer.until)
        query = select(Officer.id, *columns).where(where).order_by(Officer.id).limit(limit)
        return [
            Kept(
                id,
                {
                    "group": self._directory.pointer(group_id),
                    "role": role,
                    "name": name,
                    "affiliation": affiliation,
                    "since": since,
                    "until": until,
                },
            )
            for id, group_id, role, name, affiliation, since, until in await self.connection.execute(query)
        ]

    async def add(self, batch: Batch) -> None:
        values = []
        for _, cells in batch.rows():
            group_id = self._group(cells["group"])
            values.append({name: cells[name] for name in ("role", "name", *_OWN)} | {"group_id": group_id})
        await self.run(insert(Officer), values)

    async def change(self, changes: Sequence[Change]) -> None:
        values = [{"_id": change.id} | {name: change.after[name] for name in _OWN} for change in changes]
        await self.run(update(Officer).where(Officer.id == bindparam("_id")), values)

    def merge(self, before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
        # The same group may be written with its body or without.
        return after | {"group": before["group"]}

    def _group(self, pointer: str) -> int:
        key = self._directory.pointed(pointer)
        assert key is not None, "checked before"  # noqa: S101
        return self._directory.groups[key]
