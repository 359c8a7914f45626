"""Stages: when somebody is reminded of a deadline, by the clocks of where they are."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE = (14, 7, 3, 1, 0)
"""Days before the deadline on which whoever sees to it is reminded."""
AFTER = -1
"""The day after it, when the secretariat is told, too."""
MORNING = time(9)
EVENING = time(20)
KEPT = timedelta(days=7)
"""So long after the deadline's last stage it may still be said; then the weekly digest has it."""

_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Stage:
    """One reminder: so many days before the deadline, at that instant."""

    days: int
    at: datetime


def day_of(deadline: str) -> date | None:
    """The last day of a deadline that is a day, a month or a year; None where it is none."""
    try:
        year, month, day = (*map(int, deadline.split("-")), 0, 0)[:3]
        month = month or _MONTHS_IN_YEAR
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None


def stages(deadline: date, zone: ZoneInfo) -> Sequence[Stage]:
    """All reminders of a deadline, at nine in the morning there, in the order in which they come."""
    days = (*BEFORE, AFTER)
    return [Stage(one, _instant(deadline - timedelta(days=one), zone)) for one in days]


def latest(deadline: date, zone: ZoneInfo, since: datetime | None, now: datetime) -> Stage | None:
    """The reminder to give now, unless it was given: of several that were missed only the last one.

    None before the first one, at night, for what was over before it could be known (`since`), and long afterwards.
    """
    clock = now.astimezone(zone).time()
    if not MORNING <= clock < EVENING:
        return None
    past = [one for one in stages(deadline, zone) if one.at <= now]
    if not past or (since is not None and past[-1].at <= since) or now - past[-1].at > KEPT:
        return None
    return past[-1]


def left(deadline: date, zone: ZoneInfo, now: datetime) -> int:
    """Days until the deadline where somebody is; less than none when it is over."""
    return (deadline - now.astimezone(zone).date()).days


def _instant(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
