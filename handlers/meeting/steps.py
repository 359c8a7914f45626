"""Steps: what the secretariat sees after a change of a meeting, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlers.command import Button, Reply, Request
from handlers.meeting import news
from handlers.meeting.entries import Occasion, shown, today
from storage.meeting import deeds, times
from storage.meeting.deeds import TOLD
from storage.tables import Meeting
from storage.words import MeetingStatus


async def tell(occasion: Occasion, meeting: Meeting, before: Collection[str]) -> int:
    """Tell those who know of the meeting what is different, also by a file; gives how many. Nobody knows of one not
    announced."""
    by_file = await deeds.catch_up(occasion.session, meeting, occasion.now)
    changed = [name for name in dict.fromkeys((*by_file, *before)) if name in TOLD]
    if meeting.announced_at is None or not changed:
        return 0
    if meeting.status is MeetingStatus.HELD:
        await news.settle(occasion, meeting)
        return 0
    return await news.tell_change(occasion, meeting, changed)


def done(
    request: Request, template: str, meeting: Meeting, changed: Sequence[str] = (), told: int = 0, said: str = ""
) -> Reply:
    """What the secretariat sees of a meeting after a change, with what comes next; `said` is of the times it gave."""
    return Reply(
        template,
        meeting=shown(meeting),
        today=today(request),
        is_announced=meeting.announced_at is not None,
        private=True,
        buttons=next_steps(meeting),
        changed=changed,
        told=told,
        said=said,
    )


def next_steps(meeting: Meeting) -> Sequence[Button]:
    number = meeting.number
    if news.is_over(meeting):
        return afterwards(meeting)
    is_ready = meeting.status is MeetingStatus.TENTATIVE and times.is_day(meeting.start)
    first = [
        *([Button("Confirm it", f"meeting confirm {number}", style="primary")] if is_ready else []),
        *([] if meeting.announced_at else [Button("See the announcement", f"meeting preview {number}")]),
        *([] if meeting.announced_at else [Button("Announce it", f"meeting announce {number}")]),
    ]
    return [
        *first,
        Button("Agenda", f"meeting agenda {number}"),
        Button("Change it…", f"meeting change {number}"),
        Button("Overview", f"meeting show {number}"),
    ]


def afterwards(meeting: Meeting) -> Sequence[Button]:
    number = meeting.number
    if meeting.status is MeetingStatus.CANCELLED:
        return [Button("Show it", f"meeting show {number}")]
    return [
        *([] if meeting.report else [Button("Name the report", f"meeting report {number}", style="primary")]),
        Button("Who was there?", f"meeting attended {number}"),
        Button("Notes", f"meeting notes {number}"),
        Button("Overview", f"meeting show {number}"),
    ]
