"""Reviewing: what becomes of the documents of a meeting."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.meeting import papers
from handlers.meeting.entries import paper, shown_paper, today
from handlers.meeting.fields import MeetingNumber, Numbers, numbers_of
from handlers.meeting.telling import tell_author
from handlers.representing.entries import actor_of
from storage import meetings
from storage.meeting import documents
from storage.meeting.documents import Paper
from storage.tables import Meeting
from storage.words import DocumentStatus


class Several(Form):
    numbers: Numbers = field("Numbers", help="of the documents: 68 or 68,70")


class Deferring(Form):
    numbers: Numbers = field("Numbers", help="of the documents: 68 or 68,70")
    to: MeetingNumber | None = field("To", help="the meeting; else the next one", default=None, named=True)


@command(
    "document review",
    form=Several,
    role=Role.SECRETARIAT,
    help="The meeting looked at a document",
    example="document review 68",
    changes=True,
)
async def review(request: Request, several: Several) -> Reply:
    chosen = await _all_of(request, several.numbers)
    done = [
        one for one in chosen if await documents.review(request.session, one.number, actor_of(request), request.now)
    ]
    return await _turned(request, chosen, done, None)


@command(
    "document defer",
    form=Deferring,
    role=Role.SECRETARIAT,
    help="Leave a document to a later meeting",
    example="document defer 68 to=8",
    changes=True,
)
async def defer(request: Request, deferring: Deferring) -> Reply:
    chosen = await _all_of(request, deferring.numbers)
    to = await papers.open_for(request, deferring.to) if deferring.to else None
    if to and any(one.meeting == to.number for one in chosen):
        raise Refused(f"That document is for meeting {to.number} already.", "Name a later meeting.", field="to")
    done = []
    for one in chosen:
        later = to or await _next_after(request, one)
        if await documents.defer(request.session, one.number, later, actor_of(request), request.now):
            done.append(one)
    for one in await documents.numbered(request.session, [one.number for one in done]):
        await tell_author(request, one)
    return await _turned(request, chosen, done, to)


@command(
    "document receive",
    form=Several,
    role=Role.SECRETARIAT,
    help="A document was neither reviewed nor deferred after all",
    example="document receive 68",
    changes=True,
)
async def receive(request: Request, several: Several) -> Reply:
    chosen = await _all_of(request, several.numbers)
    actor, now = actor_of(request), request.now
    done = [one for one in chosen if await documents.take_back(request.session, one.number, actor, now)]
    return await _turned(request, chosen, done, None)


async def _all_of(request: Request, text: str) -> Sequence[Paper]:
    """The documents of these numbers. Raises `Refused`."""
    return [await paper(request, number) for number in numbers_of(text)]


async def _next_after(request: Request, one: Paper) -> Meeting | None:
    """The meeting to which a document is left: the first one after that for which it is now. None: nobody knows yet."""
    every = await meetings.all_meetings(request.session)
    now = next((meeting for meeting in every if meeting.number == (one.deferred_to or one.meeting)), None)
    upcoming = meetings.upcoming(every, today(request))
    return next((meeting for meeting in upcoming if now and _is_after(meeting, now)), None)


def _is_after(meeting: Meeting, now: Meeting) -> bool:
    if meeting.begins_on and now.begins_on:
        return meeting.begins_on > now.begins_on
    return meeting.number > now.number


async def _turned(request: Request, chosen: Sequence[Paper], done: Sequence[Paper], to: Meeting | None) -> Reply:
    if not done:
        status = chosen[0].status.value
        which = f"Doc. {chosen[0].number} is" if len(chosen) == 1 else "They are"
        raise Refused(f"{which} {status} already.", "", [Button("Show it", f"document show {chosen[0].number}")])
    now = await documents.numbered(request.session, [one.number for one in done])
    number = to.number if to else now[0].meeting
    undo = Button("Take it back", f"document receive {','.join(str(one.number) for one in now)}")
    return Reply(
        "documents/turned",
        papers=[shown_paper(one) for one in now],
        buttons=[
            *([undo] if any(one.status is not DocumentStatus.RECEIVED for one in now) else []),
            Button("Documents", f"document list {number}"),
            Button("The meeting", f"meeting show {now[0].meeting}"),
        ],
    )
