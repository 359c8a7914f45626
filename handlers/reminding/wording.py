"""The words of reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.announcing.publish import fewer
from handlers.command import Button, Reply
from handlers.meeting import news
from handlers.meeting.entries import shown
from storage.lead import Lead, of_iso
from storage.tables import Meeting, Reminder
from storage.words import ReminderKind, SubscriptionKind

PERSONAL = "Reminder"


def of_meeting(one: Reminder, meeting: Meeting, *, is_late: bool = False, is_subscriber: bool = False) -> Reply:
    """A reminder of a meeting or of its document deadline. `publish` adds the button for fewer by itself."""
    is_meeting = one.kind is ReminderKind.MEETING
    return Reply(
        "reminders/meeting" if is_meeting else "reminders/documents",
        meeting=shown(meeting),
        before=before(one),
        due_at=one.due_at,
        is_late=is_late,
        buttons=[
            *(answers(meeting) if is_meeting else _papers(meeting)),
            *([fewer(SubscriptionKind.MEETINGS)] if is_subscriber else ()),
        ],
    )


def personal(one: Reminder, meeting: Meeting | None, *, is_late: bool, is_over: bool) -> Reply:
    """What somebody wanted to be reminded of."""
    return Reply(
        "reminders/personal",
        text=one.text,
        meeting=shown(meeting) if meeting else None,
        before=before(one),
        due_at=one.due_at,
        is_late=is_late,
        is_over=is_over,
        buttons=answers(meeting) if meeting and not is_over else (),
    )


def dropped(some: Sequence[Reminder], meetings: Mapping[int, Meeting]) -> Reply:
    """What nobody was reminded of in time."""
    lines = [
        {
            "number": meetings[one.meeting_id or 0].number,
            "title": meetings[one.meeting_id or 0].title,
            "is_meeting": one.kind is ReminderKind.MEETING,
            "before": before(one),
            "due_at": one.due_at,
        }
        for one in some
    ]
    return Reply("reminders/dropped", lines=lines)


def headline(one: Reminder, meeting: Meeting) -> str:
    """The line of a digest."""
    if one.kind is ReminderKind.DOCUMENTS:
        return f"Documents for {meeting.title} are due soon"
    return f"{meeting.title} is soon"


def subject(one: Reminder, meeting: Meeting) -> str:
    """The subject of a mail."""
    what = "documents for " if one.kind is ReminderKind.DOCUMENTS else ""
    return f"Reminder: {what}{meeting.title}"


def before(one: Reminder) -> str:
    """'1 week'; empty for one at a time of its own."""
    return (of_iso(one.lead) if one.lead else Lead()).words


def answers(meeting: Meeting) -> Sequence[Button]:
    """Whether somebody will come, and what is on the agenda."""
    return (*news.answers(meeting), Button("Agenda", f"meeting agenda {meeting.number}"))


def _papers(meeting: Meeting) -> Sequence[Button]:
    return (Button("Documents so far", f"document list {meeting.number}"),)
