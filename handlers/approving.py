"""Approving: a draft is submitted, approved or returned, by whom the settings say."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from handlers.command import Button, Refused, Reply, Request, Role, command
from handlers.drafting import Naming
from handlers.form import Line, field
from handlers.liaison import answers, approvals, drafted
from handlers.liaison.drafted import DRAFTS, draft, missing, shown
from handlers.liaison.paper import Unfit
from handlers.representing.entries import actor_of
from storage.liaison import drafts, life
from storage.liaison.events import Deed
from storage.tables import Liaison
from storage.words import Approval, LiaisonStatus

_FOR = re.compile(r"(?:for\s*=|for\s)\s*", re.IGNORECASE)


def _for_whom(text: str) -> str:
    """`for='Jane Doe'` and `for Jane Doe` name Jane Doe: no field can be called `for`."""
    return _FOR.sub("", text, count=1).strip().strip("'\"“”‘’") if _FOR.match(text) else text


class Approving(Naming):
    submit: ClassVar[str] = "Approve"
    revision: Annotated[int, Field(ge=1, le=1_000_000)] | None = field("Revision", default=None, named=True)
    proxy_for: Annotated[Line, AfterValidator(_for_whom)] | None = field(
        "For", help="as a proxy: whom you act for", default=None
    )


class Returning(Naming):
    submit: ClassVar[str] = "Return it"
    reason: Line = field("Reason", help="what is to be changed")


@command(
    "liaison submit",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Ask for the approval of a draft",
    example="liaison submit DRAFT-3",
    changes=True,
)
async def submit(request: Request, naming: Naming) -> Reply:
    one = await draft(request, naming.draft)
    if request.household.approval is Approval.NOBODY:
        send = Button("Send…", f"liaison send {one.number}", style="primary")
        raise Refused("Nobody has to approve it.", "Send it.", [send, _show(one)])
    if lacking := missing(await drafts.wording(request.session, one)):
        raise Refused(f"{one.number} still needs {' and '.join(lacking)}.", "", [_edit(one), _show(one)])
    actor = actor_of(request)
    if await life.move(request.session, one.id, LiaisonStatus.IN_REVIEW, Deed.SUBMITTED, actor, request.now) is None:
        raise Refused(f"{one.number} is {_status(one)} already.", "", [_show(one)])
    await request.session.refresh(one)
    try:
        told = await approvals.ask(request, one)
    except Unfit as unfit:
        raise Refused(f"The Word template does not do: {unfit}.", "Tell whoever runs me; doctor says more.") from None
    await answers.refresh(request, one, f"{request.caller.name} submitted it")
    who = "the chair" if request.household.approval is Approval.CHAIR else "the secretariat"
    said = f"I asked {who} to approve it." if told else f"I cannot reach {who}: approve it as a proxy."
    return await shown(request, one, said)


@command(
    "liaison approve",
    form=Approving,
    role=Role.MEMBER,
    help="Approve a draft, as the chair or for the chair",
    example="liaison approve DRAFT-3 for='Jane Doe'",
    changes=True,
)
async def approve(request: Request, approving: Approving) -> Reply:
    one = await draft(request, approving.draft)
    try:
        right = await approvals.right(request, approving.proxy_for)
    except Refused as refused:
        buttons = [*await drafted.proxies(request, one), _show(one)]
        raise Refused(refused.message, refused.hint, buttons, refused.field) from None
    if one.status is not LiaisonStatus.IN_REVIEW:
        raise await _decided(request, one)
    if approving.revision and approving.revision != one.revision:
        raise Refused(f"{one.number} was changed since you were asked.", "Look at it as it is now.", [_show(one)])
    actor, now = actor_of(request), request.now
    move = (request.session, one.id, LiaisonStatus.APPROVED, Deed.APPROVED, actor, now)
    if await life.move(*move, reason=right.acting_as, on_behalf_of=right.on_behalf_of) is None:
        raise await _decided(request, one)
    day = drafted.today(request)
    await drafts.approve(request.session, one, f"{right.text}, {drafted.day_words(day)}", day)
    by = f"{request.caller.name} for {right.on_behalf_of}" if right.on_behalf_of else request.caller.name
    await approvals.refresh(request, one, f"approved by {by}")
    send = Button("Send…", f"liaison send {one.number}", style="primary")
    await approvals.tell_submitter(request, one, f"It is approved by {by}.", [send, _show(one)])
    return await shown(request, one, f"It is approved{f' for {right.on_behalf_of}' if right.on_behalf_of else ''}.")


@command(
    "liaison return",
    form=Returning,
    role=Role.MEMBER,
    help="Give a submitted draft back to its editors",
    example="liaison return DRAFT-3 'Name the Question too.'",
    changes=True,
)
async def give_back(request: Request, returning: Returning) -> Reply:
    one = await draft(request, returning.draft)
    if one.status is LiaisonStatus.DRAFT:
        raise await _decided(request, one)
    actor, reason = actor_of(request), returning.reason
    move = (request.session, one.id, LiaisonStatus.DRAFT, Deed.RETURNED, actor, request.now)
    if await life.move(*move, reason=reason) is None:
        raise await _decided(request, one)
    await drafts.approve(request.session, one, "", None)
    await approvals.refresh(request, one, f"returned by {request.caller.name}: {reason}")
    said = f"{request.caller.name} returned it: {reason}"
    await approvals.tell_submitter(request, one, said, [_edit(one), _show(one)])
    return await shown(request, one, f"It is a draft again: {reason}")


async def _decided(request: Request, one: Liaison) -> Refused:
    """Somebody else was first, or it was not submitted."""
    step = await approvals.decided(request, one)
    if one.status is LiaisonStatus.DRAFT and (step is None or step.deed is not Deed.RETURNED):
        return Refused(f"{one.number} was not submitted for approval.", "", [_show(one)])
    by = f" by {step.name}" if step and step.name else ""
    done = "returned" if one.status is LiaisonStatus.DRAFT else _status(one)
    return Refused(f"{one.number} was {done} already{by}.", "", [_show(one), DRAFTS])


def _status(one: Liaison) -> str:
    return one.status.value.replace("-", " ")


def _edit(one: Liaison) -> Button:
    return Button("Edit it…", f"liaison edit {one.number} revision={one.revision}")


def _show(one: Liaison) -> Button:
    return Button("Show it", f"liaison show {one.number}")
