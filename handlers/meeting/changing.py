"""Changing a meeting: which fields there are, and what becomes of the meeting's columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import ValidationError

from handlers.form import Form, Line, Text, field, problems
from handlers.meeting.entries import OfMeeting
from handlers.meeting.fields import (
    DueText,
    EndText,
    Link,
    MeetingNumber,
    StartText,
    ZoneName,
    as_document,
    emptied,
    end_of,
    moved_end,
    real_time,
    start_of,
    wrong_times,
)
from handlers.situation import Situation
from storage import meetings
from storage.meeting import times
from storage.tables import Meeting
from storage.transfer.cells import local_time
from storage.words import MeetingMode, MeetingStatus

What = Literal[
    "title",
    "start",
    "end",
    "timezone",
    "place",
    "mode",
    "link",
    "colocated_with",
    "documents_due",
    "note",
    "report",
    "executive_summary",
]
IN_TIME = ("start", "end", "timezone", "place", "mode", "link", "documents_due")
"""What of a meeting that is over cannot be changed any more."""

OF_RESULTS = ("report", "executive_summary")
"""What there is only after a meeting."""

_WORDS = {"end": "end", "documents_due": "document deadline"}
_TIMES = ("start", "end", "timezone", "documents_due")


class Change(Form):
    submit: ClassVar[str] = "Change"
    number: MeetingNumber = field("Number", help="of the meeting")
    title: Line | None = field("Title", default=None, named=True)
    start: StartText | None = field("Starts", help="2027-03-18 14:00, or July 2025", default=None, named=True)
    end: EndText | None = field("Ends", help="16:00, or 90 min", default=None, named=True)
    timezone: ZoneName | None = field("Time zone", default=None, named=True)
    place: Line | None = field("Place", help="“none” empties a field", default=None, named=True)
    mode: MeetingMode | None = field("Mode", default=None, named=True)
    link: Link | None = field("Remote link", help="shown to members only", default=None, named=True)
    colocated_with: Line | None = field("Co-located with", default=None, named=True)
    documents_due: DueText | None = field("Documents due", help="2027-03-04", default=None, named=True)
    note: Text | None = field("Note", default=None, named=True)
    report: Line | None = field("Report", help="Doc. 68", default=None, named=True)
    executive_summary: Line | None = field("Executive summary", help="TSAG-TD210", default=None, named=True)

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        number = values.get("number", "")
        meeting = await meetings.numbered(situation.session, int(number)) if number.isdecimal() else None
        if meeting is None:
            return {}
        now = {one.name: str(getattr(meeting, one.name) or "") for one in cls.fields() if one.name != "number"}
        return {**now, **{name: now[name].replace("T", " ") for name in _TIMES if local_time(now[name])}}

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        meeting = await meetings.numbered(situation.session, self.number)
        return wrong_change(meeting, self.given(), situation) if meeting else {}

    def given(self) -> Mapping[str, str]:
        """What is to change, as text."""
        dumped = self.model_dump(exclude_none=True, exclude={"number"})
        return {name: str(value) for name, value in dumped.items()}


class Setting(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    what: What = field("What is to change?")
    value: Text = field("The new value", help="“none” leaves it empty")

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        try:
            given = self.given()
        except ValidationError as error:
            return {"value": "; ".join(problems(error).values())}
        meeting = await meetings.numbered(situation.session, self.number)
        found = wrong_change(meeting, given, situation) if meeting else {}
        return {"value": "; ".join(found.values())} if found else {}

    def given(self) -> Mapping[str, str]:
        """What is to change, as text. Raises `ValidationError`."""
        return Change.model_validate({"number": self.number, self.what: self.value}).given()


def wrong_change(meeting: Meeting, given: Mapping[str, str], situation: Situation) -> Mapping[str, str]:
    """What is wrong with changes, by field, in words for the person."""
    try:
        after, _ = columns(meeting, given)
    except ValueError as error:
        return {"end": str(error)}
    if "title" in given and not after["title"]:
        return {"title": "a meeting needs a title"}
    if not any(name in given for name in _TIMES):
        return {}
    start, end, due, zone = (str(after[name]) for name in ("start", "end", "documents_due", "timezone"))
    found = wrong_times(start, end, due, zone, situation)
    own = {name: problem for name, problem in found.items() if name in given}
    if own or not found or not ("start" in given or "timezone" in given):
        return own
    # What was not typed is wrong because of what was.
    blamed = "start" if "start" in given else "timezone"
    name, problem = next(iter(found.items()))
    return {blamed: problem if name == "start" else f"change its {_WORDS[name]} first, since {problem}"}


def columns(meeting: Meeting, given: Mapping[str, str]) -> tuple[dict[str, object], str]:
    """The meeting's columns as they will be, and what to say of its times. Raises `ValueError` for an end that no start
    goes with."""
    after: dict[str, object] = {one.name: getattr(meeting, one.name) for one in Change.fields() if one.name != "number"}
    after |= {name: emptied(value) for name, value in given.items()}
    for name in OF_RESULTS:
        if name in given:
            after[name] = as_document(given[name])
    if "mode" in given:
        after["mode"] = MeetingMode(given["mode"])
    said = _move(meeting, given, after) if any(name in given for name in _TIMES) else ""
    if meeting.status is MeetingStatus.CONFIRMED and not times.is_day(str(after["start"])):
        after["status"] = MeetingStatus.TENTATIVE
    return after, said


def _move(meeting: Meeting, given: Mapping[str, str], after: dict[str, object]) -> str:
    """Set the times; gives what to say of them."""
    if "start" in given:
        when = start_of(given["start"])
        after["start"] = when.kept
        if when.zone and "timezone" not in given:
            after["timezone"] = when.zone.key
    zone = str(after["timezone"])
    start, said = real_time(str(after["start"]), zone)
    end = end_of(emptied(given["end"]), start, zone) if "end" in given else meeting.end
    if "start" in given and "end" not in given:
        end = moved_end(meeting.end, meeting.start, start)
    after |= {
        "start": start,
        "end": real_time(end, zone)[0],
        "documents_due": real_time(str(after["documents_due"]), zone)[0],
    }
    return said


def described() -> Mapping[str, str]:
    """What can be changed, with the words for it."""
    return {one.name: one.label for one in Change.fields() if one.name != "number"}
