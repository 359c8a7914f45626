"""Groups by command: one group, or those of a body."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from handlers.asking.groups import group_answer, groups_answer, has_kind
from handlers.asking.lexicon import lexicon_of
from handlers.asking.reading import read
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from storage import officers
from storage.catalogue import GroupName

PAGE = 10
"""Groups of one message, a line each."""


class Showing(Form):
    group: Line = field("Group", help="its code or name: SG13, ISG QKD, study group 17")


class Choosing(Form):
    body: Line | None = field("Body", help="only groups of this body", default=None)
    kind: Line | None = field("Kind", help="how the codes begin: SG, FG, TC", default=None, named=True)
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
    bodies = _bodies_named(request, choosing.body) if choosing.body else {}
    kind = (choosing.kind or "").upper()
    groups = [
        group
        for group in request.catalogue.groups.values()
        if (not bodies or group.body_id in bodies) and (not kind or has_kind(group, kind))
    ]
    return groups_answer(request, groups, tuple(dict.fromkeys(bodies.values())), kind, choosing.page).reply()


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
