"""Calendar files, read back by the parser of another project than the one that writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from handlers.calendar import calendar_file
from handlers.calendars.entry import uid_of
from handlers.calendars.zone_rules import zone_rules
from storage.tables import Meeting
from storage.words import MeetingMode, MeetingStatus

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
ZONES = ("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "Asia/Kolkata")


def a_meeting(**values: object) -> Meeting:
    usual: dict[str, object] = {
        "number": 7,
        "title": "Seventh meeting",
        "start": "2027-03-18T14:00",
        "end": "2027-03-18T17:00",
        "timezone": "Europe/Zurich",
        "place": "Geneva, Room H",
        "mode": MeetingMode.PHYSICAL,
        "status": MeetingStatus.CONFIRMED,
        "colocated_with": "",
        "note": "",
        "link": "https://meet.example/7?pin=1",
        "uid": "6f1c",
        "sequence": 2,
        "cancelled_because": "",
    }
    return Meeting(**{**usual, **values})


def written(meeting: Meeting, **how: Any) -> str:
    file = calendar_file(meeting, host="HOST-1", now=NOW, **how)
    assert file is not None
    return file.content.decode()


def read(meeting: Meeting, **how: Any) -> Any:
    return vobject.readOne(written(meeting, **how))


def test_the_other_parser_reads_when_and_where() -> None:
    event = read(a_meeting()).vevent
    assert event.dtstart.value == datetime(2027, 3, 18, 13, 0, tzinfo=UTC)
    assert event.dtend.value == datetime(2027, 3, 18, 16, 0, tzinfo=UTC)
    assert event.summary.value == "Seventh meeting"
    assert event.location.value == "Geneva, Room H"
    assert event.dtstamp.value == NOW


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["2027-01-15T14:00", "2027-07-15T09:30", "2027-03-28T03:30", "2027-10-31T04:00"])
def test_the_zone_of_the_file_gives_the_right_instant(zone: str, start: str) -> None:
    event = read(a_meeting(timezone=zone, start=start, end="")).vevent
    wanted = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    assert event.dtstart.value.astimezone(UTC) == wanted.astimezone(UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "onset"), [("Europe/Zurich", "20270328T020000"), ("America/New_York", "20270314T020000")]
)
def test_a_rule_begins_at_the_time_that_clocks_showed_until_then(zone: str, onset: str) -> None:
    rules = zone_rules(zone, date(2027, 1, 1), date(2027, 12, 31)).to_ical().decode()
    assert f"BEGIN:DAYLIGHT\r\nDTSTART:{onset}" in rules


def test_a_meeting_keeps_its_uid_and_a_change_raises_the_sequence() -> None:
    first, second = read(a_meeting()), read(a_meeting(sequence=3, start="2027-03-19T14:00", end=""))
    assert first.vevent.uid.value == second.vevent.uid.value
    assert (first.vevent.sequence.value, second.vevent.sequence.value) == ("2", "3")
    assert first.method.value == "PUBLISH"


def test_a_meeting_without_a_uid_always_has_the_same() -> None:
    assert uid_of(a_meeting(uid=""), "HOST-1") == uid_of(a_meeting(uid="", sequence=9), "HOST-1") == "meeting-7@host-1"


def test_a_cancelled_meeting_is_cancelled_in_the_calendar() -> None:
    calendar = read(a_meeting(status=MeetingStatus.CANCELLED, sequence=3, cancelled_because="too few"))
    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    assert calendar.vevent.sequence.value == "3"
    assert "too few" in calendar.vevent.description.value
    assert "valarm" not in calendar.vevent.contents


def test_a_tentative_meeting_is_tentative_there() -> None:
    assert read(a_meeting(status=MeetingStatus.TENTATIVE)).vevent.status.value == "TENTATIVE"


def test_it_rings_a_day_before() -> None:
    assert read(a_meeting()).vevent.valarm.trigger.value == timedelta(days=-1)


def test_the_link_is_only_there_where_everybody_may_see_it() -> None:
    assert "meet.example" not in written(a_meeting())
    event = read(a_meeting(), with_link=True).vevent
    assert event.url.value == "https://meet.example/7?pin=1"
    assert "meet.example" in event.description.value


def test_a_day_without_an_hour_is_a_whole_day() -> None:
    event = read(a_meeting(start="2027-03-18", end="2027-03-19")).vevent
    assert (event.dtstart.value, event.dtend.value) == (date(2027, 3, 18), date(2027, 3, 20))


@pytest.mark.parametrize("start", ["", "2027-03", "late 2027", "2027"])
def test_a_vague_time_has_no_file(start: str) -> None:
    assert calendar_file(a_meeting(start=start, end=""), host="HOST-1", now=NOW) is None


def test_a_meeting_over_the_change_of_clocks_is_as_long_as_it_is() -> None:
    event = read(a_meeting(start="2027-03-28T01:30", end="2027-03-28T04:00")).vevent
    assert event.dtend.value.astimezone(UTC) - event.dtstart.value.astimezone(UTC) == timedelta(hours=1, minutes=30)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120).filter(str.strip))
def test_a_title_in_any_script_is_read_as_it_was_written(title: str) -> None:
    text = written(a_meeting(title=title, place=title))
    assert vobject.readOne(text).vevent.summary.value == title


@given(st.text("aé中؟🎉 ;,\\", min_size=60, max_size=300).filter(str.strip))
def test_lines_end_and_are_folded_as_they_must_be(title: str) -> None:
    content = written(a_meeting(title=title)).encode()
    lines = content.split(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
