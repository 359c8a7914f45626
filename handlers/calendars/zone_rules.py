"""Zone rules: when clocks are changed around a day, as a calendar file says it (`VTIMEZONE`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_STEP = timedelta(days=1)
_EXACT = timedelta(minutes=1)


def zone_rules(name: str, first: date, last: date) -> Timezone:
    """The rules of a zone from one day to another.

    RFC 5545 (3.6.5): a rule begins at the local time that clocks showed until then. `icalendar` writes the time that
    they show from then on, which is an hour late in spring.
    """
    zone = ZoneInfo(name)
    begin = datetime.combine(first, time(), UTC)
    rules = Timezone()
    rules.add("tzid", name)
    rules.add_component(_rule(begin.astimezone(zone), begin.astimezone(zone)))
    for change in _changes(zone, begin, datetime.combine(last, time(), UTC)):
        rules.add_component(_rule((change - _EXACT).astimezone(zone), change.astimezone(zone)))
    return rules


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which clocks are changed, to the minute."""
    low = begin
    while low < end:
        high = low + _STEP
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            yield _change(zone, low, high)
        low = high


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > _EXACT:
        middle = low + (high - low) // 2 // _EXACT * _EXACT
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _rule(before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    """A rule for the offset of `after`; `before` is the last minute under the rule before, or the same."""
    from_, to = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
    rule = TimezoneDaylight() if after.dst() else TimezoneStandard()
    rule.add("dtstart", (after.astimezone(UTC) + from_).replace(tzinfo=None))
    rule.add("tzoffsetfrom", from_)
    rule.add("tzoffsetto", to)
    rule.add("tzname", after.tzname() or "")
    return rule
