"""Timing: days and hours as people write them, exact or vague, in the zone that they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.asking.dates import find_span
from storage.local_time import instant
from storage.people import available_zone_names

LONGEST = 100
"""Characters of a vague time."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_WEEKDAYS = "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = tuple(
    re.compile(rf"(?:(?P<weekday>{_WEEKDAYS}),?\s+)?{written}")
    for written in (
        r"(?P<year>\d{4})-(?P<number>\d\d?)-(?P<day>\d\d?)",
        r"(?P<day>\d\d?)\.(?P<number>\d\d?)\.(?P<year>\d{4})",
        rf"(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    )
)
_MONTH_ALONE = re.compile(rf"(?:(?P<year>\d{{4}})-(?P<number>\d\d)|{_MONTH},?\s+(?P<named>\d{{4}}))")
_CLOCK = re.compile(
    r"(?:(?P<hour>\d\d?)(?::|\.|h)(?P<minute>\d\d)|(?P<whole>\d\d?)(?=\s*[ap]\.?m)|(?P<word>noon|midday|midnight)"
    r"|(?P<bare>\d\d?)\s*(?:o'clock|h|hrs|hours))\s*(?P<half>[ap]\.?m\.?)?"
)
_BETWEEN = re.compile(r"\s*(?:,|\bat\b|@|t(?=\d))\s*|\s+")
_ZONE = re.compile(r"[\s(,]+(?P<zone>[A-Za-z_]+(?:/[A-Za-z_+-]+[\d]*){1,2}|UTC|GMT)\)?\s*$", re.IGNORECASE)
_UNSET = re.compile(
    r"(?:to be confirmed|tbc|tbd|to be (?:decided|determined|announced)|tba|not (?:yet )?(?:set|known))"
)
_PARTS = {
    "early": (1, 4),
    "beginning of": (1, 3),
    "start of": (1, 3),
    "spring": (3, 5),
    "mid": (5, 8),
    "middle of": (5, 8),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
    "late": (9, 12),
    "end of": (11, 12),
    "winter": (12, 12),
}
_PART = re.compile(rf"(?:the\s+)?({'|'.join(_PARTS)})[\s-]+(?:of\s+)?(\d{{4}})")


@dataclass(frozen=True, slots=True)
class When:
    """A time as somebody wrote it: `kept` is what the database keeps, in one of the ways that `Meeting.start` has.

    `local` is the hour by the clocks of the place, where one was said; `zone` the zone, where one was. `first_day` is
    the first day that is possible, None where nobody can say.
    """

    kept: str
    local: datetime | None = None
    zone: ZoneInfo | None = None
    first_day: date | None = None

    @property
    def is_exact(self) -> bool:
        return self.local is not None

    @property
    def is_day(self) -> bool:
        """Whether the day is known, and no hour."""
        return self.local is None and len(self.kept) == len("2027-03-18") and self.first_day is not None

    @property
    def is_vague(self) -> bool:
        return not (self.is_exact or self.is_day)

    @property
    def begins_on(self) -> str:
        """The first day, or month, as a partial date; empty where it is in words."""
        if self.is_exact or self.is_day:
            return self.kept[:10]
        return self.kept if re.fullmatch(r"\d{4}-\d\d", self.kept) else ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """An instant in UTC, and what to tell whoever wrote the time: empty where clocks are not changed just then."""

    at: datetime
    said: str = ""


def as_when(text: str) -> When:
    """A time as people write it. What is no day is kept as it was written, if it could be a time at all.

    Raises `ValueError` in words for the person.
    """
    written = " ".join(text.split())
    rest, zone = _zoned(written)
    lower = rest.lower().strip(" ,.")
    if not lower:
        raise ValueError("write a day and an hour: 2027-03-18 14:00")
    if found := _exact(lower):
        day, clock = found
        if clock is None:
            return When(day.isoformat(), zone=zone, first_day=day)
        local = datetime.combine(day, clock)
        return When(local.isoformat(timespec="minutes"), local, zone, day)
    return _vague(written, lower, zone)


def as_exact(text: str) -> When:
    """As `as_when`, but the hour must be there."""
    when = as_when(text)
    if not when.is_exact:
        raise ValueError("the hour is missing; write 2027-03-18 14:00")
    return when


def resolve(local: datetime, zone: ZoneInfo) -> Resolved:
    """The instant of a local time, as RFC 5545 (3.3.5) has it.

    Of an hour that comes twice in autumn it is the first. An hour that is left out in spring is counted by the clock
    before the change: 02:30 becomes 03:30.
    """
    at = local.replace(tzinfo=zone).astimezone(UTC)
    shown = at.astimezone(zone)
    if instant(local, zone) is None:
        said = f"{local:%H:%M} does not exist there on that day: clocks are set forward. I take {shown:%H:%M}."
        return Resolved(at, said)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second != at:
        said = f"{local:%H:%M} comes twice there on that day: clocks are set back. I take the first one."
        return Resolved(at, said)
    return Resolved(at)


def as_zone(text: str) -> str:
    """The IANA name of a zone, from any case, with spaces for underscores, or its city alone.

    Raises `ValueError` in words for the person.
    """
    wanted = text.strip().replace(" ", "_").lower()
    names = available_zone_names()
    fitting = [name for name in names if name.lower() == wanted]
    fitting = fitting or [name for name in names if name.lower().rpartition("/")[2] == wanted]
    if not fitting:
        raise ValueError("that is no time zone; one is Europe/Zurich, another Asia/Seoul")
    return min(fitting, key=lambda name: (name.count("/") != 1, name))


def as_clock(text: str) -> time | None:
    """An hour as people write it: `14:00`, `9am`, `noon`; None for anything else."""
    found = _CLOCK.fullmatch(text.strip().lower())
    return _clock_of(found) if found else None


def as_day(text: str, today: date) -> date | None:
    """A day as people write it: `2027-01-10`, `10 January 2027`, `tomorrow`, `next monday`; None for anything else.

    A day without a year is the next one. Raises `ValueError` in words for a day that does not exist.
    """
    lower = " ".join(text.lower().split()).strip(" ,.")
    if lower in ("today", "tomorrow", "the day after tomorrow"):
        return today + timedelta(days=("today", "tomorrow", "the day after tomorrow").index(lower))
    if found := re.fullmatch(rf"(?:(?:on|next|this|coming)\s+)*({_WEEKDAYS})", lower):
        wanted = _SHORT_DAYS.index(found[1][:3])
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    exact = _exact(lower)
    if exact is None and re.search(r"[a-z]", lower) and not re.search(r"\d{4}", lower):
        exact = _exact(f"{lower} {today.year}")
        if exact and exact[0] < today:
            exact = _exact(f"{lower} {today.year + 1}")
    return exact[0] if exact and exact[1] is None else None


def _exact(lower: str) -> tuple[date, time | None] | None:
    """A day, and an hour where one is said."""
    for pattern in _DAYS:
        found = pattern.match(lower)
        if found is None or (day := _day_of(found, lower)) is None:
            continue
        rest = lower[found.end() :]
        if not rest.strip():
            return day, None
        between = _BETWEEN.match(rest)
        clock = _CLOCK.fullmatch(rest[between.end() :].strip()) if between else None
        if clock:
            return day, _clock_of(clock)
    return None


def _day_of(found: re.Match[str], written: str) -> date | None:
    named = found.groupdict()
    month = _month_of(named.get("month")) if named.get("month") else int(named.get("number") or 0)
    if month is None:
        return None
    try:
        day = date(int(named["year"]), month, int(named["day"]))
    except ValueError:
        raise ValueError(f"there is no such day as {written[:40].title()}") from None
    weekday = named.get("weekday")
    if weekday and _SHORT_DAYS[day.weekday()] != weekday[:3]:
        raise ValueError(f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year} is a {day:%A}")
    return day


def _month_of(name: str | None) -> int | None:
    begun = [number for number, one in enumerate(_MONTHS, 1) if name and one.startswith(name.removesuffix("t") or name)]
    exact = [number for number, one in enumerate(_MONTHS, 1) if one == name]
    return next(iter(exact or begun), None)


def _clock_of(found: re.Match[str]) -> time:
    if word := found["word"]:
        return time(0 if word == "midnight" else 12)
    hour, minute = int(found["hour"] or found["whole"] or found["bare"]), int(found["minute"] or 0)
    half = (found["half"] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"there is no such hour as {found[0].strip()}")
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(f"there is no such hour as {found[0].strip()}") from None


def _zoned(written: str) -> tuple[str, ZoneInfo | None]:
    """The text without a zone at its end, and the zone."""
    found = _ZONE.search(written)
    if found is None:
        return written, None
    wanted = found["zone"].lower()
    name = next((one for one in available_zone_names() if one.lower() == wanted), None)
    if name is None:
        return written, None
    return written[: found.start()].rstrip(" ,("), ZoneInfo(name)


def _vague(written: str, lower: str, zone: ZoneInfo | None) -> When:
    if found := _MONTH_ALONE.fullmatch(lower):
        month = int(found["number"]) if found["number"] else _month_of(found["month"])
        if month is not None and 1 <= month <= len(_MONTHS):
            year = int(found["year"] or found["named"])
            return When(f"{year}-{month:02}", zone=zone, first_day=date(year, month, 1))
    if _UNSET.fullmatch(lower):
        return When("", zone=zone)
    if len(written) > LONGEST:
        raise ValueError(f"that is longer than {LONGEST} characters; write 2027-03-18 14:00, or July 2027")
    first = None if "?" in lower else _first_day(lower)
    if first is None or re.match(r"\d{4}-\d", lower):
        raise ValueError("that is no time; write 2027-03-18 14:00, 18 March 2027, July 2027, or late 2027")
    return When(written, zone=zone, first_day=first)


def _first_day(lower: str) -> date | None:
    """The first day that a vague time may be: that of the earliest of the times that it names."""
    part = [date(int(found[2]), _PARTS[found[1]][0], 1) for found in _PART.finditer(lower)]
    rest = _PART.sub(" ", lower)
    while span := find_span(rest, date.min):
        if span.since:
            year, month, day = (*(int(one) for one in span.since.split("-")), 1, 1)[:3]
            part.append(date(year, month, day))
        rest = f"{rest[: span.start]} {rest[span.end :]}"
    return min(part, default=None)
