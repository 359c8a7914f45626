"""Meetings and documents as templates show them, fit for the outbox; and finding the one that is meant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.command import Button, Refused, Request, Role
from handlers.dropping import in_words
from handlers.numbered import Numbered
from handlers.situation import Situation
from storage import meetings
from storage.meeting import documents, times
from storage.meeting.documents import Paper
from storage.meeting.minutes import Note
from storage.tables import Meeting
from storage.words import DocumentStatus, MeetingStatus

Shown = dict[str, object]

ALL = Button("All meetings", "meeting list")
_LONGEST_LABEL = 60


class Occasion(Protocol):
    """What gives rise to news of a meeting: a request, or the errand of a chore."""

    @property
    def session(self) -> AsyncSession: ...

    @property
    def now(self) -> datetime: ...

    @property
    def host(self) -> str: ...

    @property
    def zone(self) -> ZoneInfo: ...


def shown(meeting: Meeting) -> Shown:
    """What templates show of a meeting: everything but the link."""
    return {
        "number": meeting.number,
        "title": meeting.title,
        "start": meeting.start,
        "starts_at": meeting.starts_at,
        "end": meeting.end,
        "ends_at": times.ends_at(meeting),
        "timezone": meeting.timezone,
        "begins_on": meeting.begins_on,
        "place": meeting.place,
        "mode": meeting.mode.value,
        "status": meeting.status.value,
        "colocated_with": meeting.colocated_with,
        "documents_due": meeting.documents_due,
        "documents_due_at": meeting.documents_due_at,
        "report": meeting.report,
        "executive_summary": meeting.executive_summary,
        "note": meeting.note,
        "cancelled_because": meeting.cancelled_because,
        "has_link": bool(meeting.link),
    }


def shown_paper(paper: Paper) -> Shown:
    """What templates show of a document."""
    return {
        "number": paper.number,
        "title": paper.title,
        "source": paper.source,
        "status": paper.status.value,
        "meeting": paper.meeting,
        "deferred_to": paper.deferred_to,
        "version": paper.version,
        "size": in_words(paper.size),
        "submitted_at": paper.submitted_at,
        "revised_at": paper.revised_at,
        "is_deferred": paper.status is DocumentStatus.DEFERRED,
    }


def shown_note(note: Note) -> Shown:
    """What templates show of a decision or an action."""
    return {
        "id": note.id,
        "meeting": note.meeting,
        "kind": note.kind.value,
        "text": note.text,
        "owner": note.owner,
        "due": note.due,
        "done_at": note.done_at,
    }


def today(occasion: Occasion) -> date:
    """The day that it is for whoever asks."""
    return occasion.now.astimezone(occasion.zone).date()


def is_secretariat(request: Request) -> bool:
    return request.role >= Role.SECRETARIAT


def label(text: str) -> str:
    """A button's label, not too long."""
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1].rstrip()}…"


async def entry(request: Situation, number: int | None) -> Meeting:
    """The meeting of that number, or the next one. Raises `Refused`."""
    if number is None:
        return await next_one(request)
    meeting = await meetings.numbered(request.session, number)
    if meeting is None:
        raise unknown(number)
    return meeting


async def next_one(request: Situation) -> Meeting:
    """The meeting that is held next, as far as anybody knows. Raises `Refused`."""
    upcoming = meetings.upcoming(await meetings.all_meetings(request.session), today(request))
    if not upcoming:
        raise Refused("No meeting is planned.", "Type a meeting's number too.", [ALL])
    return upcoming[0]


async def locked(request: Request, number: int) -> Meeting:
    """As `entry`, for whoever changes it. Raises `Refused`."""
    meeting = await meetings.locked(request.session, number)
    if meeting is None:
        raise unknown(number)
    return meeting


async def planned(request: Request, number: int) -> Meeting:
    """As `locked`; it must be still to be held. Raises `Refused`."""
    meeting = await locked(request, number)
    refuse_over(meeting)
    return meeting


def refuse_over(meeting: Meeting) -> None:
    """Raise `Refused` for a meeting that was held or cancelled."""
    show = [Button("Show it", f"meeting show {meeting.number}")]
    if meeting.status is MeetingStatus.CANCELLED:
        because = f": {meeting.cancelled_because}" if meeting.cancelled_because else ""
        raise Refused(f"Meeting {meeting.number} is cancelled{because}.", "Plan another one.", show)
    if meeting.status is MeetingStatus.HELD:
        raise Refused(f"Meeting {meeting.number} was held already.", "", show)


async def paper(request: Situation, number: int) -> Paper:
    """The document of that number. Raises `Refused`."""
    found = await documents.found(request.session, number)
    if found is None:
        raise Refused(
            f"I have no Doc. {number}.", "Look into the list.", [Button("Documents", "document list")], field="number"
        )
    return found


class OfMeeting(Numbered):
    """A form about a meeting."""

    @classmethod
    async def check(cls, situation: Situation, number: int) -> None:
        await entry(situation, number)


class OfDocument(Numbered):
    """A form about a document."""

    @classmethod
    async def check(cls, situation: Situation, number: int) -> None:
        await paper(situation, number)


def unknown(number: int) -> Refused:
    return Refused(f"There is no meeting {number}.", "Type meeting list to see them.", [ALL])
