"""Times of a meeting: from local time as it is kept to instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from storage.tables import Meeting
from storage.transfer.cells import local_time, real_date

_LAST_MINUTE = time(23, 59)


def instant_of(local: str, zone: str) -> datetime | None:
    """The instant of a local time with an hour; None for a day and for vague words."""
    found = local_time(local)
    return found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if found else None


def first_day(local: str) -> str:
    """The first day, or month, of a meeting that begins then; empty for a year and for vague words."""
    if local_time(local):
        return local[:10]
    return local if real_date(local) and len(local) > 4 else ""


def is_day(local: str) -> bool:
    """Whether it names a day, with or without an hour."""
    return len(first_day(local)) == 10


def last_moment(local: str, zone: str) -> datetime | None:
    """When a deadline is over: at its hour, or at the end of its day."""
    if not is_day(local):
        return None
    found = local_time(local) or datetime.combine(datetime.fromisoformat(local), _LAST_MINUTE)
    return found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def ends_at(meeting: Meeting) -> datetime | None:
    """When it ends, where that is known to the minute."""
    return instant_of(meeting.end, meeting.timezone)


def has_begun(meeting: Meeting, now: datetime) -> bool:
    """Whether it may have begun: a vague one may always."""
    if meeting.starts_at:
        return meeting.starts_at <= now
    today = now.astimezone(ZoneInfo(meeting.timezone)).date().isoformat()
    return meeting.begins_on <= today


def computed(start: str, documents_due: str, zone: str) -> dict[str, object]:
    """The columns that follow from the others."""
    return {
        "starts_at": instant_of(start, zone),
        "begins_on": first_day(start),
        "documents_due_at": last_moment(documents_due, zone),
    }
