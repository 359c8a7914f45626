"""Following: what the bot sees to by itself until a liaison statement is answered."""

from __future__ import annotations

from datetime import timedelta

from handlers.chore import Errand, chore
from handlers.liaison import deadlines, digest, requests, vacating
from handlers.liaison.matter import load
from storage.liaison import assignments, events, told
from storage.liaison.events import Deed
from storage.liaison.told import SECRETARIAT
from storage.representing.trail import BOT
from storage.words import Purpose

UNACCEPTED = timedelta(days=3)
"""After so long the secretariat learns that nobody accepted what a group is asked."""
DAYTIME = range(8, 20)
"""Hours of the secretariat's day in which it is told."""


@chore("deadlines of liaison statements", every=timedelta(minutes=5))
async def remind(errand: Errand) -> None:
    """Who sees to a statement is reminded of its deadline while it is open."""
    await deadlines.remind(errand)


@chore("liaison statements whose owners left", every=timedelta(minutes=5))
async def offer_vacant(errand: Errand) -> None:
    """What somebody saw to who represents the group no more is offered to the others, or raised to the secretariat."""
    if errand.now.astimezone(errand.household.zone).hour in DAYTIME:
        await vacating.offer_vacant(errand)


@chore("liaison statements that nobody accepted", every=timedelta(hours=1))
async def raise_unaccepted(errand: Errand) -> None:
    """What nobody accepted goes to the secretariat, once."""
    if errand.now.astimezone(errand.household.zone).hour not in DAYTIME:
        return
    found = await assignments.claim_unaccepted(errand.session, errand.now - UNACCEPTED, errand.now)
    for liaison_id, claimed in sorted(found.items()):
        matter = await load(errand, liaison_id)
        names = [name for name in claimed if name not in matter.answered]
        if not names:
            continue
        cause = f"liaison:{liaison_id}:raised:{await told.rounds(errand.session, liaison_id)}"
        groups = ", ".join(dict.fromkeys(matter.called(one) for one in matter.assignments if one.name in names))
        await requests.make_right(errand, matter, names)
        await requests.ask(
            errand, matter, SECRETARIAT, cause, lead=f"Nobody accepted it for {groups} in {UNACCEPTED.days} days."
        )
        keys = [f"{Purpose.ACTION.value} {name}" for name in names]
        after = {"groups": names, told.TOLD: {cause: told.entry(SECRETARIAT, keys)}}
        await events.note(errand.session, liaison_id, Deed.RAISED, BOT, errand.now, after=after)


@chore("digest of liaison statements", every=timedelta(minutes=15))
async def tell_weekly(errand: Errand) -> None:
    """Once a week the secretariat learns how things stand."""
    await digest.tell_secretariat(errand)
