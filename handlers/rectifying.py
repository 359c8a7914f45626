"""Rectifying: what is wrong with a logged liaison statement is corrected, and what follows from that is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from handlers.command import Button, Refused, Reply, Request, Role, command
from handlers.liaison import replying
from handlers.liaison.correcting import Change, Setting, columns, described, readdressed
from handlers.liaison.routing import deadline_changed, route
from handlers.liaison.steps import logged
from handlers.line import quote
from handlers.representing.entries import actor_of
from storage import liaisons
from storage.liaison import corrections
from storage.liaison.replies import Linked
from storage.tables import Liaison

_ROUTED = ("for_action", "for_comment", "for_information", "source_id")


@command(
    "liaison correct",
    form=Change,
    role=Role.SECRETARIAT,
    help="Correct what is logged of a liaison statement",
    example="liaison correct LS5 deadline=2027-01-10",
    changes=True,
    private=True,
)
async def correct(request: Request, correcting: Change) -> Reply:
    liaison = await logged(request, correcting.number)
    given = correcting.given()
    if given:
        return await _corrected(request, liaison, given, correcting.reason or "")
    number = quote(liaison.number)
    buttons = [Button(label, f"liaison set {number} {name}") for name, label in described().items()]
    return Reply("liaisons/what", number=liaison.number, title=liaison.title, private=True, buttons=buttons)


@command(
    "liaison set",
    form=Setting,
    role=Role.SECRETARIAT,
    help="Correct one thing of a liaison statement",
    example="liaison set LS5 deadline 2027-01-10",
    changes=True,
    private=True,
)
async def set_one(request: Request, setting: Setting) -> Reply:
    return await _corrected(request, await logged(request, setting.number), setting.given(), "")


async def _corrected(request: Request, found: Liaison, given: Mapping[str, str], reason: str) -> Reply:
    liaison = await liaisons.locked(request.session, found.id)
    before = liaison.number
    if "called" in given and await corrections.is_taken(request.session, given["called"], liaison.id):
        raise Refused(f"Another statement is called {given['called']} already.", "Type another number.", field="called")
    changed = await corrections.correct(
        request.session,
        liaison,
        columns(request.catalogue, given),
        readdressed(request.catalogue, given),
        actor_of(request),
        request.now,
        reason,
    )
    reopened, linked = await _followed(request, liaison, changed)
    return Reply(
        "liaisons/corrected",
        number=liaison.number,
        before=before if before != liaison.number else "",
        title=liaison.title,
        changed=[
            name.removeprefix("for_").replace("_", " ")
            for name in changed
            if name not in ("source_id", "deadline_kind")
        ],
        reopened=reopened,
        linked=replying.shown(linked),
        private=True,
        buttons=[Button("Show it", f"liaison show {quote(liaison.number)}"), *replying.buttons(linked)],
    )


async def _followed(request: Request, liaison: Liaison, changed: Collection[str]) -> tuple[str, Linked | None]:
    """What follows from a correction: reminders, who is told, what is not answered after all, what is answered."""
    names = set(changed)
    actor = actor_of(request)
    if names & {"deadline", "deadline_kind"}:
        await deadline_changed(request, liaison.id, actor)
    if names & set(_ROUTED):
        await route(request, liaison.id, actor)
    if "in_response_to" not in names:
        return "", None
    reopened = await replying.unlink(request, liaison, actor)
    return reopened, await replying.close_original(request, liaison.id, actor)
