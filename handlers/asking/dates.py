"""Years and dates in questions: "since 2020", "between 2019 and 2021", "last year", "in March 2025"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_POINT = (
    rf"(?:{_YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+{_YEAR}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}"
    rf"|{_MONTH},?\s+(?:of\s+)?{_YEAR}|(?:0?[1-9]|1[0-2])/{_YEAR}|q[1-4][\s/-]?{_YEAR}|(?:the\s+year\s+)?{_YEAR})"
)
_P = "(\x01\x02*)"
"""A point in time, masked: rules are matched against a text in which every point stands as such characters."""
_THE = r"(?:the\s+)?(?:(?:start|beginning|end|year|month)\s+(?:of\s+)?)?"
_PART = r"(first|second|third|fourth|last|1st|2nd|3rd|4th)"
_NUMBER = r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|few|couple\s+of|several)"
_COUNTED = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_VAGUE = {"few": 3, "couple of": 2, "several": 5}


_POINTS = re.compile(rf"(?<![\w/.]){_POINT}(?![\w/])")
_TEMPORAL = re.compile(r"\d{4}|year|month|week|\bdays?\b|decade")

Ends = Callable[[list[str], date], tuple[str, str]]
"""From the points that a rule matched, as written, and the asker's day to since and until."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time as two partial dates, inclusive, empty where open; written at [start, end) of the text."""

    since: str
    until: str
    start: int
    end: int


def find_span(text: str, today: date) -> Span | None:
    """The span of time that a question names, or None. `today` is the asker's day."""
    # Some letters grow when lowered, and positions must stay.
    lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    if not _TEMPORAL.search(lower):
        return None
    masked = _POINTS.sub(lambda point: "\x01" + "\x02" * (len(point[0]) - 1), lower)
    for rule in _RULES:
        if match := rule.pattern().search(masked):
            groups = [group for group in range(1, (match.lastindex or 0) + 1) if match[group] is not None]
            points = [lower[slice(*match.span(group))] for group in groups]
            since, until = rule.span(points, today)
            return Span(since, until, match.start(), match.end())
    return None


def parse_point(text: str) -> str:
    """A point in time as a partial date (`2025`, `2025-03`, `2025-03-14`); empty when it is none."""
    lower = text.strip().lower()
    if not _POINTS.fullmatch(lower):
        return ""
    return _ends(lower)[0]


def day_after(partial: str) -> str:
    """The first partial date after all of this one: 2020 -> 2021, 2020-12 -> 2021-01."""
    parts = [int(part) for part in partial.split("-")]
    if len(parts) == 1:
        return str(parts[0] + 1)
    if len(parts) == 2:
        return f"{parts[0] + parts[1] // 12:04}-{parts[1] % 12 + 1:02}"
    return (date(*parts) + timedelta(days=1)).isoformat()


def day_before(partial: str) -> str:
    """The last day before this partial date."""
    parts = [int(part) for part in partial.split("-")] + [1, 1]
    return (date(parts[0], parts[1], parts[2]) - timedelta(days=1)).isoformat()


def _ends(written: str) -> tuple[str, str]:
    """First and last partial date of a written point; they differ for a quarter alone."""
    year_match = re.search(_YEAR, written)
    year = year_match[0] if year_match else ""
    if iso := re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", written):
        return (_real(iso[0]),) * 2
    if quarter := re.match(r"q([1-4])", written):
        first = 3 * int(quarter[1]) - 2
        return f"{year}-{first:02}", f"{year}-{first + 2:02}"
    if numeric := re.match(r"(\d{1,2})/\d{4}", written):
        return (f"{year}-{int(numeric[1]):02}",) * 2
    if not (month := re.search(_MONTH, written)):
        return year, year
    number = _MONTHS.index(month[0][:3]) + 1
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", written.replace(year, ""))
    if day and 1 <= int(day[1]) <= monthrange(int(year), number)[1]:
        return (f"{year}-{number:02}-{int(day[1]):02}",) * 2
    return (f"{year}-{number:02}",) * 2


def _real(partial: str) -> str:
    """The partial date, without its day where its month has no such day."""
    if len(partial) == 10 and int(partial[8:]) > monthrange(int(partial[:4]), int(partial[5:7]))[1]:
        return partial[:7]
    return partial


def _between(points: list[str], _today: date) -> tuple[str, str]:
    first, second = sorted((_ends(points[0]), _ends(points[1])))
    return first[0], second[1]


def _since(points: list[str], _today: date) -> tuple[str, str]:
    return _ends(points[0])[0], ""


def _after(points: list[str], _today: date) -> tuple[str, str]:
    return day_after(_ends(points[0])[1]), ""


def _before(points: list[str], _today: date) -> tuple[str, str]:
    return "", day_before(_ends(points[0])[0])


def _until(points: list[str], _today: date) -> tuple[str, str]:
    return "", _ends(points[0])[1]


def _within(points: list[str], _today: date) -> tuple[str, str]:
    return _ends(points[0])


