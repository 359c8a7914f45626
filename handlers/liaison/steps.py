"""Steps in the life of a liaison statement: taken once, told to whom they concern, refused to whoever comes second."""

from __future__ import annotations

from handlers.command import Button, Refused, Request
from handlers.liaison.entries import statement
from handlers.liaison.overview import WAITING
from handlers.liaison.routing import resume, settle
from handlers.line import quote
from handlers.representing.entries import actor_of
from storage.liaison import events, life
from storage.liaison.events import Deed
from storage.tables import Liaison
from storage.words import UNSENT, LiaisonStatus


async def step(
    request: Request, number: str, status: LiaisonStatus, deed: Deed, reason: str = "", *, drafts: bool = False
) -> Liaison:
    """Take the step; nothing of the statement is sent any more where nobody waits for it. Raises `Refused`.

    With `drafts` it may be one that was not sent yet.
    """
    liaison = (await statement(request, number)).liaison if drafts else await logged(request, number)
    actor = actor_of(request)
    moved = await life.move(request.session, liaison.id, status, deed, actor, request.now, reason=reason)
    if moved is None:
        raise await refused(request, liaison)
    await request.session.refresh(liaison)
    if status in WAITING:
        await resume(request, liaison.id, actor)
    else:
        await settle(request, liaison.id, actor)
    return liaison


async def logged(request: Request, number: str) -> Liaison:
    """The statement of that number, which is no draft. Raises `Refused`."""
    liaison = (await statement(request, number)).liaison
    if liaison.status in UNSENT:
        show = Button("Show it", f"liaison show {quote(liaison.number)}")
        raise Refused(f"{liaison.number} is still a draft.", "Edit it instead, or send it first.", [show])
    return liaison


async def refused(request: Request, liaison: Liaison) -> Refused:
    """Why a step cannot be taken: what became of the statement, and who did it."""
    await request.session.refresh(liaison)
    status = liaison.status.value
    number = quote(liaison.number)
    buttons = [Button("Show it", f"liaison show {number}"), Button("History", f"liaison history {number}")]
    return Refused(f"{liaison.number} is {status}{await _by_whom(request, liaison)}.", "", buttons)


async def _by_whom(request: Request, liaison: Liaison) -> str:
    """By whom it got its status, and when; empty where nobody here did."""
    for event in reversed(await events.history(request.session, liaison.id)):
        if event.after.get("status") == liaison.status.value:
            at = event.at.astimezone(request.zone)
            name = event.name or ("somebody" if event.person_id is not None else "the bot")
            return f" already, by {name} on {at.day} {at:%B %Y}"
    return " already"
