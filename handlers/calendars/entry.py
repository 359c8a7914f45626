"""A meeting as an iCalendar object (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration

from handlers.calendars.zone_rules import zone_rules
from handlers.timing import When, as_when
from storage.tables import Meeting
from storage.words import MeetingMode, MeetingStatus

_PRODUCT = "-//Liaison Bot//Meetings//EN"
_NOBODY = "invalid:nomail"
_STATUSES = {
    MeetingStatus.TENTATIVE: "TENTATIVE",
    MeetingStatus.CONFIRMED: "CONFIRMED",
    MeetingStatus.HELD: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
}
_USUAL_LENGTH = timedelta(hours=1)
_AROUND = timedelta(days=400)


def content(
    meeting: Meeting, *, host: str, now: datetime, with_link: bool, organizer: str, agenda: Sequence[str]
) -> bytes | None:
    """The file's content; None for a meeting whose day is not known."""
    start = _moment(meeting.start, meeting.timezone)
    if start is None:
        return None
    is_cancelled = meeting.status is MeetingStatus.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    event = _event(meeting, start, host, now, organizer)
    _describe(event, meeting, agenda, with_link=with_link)
    if not is_cancelled:
        event.add_component(_alarm(meeting))
    if isinstance(start, datetime):
        calendar.add_component(zone_rules(meeting.timezone, start.date() - _AROUND, start.date() + _AROUND))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def uid_of(meeting: Meeting, host: str) -> str:
    """What tells the meeting's entry from all others, for ever; its own where it has one."""
    return meeting.uid or f"meeting-{meeting.number}@{_domain(host)}"


def _event(meeting: Meeting, start: date, host: str, now: datetime, organizer: str) -> Event:
    event = Event()
    event.add("uid", uid_of(meeting, host))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("summary", meeting.title)
    event.add("status", _STATUSES[meeting.status])
    event.add("dtstart", start)
    event.add("dtend", _end(meeting, start))
    event.add("transp", "OPAQUE" if isinstance(start, datetime) else "TRANSPARENT")
    whose = vCalAddress(f"mailto:{organizer}" if organizer else _NOBODY)
    whose.params["CN"] = host
    event.add("organizer", whose)
    return event


def _describe(event: Event, meeting: Meeting, agenda: Sequence[str], *, with_link: bool) -> None:
    link = meeting.link if with_link else ""
    is_physical = meeting.mode is MeetingMode.PHYSICAL
    place = (
        meeting.place if is_physical else f"{meeting.place} ({meeting.mode})" if meeting.place else meeting.mode.value
    )
    if place:
        event.add("location", place)
    if link:
        event.add("url", link)
    lines = [
        f"Cancelled: {meeting.cancelled_because}" if meeting.cancelled_because else "",
        f"Co-located with {meeting.colocated_with}" if meeting.colocated_with else "",
        meeting.note,
        f"Join: {link}" if link else "",
        "\n".join(("Agenda:", *agenda)) if agenda else "",
    ]
    if text := "\n".join(filter(None, lines)):
        event.add("description", text)


def _alarm(meeting: Meeting) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", meeting.title)
    alarm.add("trigger", vDuration(-timedelta(days=1)))
    return alarm


def _moment(text: str, zone: str) -> date | None:
    """A local time in its zone, a day, or None for what is vague."""
    when = _read(text)
    if when is None:
        return None
    return when.local.replace(tzinfo=ZoneInfo(zone)) if when.local else when.first_day


def _end(meeting: Meeting, start: date) -> date:
    """The end, which iCalendar leaves out: for days it is the day after."""
    end = _moment(meeting.end, meeting.timezone)
    if isinstance(start, datetime):
        if isinstance(end, datetime) and end.astimezone(UTC) > start.astimezone(UTC):
            return end
        # By the clock that goes on, not by the one on the wall, which may be changed just then.
        return (start.astimezone(UTC) + _USUAL_LENGTH).astimezone(start.tzinfo)
    last = end.date() if isinstance(end, datetime) else end
    return max(last or start, start) + timedelta(days=1)


def _read(text: str) -> When | None:
    try:
        when = as_when(text)
    except ValueError:
        return None
    return None if when.is_vague else when


def _domain(host: str) -> str:
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in host.lower()).strip("-") or "liaison-bot"
