"""News of a meeting: its announcement, what is posted when it changes, and what was posted kept right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.announcing.publish import fewer, publish, withdraw
from handlers.calendar import calendar_file
from handlers.command import Attachment, Button, Reply
from handlers.meeting.entries import Occasion, shown, today
from handlers.outgoing import Priority, reword
from storage import subscriptions
from storage.meeting import posted, times
from storage.tables import Meeting
from storage.words import MeetingStatus, SubscriptionKind

_SOON = timedelta(days=1)
_WHATS = {
    "title": "title",
    "start": "time",
    "end": "time",
    "timezone": "time",
    "place": "place",
    "mode": "place",
    "colocated_with": "what it is co-located with",
    "documents_due": "document deadline",
}


async def announce(occasion: Occasion, meeting: Meeting) -> int:
    """Tell all subscribers that there will be this meeting; gives how many will be told."""
    return await publish(
        occasion,
        SubscriptionKind.MEETINGS,
        announcement(occasion, meeting, with_file=True),
        posted.announcement(meeting),
        headline=f"{meeting.title}: announced",
        command=f"meeting show {meeting.number}",
        subject=meeting.title,
    )


async def tell_change(occasion: Occasion, meeting: Meeting, changed: Sequence[str]) -> int:
    """Tell all subscribers of a change; what they were told before is made right. Gives how many will be told."""
    await _correct(occasion, meeting)
    return await publish(
        occasion,
        SubscriptionKind.MEETINGS,
        _news(occasion, meeting, changed),
        posted.change(meeting),
        headline=f"{meeting.title}: {_deed(meeting, changed)}",
        command=f"meeting show {meeting.number}",
        priority=Priority.URGENT if _is_soon(occasion, meeting) else Priority.NORMAL,
        subject=f"{meeting.title}: {_deed(meeting, changed)}",
    )


async def settle(occasion: Occasion, meeting: Meeting) -> None:
    """It was held: nobody is asked any more whether they come."""
    await _correct(occasion, meeting)


def announcement(occasion: Occasion, meeting: Meeting, *, with_file: bool = False) -> Reply:
    """The announcement as it reads now: `with_file` to be published, else in the place of one that was."""
    return Reply(
        "meetings/announcement",
        meeting=shown(meeting),
        today=today(occasion),
        buttons=[*buttons(meeting), *([] if with_file else [fewer(SubscriptionKind.MEETINGS)])],
        attachments=_files(occasion, meeting) if with_file else (),
    )


def buttons(meeting: Meeting, *, shows_link: bool = False) -> Sequence[Button]:
    """What members may do about a meeting."""
    has_link = bool(meeting.link) and is_ahead(meeting) and not shows_link
    return [
        *answers(meeting),
        *([Button("How to join", f"meeting link {meeting.number}")] if has_link else []),
        agenda(meeting),
    ]


def agenda(meeting: Meeting) -> Button:
    return Button("Agenda", f"meeting agenda {meeting.number}")


def answers(meeting: Meeting) -> Sequence[Button]:
    """The question whether somebody comes, once the day is known."""
    if not (is_ahead(meeting) and times.is_day(meeting.start)):
        return ()
    said = (("I will come", "yes"), ("Maybe", "maybe"), ("I cannot come", "no"))
    return [Button(label, f"meeting rsvp {meeting.number} {answer}") for label, answer in said]


def is_ahead(meeting: Meeting) -> bool:
    return meeting.status in (MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED)


def is_over(meeting: Meeting) -> bool:
    return not is_ahead(meeting)


async def listeners(occasion: Occasion) -> int:
    """How many would be told of a meeting now."""
    return len(await subscriptions.listeners(occasion.session, SubscriptionKind.MEETINGS))


def changed_words(changed: Sequence[str]) -> str:
    """'time and place'."""
    words = list(dict.fromkeys(_WHATS[name] for name in changed if name in _WHATS))
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _news(occasion: Occasion, meeting: Meeting, changed: Sequence[str]) -> Reply:
    return Reply(
        "meetings/news",
        meeting=shown(meeting),
        deed=_deed(meeting, changed),
        changed=changed_words(changed),
        today=today(occasion),
        buttons=buttons(meeting) if is_ahead(meeting) else (),
        attachments=_files(occasion, meeting),
    )


async def _correct(occasion: Occasion, meeting: Meeting) -> None:
    """Who was told reads what is true now; who was not told yet is not told what is true no more."""
    causes = posted.earlier(meeting)
    for cause in causes:
        await withdraw(occasion, cause)
    words = announcement(occasion, meeting)
    for cause in await posted.reached(occasion.session, causes):
        await reword(occasion, cause, words, meeting.title)
    await posted.spare_mail(occasion.session, causes)


def _files(occasion: Occasion, meeting: Meeting) -> Sequence[Attachment]:
    """The calendar file, without the link: what is posted in a channel everybody there sees."""
    found = calendar_file(meeting, host=occasion.host, now=occasion.now)
    return [found] if found else []


def _deed(meeting: Meeting, changed: Sequence[str]) -> str:
    if meeting.status is MeetingStatus.CANCELLED:
        return "cancelled"
    return "confirmed" if "status" in changed and meeting.status is MeetingStatus.CONFIRMED else "changed"


def _is_soon(occasion: Occasion, meeting: Meeting) -> bool:
    return meeting.starts_at is not None and meeting.starts_at - occasion.now < _SOON
