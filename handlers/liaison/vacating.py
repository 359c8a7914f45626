"""Vacating: what somebody saw to who represents the group no more is offered again, or goes to the secretariat."""

from __future__ import annotations

from handlers.liaison import requests
from handlers.liaison.matter import Host, Matter, load
from storage.liaison import assignments, told
from storage.liaison.assignments import Assignment
from storage.liaison.events import Deed
from storage.liaison.told import SECRETARIAT
from storage.representing.trail import BOT
from storage.words import Purpose


async def offer_vacant(occasion: Host) -> None:
    """Ask whoever represents the groups now; where nobody does, the secretariat."""
    for liaison_id, ids in (await assignments.vacant(occasion.session)).items():
        for id in ids:
            matter = await load(occasion, liaison_id)
            one = next((each for each in matter.assignments if each.id == id), None)
            # Somebody may have passed it on while we waited.
            if one and id in (await assignments.vacant(occasion.session)).get(liaison_id, ()):
                await _offer(occasion, matter, one)


async def _offer(occasion: Host, matter: Matter, one: Assignment) -> None:
    liaison_id, group = matter.liaison.id, matter.called(one)
    others = list(dict.fromkeys(seat.person_id for seat in matter.seats if seat.group_id == one.group_id))
    turn = await told.rounds(occasion.session, liaison_id)
    causes = {person: requests.cause(liaison_id, person, turn) for person in others or [SECRETARIAT]}
    keys = [f"{Purpose.ACTION.value} {one.name}"]
    said = {told.TOLD: {cause: told.entry(person, keys) for person, cause in causes.items()}}
    deed = Deed.OFFERED if others else Deed.RAISED
    if not await assignments.pass_on(
        occasion.session, one, None, BOT, occasion.now, deed=deed, said=said, to_group=bool(others)
    ):
        return
    now = await load(occasion, liaison_id)
    await requests.make_right(occasion, now, [one.name])
    who = one.person or "Whoever"
    lead = f"{who} {'saw to it' if one.is_accepted else 'was asked'} for {group}, and does not represent it any more."
    for person, cause in causes.items():
        await requests.ask(occasion, now, person, cause, lead=lead)