def _last(points: list[str], today: date) -> tuple[str, str]:
    number, unit = points
    amount = _COUNTED.get(number) or _VAGUE.get(re.sub(r"\s+", " ", number)) or int(number)
    if unit.startswith("week"):
        return (today - timedelta(weeks=amount)).isoformat(), ""
    if unit.startswith("day"):
        return (today - timedelta(days=amount)).isoformat(), ""
    months = amount * (12 if unit.startswith("year") else 1)
    index = today.year * 12 + today.month - 1 - months
    return f"{index // 12:04}-{index % 12 + 1:02}", ""


def _part_of_year(points: list[str], _today: date) -> tuple[str, str]:
    which, kind, point = points
    year, months = _ends(point)[0][:4], 3 if kind == "quarter" else 6
    number = (
        12 // months
        if which == "last"
        else ("1st", "2nd", "3rd", "4th").index(which) + 1
        if which[0].isdigit()
        else ("first", "second", "third", "fourth").index(which) + 1
    )
    first = months * (min(number, 12 // months) - 1) + 1
    return f"{year}-{first:02}", f"{year}-{first + months - 1:02}"


def _year(offset: int) -> Ends:
    return lambda _points, today: (str(today.year + offset),) * 2


def _month(offset: int) -> Ends:
    def span(_points: list[str], today: date) -> tuple[str, str]:
        index = today.year * 12 + today.month - 1 + offset
        return (f"{index // 12:04}-{index % 12 + 1:02}",) * 2

    return span


def _recent_years(_points: list[str], today: date) -> tuple[str, str]:
    return str(today.year - 2), ""


def _decade(_points: list[str], today: date) -> tuple[str, str]:
    return str(today.year - 9), ""


@dataclass(frozen=True)
class Rule:
    """A way to write a span: its pattern is compiled when a question first names a time."""

    written: str
    span: Ends

    def pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w/.:-]){self.written}(?![\w/\x02])")


_RULES = tuple(
    Rule(written, span)
    for written, span in (
        (rf"(?:in\s+)?(?:between|from)\s+{_THE}{_P}\s+(?:and|to|until|till|through|-|–)\s+{_THE}{_P}", _between),
        (rf"(?:in\s+|during\s+)?(?:the\s+years\s+)?{_P}\s?(?:-|–|/|to|through|until)\s?{_P}", _between),
        (rf"(?:in\s+)?{_P}\s+(?:or|and)\s+{_P}", _between),
        (rf"(?:from\s+|in\s+)?{_P}\s+(?:or|and)\s+(?:later|after|newer|onwards?|beyond|since)", _since),
        (rf"(?:>=|=>|≥)\s?{_P}|{_P}\s?\+", _since),
        (rf">\s?{_P}", _after),
        (rf"(?:<=|=<|≤)\s?{_P}", _until),
        (rf"<\s?{_P}", _before),
        (
            rf"(?:from\s+|since\s+)?{_P}\s+"
            r"(?:onwards?|upwards?|on(?=\s*(?:[?.,;!]|$))|until now|until today|to now|to date)",
            _since,
        ),
        (
            rf"(?:not\s+)?(?:since|as\s+of|(?:starting|beginning)(?:\s+(?:in|from|with))?|no\s+earlier\s+than|not\s+before)"
            rf"\s+{_THE}{_P}",
            _since,
        ),
        (
            rf"(?:until|till|up\s+to|by|through|no\s+later\s+than|not\s+after|up\s+until|as\s+late\s+as)\s+{_THE}{_P}",
            _until,
        ),
        (rf"(?:in\s+|during\s+)?(?:the\s+)?{_PART}\s+(quarter|half)\s+of\s+{_THE}{_P}", _part_of_year),
        (rf"(?:after|later\s+than|newer\s+than|more\s+recent\s+than|younger\s+than|past|post)\s+{_THE}{_P}", _after),
        (rf"(?:before|prior\s+to|earlier\s+than|older\s+than|pre-?|preceding)\s*{_THE}{_P}", _before),
        (rf"{_P}\s+(?:or|and)\s+(?:earlier|before|older)", _until),
        (
            rf"(?:in\s+|over\s+|during\s+|within\s+|from\s+)?(?:the\s+)?(?:last|past|previous|recent)\s+{_NUMBER}\s+(years?|months?|weeks?|days?)",
            _last,
        ),
        (r"(?:in\s+|over\s+|during\s+)?(?:the\s+)?(?:last|past|recent)\s+(?:years)", _recent_years),
        (r"(?:in\s+|over\s+|during\s+)?(?:the\s+)?(?:last|past)\s+decade", _decade),
        (r"(?:in\s+|during\s+|from\s+)?(?:the\s+)?(?:last|previous|past)\s+year(?:'s)?", _year(-1)),
        (
            r"(?:so\s+far\s+)?(?:in\s+|during\s+|from\s+)?(?:this|the\s+current)\s+year(?:'s)?|year\s+to\s+date",
            _year(0),
        ),
        (r"(?:in\s+|during\s+|from\s+)?(?:the\s+)?next\s+year", _year(1)),
        (r"(?:in\s+|during\s+|from\s+)?(?:the\s+)?(?:last|previous|past)\s+month", _month(-1)),
        (r"(?:in\s+|during\s+|from\s+)?(?:this|the\s+current)\s+month", _month(0)),
        (rf"(?:back\s+)?(?:in|during|of|for|from|dated|on|within|throughout|around)?\s*{_THE}{_P}", _within),
    )
)
