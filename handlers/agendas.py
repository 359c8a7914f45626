"""Agendas: what a meeting is about."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.line import write_line
from handlers.meeting.agenda import agenda_reply, short
from handlers.meeting.entries import OfMeeting, entry, planned
from handlers.meeting.fields import MeetingNumber, Numbers, numbers_of
from handlers.representing.entries import actor_of
from storage.meeting import agenda, documents
from storage.meeting.agenda import Agenda, Item, Point
from storage.tables import Meeting

PointNumber = Annotated[int, Field(ge=1, le=1_000)]


class Which(Form):
    number: MeetingNumber | None = field("Number", help="of the meeting; the next one by default", default=None)


class Adding(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    title: Line = field("Point", help="what it is about")
    presenter: Line | None = field("Presenter", default=None, named=True, asked=True)
    documents: Numbers | None = field("Documents", help="68,70", default=None, named=True, asked=True)
    at: PointNumber | None = field("At", help="its number on the agenda; else the last", default=None, named=True)


class Moving(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    point: PointNumber = field("Point", help="its number on the agenda")
    to: PointNumber = field("To", help="the number that it shall have")


class Removing(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    point: PointNumber = field("Point", help="its number on the agenda")


@command("meeting agenda", form=Which, role=Role.GUEST, help="What a meeting is about", example="meeting agenda 7")
async def show(request: Request, which: Which) -> Reply:
    return await agenda_reply(request, await entry(request, which.number))


@command(
    "meeting agenda add",
    form=Adding,
    role=Role.SECRETARIAT,
    help="Put a point on the agenda",
    example="meeting agenda add 7 'Overlaps in key management' presenter='Kim Lee' documents=68",
    changes=True,
)
async def add(request: Request, adding: Adding) -> Reply:
    meeting = await planned(request, adding.number)
    numbers = numbers_of(adding.documents or "")
    known = {one.number for one in await documents.numbered(request.session, numbers)}
    unknown = [one for one in numbers if one not in known]
    if unknown:
        raise Refused(f"I have no Doc. {unknown[0]}.", "Look into the list.", [_LIST], field="documents")
    before = _item_at(await agenda.agenda(request.session, meeting, request.now), adding.at)
    item = Item(adding.title, adding.presenter or "", numbers)
    await agenda.add(request.session, meeting, item, actor_of(request), request.now, before)
    return await agenda_reply(request, meeting, done=f"“{short(item.title)}” is on the agenda.")


@command(
    "meeting agenda move",
    form=Moving,
    role=Role.SECRETARIAT,
    help="Move a point of the agenda",
    example="meeting agenda move 7 5 3",
    changes=True,
)
async def move(request: Request, moving: Moving) -> Reply:
    meeting = await planned(request, moving.number)
    now = await agenda.agenda(request.session, meeting, request.now)
    point = _own(now, meeting, moving.point)
    others = [one for one in now.points if one.item != point.item]
    place = moving.to - 1
    before = next((one.item for one in others[place:] if one.item), None) if place < len(others) else None
    await agenda.move(request.session, meeting, point.item or 0, before, actor_of(request), request.now)
    return await agenda_reply(request, meeting, done=f"“{short(point.title)}” is moved.")


@command(
    "meeting agenda remove",
    form=Removing,
    role=Role.SECRETARIAT,
    help="Take a point off the agenda",
    example="meeting agenda remove 7 5",
    changes=True,
)
async def remove(request: Request, removing: Removing) -> Reply:
    meeting = await planned(request, removing.number)
    point = _own(await agenda.agenda(request.session, meeting, request.now), meeting, removing.point)
    await agenda.remove(request.session, meeting, point, actor_of(request), request.now)
    values = {
        "number": str(meeting.number),
        "title": point.title,
        "presenter": point.presenter,
        "documents": ",".join(str(one.number) for one in point.documents),
        "at": str(point.number),
    }
    back = Button("Put it back", write_line("meeting agenda add", values))
    return await agenda_reply(request, meeting, done=f"“{short(point.title)}” is off the agenda.", more=[back])


_LIST = Button("Documents", "document list")


def _own(now: Agenda, meeting: Meeting, number: int) -> Point:
    """The point of that number, which somebody put there. Raises `Refused`."""
    point = next((one for one in now.points if one.number == number), None)
    show_it = [Button("Agenda", f"meeting agenda {meeting.number}")]
    if point is None:
        raise Refused(f"The agenda has no point {number}.", "Look at it.", show_it, field="point")
    if point.item is None:
        raise Refused(f"Point {number} stands on every agenda.", "It stays where it is.", show_it, field="point")
    return point


def _item_at(now: Agenda, number: int | None) -> int | None:
    """The item that has that number now, or the first after it."""
    if number is None:
        return None
    return next((one.item for one in now.points if one.item and one.number >= number), None)
