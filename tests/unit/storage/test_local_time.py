"""Local time: quiet hours and mornings, whatever daylight saving does."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from storage.local_time import MONDAY, MORNING, Quiet, as_quiet, instant, next_local

ZONES = ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "Asia/Kolkata"]
zones = some.sampled_from([ZoneInfo(name) for name in ZONES])
hours = some.builds(time, some.integers(0, 23), some.sampled_from([0, 15, 30, 59]))
quiets = some.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))
# A year, and more often the nights in which clocks change.
changes = [
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 3, 8, 6, tzinfo=UTC),
    datetime(2026, 11, 1, 5, tzinfo=UTC),
    datetime(2026, 4, 4, 14, tzinfo=UTC),
    datetime(2026, 10, 3, 15, tzinfo=UTC),
]
near = some.builds(
    lambda day, minutes: day + timedelta(minutes=minutes), some.sampled_from(changes), some.integers(-900, 900)
)
whole = some.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
moments = near | whole


@given(quiets, zones, moments)
def test_nothing_leaves_in_quiet_hours(quiet: Quiet, zone: ZoneInfo, moment: datetime) -> None:
    over = quiet.over(moment, zone)
    assert over >= moment
    assert not quiet.covers(over, zone)
    assert over == moment or quiet.covers(moment, zone)


@given(zones, moments)
@example(ZoneInfo("Europe/Zurich"), datetime(2026, 3, 28, 23, tzinfo=UTC))
@example(ZoneInfo("Australia/Lord_Howe"), datetime(2026, 10, 3, 14, tzinfo=UTC))
def test_a_night_is_over_at_its_hour_by_the_clock(zone: ZoneInfo, moment: datetime) -> None:
    over = Quiet(time(22), time(7)).over(moment, zone)
    assert over == moment or over.astimezone(zone).time() == time(7)
    assert over - moment <= timedelta(hours=10)


@pytest.mark.parametrize(
    ("zone", "moment", "over"),
    [
        ("Europe/Zurich", "2026-03-28T23:00+00:00", "2026-03-29T05:00+00:00"),
        ("Europe/Zurich", "2026-10-24T23:00+00:00", "2026-10-25T06:00+00:00"),
        ("America/New_York", "2026-03-08T05:00+00:00", "2026-03-08T11:00+00:00"),
        ("America/New_York", "2026-11-01T04:00+00:00", "2026-11-01T12:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-03T14:00+00:00", "2026-10-03T20:00+00:00"),
        ("Asia/Seoul", "2026-10-03T14:00+00:00", "2026-10-03T22:00+00:00"),
        ("Asia/Kolkata", "2026-10-03T17:00+00:00", "2026-10-04T01:30+00:00"),
    ],
)
def test_the_night_of_the_change_is_longer_or_shorter(zone: str, moment: str, over: str) -> None:
    night = Quiet(time(22), time(7))
    assert night.over(datetime.fromisoformat(moment), ZoneInfo(zone)) == datetime.fromisoformat(over)


def test_the_hour_that_comes_twice_is_quiet_twice() -> None:
    quiet, zone = Quiet(time(2), time(2, 30)), ZoneInfo("Europe/Zurich")
    assert quiet.over(datetime(2026, 10, 25, 0, 10, tzinfo=UTC), zone) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert quiet.over(datetime(2026, 10, 25, 1, 10, tzinfo=UTC), zone) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(zones, moments)
def test_the_next_morning_is_at_eight_and_within_a_day(zone: ZoneInfo, moment: datetime) -> None:
    morning = next_local(moment, MORNING, zone)
    assert morning.astimezone(zone).time() == MORNING
    assert timedelta(0) < morning - moment <= timedelta(hours=25)


@given(zones, moments)
def test_the_next_monday_morning_is_within_a_week(zone: ZoneInfo, moment: datetime) -> None:
    morning = next_local(moment, MORNING, zone, MONDAY)
    assert morning.astimezone(zone).weekday() == MONDAY
    assert timedelta(0) < morning - moment <= timedelta(days=7, hours=1)


@given(quiets)
def test_quiet_hours_are_read_as_they_are_written(quiet: Quiet) -> None:
    assert as_quiet(str(quiet)) == quiet


@pytest.mark.parametrize("text", ["22-7", "22:00 - 07:00", "22 to 7", "22:00–07:00"])
def test_people_write_quiet_hours_in_several_ways(text: str) -> None:
    assert as_quiet(text) == Quiet(time(22), time(7))


@pytest.mark.parametrize("text", ["", "night", "25-7", "7-7", "22:00", "22:61-7"])
def test_what_is_no_quiet_hours_is_said_so(text: str) -> None:
    with pytest.raises(ValueError, match="22:00-07:00"):
        as_quiet(text)


def test_an_hour_that_the_clocks_jump_over_is_no_instant() -> None:
    zone = ZoneInfo("Europe/Zurich")
    assert instant(datetime.fromisoformat("2026-03-29T02:30"), zone) is None
    assert instant(datetime.fromisoformat("2026-10-25T02:30"), zone) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
