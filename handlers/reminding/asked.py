"""What somebody asks to be reminded of: `2 days before meeting 7`, `on 2027-01-10 09:00 to send the report`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from handlers.timing import Resolved, as_clock, as_day, as_when, resolve
from storage.lead import SPAN, Lead, as_lead
from storage.local_time import next_local

EXAMPLE = "2 days before meeting 7, on 2027-01-10 09:00 to send the report, in 3 weeks to call SG13"
USUAL_HOUR = time(9)
"""Where only a day is said."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MEETING = (
    r"(?:the\s+|our\s+)?(?:meeting\s+(?:no\.?\s*|number\s+|#)?(?P<number>\d{1,4})|(?P<nth>\d{1,4})(?:st|nd|rd|th)\s+meeting"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)})\s+meeting|next\s+(?:meeting|one)|(?:coming\s+)?meeting)"
)
_SPAN = rf"(?P<span>{SPAN})"
_THE_DAY = r"(?P<day>the\s+day|the\s+evening|the\s+week)"
_BEFORE = re.compile(rf"(?:{_SPAN}|{_THE_DAY})\s+(?:before|ahead\s+of|prior\s+to)\s+{_MEETING}", re.IGNORECASE)
_OF = re.compile(
    rf"(?:of|about)\s+{_MEETING}(?:,?\s+{_SPAN}\s+(?:before|ahead|in\s+advance|earlier)(?:hand)?)?", re.IGNORECASE
)
_IN = re.compile(
    rf"(?:(?:in|after)\s+{_SPAN}|(?P<later>{SPAN})\s+from\s+now|{_SPAN.replace('span', 'bare')})"
    r"(?:\s+at\s+(?P<clock>.+))?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r",?\s+(?:to|that|about|of)\s+|\s*[:;–]\s+|\s+-\s+|,\s+", re.IGNORECASE)
POLITE = r"(?i)(?:please|(?:can|could|would|will) you)\s+(?:please\s+)?remind\s+(?:me|us)\b.+"
"""A pattern of a whole message that asks for a reminder in more words."""

_LEADING = re.compile(
    r"(?:(?:please\s+|(?:can|could|would|will)\s+you\s+)*remind\s+)?(?:me|us)\b[\s,:]*|please\s+", re.IGNORECASE
)
_TO = re.compile(r"(?:to|that|about|of)\s+", re.IGNORECASE)
_AT = re.compile(r"(?:on|at|by)\s+", re.IGNORECASE)
_DEFAULT = Lead(1)


@dataclass(frozen=True, slots=True)
class Before:
    """So long before a meeting; None is the next one."""

    lead: Lead
    meeting: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """At that instant."""

    at: Resolved
    text: str = ""


Asked = Before | At


def as_asked(text: str, now: datetime, zone: ZoneInfo) -> Asked:
    """What is asked for, and when; local times are of the zone. Raises `ValueError` in words for the person.

    A day without an hour is meant at `USUAL_HOUR`.
    """
    line = " ".join(text.split())
    leading = _LEADING.match(line)
    line = line[leading.end() :].strip(" ?") if leading else line.strip()
    problem = ""
    for when, what in _splits(line):
        try:
            found = _before(when, what) or _at(when, what, now, zone)
        except ValueError as error:
            problem = problem or str(error)
            continue
        if found:
            return found
    raise ValueError(problem or f"say when, such as: {EXAMPLE}")


def _splits(line: str) -> Iterator[tuple[str, str]]:
    """Where the time may end and the text begin, the longest time first; then the other way round."""
    yield line, ""
    for found in reversed(list(_SEPARATOR.finditer(line))):
        if found.start():
            yield line[: found.start()], line[found.end() :]
    rest = _TO.sub("", line, count=1) if _TO.match(line) else line
    for found in re.finditer(r"\s+", rest):
        yield rest[found.end() :], rest[: found.start()].rstrip(",:;")


def _before(when: str, what: str) -> Before | None:
    found = _BEFORE.fullmatch(when)
    if found:
        day = found["day"] or ""
        lead = as_lead(found["span"]) if found["span"] else Lead(7 if day.lower().endswith("week") else 1)
        return Before(lead, _number(found), what)
    of = _OF.fullmatch(when)
    if of:
        return Before(as_lead(of["span"]) if of["span"] else _DEFAULT, _number(of), what)
    return None


def _number(found: re.Match[str]) -> int | None:
    if ordinal := found["ordinal"]:
        return _ORDINALS.index(ordinal.lower()) + 1
    number = found["number"] or found["nth"]
    return int(number) if number else None


def _at(when: str, what: str, now: datetime, zone: ZoneInfo) -> At | None:
    if found := _IN.fullmatch(when):
        lead = as_lead(found["span"] or found["later"] or found["bare"])
        at = lead.after(now, zone).replace(second=0, microsecond=0)
        clock = _hour(found["clock"]) if found["clock"] else None
        if found["clock"] and (clock is None or lead.minutes):
            return None
        if clock is None:
            return At(Resolved(max(at, now)), what)
        return At(resolve(datetime.combine(at.astimezone(zone).date(), clock), zone), what)
    words = _AT.sub("", when, count=1) if _AT.match(when) else when
    clock = as_clock(words) or (_hour(words) if when[:2].lower() == "at" else None)
    if clock:
        return At(Resolved(next_local(now, clock, zone)), what)
    if moment := _exact(words, now, zone):
        return At(moment, what)
    found_day = _day_and_clock(words, now.astimezone(zone).date())
    if found_day is None:
        return None
    day, clock = found_day
    return At(resolve(datetime.combine(day, clock or USUAL_HOUR), zone), what)


def _exact(words: str, now: datetime, zone: ZoneInfo) -> Resolved | None:
    """A whole day, with or without an hour and a zone of its own."""
    try:
        found = as_when(words)
    except ValueError:
        if re.match(r"\d{4}-\d\d?-\d\d?(?!\d)", words) and len(words.split()) <= 3:
            raise
        return None
    if found.is_vague or found.first_day is None:
        return None
    local = found.local or datetime.combine(found.first_day, USUAL_HOUR)
    return resolve(local, found.zone or zone)


def _day_and_clock(words: str, today: date) -> tuple[date, time | None] | None:
    """`tomorrow at 9`, `9:00 on monday`, `10 January 14:30`."""
    parts = words.split()
    for cut in range(len(parts), 0, -1):
        first, last = " ".join(parts[:cut]), " ".join(parts[cut:])
        for day_words, clock_words in ((first, last), (last, first)):
            day = as_day(_AT.sub("", day_words, count=1).strip(" ,"), today) if day_words else None
            clock = _hour(_AT.sub("", clock_words, count=1).strip(" ,")) if clock_words else None
            if day and (clock or not clock_words):
                return day, clock
    return None


def _hour(words: str) -> time | None:
    """As `as_clock`, and a bare hour."""
    bare = re.fullmatch(r"(?:[01]?\d|2[0-3])", words)
    return time(int(words)) if bare else as_clock(words)
