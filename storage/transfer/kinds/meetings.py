"""Meetings, with what follows from their times: the first day, and instants in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, insert, select, update

from storage.meeting import times
from storage.meeting.deeds import TOLD
from storage.tables import Meeting
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import (
    DayOrHour,
    Label,
    Link,
    MeetingMoment,
    Prose,
    Text,
    WholeNumber,
    Zone,
    local_time,
    one_of,
    real_date,
)
from storage.transfer.columns import names
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.problems import Problem
from storage.words import MeetingMode, MeetingStatus


class Row(BaseModel):
    number: WholeNumber
    title: Text
    start: MeetingMoment
    end: MeetingMoment
    timezone: Zone
    place: Prose
    mode: Annotated[Label, one_of(MeetingMode)]
    status: Annotated[Label, one_of(MeetingStatus)]
    colocated_with: Prose
    report: Prose
    executive_summary: Prose
    note: Prose
    link: Link = ""
    documents_due: DayOrHour = ""


class Rows(Kind):
    row = Row
    key = ("number",)
    table = Meeting

    def check(self, batch: Batch) -> Iterator[Problem]:
        for number, cells in batch.rows():
            start, end = cells["start"], cells["end"]
            if _is_dated(start) and _is_dated(end) and end < start[: len(end)]:
                yield Problem(number, "end", end, "not before the start")
            due = cells.get("documents_due", "")
            if due and times.is_day(start) and due[: len(start)] > start[: len(due)]:
                yield Problem(number, "documents_due", due, "not after the start")

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return Meeting.number.in_([int(number) for number in batch["number"]])

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        columns = [getattr(Meeting, name) for name in names(Row)]
        query = select(Meeting.id, *columns).where(where).order_by(Meeting.id).limit(limit)
        rows = (await self.connection.execute(query)).mappings().all()
        return [Kept(row["id"], {name: str(row[name]) for name in names(Row)}) for row in rows]

    async def add(self, batch: Batch) -> None:
        await self.run(insert(Meeting), [_values(cells) for _, cells in batch.rows()])

    async def change(self, changes: Sequence[Change]) -> None:
        values = [_values(change.after) | _raised(change) for change in changes]
        raised = {"sequence": Meeting.sequence + bindparam("_raise"), "untold": Meeting.untold + bindparam("_fields")}
        await self.run(update(Meeting).where(Meeting.id == bindparam("_id")).values(raised), values)
        await self._note_announced([change.id for change in changes if _told(change)])

    async def _note_announced(self, ids: Sequence[int]) -> None:
        is_known = (Meeting.id.in_(ids), Meeting.announced_at.is_not(None))
        for number in await self.connection.scalars(select(Meeting.number).where(*is_known).order_by(Meeting.number)):
            self.notes.append(
                f"meeting {number} is announced: whoever knows of it is told of the change, by a bot that runs"
            )


def _is_dated(moment: str) -> bool:
    return local_time(moment) is not None or real_date(moment)


def _told(change: Change) -> list[str]:
    """What of the change people are told who know of the meeting."""
    return [name for name in change.fields if name in TOLD]


def _raised(change: Change) -> dict[str, object]:
    """The change as a newer version of the calendar entry, with what is still to be told."""
    names = _told(change)
    return {"_id": change.id, "_raise": int(bool(names)), "_fields": "".join(f" {name}" for name in names)}


def _values(cells: Cells) -> dict[str, object]:
    return {
        **cells,
        **times.computed(cells["start"], cells["documents_due"], cells["timezone"]),
        "number": int(cells["number"]),
        "mode": MeetingMode(cells["mode"]),
        "status": MeetingStatus(cells["status"]),
    }
