"""Meetings: which there were and will be."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from handlers.asking.meetings import meetings_answer
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from storage import meetings


class Numbered(Form):
    number: Annotated[int, Field(ge=1, le=10_000)] = field("Number", help="the meeting's number, such as 4")


class Nothing(Form):
    """Takes nothing."""


@command("meeting next", form=Nothing, role=Role.GUEST, help="When and where the next meeting is")
async def next_meeting(request: Request, _nothing: Nothing) -> Reply:
    today = request.now.astimezone(request.zone).date()
    upcoming = meetings.upcoming(await meetings.all_meetings(request.session), today)
    return meetings_answer(request, upcoming[:1], ["next"]).reply()


@command("meeting list", form=Nothing, role=Role.GUEST, help="All meetings, held and planned")
async def list_meetings(request: Request, _nothing: Nothing) -> Reply:
    return meetings_answer(request, await meetings.all_meetings(request.session)).reply()


@command("meeting show", form=Numbered, role=Role.GUEST, help="One meeting in full", example="meeting show 4")
async def show(request: Request, numbered: Numbered) -> Reply:
    meeting = await meetings.numbered(request.session, numbered.number)
    if meeting is None:
        raise Refused(
            f"There is no meeting {numbered.number}.",
            "Type meeting list to see them.",
            [Button("All meetings", "meeting list")],
        )
    return meetings_answer(request, [meeting]).reply()
