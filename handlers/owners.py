"""Owners: who sees to what a liaison statement asks of a group is offered, accepted, passed on, or assigned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Choice, Line, field
from handlers.liaison import entries, owning, requests, routing
from handlers.liaison.matter import Matter, load
from handlers.line import quote
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import people
from storage.liaison import assignments, concerned, told
from storage.liaison.assignments import Assignment
from storage.liaison.events import Deed
from storage.liaison.told import SECRETARIAT
from storage.words import Purpose

PAGE = 6
"""Statements of one message: it fits a phone."""


class Naming(Form):
    number: Line = field("Number", help="of the statement, or the end of it", searched=True)
    group: Line | None = field("Group", help="where several of yours are asked", default=None, named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await entries.offers(situation, typed)


class Passing(Form):
    submit: ClassVar[str] = "Pass it on"
    number: Line = field("Number", help="of the statement, or the end of it", searched=True)
    to: Line = field("To", help="who represents the group beside you, or “secretariat”", searched=True)
    group: Line | None = field("Group", help="where several of yours are asked", default=None, named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        is_to = field == "to"
        return await owning.colleagues(situation, typed) if is_to else await entries.offers(situation, typed)


class Assigning(Form):
    submit: ClassVar[str] = "Assign"
    number: Line = field("Number", help="of the statement, or the end of it", searched=True)
    group: Line = field("Group", help="as the statement calls it, or its code")
    person: Line = field("Person", help="a name, slack:T1/U1, an address, or a number", searched=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        if field == "number":
            return await entries.offers(situation, typed)
        if situation.role < Role.SECRETARIAT or not typed.strip():
            return ()
        found = await people.meant(situation.session, typed)
        return [Choice(str(one.id), f"{one.name or 'no name'} (number {one.id})") for one in found]


class Paging(Form):
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


@command(
    "liaison accept",
    form=Naming,
    role=Role.MEMBER,
    help="You see to what a statement asks of your group",
    example="liaison accept LS5",
    changes=True,
)
async def accept(request: Request, naming: Naming) -> Reply:
    matter = await _matter(request, naming.number)
    mine = owning.theirs(request, matter, naming.group)
    before = [one for one in mine if one.is_offered]
    done = [one for one in before if await assignments.accept(request.session, one, actor_of(request), request.now)]
    now = await load(request, matter.liaison.id)
    if not done:
        raise _too_late(request, now, mine[0])
    await requests.make_right(request, now, [one.name for one in done])
    return _owned(request, now, done, "liaisons/accepted")


@command(
    "liaison pass",
    form=Passing,
    role=Role.MEMBER,
    help="Let somebody else of your group, or the secretariat, see to it",
    example="liaison pass LS5 to=secretariat",
    changes=True,
)
async def pass_on(request: Request, passing: Passing) -> Reply:
    matter = await _matter(request, passing.number)
    line = "liaison pass"
    mine = owning.theirs(request, matter, passing.group)
    free = [one for one in mine if one.is_offered or one.person_id == request.caller.person_id]
    free = free or (list(mine) if request.role >= Role.SECRETARIAT else [])
    if not free:
        raise _too_late(request, matter, mine[0])
    one = owning.sole(matter, free, f"{line} to={quote(passing.to)}")
    group = f" group={quote(matter.called(one))}" if passing.group or len(mine) > 1 else ""
    to = await owning.receiver(request, matter, one, passing.to, f"{line} {quote(matter.liaison.number)}{group}")
    lead = f"{request.caller.name} passes on to you what {matter.called(one)} is asked."
    if to is None:
        lead = f"{request.caller.name} passes on to the secretariat what {matter.called(one)} is asked."
    return await _handed(request, matter, one, to, Deed.PASSED, lead)


@command(
    "liaison assign",
    form=Assigning,
    role=Role.SECRETARIAT,
    help="Ask a person to see to what a statement asks of a group",
    example="liaison assign LS5 SG17 'Kim Lee'",
    changes=True,
)
async def assign(request: Request, assigning: Assigning) -> Reply:
    matter = await _matter(request, assigning.number)
    person = await _person(request, assigning)
    one = await _assignment(request, matter, assigning.group)
    lead = f"The secretariat asks you to see to what {matter.called(one)} is asked."
    if person != request.caller.person_id:
        return await _handed(request, matter, one, person, Deed.ASSIGNED, lead)
    session, actor, now = request.session, actor_of(request), request.now
    if not one.is_offered:
        await assignments.pass_on(session, one, person, actor, now, deed=Deed.ASSIGNED, said={})
    if not await assignments.accept(session, one, actor, now):
        raise _too_late(request, await load(request, matter.liaison.id), one)
    matter = await load(request, matter.liaison.id)
    await requests.make_right(request, matter, [one.name])
    return _owned(request, matter, [one], "liaisons/accepted")


@command("liaison mine", form=Paging, role=Role.MEMBER, help="What liaison statements ask of your groups", private=True)
async def mine(request: Request, paging: Paging) -> Reply:
    person = request.caller.person_id
    groups = await concerned.groups_of(request.session, person)
    ids = await concerned.asked_of(request.session, groups, person)
    first = (paging.page - 1) * PAGE
    matters = [await load(request, one, lock=False) for one in ids[first : first + PAGE]]
    left = len(ids) - first - len(matters)
    buttons = [button for one in matters for button in _first_steps(one, person)][:5]
    if left > 0:
        buttons.append(Button(f"And {left} more", f"liaison mine page={paging.page + 1}"))
    return Reply(
        "liaisons/mine",
        entries=[_entry(one, person) for one in matters],
        total=len(ids),
        represents=bool(groups),
        private=True,
        buttons=buttons if ids else [Button("All liaisons", "liaison list")],
    )


async def _matter(request: Request, text: str) -> Matter:
    """The matter that is meant. Raises `Refused`."""
    one = await entries.statement(request, text)
    return await routing.begun(request, one.liaison.id)


async def _handed(request: Request, matter: Matter, one: Assignment, to: int | None, deed: Deed, lead: str) -> Reply:
    """Ask another person to see to it. Raises `Refused` where that came too late."""
    liaison_id = matter.liaison.id
    whom = SECRETARIAT if to is None else to
    cause = requests.cause(liaison_id, whom, await told.rounds(request.session, liaison_id))
    said = {told.TOLD: {cause: told.entry(whom, [f"{Purpose.ACTION.value} {one.name}"])}}
    if not await assignments.pass_on(request.session, one, to, actor_of(request), request.now, deed=deed, said=said):
        raise _too_late(request, await load(request, liaison_id), one)
    now = await load(request, liaison_id)
    await requests.make_right(request, now, [one.name])
    target = await requests.ask(request, now, whom, cause, lead=lead)
    name = "the secretariat" if to is None else await people.name_of(request.session, to) or "them"
    return Reply(
        "liaisons/passed",
        ls=requests.facts(now),
        group=now.called(one),
        to=name,
        is_told=target is not None,
        buttons=[requests.show_button(now)],
    )


async def _assignment(request: Request, matter: Matter, group: str) -> Assignment:
    """The assignment of the group, which is made when it was only asked to comment. Raises `Refused`."""
    found = [one for one in matter.assignments if owning.names(request, matter, one, group)]
    if not found and matter.is_open:
        asked = [one for one in matter.asked if owning.names(request, matter, one, group)]
        for one in asked[:1]:
            await assignments.offer(request.session, matter.liaison.id, {one.name: one.group_id}, [], request.now)
            found = [
                each
                for each in await assignments.of_statement(request.session, matter.liaison.id)
                if each.name == one.name
            ]
    if found:
        return found[0]
    over = requests.over_words(matter)
    asked_ones = ", ".join(dict.fromkeys(map(matter.called, matter.asked))) or "nobody"
    raise Refused(
        f"Nothing is left to do about {matter.liaison.number}: {over}."
        if over
        else f"{matter.liaison.number} is not for {group}.",
        "" if over else f"It is for {asked_ones}.",
        [requests.show_button(matter)],
    )


async def _person(request: Request, assigning: Assigning) -> int:
    found = await people.meant(request.session, assigning.person)
    exact = [one for one in found if one.name.casefold() == assigning.person.casefold()]
    if len(exact or found) == 1:
        return (exact or found)[0].id
    line = f"liaison assign {quote(assigning.number)} {quote(assigning.group)}"
    buttons = [Button(f"{one.name or 'no name'} ({one.id})"[:40], f"{line} {one.id}") for one in found[:5]]
    said = "Several people fit" if found else "I know nobody called"
    raise Refused(f"{said} “{assigning.person[:60]}”.", "Name one, by number too.", buttons, field="person")


def _too_late(request: Request, matter: Matter, one: Assignment) -> Refused:
    """What became of it meanwhile, in words."""
    show = [requests.show_button(matter)]
    group, number = matter.called(one), matter.liaison.number
    if over := requests.over_words(matter):
        return Refused(f"Nothing is left to do about {number}: {over}.", "", show)
    now = next((each for each in matter.assignments if each.id == one.id), one)
    is_own = now.person_id == request.caller.person_id
    who = "You" if is_own else now.person or "Somebody"
    if now.is_accepted:
        when = f" since {now.accepted_at.astimezone(request.zone):%H:%M on %d %B %Y}" if now.accepted_at else ""
        return Refused(f"{who} see{'' if is_own else 's'} to {number} for {group}{when}.", "", show)
    whom = (who.lower() if is_own else who) if now.person_id else "the secretariat" if now.raised_at else "its group"
    return Refused(f"It changed meanwhile: {whom} was asked to see to {number} for {group}.", "Look at it again.", show)


def _owned(request: Request, matter: Matter, done: Sequence[Assignment], template: str) -> Reply:
    number = quote(matter.liaison.number)
    group = f" group={quote(matter.called(done[0]))}" if len(done) > 1 or len(matter.assignments) > 1 else ""
    return Reply(
        template,
        ls=requests.facts(matter),
        groups=[{"group": matter.called(one), "due": matter.due(one)} for one in done],
        buttons=[requests.show_button(matter), Button("Pass on…", f"liaison pass {number}{group}")],
    )


def _first_steps(matter: Matter, person: int) -> Sequence[Button]:
    number = matter.liaison.number
    owned = [matter.assignment(one) for one in requests.asks_of(matter, person)]
    is_free = any(one and one.is_offered for one in owned)
    show = Button(f"Show {number}"[:40], f"liaison show {quote(number)}")
    return [Button(f"Accept {number}"[:40], f"liaison accept {quote(number)}"), show] if is_free else [show]


def _entry(matter: Matter, person: int) -> dict[str, object]:
    asks = [one for one in requests.asks_of(matter, person) if one.purpose is not Purpose.INFORMATION]
    return {"ls": requests.facts(matter), "asks": [requests.shown(matter, one, person) for one in asks]}
