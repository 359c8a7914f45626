"""Local time: quiet hours, and the next time that clocks somewhere show an hour, whatever daylight saving does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(8)
"""When a digest is sent."""

MONDAY = 0

_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d\d))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is said. `begin` and `end` are local and differ; the end may be on the next day."""

    begin: time
    end: time

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def covers(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether it is quiet then, by the clocks of the zone."""
        now = moment.astimezone(zone).time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def over(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself when it is not quiet then, else when the quiet hours end."""
        while self.covers(moment, zone):
            moment = next_local(moment, self.end, zone)
        return moment


def as_quiet(text: str) -> Quiet:
    """Quiet hours as people write them: `22:00-07:00`, `22-7`. Raises `ValueError` in words for the person."""
    found = _SPAN.fullmatch(text.strip())
    try:
        hours = [time(int(found[one]), int(found[one + 1] or 0)) for one in (1, 3)] if found else []
    except ValueError:
        hours = []
    if not hours:
        raise ValueError("those are no hours; write 22:00-07:00")
    if hours[0] == hours[1]:
        raise ValueError("they begin when they end; write 22:00-07:00")
    return Quiet(hours[0], hours[1])


def next_local(moment: datetime, wall: time, zone: ZoneInfo, weekday: int | None = None) -> datetime:
    """The first instant after `moment`, in UTC, when clocks in the zone show `wall`.

    `weekday` is the only day of the week that will do; Monday is 0. On a day whose clocks jump over that time it is as
    long after the jump as the time is after its beginning.
    """
    first = moment.astimezone(zone).date()
    for count in range(-1, 9):
        day = first + timedelta(days=count)
        for fold in (0, 1):
            at = datetime.combine(day, wall.replace(fold=fold), zone).astimezone(UTC)
            if at > moment and weekday in (None, day.weekday()):
                return at
    raise AssertionError("unreachable: every week has every day")


def instant(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant, in UTC, when clocks in the zone show the naive time first; None when they never do."""
    at = local.replace(tzinfo=zone).astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == local else None
