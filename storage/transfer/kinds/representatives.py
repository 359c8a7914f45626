"""Representatives of groups: as people keep them in a spreadsheet, with their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from storage.tables import Person, Representative
from storage.transfer.appointees import Appointee, Appointees, Mention
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import Email, Label, Name, PartialDate, one_of
from storage.transfer.columns import names
from storage.transfer.directory import Directory
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.problems import Problem
from storage.words import OPEN, RepresentativeKind, RepresentativeStatus

Identity = tuple[Hashable, ...]


class Row(BaseModel):
    group: Name
    name: Label
    kind: Annotated[Label, one_of(RepresentativeKind)]
    status: Annotated[Label, one_of(RepresentativeStatus)]
    email: Email
    affiliation: Label
    since: PartialDate
    until: PartialDate
    liaison: Label


_OWN = ("email", "affiliation", "since", "until", "liaison")


class Rows(Kind):
    """A row without a name is somebody who was forgotten: what is left of them is the group and the years."""

    row = Row
    key = ("group", "name")
    table = Representative

    async def begin(self) -> None:
        self._directory = Directory(self.connection, self.made)
        await self._directory.load()
        self._appointees = Appointees(self.connection)
        self._identities: dict[int, Identity] = {}
        self._of_row: dict[int, Appointee | None] = {}
        self._persons: dict[int, int] = {}
        self._repeated: Counter[Identity] = Counter()

    async def prepare(self, batch: Batch) -> None:
        await self._appointees.know_addresses(batch["email"])
        for kept in await self.read(self.about(batch)):
            if kept.cells["name"]:
                self._appointees.know(self._mention(kept.cells), self._persons[kept.id])
        rows = list(batch.rows())
        found = self._appointees.resolve([self._mention(cells) for _, cells in rows])
        self._of_row.update(zip(batch.numbers, found, strict=True))
        self._identities.update(
            {
                number: self._identity(cells, appointee, self._repeated)
                for (number, cells), appointee in zip(rows, found, strict=True)
            }
        )

    def identities(self, batch: Batch) -> Sequence[Hashable]:
        return [self._identities.get(number, ("wrong", number)) for number in batch.numbers]

    def check(self, batch: Batch) -> Iterator[Problem]:
        for number, cells in batch.rows():
            status = RepresentativeStatus(cells["status"])
            if not self._directory.pointed(cells["group"]) and _needs_group(status):
                allowed = "a group of the database, with its body before it where the code is not unique"
                yield Problem(number, "group", cells["group"], allowed)
            if status in OPEN and not cells["name"]:
                yield Problem(number, "name", "", "not empty while the status is pending or confirmed")
            since, until = cells["since"], cells["until"]
            if since and until and until < since[: len(until)]:
                yield Problem(number, "until", until, "not before since")

    async def kept(self, batch: Batch) -> dict[Hashable, Kept]:
        repeated: Counter[Identity] = Counter()
        found: dict[Hashable, Kept] = {}
        wanted = set(self.identities(batch))
        ending: dict[Hashable, Kept] = {}
        for kept in await self.read(self.about(batch)):
            nameless = not kept.cells["name"] and not kept.cells["email"]
            appointee = None if nameless else self._persons[kept.id]
            identity = self._identity(kept.cells, appointee, repeated)
            found[identity] = kept
            if kept.cells["status"] in OPEN and identity not in wanted:
                over = kept.cells | {"status": str(RepresentativeStatus.ENDED)}
                ending[self._identity(over, appointee, Counter())] = kept
        # A row that says that somebody's term is over is about the open one, unless that one was ended before.
        return ending | found

    def about(self, batch: Batch) -> ColumnElement[bool]:
        pointed = {self._directory.pointed(pointer) for pointer in batch["group"]}
        ids = [self._directory.groups[key] for key in pointed if key]
        return or_(
            Representative.group_id.in_(ids),
            and_(Representative.group_id.is_(None), Representative.proposed.in_(set(batch["group"]))),
        )

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        columns = [getattr(Representative, name) for name in ("kind", "status", *_OWN)]
        query = (
            select(
                Representative.id,
                Representative.person_id,
                Representative.group_id,
                Representative.proposed,
                Person.name,
                *columns,
            )
            .join(Person, Person.id == Representative.person_id)
            .where(where)
            .order_by(Representative.id)
            .limit(limit)
        )
        rows = (await self.connection.execute(query)).mappings().all()
        self._persons.update({row["id"]: row["person_id"] for row in rows})
        return [Kept(row["id"], self._cells(dict(row))) for row in rows]

    def merge(self, before: Cells, after: Cells) -> Cells:
        # The same group may be written with its body or without; who has told their name and address keeps them.
        kept = {"group": before["group"], "name": before["name"] or after["name"]}
        return after | kept | {"email": after["email"] or before["email"]}

    async def add(self, batch: Batch) -> None:
        rows = list(batch.rows())
        persons = await self._appointees.persons([(self._of_row[number], cells["name"]) for number, cells in rows])
        for status in RepresentativeStatus:
            values = [
                self._values(cells) | {"person_id": person}
                for (_, cells), person in zip(rows, persons, strict=True)
                if cells["status"] == status
            ]
            moments = {name: func.now() for name in ("requested_at", *_moments(status))}
            await self.run(insert(Representative).values(status=status, **moments), values)

    async def change(self, changes: Sequence[Change]) -> None:
        for change in changes:
            await self._change(change)

    async def _change(self, change: Change) -> None:
        values: dict[str, object] = dict(self._values(change.after))
        if "status" in change.fields:
            status = RepresentativeStatus(change.after["status"])
            values |= {"status": status, **{name: func.now() for name in _moments(status)}}
        if "email" in change.fields:
            values["email_proved_at"] = None
        await self.connection.execute(update(Representative).where(Representative.id == change.id).values(values))
        if "name" in change.fields:
            named = update(Person).where(Person.id == self._persons[change.id], Person.name == "")
            await self.connection.execute(named.values(name=change.after["name"]))

    def _values(self, cells: Cells) -> dict[str, object]:
        key = self._directory.pointed(cells["group"])
        return {name: cells[name] for name in _OWN} | {
            "group_id": self._directory.groups[key] if key else None,
            "proposed": "" if key else cells["group"],
            "kind": RepresentativeKind(cells["kind"]),
        }

    def _cells(self, row: Mapping[str, object]) -> Cells:
        group_id = row["group_id"]
        assert group_id is None or isinstance(group_id, int)  # noqa: S101  # a column of numbers
        group = self._directory.pointer(group_id) or str(row["proposed"])
        return {name: group if name == "group" else str(row[name]) for name in names(Row)}

    def _group(self, cells: Cells) -> Hashable:
        return self._directory.pointed(cells["group"]) or cells["group"]

    def _mention(self, cells: Cells) -> Mention:
        return Mention(self._group(cells), cells["name"], cells["email"], cells["since"])

    def _identity(self, cells: Cells, appointee: Appointee | None, repeated: Counter[Identity]) -> Identity:
        """A person has one open row in a group, and any number of rows that are over: those are counted through."""
        group = self._group(cells)
        if appointee is not None and cells["status"] in OPEN:
            return group, appointee
        term = ("kind", "status", "since") if appointee is not None else tuple(_PUBLIC)
        identity = (group, appointee, *(cells[name] for name in term))
        repeated[identity] += 1
        return *identity, repeated[identity]


_PUBLIC = ("kind", "status", "affiliation", "since", "until", "liaison")
"""What is left of somebody who was forgotten."""


def _needs_group(status: RepresentativeStatus) -> bool:
    """Whoever only asks to be a representative may have proposed a group that nobody knows yet."""
    return status in (RepresentativeStatus.CONFIRMED, RepresentativeStatus.ENDED)


def _moments(status: RepresentativeStatus) -> Sequence[str]:
    """The columns that say when a row came into this status."""
    decided = () if status is RepresentativeStatus.PENDING else ("decided_at",)
    return (*decided, "ended_at") if status is RepresentativeStatus.ENDED else decided
