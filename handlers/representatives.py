"""The directory of representatives, by command: the list, one of them, and one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.line import quote
from handlers.representing import petition
from handlers.representing.choosing import bodies_meant, ended_words, groups_meant, value_of
from handlers.representing.entries import entry, is_own, is_secretariat, name_of, shown
from handlers.representing.fields import Number
from handlers.situation import Situation
from storage import representatives
from storage.catalogue import GroupName
from storage.representatives import Appointment
from storage.words import RepresentativeStatus

PAGE = 10
"""Representatives of one message, a line each."""
_MOST_BUTTONS = 4


class Choosing(Form):
    about: Line | None = field("Group or body", help="SG13, ISG QKD or ETSI", default=None)
    status: RepresentativeStatus = field(
        "Status",
        help="for the secretariat: also requests and what is over",
        default=RepresentativeStatus.CONFIRMED,
        named=True,
    )
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        is_public = self.status is RepresentativeStatus.CONFIRMED
        return {} if is_public or situation.role >= Role.SECRETARIAT else {"status": "only the secretariat sees those"}


class One(Form):
    number: Number = field("Number", help="as the list shows it")


class Nothing(Form):
    """Takes nothing."""


@command(
    "representative list",
    form=Choosing,
    role=Role.MEMBER,
    help="Who represents which group",
    example="representative list SG13",
)
async def list_representatives(request: Request, choosing: Choosing) -> Reply:
    bodies = bodies_meant(request, choosing.about) if choosing.about else []
    groups = _groups(request, choosing.about) if choosing.about and not bodies else []
    statuses = [choosing.status] if is_secretariat(request) else representatives.CONFIRMED
    first = (choosing.page - 1) * PAGE
    page = await representatives.directory(
        request.session,
        group_ids=[one.id for one in groups] if groups else None,
        body_ids=[one.id for one in bodies] if bodies else None,
        statuses=statuses,
        offset=first,
        limit=PAGE,
    )
    about = ", ".join([one.code for one in bodies] or [one.code for one in groups])
    return Reply(
        "representatives/list",
        entries=[shown(one) for one in page.appointments],
        total=page.total,
        first=first + 1,
        about=about,
        status=choosing.status.value,
        buttons=_list_buttons(request, choosing, groups, page),
    )


@command(
    "representative show",
    form=One,
    role=Role.MEMBER,
    help="One representative; how to reach them for those who may know",
    example="representative show 12",
)
async def show(request: Request, chosen: One) -> Reply:
    one = await entry(request, chosen.number)
    may_know = request.role >= Role.REPRESENTATIVE or is_own(request, one)
    contact = await representatives.contact(request.session, one.id) if may_know else None
    before = await representatives.found(request.session, one.follows) if one.follows else None
    return Reply(
        "representatives/show",
        entry=shown(one),
        follows=name_of(before) if before else "",
        contact=contact,
        private=True,
        buttons=_buttons_for(request, one),
    )


@command(
    "representative mine",
    form=Nothing,
    role=Role.GUEST,
    help="The groups that you represent, or asked to",
    for_everyone=True,
)
async def mine(request: Request, _nothing: Nothing) -> Reply:
    own = await representatives.of_person(request.session, request.caller.person_id)
    buttons = [
        Button(f"{label} {one.group}"[:40], f"representative {verb} {one.id}")
        for one in own[:_MOST_BUTTONS]
        for label, verb in (("Change", "change"), ("End", "end"), ("Hand over", "handover"))
        if verb != "handover" or one.is_confirmed
    ]
    return Reply(
        "representatives/mine",
        entries=[shown(one) for one in own],
        private=True,
        buttons=[*buttons, Button("Register for a group", "register")],
    )


def _groups(request: Request, about: str) -> list[GroupName]:
    groups = list(groups_meant(request, about))
    if not groups:
        hint = "Type its code, such as SG13, or the body's, such as ETSI."
        raise Refused(
            f"I know no group or body “{about}”.", hint, [Button("All representatives", "representative list")]
        )
    return groups


def _list_buttons(
    request: Request, choosing: Choosing, groups: list[GroupName], page: representatives.Page
) -> list[Button]:
    rows = page.appointments
    buttons = [
        Button(f"{name_of(one)}, {one.group}"[:40], f"representative show {one.id}")
        for one in (rows if len(rows) <= _MOST_BUTTONS else ())
    ]
    if choosing.page * PAGE < page.total:
        about = f" {quote(choosing.about)}" if choosing.about else ""
        status = "" if choosing.status is RepresentativeStatus.CONFIRMED else f" status={choosing.status}"
        buttons.append(Button("More", f"representative list{about}{status} page={choosing.page + 1}"))
    if not page.total and len(groups) == 1 and not ended_words(request.catalogue, groups[0]):
        buttons.append(Button("Register for it", f"register {value_of(request.catalogue, groups[0])}"))
    sees_requests = is_secretariat(request) and request.place.private
    if sees_requests and not groups and choosing.status is RepresentativeStatus.CONFIRMED:
        buttons.append(Button("Requests", f"representative list status={RepresentativeStatus.PENDING}"))
    return buttons


def _buttons_for(request: Request, one: Appointment) -> list[Button]:
    buttons = list(petition.buttons_for(one)) if is_secretariat(request) else []
    if one.is_open and (is_own(request, one) or is_secretariat(request)):
        buttons.append(Button("Change…", f"representative change {one.id}"))
        if one.is_confirmed:
            buttons.append(Button("Hand over…", f"representative handover {one.id}"))
        if one.is_confirmed or is_own(request, one):
            buttons.append(Button("End" if one.is_confirmed else "Take it back", f"representative end {one.id}"))
    return buttons
