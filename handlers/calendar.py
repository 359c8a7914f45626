"""Calendar files: a meeting as an iCalendar entry (RFC 5545) that every calendar can add, update and cancel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.command import Attachment
from storage.tables import Meeting

MEDIA_TYPE = "text/calendar"


def calendar_file(
    meeting: Meeting,
    *,
    host: str,
    now: datetime,
    with_link: bool = False,
    organizer: str = "",
    agenda: Sequence[str] = (),
) -> Attachment | None:
    """The meeting's calendar entry as a file; None for one whose day is not known.

    It is published (`METHOD:PUBLISH`), not a request: RFC 5546 (3.2.1) has that for entries that are posted to whom it
    may concern, with neither attendees nor replies, which a file in a channel could not carry; who comes is asked by
    buttons. A cancelled meeting's entry is `METHOD:CANCEL` (3.2.5). The same `UID` with a greater `SEQUENCE` replaces
    the entry. `with_link` only where everybody who sees it may join. `organizer` is an e-mail address.
    """
    from handlers.calendars import entry  # imported late: most processes that start make no calendar file

    found = entry.content(meeting, host=host, now=now, with_link=with_link, organizer=organizer, agenda=agenda)
    return Attachment(f"meeting-{meeting.number}.ics", MEDIA_TYPE, found) if found else None
