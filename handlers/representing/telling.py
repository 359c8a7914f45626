"""Telling representatives and the secretariat what became of an entry."""

from __future__ import annotations

from typing import Protocol

from handlers.command import Button, Reply
from handlers.outgoing import Occasion, Priority, tell
from handlers.representing.entries import shown
from storage import representatives, targets
from storage.people import Household
from storage.representatives import Appointment
from storage.targets import EMAIL, Destination


class Host(Occasion, Protocol):
    """An occasion that knows who the secretariat is."""

    @property
    def household(self) -> Household: ...


async def tell_person(
    occasion: Host,
    one: Appointment,
    about: str,
    *,
    buttons: tuple[Button, ...] = (),
    key: str = "",
    priority: Priority = Priority.NORMAL,
    other: str = "",
) -> bool:
    """Tell a representative in chat, else by e-mail; whether there was a way.

    `about` names the template and, with `key`, the cause. `other` is another person's name that the template shows.
    The template is told whether the person `is_absent`: has never spoken to the bot, who writes to them by e-mail.
    """
    target = await targets.of_person(occasion.session, one.person_id)
    is_absent = target is None
    if is_absent and occasion.household.has_mail:
        address = (await representatives.contact(occasion.session, one.id)).email
        target = await targets.kept(occasion.session, Destination(EMAIL, address)) if address else None
    if target is None:
        return False
    reply = Reply(
        f"representatives/{about}",
        buttons=() if is_absent else buttons,
        entry=shown(one),
        other=other,
        is_absent=is_absent,
    )
    await tell(occasion, [target], reply, cause=f"representative:{one.id}:{about}{key}", priority=priority)
    return True


async def tell_secretariat(occasion: Host, cause: str, reply: Reply) -> None:
    """Tell the secretariat, which may listen in a channel: no address may stand in the reply."""
    await tell(occasion, await targets.of_secretariat(occasion.session, occasion.household), reply, cause=cause)
