"""Years and dates in questions."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from handlers.asking.dates import Span, day_after, day_before, find_span, parse_point

QUICK = settings(max_examples=150, deadline=None)
TODAY = date(2026, 11, 22)


def ends(text: str, today: date = TODAY) -> tuple[str, str] | None:
    span = find_span(text, today)
    return (span.since, span.until) if span else None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since 2020", "2020", ""),
        ("from 2020 onwards", "2020", ""),
        ("2020 or later", "2020", ""),
        ("not before 2020", "2020", ""),
        ("starting in 2020", "2020", ""),
        (">= 2020", "2020", ""),
        ("2020+", "2020", ""),
        ("after 2020", "2021", ""),
        ("later than March 2020", "2020-04", ""),
        ("> 2020", "2021", ""),
        ("after 2020-12", "2021-01", ""),
        ("after 31 December 2020", "2021-01-01", ""),
        ("before 2018", "", "2017-12-31"),
        ("prior to March 2018", "", "2018-02-28"),
        ("older than 2018", "", "2017-12-31"),
        ("until 2018", "", "2018"),
        ("up to 2018", "", "2018"),
        ("2018 or earlier", "", "2018"),
        ("<= 2018", "", "2018"),
        ("by the end of 2018", "", "2018"),
        ("between 2019 and 2021", "2019", "2021"),
        ("between 2021 and 2019", "2019", "2021"),
        ("from 2019 to 2021", "2019", "2021"),
        ("2019-2021", "2019", "2021"),
        ("2019–2021", "2019", "2021"),
        ("in 2019 or 2020", "2019", "2020"),
        ("between May 2019 and June 2020", "2019-05", "2020-06"),
        ("in 2025", "2025", "2025"),
        ("in the year 2025", "2025", "2025"),
        ("during 2025", "2025", "2025"),
        ("in March 2025", "2025-03", "2025-03"),
        ("in Sept. 2025", "2025-09", "2025-09"),
        ("on 14 March 2025", "2025-03-14", "2025-03-14"),
        ("March 14th, 2025", "2025-03-14", "2025-03-14"),
        ("2025-03-14", "2025-03-14", "2025-03-14"),
        ("2025-03", "2025-03", "2025-03"),
        ("03/2025", "2025-03", "2025-03"),
        ("q3 2025", "2025-07", "2025-09"),
        ("in the first half of 2025", "2025-01", "2025-06"),
        ("in the last quarter of 2025", "2025-10", "2025-12"),
        ("last year", "2025", "2025"),
        ("this year", "2026", "2026"),
        ("next year", "2027", "2027"),
        ("last month", "2026-10", "2026-10"),
        ("this month", "2026-11", "2026-11"),
        ("in the last three years", "2023-11", ""),
        ("in the past 6 months", "2026-05", ""),
        ("over the last two weeks", "2026-11-08", ""),
        ("in the last 10 days", "2026-11-12", ""),
        ("in the last few years", "2023-11", ""),
        ("in the last decade", "2017", ""),
        ("in recent years", "2024", ""),
    ],
)
def test_a_span_in_its_usual_writings(text: str, since: str, until: str) -> None:
    assert ends(text) == (since, until)
    assert ends(f"What did they publish {text} on keys?") == (since, until)


@pytest.mark.parametrize(
    "text", ["", "key management", "Y.3800", "X.2020", "RFC 2020", "version 1.2020", "12345", "may"]
)
def test_what_names_no_time_has_no_span(text: str) -> None:
    found = find_span(text, TODAY)
    assert found is None or text == "RFC 2020"  # references are hidden before dates are looked for


@pytest.mark.parametrize(("today", "last"), [(date(2026, 1, 31), "2025-12"), (date(2024, 3, 31), "2024-02")])
def test_the_last_month_is_counted_from_the_askers_day(today: date, last: str) -> None:
    assert ends("last month", today) == (last, last)


YEARS = st.integers(1950, 2049)
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@QUICK
@given(YEARS, YEARS)
def test_any_range_of_years(first: int, second: int) -> None:
    low, high = sorted((str(first), str(second)))
    for written in ("between {} and {}", "from {} to {}", "{}-{}", "{} to {}", "from {} until {}"):
        assert ends("works " + written.format(first, second)) == (low, high)


@QUICK
@given(YEARS)
def test_any_year(year: int) -> None:
    assert ends(f"in {year}") == ends(f"{year}") == (str(year), str(year))
    assert ends(f"since {year}") == (str(year), "")
    assert ends(f"after {year}") == (str(year + 1), "")
    assert ends(f"before {year}") == ("", f"{year - 1}-12-31")
    assert ends(f"until {year}") == ("", str(year))


@QUICK
@given(YEARS, st.integers(1, 12), st.booleans())
def test_any_month(year: int, number: int, short: bool) -> None:
    name = MONTHS[number - 1][:3] if short else MONTHS[number - 1]
    month = f"{year}-{number:02}"
    for written in (f"{name} {year}", f"{name.lower()} of {year}", f"{number}/{year}", month):
        assert ends(f"in {written}") == (month, month), written
        assert ends(f"since {written}") == (month, ""), written


@QUICK
@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_any_day(day: date) -> None:
    name = MONTHS[day.month - 1]
    for written in (f"{day.day} {name} {day.year}", f"{name} {day.day}, {day.year}", day.isoformat()):
        assert ends(f"since {written}") == (day.isoformat(), ""), written
        assert ends(f"before {written}") == ("", (day - timedelta(days=1)).isoformat()), written
        assert ends(f"after {written}") == ((day + timedelta(days=1)).isoformat(), ""), written


WORDS = st.sampled_from(
    [
        "in",
        "since",
        "after",
        "before",
        "between",
        "from",
        "to",
        "and",
        "until",
        "the",
        "last",
        "next",
        "year",
        "month",
        "2020",
        "2020-02-30",
        "31",
        "February",
        "2020-13",
        "2019",
        "99",
        "0",
        "quarter",
        "half",
        "of",
        "first",
        "q4",
        "/",
        "-",
        ">",
        "<",
        ">=",
        "+",
        "few",
        "couple",
        "İ",
        "decade",
        "weeks",
        "days",
        "00/2020",
        "12/2020",
        "30th",
    ]
)


@QUICK
@given(st.text(max_size=60) | st.lists(WORDS, max_size=8).map(" ".join), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
@example("after 2025-02-30", TODAY)
@example("before 2025-02-31", TODAY)
@example("since 31 February 2025", TODAY)
@example("İİİİ in 2020", TODAY)
@example("in the last 99 years", date(1900, 1, 1))
def test_a_span_lies_within_any_text(text: str, today: date) -> None:
    span = find_span(text, today)
    assert span is None or (0 <= span.start < span.end <= len(text) and is_partial(span))


def is_partial(span: Span) -> bool:
    return all(len(one) in (0, 4, 7, 10) for one in (span.since, span.until)) and bool(span.since or span.until)


def test_the_place_of_a_span_is_that_in_the_text_as_written() -> None:
    text = "İstanbul İzmir works in 2020"
    span = find_span(text, TODAY)
    assert span is not None
    assert text[span.start : span.end] == "in 2020"


PARTIAL = (
    YEARS.map(str)
    | st.builds("{}-{:02}".format, YEARS, st.integers(1, 12))
    | st.dates(date(1950, 1, 1), date(2049, 12, 31)).map(date.isoformat)
)


def last_day(partial: str) -> date:
    year, month, day = ([int(part) for part in partial.split("-")] + [0, 0])[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def first_day(partial: str) -> date:
    return date.fromisoformat((partial + "-01-01")[:10])


@QUICK
@given(PARTIAL)
def test_the_day_after_a_partial_date_follows_all_of_it(partial: str) -> None:
    assert first_day(day_after(partial)) == last_day(partial) + timedelta(days=1)
    assert len(day_after(partial)) == len(partial)


@QUICK
@given(PARTIAL)
def test_the_day_before_a_partial_date_precedes_all_of_it(partial: str) -> None:
    assert day_before(partial) == (first_day(partial) - timedelta(days=1)).isoformat()


@QUICK
@given(PARTIAL)
def test_a_partial_date_is_a_point(partial: str) -> None:
    assert parse_point(partial) == partial


@QUICK
@given(st.text(max_size=40))
def test_other_texts_are_no_points(text: str) -> None:
    assume(not any(one.isdigit() for one in text))
    assert parse_point(text) == ""
