"""Leads: how long before, across every change of clocks, and as people write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import lead
from storage.lead import Lead, as_lead, as_leads, of_iso

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1))  # noqa: DTZ001 - local
ZONES = ("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "Asia/Kolkata", "Pacific/Apia")


@pytest.mark.parametrize(
    ("zone", "start", "written", "due"),
    [
        # Clocks go forward on 28 March 2027: a week before 14:00 is 14:00 of another offset.
        ("Europe/Zurich", "2027-03-30T14:00", "1w", "2027-03-23T13:00Z"),
        ("Europe/Zurich", "2027-03-28T14:00", "1d", "2027-03-27T13:00Z"),
        ("Europe/Zurich", "2027-03-28T14:00", "24h", "2027-03-27T12:00Z"),
        ("Europe/Zurich", "2027-03-28T03:30", "1h", "2027-03-28T00:30Z"),
        # The day before has 02:30, the day itself has not: it moves on by an hour.
        ("Europe/Zurich", "2027-03-29T02:30", "1d", "2027-03-28T01:30Z"),
        # Clocks go back on 31 October 2027: 02:30 comes twice, the first one counts.
        ("Europe/Zurich", "2027-11-01T02:30", "1d", "2027-10-31T00:30Z"),
        ("Europe/Zurich", "2027-10-31T14:00", "1d", "2027-10-30T12:00Z"),
        ("Europe/Zurich", "2027-11-03T14:00", "4w", "2027-10-06T12:00Z"),
        ("America/New_York", "2027-03-14T14:00", "1d", "2027-03-13T19:00Z"),
        ("America/New_York", "2027-03-15T02:30", "1d", "2027-03-14T07:30Z"),
        ("America/New_York", "2027-11-07T14:00", "1d", "2027-11-06T18:00Z"),
        ("America/New_York", "2027-11-08T01:30", "1d", "2027-11-07T05:30Z"),
        # Lord Howe moves by half an hour, in the other half of the year.
        ("Australia/Lord_Howe", "2027-04-04T14:00", "1d", "2027-04-03T03:00Z"),
        ("Australia/Lord_Howe", "2027-10-03T14:00", "1d", "2027-10-02T03:30Z"),
        ("Australia/Lord_Howe", "2027-10-04T02:15", "1d", "2027-10-02T15:45Z"),
        ("Australia/Lord_Howe", "2027-10-03T14:00", "1h", "2027-10-03T02:00Z"),
        ("Asia/Seoul", "2027-03-28T14:00", "4w", "2027-02-28T05:00Z"),
        ("Asia/Kolkata", "2027-03-28T14:00", "1w", "2027-03-21T08:30Z"),
        ("Asia/Kolkata", "2027-03-28T14:00", "1h", "2027-03-28T07:30Z"),
        ("Europe/Zurich", "2028-12-01T09:00", "400d", "2027-10-28T07:00Z"),
    ],
)
def test_days_are_those_of_the_calendar_and_hours_are_those_that_pass(
    zone: str, start: str, written: str, due: str
) -> None:
    local = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    assert as_lead(written).before(local.astimezone(UTC), ZoneInfo(zone)) == datetime.fromisoformat(due)


@given(
    st.sampled_from(ZONES),
    MOMENTS,
    st.integers(1, 400),
)
def test_some_days_before_is_the_same_hour_or_that_of_the_jump(zone: str, local: datetime, days: int) -> None:
    there = ZoneInfo(zone)
    start = local.replace(second=0, microsecond=0, tzinfo=there).astimezone(UTC)
    due = Lead(days).before(start, there)
    wall = start.astimezone(there) - timedelta(days=days)
    assert due.astimezone(there).replace(tzinfo=None) - wall.replace(tzinfo=None) in (
        timedelta(0),
        timedelta(hours=1),
        timedelta(minutes=30),
        timedelta(days=1),
    )


@given(st.sampled_from(ZONES), MOMENTS, st.integers(1, 6000))
def test_minutes_before_are_so_many_minutes(zone: str, local: datetime, minutes: int) -> None:
    start = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert start - Lead(0, minutes).before(start, ZoneInfo(zone)) == timedelta(minutes=minutes)


@given(st.integers(0, 3000), st.integers(0, 2000))
def test_a_kept_lead_is_read_as_it_was(days: int, minutes: int) -> None:
    assert of_iso(str(Lead(days, minutes))) == Lead(days, minutes)


@given(st.integers(1, 500), st.integers(1, 1439))
def test_the_words_of_a_lead_mean_it(days: int, minutes: int) -> None:
    assert as_lead(Lead(days, minutes).words) == Lead(days, minutes)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2d,1h", "P2D PT1H"),
        ("1h, 2d", "P2D PT1H"),
        ("1w 1d", "P7D P1D"),
        ("a week and 2 hours before", "P7D PT2H"),
        ("4 weeks, 1 week, 1 day and 1 hour", "P28D P7D P1D PT1H"),
        ("half an hour", "PT30M"),
        ("1d 1d", "P1D"),
        ("off", ""),
    ],
)
def test_leads_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert lead.joined(as_leads(text)) == kept


@pytest.mark.parametrize(
    ("text", "kept"), [("1 week and 2 hours", "P7DT2H"), ("2d12h", "P2DT12H"), ("90 min", "PT1H30M")]
)
def test_one_lead_may_have_several_parts(text: str, kept: str) -> None:
    assert str(as_lead(text)) == kept


@pytest.mark.parametrize("text", ["", "cheese", "2", "d", "0d", "-1d", "1d cheese", "9999w", "2 fortnights", "and"])
def test_what_is_no_lead_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"span of time|how long|too long|no time"):
        as_leads(text)
