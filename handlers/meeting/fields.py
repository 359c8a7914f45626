"""Fields of the forms about meetings: numbers, and times as people write them, vague ones too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints

from handlers.announcing.fields import ZoneName
from handlers.form import LINE_LIMIT, Line
from handlers.situation import Situation
from handlers.timing import When, as_clock, as_when, resolve
from storage.meeting.times import first_day, is_day, last_moment
from storage.transfer.cells import local_time

__all__ = [
    "NONE",
    "DueText",
    "EndText",
    "Link",
    "MeetingNumber",
    "Numbers",
    "StartText",
    "ZoneName",
    "as_document",
    "emptied",
    "end_of",
    "moved_end",
    "numbers_of",
    "real_time",
    "start_and_place",
    "start_of",
    "wrong_times",
]

NONE = ("none", "-", "no")
"""What leaves a field empty that had something in it."""

_SPAN = re.compile(r"(\d{1,4}(?:\.5)?)\s*(m|min|minutes?|h|hours?)", re.ASCII | re.IGNORECASE)
_NUMBERS = re.compile(r"(?:docs?\.?\s*)?\d{1,6}(?:(?:[\s,;]+|\s+and\s+)(?:doc\.?\s*)?\d{1,6})*", re.IGNORECASE)
_OWN = re.compile(r"(?:doc\.?\s*)?(\d{1,6})", re.IGNORECASE | re.ASCII)
_LONGEST = timedelta(days=31)


def _start_text(text: str) -> str:
    words = " ".join(text.split())
    return "" if words.lower() in NONE or not as_when(words).kept else words


def _due_text(text: str) -> str:
    words = " ".join(text.split())
    if words.lower() in NONE:
        return ""
    when = as_when(words)
    if when.is_vague:
        raise ValueError("that is no day; write 2027-03-04, or 2027-03-04 18:00")
    return when.kept


def _end_text(text: str) -> str:
    """An hour, a span or a whole time; which of them follows from the start."""
    words = " ".join(text.split())
    if words.lower() in NONE:
        return ""
    if _SPAN.fullmatch(words) or as_clock(words):
        return words
    try:
        is_vague = as_when(words).is_vague
    except ValueError:
        is_vague = True
    if is_vague:
        raise ValueError("write an hour such as 16:00, how long such as 90 min, or a whole time")
    return words


def _numbers_text(text: str) -> str:
    if not _NUMBERS.fullmatch(text.strip()):
        raise ValueError("type a document's number, such as 68, or several: 68,70")
    return ",".join(map(str, dict.fromkeys(int(one) for one in re.findall(r"\d{1,6}", text))))


MeetingNumber = Annotated[int, Field(ge=1, le=10_000)]
StartText = Annotated[Line, AfterValidator(_start_text)]
"""A time, exact or vague, that `start_of` reads; empty for none."""
EndText = Annotated[Line, AfterValidator(_end_text)]
"""An hour, a span or a whole time; `end_of` makes the end of it."""
DueText = Annotated[Line, AfterValidator(_due_text)]
"""A day or a local time; empty for none."""
Link = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LINE_LIMIT, pattern=r"^(?i:https?://[^\s<>\"]+|none|-|no)$"),
]
Numbers = Annotated[Line, AfterValidator(_numbers_text)]
"""Numbers of documents: `68` or `Doc. 68, 70`."""


def emptied(text: str) -> str:
    """The text, or nothing where it says that there is to be nothing."""
    return "" if text.lower() in NONE else text


def as_document(text: str) -> str:
    """A document as it is cited: `68` is `Doc. 68`, and what has another name keeps it."""
    own = _OWN.fullmatch(text)
    return f"Doc. {int(own[1])}" if own else emptied(text)


def numbers_of(text: str) -> list[int]:
    """The numbers in what `Numbers` takes."""
    return [int(one) for one in text.split(",") if one]


def start_of(text: str) -> When:
    """The start that `StartText` took."""
    return as_when(text) if text else When("")


def start_and_place(text: str) -> tuple[str, str]:
    """`late 2027, Singapore` is a time and a place; what has none keeps all of its words."""
    time, comma, place = text.rpartition(",")
    if not (comma and place.strip()) or _is_time(place) or not _is_time(time):
        return text, ""
    return time.strip(), place.strip()


def real_time(local: str, zone: str) -> tuple[str, str]:
    """A local time as clocks will show it, and what to tell whoever wrote it: empty where they are not changed then.

    An hour that clocks leave out is counted by the clock before, and of one that comes twice it is the first (RFC 5545,
    3.3.5). A day and vague words stay as they are.
    """
    found = local_time(local)
    if found is None:
        return local, ""
    resolved = resolve(found, ZoneInfo(zone))
    return _shown(resolved.at, zone), resolved.said


def end_of(text: str, start: str, zone: str) -> str:
    """The end as it is kept, of what was typed for a meeting that starts then. Raises `ValueError` in words."""
    span, clock = _SPAN.fullmatch(text), as_clock(text)
    if not (span or clock):
        return as_when(text).kept if text else ""
    begins = local_time(start)
    if begins is None:
        raise ValueError("it needs a start with an hour, such as 2027-03-18 14:00")
    if clock:
        return _kept(datetime.combine(begins, clock))
    minutes = 60 if span and span[2].lower().startswith("h") else 1
    return _shown(resolve(begins, ZoneInfo(zone)).at + timedelta(minutes=minutes * float(span[1] if span else 0)), zone)


def moved_end(end: str, start: str, new_start: str) -> str:
    """The end of a meeting whose start moves: as long after it as before, where that can be said."""
    old, new, ends = (local_time(one) for one in (start, new_start, end))
    if old and new and ends:
        return _kept(new + (ends - old))
    if end and is_day(end) and len(start) == 10 and len(new_start) == 10:
        days = datetime.fromisoformat(end) - datetime.fromisoformat(start)
        return (datetime.fromisoformat(new_start) + days).date().isoformat()
    return ""


def wrong_times(start: str, end: str, documents_due: str, zone: str, situation: Situation) -> Mapping[str, str]:
    """What is wrong with the times of a meeting that is to come, by field, in words for the person."""
    tests = {
        "start": _wrong_start(start, zone, situation.now),
        "end": _wrong_end(start, end),
        "documents_due": _wrong_due(documents_due, start, zone),
    }
    return {name: problem for name, problem in tests.items() if problem}


def _wrong_start(start: str, zone: str, now: datetime) -> str:
    found = local_time(start)
    if found:
        return "that is in the past" if resolve(found, ZoneInfo(zone)).at <= now else ""
    first = first_day(start) or (start if len(start) == 4 and start.isdecimal() else "")
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    return "that is in the past" if first and first < today[: len(first)] else ""


def _wrong_end(start: str, end: str) -> str:
    if not end:
        return ""
    if not is_day(start):
        return "it needs a start with a day"
    shortest = min(len(start), len(end))
    if end[:shortest] < start[:shortest] or (end == start[: len(end)] and len(end) == len(start) > 10):
        return "that is not after the start"
    ends, begins = local_time(end), local_time(start)
    return "that is more than a month" if ends and begins and ends - begins > _LONGEST else ""


def _wrong_due(documents_due: str, start: str, zone: str) -> str:
    due = last_moment(documents_due, zone)
    begins = last_moment(start, zone)
    if due and begins and due > begins:
        return "that is after the start of the meeting"
    return ""


def _kept(local: datetime) -> str:
    return local.isoformat(timespec="minutes")


def _shown(at: datetime, zone: str) -> str:
    return _kept(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None))


def _is_time(text: str) -> bool:
    try:
        return bool(as_when(text).kept)
    except ValueError:
        return False
