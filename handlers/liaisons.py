"""Liaison statements by command."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from handlers.asking.liaisons import statements_answer
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from storage import liaisons


class Showing(Form):
    number: Line = field("Number", help="as its sender numbered it, or the end of it")


class Choosing(Form):
    direction: Literal["incoming", "outgoing"] | None = field("Direction", default=None)
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


@command(
    "liaison show",
    form=Showing,
    role=Role.GUEST,
    help="One liaison statement in full",
    example="liaison show LS1",
)
async def show(request: Request, showing: Showing) -> Reply:
    found = await liaisons.numbered(request.session, showing.number)
    if found is None:
        every = await liaisons.all_statements(request.session)
        wanted = f"ls{showing.number}" if showing.number.isdecimal() else showing.number.lower()
        ending = [one for one in every if one.liaison.number.lower().endswith(wanted)]
        if len(ending) != 1:
            near = [Button(one.liaison.number, f"liaison show {one.liaison.number}") for one in (ending or every)[:4]]
            raise Refused(f"There is no liaison statement “{showing.number}”.", "Type liaison list to see them.", near)
        found = ending[0]
    return statements_answer([found]).reply()


@command(
    "liaison list",
    form=Choosing,
    role=Role.GUEST,
    help="Liaison statements, newest first",
    example="liaison list incoming",
)
async def list_statements(request: Request, choosing: Choosing) -> Reply:
    found = await liaisons.all_statements(request.session)
    if choosing.direction:
        found = [one for one in found if one.liaison.direction.value == choosing.direction]
    chips = [choosing.direction] if choosing.direction else []
    return statements_answer(found, chips, page=choosing.page).reply()
