"""Fields of liaison statements: groups, days and deadlines as people write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from handlers.form import Line
from handlers.situation import Situation
from handlers.timing import as_when
from storage.addresses import as_address
from storage.liaison.drafts import is_name
from storage.transfer.cells import LONGEST_NAME, real_date
from storage.words import DeadlineKind

LONGEST_VAGUE = 200
"""Characters of a deadline in words."""

NOTHING = ("none", "-")
"""What leaves a field empty; of a deadline `none` says that there is none."""

PAST = "that day is over"

_UNSTATED = ("", "-", "not stated", "unstated", "not said", "unknown")
_NONE = ("none", "no deadline", "n/a")
_DAY_LIKE = re.compile(
    r"(?:[a-z]+,?\s+)?(?:\d{4}-\d\d?-\d\d?|\d\d?(?:[./]\d\d?[./]|(?:st|nd|rd|th)?\s+(?:of\s+)?[a-z]{3,9}\.?,?\s+)\d{4}"
    r"|[a-z]{3,9}\.?\s+\d\d?(?:st|nd|rd|th)?,?\s+\d{4})",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?:questions?|q)?\.?\s*0*(\d{1,3})\s*/\s*0*(\d{1,3})", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def names_of(text: str | None) -> list[str]:
    """The groups in a text, between semicolons, each once."""
    return list(dict.fromkeys(filter(None, (" ".join(part.split()) for part in (text or "").split(";")))))


def day_of(text: str) -> str:
    """A day, month or year as people write it, in the form of a partial date. Raises `ValueError` in words."""
    if real_date(text):
        return text
    when = as_when(text).begins_on
    if not when:
        raise ValueError("write a day, such as 2024-04-30")
    return when


def deadline_of(text: str | None) -> tuple[DeadlineKind, str]:
    """What a deadline is, and its day, or its words where they are vague. Raises `ValueError` in words."""
    written = " ".join((text or "").split())
    if written.lower().rstrip(".") in _UNSTATED:
        return DeadlineKind.UNSTATED, ""
    if written.lower().rstrip(".") in _NONE:
        return DeadlineKind.NONE, ""
    try:
        when = as_when(written)
    except ValueError:
        if _DAY_LIKE.fullmatch(written):
            raise
        when = None
    if when and (when.is_day or when.is_exact):
        return DeadlineKind.DATE, when.kept[: len("2024-04-30")]
    if len(written) > LONGEST_VAGUE:
        raise ValueError(f"these are more than {LONGEST_VAGUE} characters")
    return DeadlineKind.VAGUE, written


def deadline_text(kind: DeadlineKind, text: str) -> str:
    """A deadline as `deadline_of` reads it."""
    return "none" if kind is DeadlineKind.NONE else text


def groups_text(text: str) -> str:
    """Groups as they are kept. Raises `ValueError` in words, as those below."""
    names = names_of(text)
    if any(len(name) > LONGEST_NAME for name in names):
        raise ValueError("put a semicolon between the groups")
    return "; ".join(names)


def _deadline(text: str) -> str:
    if text.strip().lower() in _UNSTATED:
        return "not stated"
    return deadline_text(*deadline_of(text))


def _exact_day(text: str) -> str:
    day = day_of(text)
    if len(day) != len("2024-04-30"):
        raise ValueError("write a day, such as 2024-04-30")
    return day


def is_over(day: str, situation: Situation) -> bool:
    """Whether a day, YYYY-MM-DD, lies behind whoever types it."""
    return date.fromisoformat(day) < situation.now.astimezone(situation.zone).date()


def questions_text(text: str) -> str:
    codes = []
    for part in filter(None, (part.strip() for part in re.split(r"[;,]", text))):
        found = _QUESTION.fullmatch(part)
        if found is None:
            raise ValueError("write Questions as Q16/13; Q2/17")
        codes.append(f"Q{found[1]}/{found[2]}")
    return "; ".join(dict.fromkeys(codes))


def number_text(text: str) -> str:
    if is_name(text):
        raise ValueError("drafts of ours are called so; type another number")
    return text


def url_text(text: str) -> str:
    if not _URL.fullmatch(text):
        raise ValueError("write an address that begins with https://")
    return text


Groups = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), AfterValidator(groups_text)
]
"""Names of groups, between semicolons."""

Day = Annotated[Line, AfterValidator(day_of)]
"""A day, a month or a year, as a partial date."""

ExactDay = Annotated[Line, AfterValidator(_exact_day)]
"""A day, YYYY-MM-DD."""

DeadlineText = Annotated[Line, AfterValidator(_deadline)]
"""`none`, `not stated`, a day, or words."""

QuestionCodes = Annotated[Line, AfterValidator(questions_text)]
Address = Annotated[Line, AfterValidator(as_address)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), AfterValidator(url_text)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
"""A number or a sender: short enough to be looked for."""

Number = Annotated[Name, AfterValidator(number_text)]
"""What a statement is called that is no draft."""
