"""When reminders of a deadline are given, over clock changes and in zones around the world."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.liaison import stages

ZURICH = ZoneInfo("Europe/Zurich")
SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")
CHATHAM = ZoneInfo("Pacific/Chatham")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("zone", "deadline", "instants"),
    [
        # Clocks go forward on 31 March 2024, between the fourteenth and the seventh day before.
        (
            ZURICH,
            date(2024, 4, 7),
            ["03-24T08:00", "03-31T07:00", "04-04T07:00", "04-06T07:00", "04-07T07:00", "04-08T07:00"],
        ),
        # Clocks go back on 3 November 2024, on the third day before.
        (
            NEW_YORK,
            date(2024, 11, 6),
            ["10-23T13:00", "10-30T13:00", "11-03T14:00", "11-05T14:00", "11-06T14:00", "11-07T14:00"],
        ),
        (
            SEOUL,
            date(2024, 3, 1),
            ["02-16T00:00", "02-23T00:00", "02-27T00:00", "02-29T00:00", "03-01T00:00", "03-02T00:00"],
        ),
        # Three quarters of an hour beside the hour, and a day ahead; clocks go back on 7 April.
        (
            CHATHAM,
            date(2024, 4, 7),
            ["03-23T19:15", "03-30T19:15", "04-03T19:15", "04-05T19:15", "04-06T20:15", "04-07T20:15"],
        ),
        (
            KIRITIMATI,
            date(2024, 6, 1),
            ["05-17T19:00", "05-24T19:00", "05-28T19:00", "05-30T19:00", "05-31T19:00", "06-01T19:00"],
        ),
        # Clocks change by half an hour, on 7 April.
        (
            LORD_HOWE,
            date(2024, 4, 8),
            ["03-24T22:00", "03-31T22:00", "04-04T22:00", "04-06T22:30", "04-07T22:30", "04-08T22:30"],
        ),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_each_stage_is_at_nine_by_the_clocks_there(zone: ZoneInfo, deadline: date, instants: list[str]) -> None:
    found = stages.stages(deadline, zone)
    assert [f"{one.at:%m-%dT%H:%M}" for one in found] == instants
    assert all(one.at.astimezone(zone).hour == 9 for one in found)
    assert [one.days for one in found] == [14, 7, 3, 1, 0, -1]


DEADLINE = date(2024, 5, 31)


def at(day: int, hour: int = 9, month: int = 5) -> datetime:
    """A moment by the clocks of Zurich in 2024."""
    return datetime(2024, month, day, hour, tzinfo=ZURICH).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "since", "days"),
    [
        (at(17, 8), None, None),
        (at(17), None, 14),
        (at(20), None, 14),
        (at(24), None, 7),
        (at(30), None, 1),
        (at(31), None, 0),
        (at(1, month=6), None, -1),
        (at(8, month=6), None, -1),
        (at(9, month=6), None, None),
        # Of several that were missed only the last one.
        (at(29, 12), at(1), 3),
        # What was over before it was known is not said.
        (at(29, 12), at(28, 10), None),
        (at(30), at(28, 10), 1),
        (at(28, 9), at(28, 9), None),
        # Not at night: in the morning the next one is due.
        (at(28, 20), None, None),
        (at(28, 3), None, None),
    ],
)
def test_the_last_stage_that_is_due_is_given(now: datetime, since: datetime | None, days: int | None) -> None:
    found = stages.latest(DEADLINE, ZURICH, since, now)
    assert (found.days if found else None) == days


@pytest.mark.parametrize("zone", [ZURICH, SEOUL, NEW_YORK, CHATHAM, KIRITIMATI, LORD_HOWE], ids=lambda zone: zone.key)
@pytest.mark.parametrize("deadline", [date(2024, 3, 31), date(2024, 4, 8), date(2024, 11, 3), date(2024, 12, 31)])
def test_over_a_whole_life_every_stage_comes_once_in_order(zone: ZoneInfo, deadline: date) -> None:
    begin = datetime(deadline.year, deadline.month, deadline.day, tzinfo=UTC) - timedelta(days=20)
    said: list[stages.Stage] = []
    for minutes in range(0, 40 * 24 * 60, 15):
        now = begin + timedelta(minutes=minutes)
        found = stages.latest(deadline, zone, None, now)
        if found and found not in said:
            said.append(found)
            assert now - found.at < timedelta(minutes=15)
    assert [one.days for one in said] == [14, 7, 3, 1, 0, -1]


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        ("2024-05-31", date(2024, 5, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2024", date(2024, 12, 31)),
        ("", None),
        ("mid-May", None),
        ("2024-13", None),
    ],
)
def test_a_deadline_lasts_to_the_end_of_its_month_or_year(deadline: str, day: date | None) -> None:
    assert stages.day_of(deadline) == day
