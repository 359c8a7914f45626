"""Entries: the liaison statement that somebody means by a number or the end of one, and who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Refused, Request, Role
from handlers.form import Choice
from handlers.line import quote
from handlers.situation import Situation
from storage import liaisons
from storage.liaison import approvers
from storage.liaison.unsent import is_unsent
from storage.liaisons import Statement
from storage.tables import Liaison

ALL = Button("All liaisons", "liaison list")

_LONGEST_LABEL = 60
_MOST = 4
_MOST_OFFERED = 8
_ENDS = ("ls", "in")


async def statement(request: Request, text: str) -> Statement:
    """The statement that is called so, by its sender's number, by ours, or by the end of one. Raises `Refused`."""
    found = await meant(request, text)
    if len(found) == 1:
        return found[0]
    near = found or await _newest(request)
    typed = text.strip()[:_LONGEST_LABEL]
    said = f"Several are called “{typed}”." if found else f"There is no liaison statement “{typed}”."
    buttons = [Button(label(one.liaison), f"liaison show {quote(one.liaison.number)}") for one in near[:_MOST]]
    raise Refused(said, "Type more of its number, or liaison list.", buttons or [ALL], field="number")


async def meant(situation: Situation, text: str) -> Sequence[Statement]:
    """The statements that may be meant: one with exactly that number, else those whose number ends so."""
    typed = " ".join(text.split())
    if not typed:
        return []
    exact = await liaisons.numbered(situation.session, typed)
    if exact is not None:
        return [exact] if await may_see(situation, exact.liaison) else []
    ends = [f"{end}{typed}" for end in _ENDS] if typed.isdecimal() else [typed]
    every = [one for end in ends for one in await liaisons.ending(situation.session, end)]
    whole = {one.liaison.id: one for one in every if any(_ends_whole(one.liaison, end) for end in ends)}
    found = [one for one in whole.values() if await may_see(situation, one.liaison)]
    # "5" is our own LS5 rather than anybody else's.
    own = [one for one in found if one.liaison.number.casefold().startswith(situation.host.casefold())]
    return own if len(own) == 1 else found


async def offers(situation: Situation, typed: str) -> Sequence[Choice]:
    """The statements that may be meant by what was typed so far, the newest first."""
    found = await meant(situation, typed) if typed.strip() else await _newest(situation)
    fits = bool(found)
    if not fits:
        newest = await liaisons.newest(situation.session, 200, drafts=situation.role >= Role.SECRETARIAT)
        wanted = typed.strip().casefold()
        found = [one for one in newest if wanted in f"{one.liaison.number} {one.liaison.title}".casefold()]
    # One that is only near is not closed for another: LS23 is not LS2.
    return [Choice(one.liaison.number, label(one.liaison), fits) for one in found[:_MOST_OFFERED]]


async def may_see(situation: Situation, liaison: Liaison) -> bool:
    """Whether they may know of it: drafts are for the secretariat and the chair."""
    if not is_unsent(liaison) or situation.role >= Role.SECRETARIAT:
        return True
    host = situation.catalogue.group_of_code(situation.host)
    day = situation.now.astimezone(situation.household.zone).date()
    chairs = await approvers.chairs(situation.session, host.id if host else None, day)
    return any(situation.caller.person_id in chair.persons for chair in chairs)


def sees_contacts(situation: Situation) -> bool:
    """Whether who asks may be shown whom to contact, here."""
    return situation.place.private and situation.role >= Role.REPRESENTATIVE


def label(liaison: Liaison) -> str:
    """`SG13-LS136: LS on work progress …`, for a button."""
    text = f"{liaison.number}: {liaison.title}"
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1].rstrip()}…"


async def _newest(situation: Situation) -> Sequence[Statement]:
    return await liaisons.newest(situation.session, _MOST_OFFERED, drafts=situation.role >= Role.SECRETARIAT)


def _ends_whole(liaison: Liaison, end: str) -> bool:
    """Whether a number ends so, with a whole word or number: `LS13` is not `3`."""
    wanted = end.casefold()
    for number in filter(None, (liaison.number, liaison.ours)):
        before = number.casefold().removesuffix(wanted)
        if len(before) < len(number) and not (before and before[-1].isalnum() and wanted[:1].isalnum()):
            return True
    return False
