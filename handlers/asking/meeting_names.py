"""How questions name a meeting: by its number, in figures or words, and by its time."""

from __future__ import annotations

import re

from handlers.asking.dates import Span
from handlers.asking.reading import Reading
from storage.tables import Meeting

ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "zeroth",
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
        ]
    )
}
_CARDINALS = {
    word: number
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)
}
_SPELT = re.compile(rf"\b(?:meeting|number|no\.?)\s+({'|'.join(_CARDINALS)})\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:meeting|mtg|no\.?|number|#)\s?(?:no\.?\s?|number\s|#)?(\d{1,3})\b|\b(\d{1,3})(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)


def numbers_in(reading: Reading) -> set[int]:
    """The numbers of meetings that a question names."""
    numbers = {ORDINALS[token.lower] for token in reading.tokens if token.lower in ORDINALS}
    numbers |= {_CARDINALS[match[1].lower()] for match in _SPELT.finditer(reading.text)}
    return numbers | {int(match[1] or match[2]) for match in _NUMBERED.finditer(_without_dates(reading))}


def in_span(meeting: Meeting, span: Span) -> bool:
    """Whether the meeting begins in that time, as far as anybody knows."""
    begins = meeting.begins_on
    if not begins:
        return any(year in meeting.start for year in {span.since[:4], span.until[:4]} if year)
    late_enough = begins >= span.since[: len(begins)]
    early_enough = not span.until or begins[: len(span.until)] <= span.until
    return late_enough and early_enough


def _without_dates(reading: Reading) -> str:
    if not reading.span:
        return reading.text
    return reading.text[: reading.span.start] + " " + reading.text[reading.span.end :]
