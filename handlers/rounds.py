"""Rounds: what the bot sees to by itself in the list of representatives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.chore import Errand, chore
from handlers.command import Button, Reply
from handlers.outgoing import Priority
from handlers.representing.entries import name_of, shown
from handlers.representing.telling import tell_person, tell_secretariat
from storage import representatives
from storage.representatives import Appointment
from storage.representing import deeds, due
from storage.representing.trail import BOT

DAYTIME = range(8, 20)
"""Hours of the secretariat's day in which people are asked and reminded."""
_A_ROUND = 200
"""People who are asked in one round: the others follow in the next."""
_A_MESSAGE = 10
"""Names in one reminder: it fits a phone."""
_MOST_BUTTONS = 5


@chore("terms that are over", every=timedelta(hours=1))
async def end_terms(errand: Errand) -> None:
    """A term ends by itself; the representative and the secretariat are told."""
    for number in await due.past_their_end(errand.session, _today(errand)):
        if not await deeds.end(errand.session, number, "the term ended", BOT, errand.now):
            continue
        one = await representatives.known(errand.session, number)
        await tell_person(errand, one, "term_over")
        left = await representatives.of_group(errand.session, one.group_id) if one.group_id is not None else ()
        reply = Reply(
            "representatives/left",
            entry=shown(one),
            others=[name_of(other) for other in left],
            buttons=[Button("Show the entry", f"representative show {one.id}")],
        )
        await tell_secretariat(errand, f"representative:{one.id}:left", reply)


@chore("representatives to ask", every=timedelta(hours=1))
async def ask_still(errand: Errand) -> None:
    """Each is asked before their term ends, and once a year, whether they still are a representative."""
    if not _is_daytime(errand):
        return
    numbers = await due.claim_to_ask(errand.session, errand.now, _today(errand), _A_ROUND)
    for one in await representatives.numbered(errand.session, numbers):
        buttons = (
            Button("Yes, still me", f"representative still {one.id}", style="primary"),
            Button("No longer", f"representative nolonger {one.id}"),
            Button("Hand over…", f"representative handover {one.id}"),
        )
        key = f":{_today(errand).isoformat()}"
        await tell_person(errand, one, "still", buttons=buttons, key=key, priority=Priority.BULK)


@chore("representatives who are silent", every=timedelta(hours=1))
async def report_silent(errand: Errand) -> None:
    """The secretariat is told once of those who did not answer for thirty days."""
    if _is_daytime(errand):
        numbers = await due.claim_silent(errand.session, errand.now)
        await _report(errand, await representatives.numbered(errand.session, numbers), "silent")


@chore("requests to decide", every=timedelta(hours=1))
async def bring_up(errand: Errand) -> None:
    """Requests that nobody decided are brought up again every three days."""
    if _is_daytime(errand):
        numbers = await due.claim_undecided(errand.session, errand.now)
        await _report(errand, await representatives.numbered(errand.session, numbers), "undecided")


async def _report(errand: Errand, found: Sequence[Appointment], template: str) -> None:
    for start in range(0, len(found), _A_MESSAGE):
        some = found[start : start + _A_MESSAGE]
        buttons = [
            Button(f"{name_of(one)}, {one.group}"[:40], f"representative show {one.id}") for one in some[:_MOST_BUTTONS]
        ]
        reply = Reply(f"representatives/{template}", entries=[shown(one) for one in some], buttons=buttons)
        await tell_secretariat(errand, f"representative:{some[0].id}:{template}:{errand.now.isoformat()}", reply)


def _today(errand: Errand) -> date:
    """The day in the secretariat's zone."""
    return errand.now.astimezone(errand.household.zone).date()


def _is_daytime(errand: Errand) -> bool:
    return errand.now.astimezone(errand.household.zone).hour in DAYTIME
