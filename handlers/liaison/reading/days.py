"""Days as statements write them: one day, or the first and last day of a meeting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<{0}>\d{{1,2}})(?:\s?(?:st|nd|rd|th))?(?![\d/])"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_TO = r"\s*(?:[-‐‑‒–—−]|to|until|through)\s*"


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w./-])" + written, re.IGNORECASE)


_M, _M2, _D, _D2 = _MONTH.format("month"), _MONTH.format("month2"), _DAY.format("day"), _DAY.format("day2")
_RANGES = (
    # 23 October - 3 November 2023; 30 November 2023 - 2 February 2024
    _pattern(rf"{_D}\s+{_M}(?:,?\s+(?P<year1>(?:19|20)\d\d))?{_TO}{_D2}\s+{_M2},?\s+{_YEAR}"),
    # 2-6 October 2017
    _pattern(rf"{_D}{_TO}{_D2}\s+(?:of\s+)?{_M},?\s+{_YEAR}"),
    # October 23 - November 3, 2023
    _pattern(rf"{_M}\s+{_D}{_TO}{_M2}\s+{_D2},?\s+{_YEAR}"),
    # March 4-8, 2024
    _pattern(rf"{_M}\s+{_D}{_TO}{_D2},?\s+{_YEAR}"),
)
_SINGLES = (
    _pattern(r"(?P<year>(?:19|20)\d\d)[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    _pattern(rf"{_D}[\s-]+(?:of\s+)?{_M},?[\s-]+{_YEAR}"),
    _pattern(rf"{_M}\s+{_D},?\s+{_YEAR}"),
    _pattern(r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<number>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"),
    _pattern(rf"(?P<year>(?:19|20)\d\d)\s+{_M}\s+(?P<day>\d{{1,2}})(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a text names, at [start, end). `unsure`: which number is the month cannot be told."""

    start: int
    end: int
    first: date
    last: date
    unsure: bool = False

    @property
    def is_day(self) -> bool:
        return self.first == self.last


def periods(text: str) -> list[Period]:
    """The days and spans of days in a text, in order. Days that no calendar has are left out."""
    found: list[Period] = []
    for patterns, made in ((_RANGES, _span), (_SINGLES, _day)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                if any(match.start() < other.end and match.end() > other.start for other in found):
                    continue
                period = made(match)
                if period:
                    found.append(period)
    return sorted(found, key=lambda period: period.start)


def _span(match: re.Match[str]) -> Period | None:
    given = match.groupdict()
    year = int(given["year"])
    month = _month(given["month"])
    month2 = _month(given["month2"]) if given.get("month2") else month
    year1 = int(given["year1"]) if given.get("year1") else year - (month > month2)
    first, last = _date(year1, month, int(given["day"])), _date(year, month2, int(given["day2"]))
    return Period(match.start(), match.end(), first, last) if first and last and first <= last else None


def _day(match: re.Match[str]) -> Period | None:
    given = match.groupdict()
    year, day = int(given["year"]), int(given["day"])
    month = int(given["number"]) if given.get("number") else _month(given["month"])
    unsure = bool(given.get("mark")) and given["mark"] == "/" and day <= 12 and month <= 12 and day != month
    if given.get("mark") and month > 12 >= day:
        day, month = month, day
    found = _date(year, month, day)
    return Period(match.start(), match.end(), found, found, unsure) if found else None


def _month(name: str) -> int:
    return next(index for index, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()[:3]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
