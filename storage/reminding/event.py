"""Events that people are reminded of: the beginning of a meeting, and the deadline of its documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from storage.lead import Lead
from storage.tables import Meeting
from storage.words import MeetingStatus

PLANNED = (MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED)

MORNING = time(9)
"""The hour, by the clocks of the place, from which it is counted where only a day is known."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that people are reminded of: counted from `from_`, too late at `begins`."""

    from_: datetime
    begins: datetime
    zone: ZoneInfo
    has_hour: bool

    def due(self, before: Lead) -> datetime | None:
        """None for an hour before a day of which the hour is not known."""
        if before.minutes and not self.has_hour:
            return None
        return before.before(self.from_, self.zone)


def start_of(meeting: Meeting) -> Event | None:
    if meeting.status not in PLANNED:
        return None
    zone = ZoneInfo(meeting.timezone)
    if meeting.starts_at:
        return Event(meeting.starts_at, meeting.starts_at, zone, has_hour=True)
    return _morning(meeting.start, zone)


def deadline_of(meeting: Meeting) -> Event | None:
    if meeting.status not in PLANNED or meeting.documents_due_at is None:
        return None
    zone = ZoneInfo(meeting.timezone)
    if morning := _morning(meeting.documents_due, zone):
        return Event(morning.from_, meeting.documents_due_at, zone, has_hour=False)
    return Event(meeting.documents_due_at, meeting.documents_due_at, zone, has_hour=True)


def _morning(day: str, zone: ZoneInfo) -> Event | None:
    """That of a day written `2027-03-18`; None for anything else."""
    try:
        found = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    at = datetime.combine(found, MORNING, zone).astimezone(UTC)
    return Event(at, at, zone, has_hour=False)
