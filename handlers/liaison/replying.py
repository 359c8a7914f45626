"""Replying: a statement that was logged or sent closes the one that it replies to, wherever that is due."""

from __future__ import annotations

from datetime import date

from handlers.command import Button
from handlers.liaison.matter import Host
from handlers.liaison.routing import deadline_changed, resume, settle
from handlers.line import quote
from storage import liaisons
from storage.liaison import originals, replies
from storage.liaison.replies import Linked
from storage.representing.trail import Actor
from storage.tables import Liaison

Shown = dict[str, object]


async def close_original(occasion: Host, reply_id: int, actor: Actor, *, until: str = "") -> Linked | None:
    """What the reply says that it answers is answered, links to it, and nobody is reminded of it any more.

    To be called when the reply was logged or sent. One that only asks for more time says `until` which day: then that
    is the new deadline. None: it replies to nothing that we have.
    """
    reply = await liaisons.locked(occasion.session, reply_id)
    original = reply.response_to_id or await original_of(occasion, reply.in_response_to, reply_id)
    if original is None or await replies.precedes(occasion.session, reply_id, original):
        return None
    return await link(occasion, reply, original, actor, until=until)


async def link(
    occasion: Host, reply: Liaison, original_id: int, actor: Actor, *, until: str = "", whole: bool = False
) -> Linked:
    """As `close_original`, where it is known what is replied to; `whole`: nobody else's answer is waited for."""
    if until:
        linked = await replies.hold(occasion.session, reply, original_id, until, actor, occasion.now)
        await deadline_changed(occasion, original_id, actor)
        return linked
    linked = await replies.link(occasion.session, reply, original_id, actor, occasion.now, whole=whole)
    if linked.answered:
        await settle(occasion, original_id, actor)
    return linked


async def unlink(occasion: Host, reply: Liaison, actor: Actor) -> str:
    """The reply answers nothing; gives the number of what was taken as answered by it alone, and waits again."""
    before, reply.response_to_id = reply.response_to_id, None
    await occasion.session.flush()
    return await reopen_original(occasion, reply, before, actor) if before else ""


async def reopen_original(occasion: Host, reply: Liaison, original_id: int, actor: Actor) -> str:
    """The reply answers that statement no more; gives its number where nothing else does, so that it waits again."""
    reopened = await replies.reopen(occasion.session, reply, original_id, actor, occasion.now)
    if reopened is None:
        return ""
    await resume(occasion, original_id, actor)
    return reopened.number


async def original_of(occasion: Host, written: str, but: int | None = None) -> int | None:
    """The statement that is meant by what a reply says that it answers."""
    if not written:
        return None
    return (await originals.read(occasion.session, but)).meant(written)


def shown(linked: Linked | None) -> Shown | None:
    """What templates show of it (`liaisons/linked`)."""
    if linked is None:
        return None
    return {
        "number": linked.number,
        "title": linked.title,
        "answered": linked.answered,
        "held_until": date.fromisoformat(linked.held_until) if linked.held_until else None,
        "waits_for": list(linked.waits_for),
    }


def buttons(linked: Linked | None) -> list[Button]:
    return [Button(f"Show {linked.number}"[:60], f"liaison show {quote(linked.number)}")] if linked else []
