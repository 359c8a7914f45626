"""Weeks and days in questions, beside the years and months: "last week", "today", "in the next ten days"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.asking.dates import Span

_COUNTED = {word: number for number, word in enumerate("zero a two three four five six seven eight nine ten".split())}  # noqa: SIM905 - short
_NUMBER = r"(\d{1,3}|" + "|".join(_COUNTED) + r"|one|couple of|few)"
_NEAR = re.compile(
    r"(?<![\w-])(?:in |during |of |since |from |for )?(?:the |these )?"
    rf"(?:(?P<which>last|previous|this|current|next|coming|past)\s+(?P<unit>week|month)"
    rf"|(?:within |in |next |coming )+(?:the )?(?:next |coming )?{_NUMBER}\s+(?P<units>days?|weeks?)"
    r"|(?P<day>today|yesterday|tomorrow))(?!\w)",
    re.IGNORECASE,
)


def find_near(text: str, today: date) -> Span | None:
    """The days that a question names by the week or the day; `today` is the asker's."""
    found = _NEAR.search(text)
    if not found:
        return None
    first, last = _ends(found, today)
    return Span(first.isoformat(), last.isoformat(), found.start(), found.end())


def _ends(found: re.Match[str], today: date) -> tuple[date, date]:
    if word := found["day"]:
        one = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[word.lower()])
        return one, one
    if found["units"]:
        written = found[3].lower()
        amount = int(written) if written.isdecimal() else _COUNTED.get(written, 1 if written == "one" else 3)
        return today, today + timedelta(days=amount * (7 if found["units"].lower().startswith("week") else 1))
    which = found["which"].lower()
    if found["unit"].lower() == "month":
        return _month(today, {"this": 0, "current": 0, "next": 1, "coming": 1}.get(which, -1))
    if which == "past":
        return today - timedelta(days=7), today
    monday = today - timedelta(days=today.weekday())
    monday += timedelta(weeks={"this": 0, "current": 0, "next": 1, "coming": 1}.get(which, -1))
    return monday, monday + timedelta(days=6)


def _month(today: date, offset: int) -> tuple[date, date]:
    index = today.year * 12 + today.month - 1 + offset
    following = index + 1
    return date(index // 12, index % 12 + 1, 1), date(following // 12, following % 12 + 1, 1) - timedelta(days=1)
