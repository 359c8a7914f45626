"""Minutes: what a meeting decided, and who is to do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, Text, field
from handlers.meeting.entries import OfMeeting, entry, is_secretariat, label, locked, shown, shown_note, today
from handlers.meeting.fields import MeetingNumber, StartText, start_of
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage.meeting import minutes
from storage.meeting.minutes import Note
from storage.words import MeetingStatus, NoteKind

_MOST_BUTTONS = 5
NoteNumber = Annotated[int, Field(ge=1, le=2_000_000_000)]


class Noting(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    kind: NoteKind = field("What is it?")
    text: Text = field("What?", help="what was decided, or what is to be done")
    owner: Line | None = field("Who does it?", help="of an action", default=None, named=True)
    due: StartText | None = field("Until when?", help="2027-05-01", default=None, named=True)

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        given = {"owner": self.owner, "due": self.due}
        if self.kind is NoteKind.ACTION:
            return {}
        return {name: "only an action has that" for name, value in given.items() if value}


class Which(Form):
    number: MeetingNumber | None = field("Number", help="of the meeting; the next one by default", default=None)


class One(Form):
    note: NoteNumber = field("Note", help="its number, as the notes show it")


@command(
    "meeting note",
    form=Noting,
    role=Role.SECRETARIAT,
    help="Note a decision or an action of a meeting",
    example="meeting note 7 action Draft the liaison statement owner='Kim Lee' due=2027-05-01",
    changes=True,
)
async def note(request: Request, noting: Noting) -> Reply:
    meeting = await locked(request, noting.number)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refused(f"Meeting {meeting.number} is cancelled: it decides nothing.")
    made = await minutes.note(
        request.session,
        meeting,
        noting.kind,
        noting.text,
        actor_of(request),
        request.now,
        owner=noting.owner or "",
        due=start_of(noting.due or "").kept,
    )
    return Reply(
        "meetings/noted",
        note=shown_note(await _found(request, made)),
        buttons=[
            Button("Another decision", f"meeting note {meeting.number} decision"),
            Button("Another action", f"meeting note {meeting.number} action"),
            Button("All notes", f"meeting notes {meeting.number}"),
            Button("Take it back", f"meeting note remove {made}"),
        ],
    )


@command(
    "meeting notes",
    form=Which,
    role=Role.MEMBER,
    help="What a meeting decided, and what is to be done",
    example="meeting notes 7",
)
async def notes(request: Request, which: Which) -> Reply:
    meeting = await entry(request, which.number)
    found = await minutes.notes(request.session, meeting)
    actions = [one for one in found if one.kind is NoteKind.ACTION and one.done_at is None]
    done = [Button(label(f"Done: {one.text}"), f"meeting note done {one.id}") for one in actions[:_MOST_BUTTONS]]
    add = [
        Button("Note a decision", f"meeting note {meeting.number} decision"),
        Button("Note an action", f"meeting note {meeting.number} action"),
    ]
    own = [*done, *add] if is_secretariat(request) and meeting.status is not MeetingStatus.CANCELLED else []
    return Reply(
        "meetings/notes",
        meeting=shown(meeting),
        today=today(request),
        decisions=[shown_note(one) for one in found if one.kind is NoteKind.DECISION],
        actions=[shown_note(one) for one in found if one.kind is NoteKind.ACTION],
        buttons=[*own, Button("The meeting", f"meeting show {meeting.number}")],
    )


@command(
    "meeting note done",
    form=One,
    role=Role.SECRETARIAT,
    help="An action is done",
    example="meeting note done 12",
    changes=True,
)
async def done(request: Request, one: One) -> Reply:
    found = await _found(request, one.note)
    notes_button = Button("All notes", f"meeting notes {found.meeting}")
    if found.kind is not NoteKind.ACTION:
        raise Refused(f"Note {found.id} is a decision, not an action.", "", [notes_button])
    if not await minutes.finish(request.session, found, actor_of(request), request.now):
        raise Refused(f"Action {found.id} is done already.", "", [notes_button])
    return Reply("meetings/note_done", note=shown_note(found), buttons=[notes_button])


@command(
    "meeting note remove",
    form=One,
    role=Role.SECRETARIAT,
    help="Take back a note that was wrong",
    example="meeting note remove 12",
    changes=True,
)
async def remove(request: Request, one: One) -> Reply:
    found = await _found(request, one.note)
    await minutes.remove(request.session, found, actor_of(request), request.now)
    again = Button("Note it anew", f"meeting note {found.meeting} {found.kind}")
    return Reply(
        "meetings/note_removed",
        note=shown_note(found),
        buttons=[again, Button("All notes", f"meeting notes {found.meeting}")],
    )


async def _found(request: Request, number: int) -> Note:
    found = await minutes.found(request.session, number)
    if found is None:
        raise Refused(f"There is no note {number}.", "Type meeting notes and the meeting's number.")
    return found
