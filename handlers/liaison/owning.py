"""Owning: which assignments of a statement a person may accept or pass on, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Refused, Request, Role
from handlers.form import Choice
from handlers.liaison import requests
from handlers.liaison.matter import Matter, is_outgoing
from handlers.line import quote
from handlers.representing.choosing import groups_meant
from handlers.situation import Situation
from storage import people
from storage.liaison import concerned
from storage.liaison.assignments import Assignment
from storage.liaison.concerned import Asked
from storage.words import AssignmentState

SECRETARIAT = "secretariat"
"""What to type for the secretariat in the place of a person."""

_MOST = 8


def theirs(request: Request, matter: Matter, group: str | None) -> Sequence[Assignment]:
    """The assignments that the caller may act on, of that group if one is named. Raises `Refused` where there is none.

    The secretariat may act on all, and means what waits for itself where it names no group.
    """
    own = matter.groups_of(request.caller.person_id)
    is_secretariat = request.role >= Role.SECRETARIAT
    left = [one for one in matter.assignments if one.state is not AssignmentState.SETTLED]
    mine = [one for one in left if one.person_id == request.caller.person_id or one.group_id in own]
    if is_secretariat:
        waiting = [one for one in left if requests.is_for_secretariat(matter, one) and one not in mine]
        mine = [*mine, *waiting] if not group else left
    found = [one for one in mine if not group or names(request, matter, one, group)]
    if found:
        return found
    show = [requests.show_button(matter)]
    number = matter.liaison.number
    if over := requests.over_words(matter):
        raise Refused(f"Nothing is left to do about {number}: {over}.", "", show)
    if is_outgoing(matter.liaison):
        raise Refused(f"{number} is ours: whom it asks answers it with a statement of their own.", "", show)
    if not matter.assignments:
        raise Refused(f"{number} asks nobody to act.", "", show)
    asked = [matter.called(one) for one in left]
    if group and not is_secretariat and any(names(request, matter, one, group) for one in left):
        raise Refused(f"You do not represent {group}.", "Its representatives were asked.", show)
    raise Refused(
        f"{number} asks nothing of {group or 'a group that you represent'}.", f"It asks {', '.join(asked)}.", show
    )


def names(situation: Situation, matter: Matter, one: Assignment | Asked, text: str) -> bool:
    """Whether the text means the group of the assignment."""
    if text.casefold() in (one.name.casefold(), matter.called(one).casefold()):
        return True
    return one.group_id is not None and one.group_id in {group.id for group in groups_meant(situation, text)}


def sole(matter: Matter, found: Sequence[Assignment], line: str) -> Assignment:
    """The one assignment that is meant. Raises `Refused` with a button for each; `line` begins their commands."""
    if len(found) == 1:
        return found[0]
    buttons = [
        Button(matter.called(one)[:40], f"{line} {quote(matter.liaison.number)} group={quote(matter.called(one))}")
        for one in found[:_MOST]
    ]
    raise Refused(f"For which group? {matter.liaison.number} asks several of yours.", "Choose one.", buttons)


async def colleagues(situation: Situation, typed: str) -> Sequence[Choice]:
    """To whom the caller may pass something on: who represents their groups too, and the secretariat.

    The secretariat may pass to whoever represents any group.
    """
    groups = await concerned.groups_of(situation.session, situation.caller.person_id)
    if situation.role >= Role.SECRETARIAT:
        groups = set(situation.catalogue.groups)
    found = await concerned.named(situation.session, groups, situation.caller.person_id)
    wanted = typed.strip().casefold()
    choices = [Choice(str(person), name or "no name") for person, name in found]
    choices.append(Choice(SECRETARIAT, "The secretariat"))
    fitting = [one for one in choices if wanted in one.label.casefold() or wanted == one.value]
    return fitting[:_MOST]


async def receiver(request: Request, matter: Matter, one: Assignment, to: str, line: str) -> int | None:
    """Whom it is passed on to; None: the secretariat. Raises `Refused` with those whom it may be passed on to."""
    if to.casefold().removeprefix("the ") == SECRETARIAT:
        return None
    seats = [seat.person_id for seat in matter.seats if seat.group_id == one.group_id]
    others = [person for person in dict.fromkeys(seats) if person != request.caller.person_id]
    names_of = {person: await people.name_of(request.session, person) for person in others}
    wanted = to.strip().casefold()
    meant = [person for person, name in names_of.items() if wanted in (str(person), name.casefold())]
    meant = meant or [person for person, name in names_of.items() if wanted in name.casefold()]
    if len(meant) == 1:
        return meant[0]
    buttons = [
        *(Button(name[:40] or "no name", f"{line} to={person}") for person, name in list(names_of.items())[:_MOST]),
        Button("The secretariat", f"{line} to={SECRETARIAT}"),
    ]
    group = matter.called(one)
    said = next((choice.label for choice in await colleagues(request, "") if choice.value == to), to[:60])
    who = f"Nobody called “{said}” represents {group} beside you." if not meant else f"Several fit “{said}”."
    raise Refused(who, "Choose one, or pass it to the secretariat.", buttons, field="to")
