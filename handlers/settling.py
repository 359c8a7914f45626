"""Settling: liaison statements are noted, closed and reopened, put off, forwarded and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Choice, Line, Text, field
from handlers.liaison import answers, approvals, entries, replying
from handlers.liaison.fields import PAST, ExactDay, Name, is_over
from handlers.liaison.overview import WAITING
from handlers.liaison.routing import deadline_changed
from handlers.liaison.steps import logged, refused, step
from handlers.line import quote
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import liaisons
from storage.liaison import replies
from storage.liaison.events import Deed
from storage.liaison.unsent import is_unsent
from storage.tables import Liaison
from storage.words import Direction, LiaisonStatus


class _OfStatement(Form):
    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await entries.offers(situation, typed)


class Settling(_OfStatement):
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    reason: Text | None = field("Why", default=None)


class Explaining(_OfStatement):
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    reason: Text = field("Why")


class Holding(_OfStatement):
    submit: ClassVar[str] = "Put it off"
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    until: ExactDay = field("Until", help="2027-03-18")
    reason: Text = field("Why")

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return {"until": PAST} if is_over(self.until, situation) else {}


class Forwarding(_OfStatement):
    submit: ClassVar[str] = "Forward it"
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    to: Line = field("To", help="the group that it should have gone to")
    reason: Text = field("Why")


@command(
    "liaison note",
    form=Settling,
    role=Role.SECRETARIAT,
    help="A liaison statement is noted: it needs no answer",
    example="liaison note LS5",
    changes=True,
)
async def note(request: Request, settling: Settling) -> Reply:
    reason = settling.reason or ""
    return _done(await step(request, settling.number, LiaisonStatus.NOTED, Deed.NOTED, reason), reason=reason)


@command(
    "liaison close",
    form=Settling,
    role=Role.SECRETARIAT,
    help="Nothing is left to do about a liaison statement",
    example="liaison close LS5",
    changes=True,
)
async def close(request: Request, settling: Settling) -> Reply:
    reason = settling.reason or ""
    return _done(await step(request, settling.number, LiaisonStatus.CLOSED, Deed.CLOSED, reason), reason=reason)


@command(
    "liaison reopen",
    form=Explaining,
    role=Role.SECRETARIAT,
    help="Something is left to do about a liaison statement after all",
    example="liaison reopen LS5 'they ask again'",
    changes=True,
)
async def reopen(request: Request, reopening: Explaining) -> Reply:
    found = await logged(request, reopening.number)
    if found.direction is Direction.OUTGOING:
        raise Refused(f"{found.number} is ours: what we sent is not reopened.", "Draft another one.", [_show(found)])
    liaison = await step(request, found.number, LiaisonStatus.RECEIVED, Deed.REOPENED, reopening.reason)
    return _done(liaison, reason=reopening.reason)


@command(
    "liaison forward",
    form=Forwarding,
    role=Role.SECRETARIAT,
    help="A liaison statement went to the wrong group, and was forwarded",
    example="liaison forward LS5 to=SG17 reason='security is theirs'",
    changes=True,
)
async def forward(request: Request, forwarding: Forwarding) -> Reply:
    reason = f"forwarded to {forwarding.to}: {forwarding.reason}"
    liaison = await step(request, forwarding.number, LiaisonStatus.MISDIRECTED, Deed.FORWARDED, reason)
    return _done(liaison, reason=reason)


@command(
    "liaison withdraw",
    form=Explaining,
    role=Role.SECRETARIAT,
    help="A liaison statement was withdrawn by its sender",
    example="liaison withdraw LS5 'sent by mistake'",
    changes=True,
)
async def withdraw(request: Request, withdrawing: Explaining) -> Reply:
    reason = withdrawing.reason
    liaison = await step(request, withdrawing.number, LiaisonStatus.WITHDRAWN, Deed.WITHDRAWN, reason, drafts=True)
    reopened = ""
    if is_unsent(liaison):
        over = f"withdrawn by {request.caller.name}: {reason}"
        await approvals.refresh(request, liaison, over)
        await answers.refresh(request, liaison, f"it was {over}")
        await answers.decline(request, liaison, reason)
    elif liaison.response_to_id is not None:
        reopened = await replying.reopen_original(request, liaison, liaison.response_to_id, actor_of(request))
    return _done(liaison, reason=reason, reopened=reopened)


@command(
    "liaison hold",
    form=Holding,
    role=Role.SECRETARIAT,
    help="The answer to a liaison statement may come later",
    example="liaison hold LS5 2027-03-18 'they agreed to wait'",
    changes=True,
)
async def hold(request: Request, holding: Holding) -> Reply:
    found = await logged(request, holding.number)
    liaison = await liaisons.locked(request.session, found.id)
    if liaison.status not in WAITING:
        raise await refused(request, liaison)
    if liaison.deadline == holding.until:
        raise Refused(f"{liaison.number} is due on that day already.", "", [_show(liaison)], field="until")
    actor = actor_of(request)
    await replies.postpone(request.session, liaison, holding.until, holding.reason, actor, request.now)
    await deadline_changed(request, liaison.id, actor)
    return _done(liaison, reason=holding.reason, until=date.fromisoformat(holding.until))


def _done(liaison: Liaison, *, reason: str = "", until: date | None = None, reopened: str = "") -> Reply:
    number = quote(liaison.number)
    is_over = liaison.status in (LiaisonStatus.NOTED, LiaisonStatus.CLOSED, LiaisonStatus.MISDIRECTED)
    can_reopen = is_over and liaison.direction is Direction.INCOMING
    reopen = [Button("Reopen it", f"liaison reopen {number}")] if can_reopen else []
    return Reply(
        "liaisons/turned",
        number=liaison.number,
        title=liaison.title,
        status=liaison.status.value,
        reason=reason,
        until=until,
        reopened=reopened,
        private=is_unsent(liaison),
        buttons=[_show(liaison), *reopen],
    )


def _show(liaison: Liaison) -> Button:
    return Button("Show it", f"liaison show {quote(liaison.number)}")
