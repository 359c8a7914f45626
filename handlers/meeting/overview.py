"""The overview of a meeting: who comes, which documents are there or missing, and what is still to do."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Reply, Request
from handlers.meeting import news
from handlers.meeting.entries import shown, shown_paper, today
from handlers.meeting.steps import afterwards
from storage.meeting import agenda, attendance, documents, minutes, times
from storage.meeting.attendance import Attendee
from storage.meeting.documents import Paper
from storage.tables import Meeting
from storage.words import Answer, DocumentStatus, MeetingStatus

_NAMED = 12
Task = tuple[str, Button]
"""What is to do, in words, and how."""


async def overview(request: Request, meeting: Meeting) -> Reply:
    """What the secretariat sees of a meeting; it names people, and is private."""
    session = request.session
    people = await attendance.people(session, meeting)
    papers = await documents.for_meeting(session, meeting, request.now)
    is_ahead = news.is_ahead(meeting)
    silent = await attendance.silent_representatives(session, meeting) if is_ahead else ()
    missing = await attendance.groups_without_document(session, meeting) if is_ahead else ()
    tasks = await _tasks(request, meeting, people, papers)
    return Reply(
        "meetings/overview",
        meeting=shown(meeting),
        today=today(request),
        link=meeting.link,
        is_ahead=is_ahead,
        announced_at=meeting.announced_at,
        answers=[(answer.value, _names([one.name for one in people if one.answer is answer])) for answer in Answer],
        present=_names([one.name for one in people if one.attended]),
        silent=_names([f"{one.name} ({', '.join(one.groups)})" for one in silent]),
        papers=[shown_paper(one) for one in papers],
        missing=_names(missing),
        notes=len(await minutes.notes(session, meeting)),
        tasks=[words for words, _ in tasks],
        private=True,
        buttons=[*(button for _, button in tasks), *_more(meeting)],
    )


async def _tasks(
    request: Request, meeting: Meeting, people: Sequence[Attendee], papers: Sequence[Paper]
) -> Sequence[Task]:
    if meeting.status is MeetingStatus.CANCELLED:
        return ()
    if meeting.status is MeetingStatus.HELD:
        return _tasks_after(meeting, people)
    number, found = meeting.number, []
    if not times.is_day(meeting.start):
        found.append(("say when it begins", Button("Say when", f"meeting set {number} start")))
    elif meeting.status is MeetingStatus.TENTATIVE:
        found.append(("confirm it", Button("Confirm it", f"meeting confirm {number}")))
    if meeting.announced_at is None:
        found.append(("announce it", Button("Announce it", f"meeting announce {number}", style="primary")))
    if not await agenda.has_items(request.session, meeting):
        found.append(("put points on the agenda", Button("Add a point", f"meeting agenda add {number}")))
    if times.is_day(meeting.start) and times.has_begun(meeting, request.now):
        unread = [one.number for one in papers if one.status is not DocumentStatus.REVIEWED]
        if unread:
            numbers = ",".join(map(str, unread))
            found.append((f"review or defer {len(unread)} documents", Button("Reviewed", f"document review {numbers}")))
        found.append(("close it when it was held", Button("Close it", f"meeting close {number}", style="primary")))
    return found


def _tasks_after(meeting: Meeting, people: Sequence[Attendee]) -> Sequence[Task]:
    found = []
    if not meeting.report:
        found.append(("name the report", Button("Name the report", f"meeting report {meeting.number}")))
    if meeting.closed_at is not None and not any(one.attended for one in people):
        found.append(("note who was there", Button("Who was there?", f"meeting attended {meeting.number}")))
    return found


def _more(meeting: Meeting) -> Sequence[Button]:
    number = meeting.number
    if news.is_over(meeting):
        held = meeting.status is MeetingStatus.HELD
        return [one for one in afterwards(meeting) if held and one.label == "Notes"]
    return [
        Button("Agenda", f"meeting agenda {number}"),
        Button("Change it…", f"meeting change {number}"),
        Button("Note a decision", f"meeting note {number} decision"),
        Button("Cancel it…", f"meeting cancel {number}", style="danger"),
    ]


def _names(names: Sequence[str]) -> dict[str, object]:
    """Some names, and how many there are."""
    known = [name or "somebody who asked to be forgotten" for name in names]
    return {"count": len(known), "names": known[:_NAMED], "more": max(len(known) - _NAMED, 0)}
