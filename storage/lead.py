"""Leads: how long before something people are reminded, as `2d` and `1 hour` are written and as a database keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", re.ASCII)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = rf"(?<!\d)\d{{1,4}}|(?<![a-z])(?:an?|{'|'.join(_NUMBERS[1:])}|a couple of|half an)(?=\s)"
_UNIT = r"weeks?|wks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m"
SPAN = rf"(?:{_NUMBER})\s*(?:{_UNIT})(?![a-z])(?:\s*(?:and\s+|,\s*)?(?:{_NUMBER})\s*(?:{_UNIT})(?![a-z]))*"
"""A pattern of what `as_lead` may read: `2 days`, `1w`, `an hour and 30 minutes`."""

_PART = re.compile(rf"({_NUMBER})\s*({_UNIT})(?![a-z])", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(SPAN, re.IGNORECASE | re.ASCII)
_BETWEEN = re.compile(r"[\s,;]*(?:and)?[\s,;]*(?:before)?[\s,;]*", re.IGNORECASE)
MOST = timedelta(days=3660)
MOST_LEADS = 8


@dataclass(frozen=True, slots=True)
class Lead:
    """Days of the calendar, then minutes that pass: a day before 14:00 is 14:00, even where a night had 23 hours."""

    days: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        hours, minutes = divmod(self.minutes, 60)
        days = f"{self.days}D" if self.days or not self.minutes else ""
        rest = f"T{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}" if self.minutes else ""
        return f"P{days}{rest}"

    @property
    def words(self) -> str:
        """'1 week', '2 days', '1 hour 30 minutes'."""
        weeks, days = divmod(self.days, 7) if self.days % 7 == 0 else (0, self.days)
        hours, minutes = divmod(self.minutes, 60)
        parts = ((weeks, "week"), (days, "day"), (hours, "hour"), (minutes, "minute"))
        return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)

    @property
    def span(self) -> timedelta:
        """About how long it is: exactly so where no clock is changed."""
        return timedelta(days=self.days, minutes=self.minutes)

    def before(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The instant in UTC that is so long before, by the calendar of the zone."""
        return self._from(moment, zone, -1)

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The instant in UTC that is so long after, by the calendar of the zone."""
        return self._from(moment, zone, 1)

    def _from(self, moment: datetime, zone: ZoneInfo, sign: int) -> datetime:
        at = moment.astimezone(UTC)
        if self.days:
            # Of an hour that comes twice this is the first, and one that is left out moves on by what is left out.
            at = (moment.astimezone(zone) + sign * timedelta(days=self.days)).astimezone(UTC)
        return at + sign * timedelta(minutes=self.minutes)


def of_iso(text: str) -> Lead:
    """The lead that `str` wrote. Raises `ValueError`."""
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(f"no lead: {text}")
    days, hours, minutes = (int(one or 0) for one in found.groups())
    return Lead(days, hours * 60 + minutes)


def as_lead(text: str) -> Lead:
    """One lead as people write it: `2d`, `1 week`, `an hour and 30 minutes`. Raises `ValueError` in words for them."""
    words = " ".join(text.split())
    if not _WHOLE.fullmatch(words):
        raise ValueError(f"“{words[:40]}” is no span of time; write 2d, 1 week or 3 hours")
    days = minutes = 0
    for number, unit in _PART.findall(words):
        count = _count(number)
        match unit[0].lower():
            case "w":
                days += int(7 * count)
            case "d":
                days += int(count)
            case "h":
                minutes += int(60 * count)
            case _:
                minutes += int(count)
    lead = Lead(days, minutes)
    if not timedelta(0) < lead.span <= MOST:
        raise ValueError("that is too long" if lead.span else "that is no time at all; write 2d, 1 week or 3 hours")
    return lead


def as_leads(text: str) -> tuple[Lead, ...]:
    """Several leads as people write them, the longest first: `2d,1h`, `1 week and 2 hours before`; `off` is none.

    Raises `ValueError` in words for the person.
    """
    words = " ".join(text.split())
    if words.lower() in ("off", "none", "no", "never", "nothing", "-"):
        return ()
    pieces = [piece for piece in re.split(r"\s*[,;+]\s*(?:and\s+)?|\s+and\s+", words) if piece]
    leads = [one for piece in pieces for one in _each(piece.lower().removesuffix(" before"))]
    if not leads:
        raise ValueError("write how long before, such as 1w, 1d, 2h, or off")
    if len(leads) > MOST_LEADS:
        raise ValueError(f"that are more than {MOST_LEADS}")
    return tuple(sorted(set(leads), key=lambda lead: -lead.span))


def joined(leads: tuple[Lead, ...]) -> str:
    """Leads as the database keeps them."""
    return " ".join(str(lead) for lead in leads)


def split(kept: str) -> tuple[Lead, ...]:
    """What `joined` made."""
    return tuple(of_iso(one) for one in kept.split())


def in_words(leads: tuple[Lead, ...]) -> str:
    """'4 weeks, 1 day and 1 hour before', 'never'."""
    words = [lead.words for lead in leads]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) + " before" if words else "never"


def _each(piece: str) -> list[Lead]:
    """`1w 1d` are two leads."""
    rest = _BETWEEN.sub("", _PART.sub("", piece))
    if rest:
        raise ValueError(f"“{piece[:40]}” is no span of time; write 2d, 1 week or 3 hours")
    return [as_lead(found[0]) for found in _PART.finditer(piece)]


def _count(number: str) -> float:
    word = number.lower()
    if word in ("a", "an"):
        return 1
    if word == "half an":
        return 0.5
    if word == "a couple of":
        return 2
    return _NUMBERS.index(word) if word in _NUMBERS else int(word)
