"""The types of cells: what may stand in a column. A checked cell is text in its one canonical form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from storage.addresses import as_address

LONGEST_CELL = 20_000
LONGEST_NAME = 200
"""Names are indexed, and PostgreSQL indexes at most 2,704 bytes."""

_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_LOOKS_LIKE_A_DATE = re.compile(r"\d{4}-\d.*", re.ASCII | re.DOTALL)
_LONGEST_MOMENT = 100


def refuse(allowed: str) -> PydanticCustomError:
    """What a validator raises; `allowed` says what may stand in the cell."""
    return PydanticCustomError("cell", "{allowed}", {"allowed": allowed})


def split(cell: str) -> list[str]:
    """The parts of a list cell, without repetition. A part's own semicolon is written `\\;`, its backslash `\\\\`."""
    parts = cell.split(";") if "\\" not in cell else _split_escaped(cell)
    return list(dict.fromkeys(part for part in map(str.strip, parts) if part))


def join(parts: Iterable[str], separator: str = ";") -> str:
    """The list cell with these parts."""
    return separator.join(part.replace("\\", "\\\\").replace(";", "\\;") for part in parts)


def _split_escaped(cell: str) -> list[str]:
    parts, part, escaped = [], "", False
    for character in cell:
        if escaped:
            part += character if character in ";\\" else "\\" + character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == ";":
            parts.append(part)
            part = ""
        else:
            part += character
    return [*parts, part + "\\" if escaped else part]


def one_of(words: type[StrEnum] | tuple[str, ...]) -> AfterValidator:
    """One of a closed list of words."""
    known = tuple(str(word) for word in words)
    allowed = "one of " + ", ".join(known)

    def check(cell: str) -> str:
        if cell not in known:
            raise refuse(allowed)
        return cell

    return AfterValidator(check)


def list_of(check: Callable[[str], None] | None = None, separator: str = ";") -> AfterValidator:
    """Parts between semicolons, each accepted by `check`."""

    def canonical(cell: str) -> str:
        parts = split(cell)
        for part in parts:
            if len(part) > LONGEST_NAME:
                raise refuse(f"parts of at most {LONGEST_NAME} characters, between semicolons")
            if check:
                check(part)
        return join(parts, separator)

    return AfterValidator(canonical)


def real_date(cell: str) -> bool:
    """Whether it is `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a day that exists."""
    if not _PARTIAL_DATE.fullmatch(cell):
        return False
    try:
        date.fromisoformat(cell + "-01-01"[len(cell) - 4 :])
    except ValueError:
        return False
    return True


def local_time(cell: str) -> datetime | None:
    """`YYYY-MM-DDTHH:MM` as a time without a zone, or None."""
    if not _LOCAL_TIME.fullmatch(cell):
        return None
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return None


def _partial_date(cell: str) -> str:
    if cell and not real_date(cell):
        raise refuse("a real date as YYYY, YYYY-MM or YYYY-MM-DD, or empty")
    return cell


def _meeting_moment(cell: str) -> str:
    if moment := local_time(cell):
        return moment.isoformat(timespec="minutes")
    if len(cell) > _LONGEST_MOMENT or (_LOOKS_LIKE_A_DATE.fullmatch(cell) and not real_date(cell)):
        raise refuse(
            "a real local time as YYYY-MM-DDTHH:MM, a day YYYY-MM-DD, a month YYYY-MM, "
            f"or words of at most {_LONGEST_MOMENT} characters"
        )
    return cell


def _day_or_hour(cell: str) -> str:
    if moment := local_time(cell):
        return moment.isoformat(timespec="minutes")
    if cell and not (len(cell) == len("2027-03-04") and real_date(cell)):
        raise refuse("a day YYYY-MM-DD, a local time as YYYY-MM-DDTHH:MM, or empty")
    return cell


def _email(cell: str) -> str:
    try:
        return as_address(cell) if cell else ""
    except ValueError as error:
        raise refuse("an e-mail address such as name@example.org, or empty") from error


def _ended(cell: str) -> str:
    if cell not in ("", "yes") and not (len(cell) == 4 and real_date(cell)):
        raise refuse("a year, 'yes' when the year is unknown, or empty")
    return cell


def _zone(cell: str) -> str:
    if cell not in available_timezones():
        raise refuse("the IANA name of a time zone, such as Europe/Zurich")
    return cell


def _whole_number(cell: str) -> str:
    if not (cell.isascii() and cell.isdigit() and 1 <= len(cell) <= 9 and int(cell) >= 1):
        raise refuse("a whole number from 1")
    return str(int(cell))


_Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NAME, pattern=_ONE_LINE)]
_Closed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_CELL)]

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=_ONE_LINE)
]
"""One line, not empty: what rows are told apart by."""

Label = _Short
"""One line, or empty."""

Prose = Annotated[str, StringConstraints(max_length=LONGEST_CELL)]
"""Any text, kept as it is."""

Text = Annotated[str, StringConstraints(max_length=LONGEST_CELL, pattern=r"\S")]
"""Any text that is not blank, kept as it is."""

Link = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^(?i:https?://[^\s\x00-\x1f<>\"]+)?$")
]
PartialDate = Annotated[_Closed, AfterValidator(_partial_date)]
MeetingMoment = Annotated[_Closed, AfterValidator(_meeting_moment)]
DayOrHour = Annotated[_Closed, AfterValidator(_day_or_hour)]
Email = Annotated[_Short, AfterValidator(_email)]
Ended = Annotated[_Closed, AfterValidator(_ended)]
Zone = Annotated[_Closed, AfterValidator(_zone)]
WholeNumber = Annotated[_Closed, AfterValidator(_whole_number)]
YesNo = Annotated[_Closed, one_of(("yes", "no"))]
Names = Annotated[Prose, list_of()]
Addressees = Annotated[Prose, list_of(separator="; ")]
QuestionCode = Annotated[_Closed, StringConstraints(pattern=r"^(Q[0-9]{1,3}/[0-9]{1,3})?$")]


def _question(part: str) -> None:
    if not re.fullmatch(r"Q\d{1,3}/\d{1,3}", part, re.ASCII):
        raise refuse("Questions such as Q16/13, between semicolons")


QuestionCodes = Annotated[Prose, list_of(_question, separator="; ")]

ALLOWED = {
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "not empty",
    "string_unicode": "text",
    "string_type": "text",
}
"""What the library's own complaints mean, by their type."""

PATTERNS = {
    _ONE_LINE: "one line of text",
    r"\S": "not empty",
    r"^(Q[0-9]{1,3}/[0-9]{1,3})?$": "a Question such as Q16/13, or empty",
    r"^(?i:https?://[^\s\x00-\x1f<>\"]+)?$": "an address that begins with https:// or http://, or empty",
}
