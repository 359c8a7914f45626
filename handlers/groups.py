"""Groups by command: one group, or those of a body."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from handlers.asking.groups import group_answer, groups_answer
from handlers.asking.lexicon import lexicon_of
from handlers.asking.listing import Listing
from handlers.asking.reading import read
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.line import quote
from storage import officers
from storage.catalogue import GroupName

PAGE = 10
"""Groups of one message, a line each."""


class Showing(Form):
    group: Line = field("Group", help="its code or name: SG13, ISG QKD, study group 17")


class Choosing(Form):
    body: Line | None = field("Body", help="only groups of this body", default=None)
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


@command(
    "group show",
    form=Showing,
    role=Role.GUEST,
    help="What a group does, its Questions and officers",
    example="group show SG13",
)
async def show(request: Request, showing: Showing) -> Reply:
    group = group_named(request, showing.group)
    return group_answer(request, group, await officers.all_officers(request.session)).reply()


@command("group list", form=Choosing, role=Role.GUEST, help="The groups that are known", example="group list ETSI")
async def list_groups(request: Request, choosing: Choosing) -> Reply:
    groups = list(request.catalogue.groups.values())
    bodies = _bodies_named(request, choosing.body) if choosing.body else {}
    if bodies:
        groups = [group for group in groups if group.body_id in bodies]
    first = (choosing.page - 1) * PAGE
    answer = groups_answer(request, groups[first : first + PAGE], Listing(body=tuple(bodies.values())))
    answer = replace(answer, count=len(groups), data={**answer.data, "first": first + 1})
    left = len(groups) - first - PAGE
    if left > 0:
        body = f"body={quote(choosing.body)} " if choosing.body else ""
        following = f"group list {body}page={choosing.page + 1}"
        answer = answer.with_buttons(Button(f"Next {min(PAGE, left)} of {left} more", following))
    return answer.reply()


def _bodies_named(request: Request, name: str) -> dict[int, str]:
    """The codes of the bodies of that name, by their ids. Raises `Refused` where there is none."""
    reading = read(name, lexicon_of(request.catalogue), request.now.date())
    ids = [one.id for spot in reading.spots for one in spot.names if one.kind == "body"]
    codes = {body: request.catalogue.bodies[body].code for body in ids}
    if not codes:
        known = ", ".join(body.code for body in request.catalogue.bodies.values())
        raise Refused(f"I know no body “{name}”.", f"I know {known}.")
    return codes


def group_named(request: Request, name: str) -> GroupName:
    """The group with that code or name. Raises `Refused` where there is none."""
    catalogue = request.catalogue
    exact = next((group for group in catalogue.groups.values() if group.code.lower() == name.lower()), None)
    if exact:
        return exact
    reading = read(name, lexicon_of(catalogue), request.now.date())
    ids = [one for spot in reading.spots for one in spot.groups]
    if not ids:
        near = [group for group in catalogue.groups.values() if name.lower() in f"{group.code} {group.name}".lower()]
        buttons = [Button(group.code, f"group show {group.code}") for group in near[:4]]
        raise Refused(f"I know no group “{name}”.", "Type group list to see them.", buttons)
    return catalogue.groups[ids[0]]
