"""Registering: somebody asks to represent a group, or is entered by the secretariat."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.command import Button, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.representing import petition
from handlers.representing.entries import actor_of, is_own, name_of, shown
from handlers.representing.proving import proved
from handlers.representing.registration import Appointing, Registration
from handlers.representing.telling import tell_person
from handlers.representing.verifying import verify
from handlers.situation import Situation
from storage import audit, liaisons, representatives
from storage.representing import deeds, owners
from storage.representing.deeds import Taken, Wanted

MINE = Button("My groups", "representative mine")
CODE = Button("Type the code", "code", style="primary")


class Adding(Appointing):
    liaison: Line | None = field(
        "Liaison statement", help="the number of the one that appoints", default=None, named=True
    )

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        found = dict(await super().wrong(situation))
        if self.group == "other":
            found["group"] = "the group must be in the list; liaison-bot import groups puts it there"
            found.pop("proposed", None)
        return found


@command(
    "register",
    form=Registration,
    role=Role.GUEST,
    help="Become the representative of a group, or its alternate",
    example="register SG13 alternate",
    for_everyone=True,
    changes=True,
    private=True,
)
async def register(request: Request, registration: Registration) -> Reply:
    person = request.caller.person_id
    group = registration.chosen(request)
    since, until = registration.term(request)
    is_proved = await owners.owner(request.session, registration.email) == person
    wanted = Wanted(
        person_id=person,
        kind=registration.kind,
        group_id=group.id if group else None,
        proposed="" if group else registration.proposed or "",
        email=registration.email,
        email_proved_at=request.now if is_proved else None,
        affiliation=registration.affiliation or "",
        since=since,
        until=until,
    )
    try:
        number = await deeds.ask(request.session, wanted, actor_of(request), request.now)
    except Taken as taken:
        return await _known_already(request, taken, wanted)
    await _call(request, registration.name)
    await petition.ask(request, number)
    problem = "" if is_proved else await verify(request, registration.email)
    one = await representatives.known(request.session, number)
    is_sent = not is_proved and not problem
    change = Button("Change…", f"representative change {number}")
    return Reply(
        "representatives/registered",
        entry=shown(one),
        email=registration.email,
        is_sent=is_sent,
        problem=problem,
        private=True,
        buttons=[*([CODE] if is_sent else []), change, MINE],
    )


@command(
    "representative add",
    form=Adding,
    role=Role.SECRETARIAT,
    help="Enter a representative who is not in chat",
    example="representative add SG13 representative name='Kim Lee' email=kim@example.org",
    changes=True,
    private=True,
)
async def add(request: Request, adding: Adding) -> Reply:
    group = adding.chosen(request)
    since, until = adding.term(request)
    owner = await owners.owner(request.session, adding.email)
    statement = await liaisons.numbered(request.session, adding.liaison) if adding.liaison else None
    wanted = Wanted(
        person_id=await owners.person_behind(request.session, adding.email, adding.name, request.now),
        kind=adding.kind,
        group_id=group.id if group else None,
        email=adding.email,
        email_proved_at=request.now if owner is not None else None,
        affiliation=adding.affiliation or "",
        since=since,
        until=until,
        liaison=statement.liaison.number if statement else adding.liaison or "",
    )
    try:
        number = await deeds.appoint(request.session, wanted, actor_of(request), request.now)
    except Taken as taken:
        raise await _refusal(request, taken) from None
    one = await representatives.known(request.session, number)
    is_told = await tell_person(request, one, "appointed")
    return Reply(
        "representatives/added",
        entry=shown(one),
        others=await petition.rivals(request, one),
        is_unknown_liaison=bool(adding.liaison) and statement is None,
        is_told=is_told,
        private=True,
        buttons=[
            Button("Change…", f"representative change {number}"),
            Button("Add another", "representative add"),
        ],
    )


async def _known_already(request: Request, taken: Taken, wanted: Wanted) -> Reply:
    """The person is in the list already; whoever was entered by somebody else proves it to be them."""
    entered = await owners.entered(request.session, wanted.email, wanted.group_id)
    if entered is None or entered[0] != taken.id:
        raise await _refusal(request, taken)
    if wanted.email_proved_at is not None:
        await proved(request, wanted.person_id, wanted.email)
        is_theirs, problem = True, ""
    else:
        is_theirs, problem = False, await verify(request, wanted.email)
    group = request.catalogue.groups[wanted.group_id] if wanted.group_id is not None else None
    return Reply(
        "representatives/entered",
        group=group.code if group else wanted.proposed,
        is_theirs=is_theirs,
        problem=problem,
        private=True,
        buttons=[MINE] if is_theirs or problem else [CODE, MINE],
    )


async def _refusal(request: Request, taken: Taken) -> Refused:
    """What to say to somebody who is in the list, without telling one person about another."""
    one = await representatives.found(request.session, taken.id) if taken.id else None
    if one is None:
        return Refused("That was changed by somebody else just now.", "Try it again.")
    if is_own(request, one):
        status = "a request that waits for the secretariat" if not one.is_confirmed else "confirmed"
        change = Button("Change…", f"representative change {one.id}")
        return Refused(
            f"You are in the list for {one.group} already, as {one.kind.value}: {status}.", "", [change, MINE]
        )
    if request.role >= Role.SECRETARIAT:
        show = Button("Show it", f"representative show {one.id}")
        words = f"{name_of(one)} is in the list for {one.group} already, or has that address: {one.status.value}."
        return Refused(words, "", [show])
    hint = "If it is yours, type link on this account to join it with your other one, or tell the secretariat."
    return Refused(f"That address is in the list for {one.group} already.", hint, field="email")


async def _call(request: Request, name: str) -> None:
    """From now on the person is called as they wrote it."""
    if name == request.caller.name:
        return
    person = request.caller.person_id
    await deeds.rename(request.session, person, name)
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        "change name",
        "person",
        str(person),
        {},
        {"name": "changed"},
        request.now,
    )
