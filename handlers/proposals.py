"""Proposals: what liaison statements say of the roadmap is accepted, changed or rejected, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.liaison.amending import Change, Setting, given_of, labels
from handlers.liaison.entries import statement
from handlers.liaison.proposing import MOST, buttons_of, decidable, list_button, say_settled, shown
from handlers.line import quote
from handlers.representing.entries import actor_of
from storage.liaison import deciding, proposals
from storage.liaison.deciding import Outcome
from storage.liaison.proposals import Proposal
from storage.words import ProposalState

_Number = Annotated[int, Field(ge=1, le=2_000_000_000)]


class Choosing(Form):
    statement: Line | None = field("Statement", help="its number; empty for all that wait", default=None)
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


class One(Form):
    number: _Number = field("Number", help="of the proposal")


class Rejecting(Form):
    number: _Number = field("Number", help="of the proposal")
    reason: Line | None = field("Reason", default=None)


@command(
    "proposal list",
    form=Choosing,
    role=Role.REPRESENTATIVE,
    help="What liaison statements say of the roadmap, waiting to be accepted",
    example="proposal list LS1",
)
async def list_proposals(request: Request, choosing: Choosing) -> Reply:
    about = (await statement(request, choosing.statement)).liaison if choosing.statement else None
    session = request.session
    found = await proposals.of_statement(session, about.id) if about else await proposals.waiting(session)
    ordered = sorted(found, key=lambda one: not one.is_open)
    first = (choosing.page - 1) * MOST
    left = max(len(ordered) - first - MOST, 0)
    waiting = [one for one in await decidable(request, ordered) if one.is_open]
    more = f"proposal list {quote(about.number) if about else ''} page={choosing.page + 1}"
    return Reply(
        "proposals/list",
        statement=about.number if about else "",
        total=len(ordered),
        waiting=len(waiting),
        proposals=[shown(one) for one in ordered[first : first + MOST]],
        buttons=[
            *([Button("One by one", f"proposal show {waiting[0].id}", style="primary")] if waiting else []),
            *([Button(f"{left} more", " ".join(more.split()))] if left else []),
        ],
    )


@command(
    "proposal show",
    form=One,
    role=Role.REPRESENTATIVE,
    help="One proposed change of the roadmap",
    example="proposal show 7",
)
async def show(request: Request, one: One) -> Reply:
    return await _one(request, "proposals/one", await _known(request, one.number))


@command(
    "proposal accept",
    form=One,
    role=Role.REPRESENTATIVE,
    help="Change the roadmap as a liaison statement says",
    example="proposal accept 7",
    changes=True,
)
async def accept(request: Request, one: One) -> Reply:
    return await _accepted(request, await _own(request, one.number), {})


@command(
    "proposal change",
    form=Change,
    role=Role.REPRESENTATIVE,
    help="Accept a proposal with changes",
    example="proposal change 7 status=approved date=2023-11-03",
    changes=True,
)
async def change(request: Request, changing: Change) -> Reply:
    one = await _own(request, changing.number)
    given = given_of(request, one, changing.given())
    if not given:
        buttons = [Button(label, f"proposal set {one.id} {name}") for name, label in labels(one).items()]
        return Reply("proposals/what", proposal=shown(one), buttons=buttons)
    return await _accepted(request, one, given)


@command(
    "proposal set",
    form=Setting,
    role=Role.REPRESENTATIVE,
    help="Accept a proposal with one thing changed",
    example="proposal set 7 status approved",
    changes=True,
)
async def set_one(request: Request, setting: Setting) -> Reply:
    one = await _own(request, setting.number)
    return await _accepted(request, one, given_of(request, one, setting.given()))


@command(
    "proposal reject",
    form=Rejecting,
    role=Role.REPRESENTATIVE,
    help="Leave the roadmap as it is",
    example="proposal reject 7 'That was another item.'",
    changes=True,
)
async def reject(request: Request, rejecting: Rejecting) -> Reply:
    one = await _own(request, rejecting.number)
    if not await deciding.reject(request.session, one.id, rejecting.reason or "", actor_of(request), request.now):
        raise await _late(request, one.id)
    return await _decided(request, one.id)


async def _accepted(request: Request, one: Proposal, given: Mapping[str, str]) -> Reply:
    outcome = await deciding.accept(request.session, one.id, actor_of(request), request.now, given)
    match outcome:
        case Outcome.LATE:
            raise await _late(request, one.id)
        case Outcome.STALE:
            return await _one(request, "proposals/stale", await _known(request, one.id))
        case Outcome.INCOMPLETE:
            return await _incomplete(request, await _known(request, one.id))
        case Outcome.DONE | Outcome.SETTLED:
            return await _decided(request, one.id)


async def _decided(request: Request, id: int) -> Reply:
    """What became of one, and the next of its statement that waits for this person."""
    one = await _known(request, id)
    await say_settled(request, one.liaison_id)
    waiting = await decidable(request, await proposals.waiting(request.session, one.liaison_id))
    following = next((other for other in waiting if other.id > id), waiting[0] if waiting else None)
    is_changed = one.state is ProposalState.ACCEPTED
    look = [Button(f"Show {one.item_reference}", f"roadmap show {one.item_reference}")] if is_changed else []
    return Reply(
        "proposals/decided",
        proposal=shown(one),
        following=shown(following) if following else None,
        left=len(waiting),
        buttons=buttons_of(following) if following else [*look, list_button(one.statement)],
    )


async def _one(request: Request, template: str, one: Proposal) -> Reply:
    is_theirs = one.is_open and bool(await decidable(request, [one]))
    steps = buttons_of(one) if is_theirs else []
    look = Button("The statement", f"liaison show {quote(one.statement)}")
    return Reply(template, proposal=shown(one), buttons=[*steps, look])


async def _incomplete(request: Request, one: Proposal) -> Reply:
    """What is given so far is kept; what an item needs is asked for."""
    missing = ["group" if name == "body" else name for name in deciding.NEEDED if name not in one.changes]
    buttons = [Button(f"Give the {name}", f"proposal set {one.id} {name}") for name in missing]
    reject_it = Button("Reject", f"proposal reject {one.id}")
    return Reply("proposals/incomplete", proposal=shown(one), missing=missing, buttons=[*buttons, reject_it])


async def _known(request: Request, number: int) -> Proposal:
    one = await proposals.found(request.session, number)
    if one is None:
        hint = "Look into the list."
        raise Refused(f"There is no proposal {number}.", hint, [Button("What waits", "proposal list")], field="number")
    return one


async def _own(request: Request, number: int) -> Proposal:
    """The proposal, which is open and which the caller may decide on. Raises `Refused`."""
    one = await _known(request, number)
    if not await decidable(request, [one]):
        whose = f"the representatives of {one.group} and " if one.group else ""
        raise Refused(f"On {one.reference} {whose}the secretariat decide{'' if whose else 's'}.", "It waits for them.")
    if not one.is_open:
        raise await _late(request, number)
    return one


async def _late(request: Request, number: int) -> Refused:
    """Somebody else was first."""
    one = await _known(request, number)
    by = f" by {one.decided_by}" if one.decided_by else ""
    when = one.decided_at.astimezone(request.zone) if one.decided_at else None
    on = f" on {when.day} {when:%B %Y}" if when else ""
    waiting = await decidable(request, await proposals.waiting(request.session, one.liaison_id))
    following = [Button("The next one", f"proposal show {waiting[0].id}")] if waiting else []
    buttons = [Button("Show it", f"proposal show {number}"), *following]
    return Refused(f"Proposal {number} on {one.reference} was {one.state.value}{by}{on}.", "", buttons)
