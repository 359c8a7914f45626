"""Liaison statements with their addressees. Their groups, what they reply to and their words are found anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints
from sqlalchemy import ColumnElement, bindparam, exists, insert, select, update

from storage.liaison import naming, originals, texts
from storage.liaison.unsent import are_unsent
from storage.tables import Liaison, LiaisonAddressee, LiaisonAssignment, LiaisonText, Person
from storage.transfer import former
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import (
    Addressees,
    Label,
    Link,
    Name,
    PartialDate,
    Prose,
    Text,
    join,
    one_of,
    real_date,
    refuse,
    split,
)
from storage.transfer.columns import names
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.parts import add_parts, mapping, read_parts, replace_parts
from storage.transfer.problems import Problem
from storage.transfer.stemming import stems_of
from storage.words import DeadlineKind, Direction, LiaisonStatus, Purpose

_NO_DEADLINE = "none"
_LONGEST_DEADLINE = 200


def _deadline(cell: str) -> str:
    if cell[:4].isdecimal() and "-" in cell and not real_date(cell):
        raise refuse("a real date as YYYY, YYYY-MM or YYYY-MM-DD, none, words, or empty")
    return _NO_DEADLINE if cell.lower() == _NO_DEADLINE else cell


Deadline = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=_LONGEST_DEADLINE), AfterValidator(_deadline)
]
"""A date, `none` where a statement says that there is none, words where it is vague, or empty."""

_ADDRESSED = {f"for_{purpose}": purpose for purpose in Purpose}

_Asked = dict[str, Mapping[str, object]]
"""By name of an addressee the columns that no file has."""

_NOTHING: Mapping[str, object] = {"group_id": None, "asked": "", "due": ""}


class Row(BaseModel):
    number: Name
    direction: Annotated[Label, one_of(Direction)]
    date: PartialDate
    source: Name
    title: Text
    for_action: Addressees
    for_comment: Addressees
    for_information: Addressees
    deadline: Deadline
    in_response_to: Prose
    status: Annotated[Label, one_of(LiaisonStatus)]
    summary: Prose
    url: Link
    ours: Label = ""
    owner: Prose = ""


_SAID = ("ours", "owner")
"""What an export says, and an import leaves as it is: numbers are ours to give, and owners accept themselves."""

_OWN = tuple(name for name in names(Row) if name not in (*_ADDRESSED, *_SAID))


class Rows(Kind):
    row = Row
    key = ("number",)
    table = Liaison

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return Liaison.number.in_(batch["number"])

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        columns = [*(getattr(Liaison, name) for name in _OWN), Liaison.ours, Liaison.deadline_kind]
        query = select(Liaison.id, *columns).where(where).order_by(Liaison.id).limit(limit)
        rows = (await self.connection.execute(query)).mappings().all()
        ids = [row["id"] for row in rows]
        of_ids = {column: await self._addressees(purpose, ids) for column, purpose in _ADDRESSED.items()}
        of_ids |= {"owner": await self._owners(ids), "ours": {row["id"]: row["ours"] or "" for row in rows}}
        return [
            Kept(
                row["id"],
                {name: of_ids[name].get(row["id"], "") if name in of_ids else str(row[name]) for name in names(Row)}
                | ({"deadline": _NO_DEADLINE} if row["deadline_kind"] is DeadlineKind.NONE else {}),
            )
            for row in rows
        ]

    async def columns(self) -> list[str]:
        is_numbered = await self.connection.scalar(select(exists().where(Liaison.ours.is_not(None))))
        return [name for name in names(Row) if is_numbered or name not in _SAID]

    def merge(self, before: Cells, after: Cells) -> Cells:
        return after | {name: before[name] for name in _SAID}

    async def add(self, batch: Batch) -> None:
        rows = [cells for _, cells in batch.rows()]
        await self.run(insert(Liaison), [_values(cells) for cells in rows])
        ids = await mapping(self.connection, select(Liaison.number, Liaison.id).where(self.about(batch)))
        for column, purpose in _ADDRESSED.items():
            parts = {ids[cells["number"]]: _parts(cells[column], purpose) for cells in rows}
            await add_parts(self.connection, LiaisonAddressee.liaison_id, parts)
        found = stems_of([f"{cells['title']} {cells['summary']}" for cells in rows])
        said = [
            {"liaison_id": ids[cells["number"]], "abstract": "", "body": "", "stems": stems}
            for cells, stems in zip(rows, found, strict=True)
        ]
        await self.run(insert(LiaisonText), said)

    async def change(self, changes: Sequence[Change]) -> None:
        values = [_values(change.after) | {"_id": change.id} for change in changes]
        await self.run(update(Liaison).where(Liaison.id == bindparam("_id")), values)
        for column, forgotten in (("source", "source_id"), ("in_response_to", "response_to_id")):
            ids = [change.id for change in changes if column in change.fields]
            await self.connection.execute(update(Liaison).where(Liaison.id.in_(ids)).values({forgotten: None}))
        reworded = [change.id for change in changes if {"title", "summary"}.intersection(change.fields)]
        await texts.refresh(self.connection, reworded)
        for column, purpose in _ADDRESSED.items():
            readdressed = [change for change in changes if column in change.fields]
            asked = await self._asked(purpose, [change.id for change in readdressed])
            parts = {change.id: _parts(change.after[column], purpose, asked[change.id]) for change in readdressed}
            await replace_parts(
                self.connection, LiaisonAddressee.liaison_id, parts, LiaisonAddressee.purpose == purpose
            )

    async def finish(self) -> Iterable[Problem]:
        await naming.refresh(self.connection)
        await self._find_originals()
        await former.refresh(self.connection)
        return ()

    async def _find_originals(self) -> None:
        """What a statement replies to is linked where it is in the list; of a draft that is done when it is sent."""
        query = select(Liaison.id, Liaison.in_response_to).order_by(Liaison.id)
        query = query.where(Liaison.in_response_to != "", Liaison.response_to_id.is_(None), ~are_unsent())
        waiting = (await self.connection.execute(query)).all()
        if not waiting:
            return
        known = await originals.read(self.connection)
        found = [{"_id": row.id, "original": known.meant(row.in_response_to)} for row in waiting]
        linked = update(Liaison).where(Liaison.id == bindparam("_id")).values(response_to_id=bindparam("original"))
        await self.run(linked, [one for one in found if one["original"] not in (None, one["_id"])])

    async def _asked(self, purpose: Purpose, ids: Collection[int]) -> Mapping[int, _Asked]:
        """What files do not say of addressees, by statement and name."""
        found: dict[int, _Asked] = {id: {} for id in ids}
        columns = [getattr(LiaisonAddressee, name) for name in _NOTHING]
        query = select(LiaisonAddressee.liaison_id, LiaisonAddressee.name, *columns)
        query = query.where(LiaisonAddressee.liaison_id.in_(ids), LiaisonAddressee.purpose == purpose)
        for id, name, *values in await self.connection.execute(query):
            found[id][name] = dict(zip(_NOTHING, values, strict=True))
        return found

    async def _owners(self, ids: Collection[int]) -> dict[int, str]:
        """Who accepted to see to something, by statement."""
        accepted = LiaisonAssignment.accepted_at.is_not(None)
        query = select(LiaisonAssignment.liaison_id, Person.name).join(Person).order_by(LiaisonAssignment.id)
        query = query.where(LiaisonAssignment.liaison_id.in_(ids), accepted, Person.name != "")
        found: dict[int, list[str]] = {}
        for id, name in await self.connection.execute(query):
            found.setdefault(id, []).append(name)
        return {id: join(dict.fromkeys(some), "; ") for id, some in found.items()}

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
        "deadline": "" if cells["deadline"] == _NO_DEADLINE else cells["deadline"],
        "deadline_kind": _kind(cells["deadline"]),
    }


def _kind(deadline: str) -> DeadlineKind:
    if not deadline:
        return DeadlineKind.UNSTATED
    if deadline == _NO_DEADLINE:
        return DeadlineKind.NONE
    return DeadlineKind.DATE if real_date(deadline) else DeadlineKind.VAGUE


def _parts(cell: str, purpose: Purpose, asked: _Asked | None = None) -> list[dict[str, object]]:
    """Who stays keeps what they are asked."""
    known = asked or {}
    return [{"name": name, "purpose": purpose, **known.get(name, _NOTHING)} for name in split(cell)]
