"""The agenda as it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Reply, Request, Role
from handlers.meeting import news
from handlers.meeting.entries import Shown, is_secretariat, shown, shown_note, shown_paper, today
from storage.meeting import agenda
from storage.meeting.agenda import Point
from storage.tables import Meeting

_LONGEST = 60


async def agenda_reply(request: Request, meeting: Meeting, done: str = "", more: Sequence[Button] = ()) -> Reply:
    """The agenda of a meeting; `done` is what was just done to it. Guests see the points alone."""
    found = await agenda.agenda(request.session, meeting, request.now)
    is_member = request.role >= Role.MEMBER
    may_change = is_secretariat(request) and news.is_ahead(meeting)
    own = [one for one in found.points if one.item]
    has_papers = bool(found.received or found.deferred)
    return Reply(
        "meetings/agenda",
        meeting=shown(meeting),
        today=today(request),
        done=done,
        points=[_shown_point(one) for one in found.points],
        received=[shown_paper(one) for one in found.received if is_member],
        deferred=[shown_paper(one) for one in found.deferred if is_member],
        last=shown(found.last) if found.last else None,
        actions=[shown_note(one) for one in found.actions if is_member],
        action_count=len(found.actions),
        buttons=[
            *more,
            *([Button("Add a point", f"meeting agenda add {meeting.number}")] if may_change else []),
            *([Button("Take one off…", f"meeting agenda remove {meeting.number}")] if may_change and own else []),
            *([Button("Documents", f"document list {meeting.number}")] if is_member and has_papers else []),
            Button("The meeting", f"meeting show {meeting.number}"),
        ],
    )


def short(title: str) -> str:
    """A title in a sentence."""
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1].rstrip()}…"


def _shown_point(point: Point) -> Shown:
    return {
        "number": point.number,
        "standing": point.standing.value if point.standing else "",
        "title": point.title,
        "presenter": point.presenter,
        "papers": [shown_paper(one) for one in point.documents],
    }
