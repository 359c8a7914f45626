"""Terms: one definition by one source a row."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, insert, select, tuple_, update

from storage.tables import Body, Term
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import Label, Name, Text, YesNo
from storage.transfer.directory import Directory
from storage.transfer.kind import Change, Kept, Kind


class Row(BaseModel):
    term: Name
    abbreviation: Label
    definition: Text
    reference: Name
    body: Name
    verified: YesNo


class Rows(Kind):
    row = Row
    key = ("term", "reference")
    table = Term

    async def begin(self) -> None:
        self._directory = Directory(self.connection, self.made)
        await self._directory.load()

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return tuple_(Term.term, Term.reference).in_(list(zip(batch["term"], batch["reference"], strict=True)))

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        columns = (Term.term, Term.abbreviation, Term.definition, Term.reference, Body.code, Term.verified)
        query = select(Term.id, *columns).join(Body).where(where).order_by(Term.id).limit(limit)
        return [
            Kept(
                id,
                {
                    "term": term,
                    "abbreviation": abbreviation,
                    "definition": definition,
                    "reference": reference,
                    "body": body,
                    "verified": "yes" if verified else "no",
                },
            )
            for id, term, abbreviation, definition, reference, body, verified in await self.connection.execute(query)
        ]

    async def add(self, batch: Batch) -> None:
        await self._directory.need_bodies(batch["body"])
        await self.run(insert(Term), [self._values(cells) for _, cells in batch.rows()])

    async def change(self, changes: Sequence[Change]) -> None:
        await self._directory.need_bodies(change.after["body"] for change in changes)
        values = [self._values(change.after) | {"_id": change.id} for change in changes]
        await self.run(update(Term).where(Term.id == bindparam("_id")), values)

    def _values(self, cells: Cells) -> dict[str, object]:
        return {
            "term": cells["term"],
            "abbreviation": cells["abbreviation"],
            "definition": cells["definition"],
            "reference": cells["reference"],
            "body_id": self._directory.bodies[cells["body"]],
            "verified": cells["verified"] == "yes",
        }
