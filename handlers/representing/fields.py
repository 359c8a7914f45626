"""Fields of the forms about representatives: names, addresses, and dates as people write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from handlers.asking.dates import parse_point
from handlers.situation import Situation
from storage.addresses import as_address

LONGEST_NAME = 200
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PERIOD = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})", re.ASCII)
_NONE = ("none", "never", "no end", "-")
_RELATIVE = {"today": 0, "now": 0, "yesterday": -1}
_EXAMPLES = "write 2025, 2025-07, 3 July 2025 or today"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _since(text: str) -> str:
    return _when(text, first=True)


def _until(text: str) -> str:
    return _when(text, first=False)


PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME), AfterValidator(_one_line)
]
Affiliation = PersonName
GroupText = PersonName
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(as_address)]
"""An address in lower case."""

Since = Annotated[str, AfterValidator(_since)]
"""When something began: a partial date, `today` or `yesterday`, or empty."""
Until = Annotated[str, AfterValidator(_until)]
"""When something ends, as `Since`; the last year of a study period."""

Number = Annotated[int, Field(ge=1, le=2_000_000_000)]
"""The number of a representative."""


def on_calendar(when: str, situation: Situation) -> str:
    """`today` and `yesterday` as days of the person's own calendar; any other date as it is."""
    if when not in _RELATIVE:
        return when
    return (_today(situation) + timedelta(days=_RELATIVE[when])).isoformat()


def wrong_since(when: str, situation: Situation) -> str:
    """What is wrong with the beginning of a term; empty when nothing is."""
    began = first_day(on_calendar(when, situation)) if when else None
    return "that is in the future" if began and began > _today(situation) else ""


def wrong_until(when: str, since: str, situation: Situation) -> str:
    """What is wrong with the end of a term; empty when nothing is."""
    if not when:
        return ""
    ends = last_day(on_calendar(when, situation))
    if ends < _today(situation):
        return "that is over already"
    return "that is before it began" if since and ends < first_day(on_calendar(since, situation)) else ""


def first_day(partial: str) -> date:
    """The first day of a year, a month or a day."""
    return date.fromisoformat(partial + "-01-01"[len(partial) - 4 :])


def last_day(partial: str) -> date:
    """The last day of a year, a month or a day."""
    first = first_day(partial)
    if len(partial) == 4:
        return first.replace(month=12, day=31)
    return first.replace(day=monthrange(first.year, first.month)[1]) if len(partial) == 7 else first


def _when(text: str, *, first: bool) -> str:
    lower = " ".join(text.lower().split())
    if not lower or lower in _NONE:
        return ""
    if lower in _RELATIVE:
        return "today" if lower == "now" else lower
    period = _PERIOD.fullmatch(lower)
    if period and period[1] <= period[2]:
        lower = period[1] if first else period[2]
    found = parse_point(lower)
    if not found or (_ISO_DAY.fullmatch(lower) and found != lower):
        raise ValueError(f"that is no date; {_EXAMPLES}")
    return found


def _today(situation: Situation) -> date:
    return situation.now.astimezone(situation.zone).date()
