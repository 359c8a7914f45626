"""Attending: who says that they come to a meeting, and who was there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.command import Button, Refused, Reply, Request, Role, command
from handlers.form import Text, field
from handlers.meeting import news
from handlers.meeting.entries import OfMeeting, locked, planned, shown, today
from handlers.meeting.fields import MeetingNumber
from handlers.representing.entries import actor_of
from storage import people
from storage.meeting import attendance, times
from storage.tables import Meeting
from storage.words import Answer, MeetingStatus

_BETWEEN = re.compile(r"\s*[,;\n]\s*|\s+and\s+")
_LONGEST = 200
_MOST = 300
_ALL = ("all", "everybody", "all who said yes")


class Answering(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    answer: Answer = field("Will you come?")


class Naming(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    names: Text = field("Names", help="Kim Lee, Ana Silva; “all” is everybody who said yes")


@command(
    "meeting rsvp",
    form=Answering,
    role=Role.MEMBER,
    help="Say whether you come to a meeting",
    example="meeting rsvp 7 yes",
    changes=True,
)
async def rsvp(request: Request, answering: Answering) -> Reply:
    meeting = await planned(request, answering.number)
    if not times.is_day(meeting.start):
        raise Refused(
            f"The day of meeting {meeting.number} is not known yet.",
            "I ask you when it is.",
            [Button("Show the meeting", f"meeting show {meeting.number}")],
        )
    person = request.caller.person_id
    before = await attendance.answer(request.session, meeting, person, answering.answer, actor_of(request), request.now)
    return Reply(
        "meetings/answered",
        meeting=shown(meeting),
        today=today(request),
        answer=answering.answer.value,
        before=before.value if before else "",
        link=meeting.link if answering.answer is not Answer.NO else "",
        private=True,
        buttons=[
            *(one for one in news.answers(meeting) if not one.command.endswith(f" {answering.answer}")),
            Button("For my calendar", f"meeting calendar {meeting.number}"),
            Button("Agenda", f"meeting agenda {meeting.number}"),
        ],
    )


@command(
    "meeting attended",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Note who was at a meeting",
    example="meeting attended 7 Kim Lee, Ana Silva",
    changes=True,
)
async def attended(request: Request, naming: Naming) -> Reply:
    meeting = await _begun(request, naming.number)
    persons, names = await _meant(request, meeting, naming.names)
    await attendance.note_present(request.session, meeting, persons, names, actor_of(request), request.now)
    return await _present(request, meeting, unknown=names)


@command(
    "meeting absent",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Take back that somebody was at a meeting",
    example="meeting absent 7 Kim Lee",
    changes=True,
)
async def absent(request: Request, naming: Naming) -> Reply:
    meeting = await locked(request, naming.number)
    persons, names = await _meant(request, meeting, naming.names)
    await attendance.note_absent(request.session, meeting, persons, names, actor_of(request), request.now)
    return await _present(request, meeting)


async def _begun(request: Request, number: int) -> Meeting:
    meeting = await locked(request, number)
    if meeting.status is MeetingStatus.CANCELLED or not times.has_begun(meeting, request.now):
        why = "is cancelled" if meeting.status is MeetingStatus.CANCELLED else "has not begun yet"
        raise Refused(f"Meeting {number} {why}: nobody was there.", "", [Button("Show it", f"meeting show {number}")])
    return meeting


async def _meant(request: Request, meeting: Meeting, text: str) -> tuple[Sequence[int], Sequence[str]]:
    """The persons who are meant, and the names that nobody has. Raises `Refused` for a name that several have."""
    if text.strip().lower() in _ALL:
        every = await attendance.people(request.session, meeting)
        return [one.person_id for one in every if one.person_id and one.answer is Answer.YES], ()
    written = list(dict.fromkeys(name for name in _BETWEEN.split(text.strip()) if name))
    if len(written) > _MOST or any(len(name) > _LONGEST for name in written):
        raise Refused("Those are no names.", "Type them with commas between: Kim Lee, Ana Silva.", field="names")
    persons, names = [], []
    for name in written:
        person = await _person(request, name)
        if person is None:
            names.append(name)
        else:
            persons.append(person)
    return list(dict.fromkeys(persons)), names


async def _person(request: Request, name: str) -> int | None:
    found = await people.meant(request.session, name)
    same = [one for one in found if one.name.casefold() == name.casefold()]
    chosen = same if same else found
    if len(chosen) > 1:
        which = " or ".join(f"{one.name} ({one.id})" for one in chosen[:4])
        raise Refused(f"Which “{name[:60]}” was there? {which}.", "Type the number instead.", field="names")
    return chosen[0].id if chosen else None


async def _present(request: Request, meeting: Meeting, unknown: Sequence[str] = ()) -> Reply:
    present = await attendance.present(request.session, meeting)
    return Reply(
        "meetings/present",
        meeting=shown(meeting),
        names=[one.name or "somebody who asked to be forgotten" for one in present],
        unknown=list(unknown),
        private=True,
        buttons=[
            Button("Somebody else", f"meeting attended {meeting.number}"),
            Button("Overview", f"meeting show {meeting.number}"),
        ],
    )
