"""Times as people write them: exact, a day, vague, and those that clocks leave out or show twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.timing import as_clock, as_day, as_exact, as_when, resolve

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-18 14:00",
        "2027-03-18T14:00",
        "18 March 2027 14:00",
        "18 March 2027, 2pm",
        "March 18, 2027 at 14:00",
        "Thursday 18 March 2027 14:00",
        "18th of March 2027 14.00",
        "18.3.2027 14:00",
        "  18 mar 2027   14:00 ",
    ],
)
def test_a_day_and_an_hour_are_kept_alike_however_they_are_written(text: str) -> None:
    assert as_when(text).kept == "2027-03-18T14:00"


@pytest.mark.parametrize("text", ["18 March 2027, 14:00 (Asia/Seoul)", "2027-03-18 14:00 asia/seoul"])
def test_a_zone_may_be_named(text: str) -> None:
    when = as_when(text)
    assert (when.kept, when.zone) == ("2027-03-18T14:00", ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("text", "kept", "begins_on", "first"),
    [
        ("2027-03-18", "2027-03-18", "2027-03-18", date(2027, 3, 18)),
        ("18 March 2027", "2027-03-18", "2027-03-18", date(2027, 3, 18)),
        ("July 2025", "2025-07", "2025-07", date(2025, 7, 1)),
        ("2025-07", "2025-07", "2025-07", date(2025, 7, 1)),
        ("late 2025 or early 2026, Singapore", "late 2025 or early 2026, Singapore", "", date(2025, 9, 1)),
        ("spring 2027", "spring 2027", "", date(2027, 3, 1)),
        ("Q3 2026", "Q3 2026", "", date(2026, 7, 1)),
        ("2027", "2027", "", date(2027, 1, 1)),
        ("to be confirmed", "", "", None),
    ],
)
def test_what_is_vague_is_kept_as_it_was_written(text: str, kept: str, begins_on: str, first: date | None) -> None:
    when = as_when(text)
    assert (when.kept, when.begins_on, when.first_day) == (kept, begins_on, first)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-02-30", "no such day"),
        ("2027-03-18 25:00", "no such hour"),
        ("Monday 18 March 2027", "is a Thursday"),
        ("cheese", "no time"),
        ("", "write a day"),
        ("14:00", "no time"),
        ("2027-13-01 10:00", "no such day"),
    ],
)
def test_what_is_no_time_is_refused_and_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        as_when(text)


def test_an_exact_time_has_an_hour() -> None:
    with pytest.raises(ValueError, match="the hour is missing"):
        as_exact("18 March 2027")


@pytest.mark.parametrize(
    ("zone", "local", "at", "said"),
    [
        ("Europe/Zurich", "2027-03-28T02:30", "2027-03-28T01:30Z", "I take 03:30"),
        ("Europe/Zurich", "2027-10-31T02:30", "2027-10-31T00:30Z", "I take the first one"),
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30Z", "I take 03:30"),
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45Z", "I take 02:45"),
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45Z", "I take the first one"),
        ("Asia/Seoul", "2027-03-28T02:30", "2027-03-27T17:30Z", ""),
        ("Asia/Kolkata", "2027-03-28T02:30", "2027-03-27T21:00Z", ""),
    ],
)
def test_an_hour_that_clocks_leave_out_or_show_twice_is_resolved_and_said(
    zone: str, local: str, at: str, said: str
) -> None:
    found = resolve(datetime.fromisoformat(local), ZoneInfo(zone))
    assert found.at == datetime.fromisoformat(at)
    assert (said in found.said) if said else not found.said


@given(st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001 - local
def test_what_is_kept_is_read_as_it_was(local: datetime) -> None:
    wanted = local.replace(second=0, microsecond=0)
    kept = wanted.isoformat(timespec="minutes")
    assert (as_when(kept).local, as_when(kept).kept) == (wanted, kept)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    try:
        when = as_when(text)
    except ValueError:
        return
    assert when.is_exact + when.is_day + when.is_vague == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 23)),
        ("monday", date(2026, 11, 23)),
        ("next sunday", date(2026, 11, 29)),
        ("10 January", date(2027, 1, 10)),
        ("30 november", date(2026, 11, 30)),
        ("cheese", None),
    ],
)
def test_a_day_may_be_said_as_people_do(text: str, day: date | None) -> None:
    assert as_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [("14:00", time(14)), ("9am", time(9)), ("12 pm", time(12)), ("12am", time(0)), ("noon", time(12)), ("9", None)],
)
def test_an_hour_may_be_said_as_people_do(text: str, clock: time | None) -> None:
    assert as_clock(text) == clock


def test_an_instant_is_in_utc() -> None:
    assert resolve(datetime(2027, 3, 18, 14), ZoneInfo("Asia/Seoul")).at.tzinfo is UTC  # noqa: DTZ001 - local
