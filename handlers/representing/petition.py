"""The petition: the message that asks the secretariat to decide on a request, kept true to what became of it.

It may lie in a channel: no address stands in it.
"""

from __future__ import annotations

from handlers.command import Button, Reply
from handlers.outgoing import reword, tell
from handlers.representing.entries import name_of, shown
from handlers.representing.telling import Host
from storage import representatives, targets
from storage.representatives import Appointment
from storage.words import OPEN, RepresentativeKind, RepresentativeStatus


def cause_of(number: int) -> str:
    return f"representative:{number}:request"


async def ask(occasion: Host, number: int) -> None:
    """Ask the secretariat to decide."""
    one = await representatives.known(occasion.session, number)
    where = await targets.of_secretariat(occasion.session, occasion.household)
    await tell(occasion, where, await _words(occasion, one), cause=cause_of(number), subject=_subject(one))


async def refresh(occasion: Host, number: int) -> None:
    """Say in the message how the request stands now: decided, changed, its address verified."""
    one = await representatives.known(occasion.session, number)
    await reword(occasion, cause_of(number), await _words(occasion, one), _subject(one))


def buttons_for(one: Appointment) -> tuple[Button, ...]:
    """What the secretariat may do with an entry, by its status."""
    if one.status is RepresentativeStatus.PENDING:
        return (
            Button("Confirm", f"representative confirm {one.id}", style="primary"),
            Button("Decline", f"representative decline {one.id}", style="danger"),
        )
    return ()


async def rivals(occasion: Host, one: Appointment) -> list[str]:
    """Names of those who represent the group, or ask to, as this one wants to; alternates are no rivals."""
    if one.group_id is None or one.kind is RepresentativeKind.ALTERNATE:
        return []
    others = await representatives.of_group(occasion.session, one.group_id, OPEN)
    return [
        name_of(other)
        for other in others
        if other.kind is RepresentativeKind.REPRESENTATIVE and other.id not in (one.id, one.follows)
    ]


async def _words(occasion: Host, one: Appointment) -> Reply:
    before = await representatives.found(occasion.session, one.follows) if one.follows else None
    is_pending = one.status is RepresentativeStatus.PENDING
    show = Button("Show the address", f"representative show {one.id}")
    return Reply(
        "representatives/request",
        buttons=(*buttons_for(one), show) if is_pending else (),
        entry=shown(one),
        others=await rivals(occasion, one) if is_pending else [],
        follows=name_of(before) if before else "",
    )


def _subject(one: Appointment) -> str:
    return f"Request: {name_of(one)} for {one.group}"
