"""Roles: who may do what, who gave it to them, and who takes it away."""

from __future__ import annotations

from enum import StrEnum

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Choice, Line, field
from handlers.outgoing import tell
from handlers.situation import Situation
from storage import audit, grants, people, targets
from storage.people import Known

MOST_OFFERED = 5


class Given(StrEnum):
    """Roles that are given by hand: representatives are made by appointing them."""

    GUEST = "guest"
    MEMBER = "member"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"

    @property
    def role(self) -> Role:
        return Role[self.name]


class Giving(Form):
    person: Line = field("Person", help="a name, slack:T1/U1, an address, or a number", searched=True)
    role: Given = field("Role", help="a guest by name is shut out of all but the public")

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> list[Choice]:
        """Persons by name: for administrators alone, who alone may call this."""
        if situation.role < Role.ADMINISTRATOR or not typed.strip():
            return []
        found = await people.meant(situation.session, typed)
        return [Choice(str(one.id), f"{one.name or 'no name'} (number {one.id})") for one in found]


class Taking(Giving):
    """The same fields: whose role, and which."""


class Nothing(Form):
    """Takes nothing."""


@command(
    "role grant",
    form=Giving,
    role=Role.ADMINISTRATOR,
    help="Give a person a role",
    example="role grant slack:T1/U1 secretariat",
    changes=True,
)
async def grant(request: Request, giving: Giving) -> Reply:
    person = await _person(request, giving.person, f"role grant {{}} {giving.role.value}")
    before = await grants.of(request.session, person.id)
    if before == {giving.role.role}:
        return Reply("roles/same", person=person, role=giving.role.value, private=True)
    if giving.role is not Given.ADMINISTRATOR:
        await _keep_one(request, person)
    await grants.set_role(request.session, person.id, giving.role.role, request.caller.person_id, request.now)
    await _note(request, "grant role", person, before, {giving.role.role})
    await _tell(request, person, "given", giving.role.value)
    return Reply("roles/given", person=person, role=giving.role.value, private=True, buttons=[_LIST])


@command(
    "role revoke",
    form=Taking,
    role=Role.ADMINISTRATOR,
    help="Take a role away from a person",
    example="role revoke slack:T1/U1 secretariat",
    changes=True,
)
async def revoke(request: Request, taking: Taking) -> Reply:
    person = await _person(request, taking.person, f"role revoke {{}} {taking.role.value}")
    if taking.role is Given.ADMINISTRATOR:
        await _keep_one(request, person)
    before = await grants.of(request.session, person.id)
    if not await grants.take(request.session, person.id, taking.role.role):
        raise Refused(*await _why_not(request, person, taking.role.value), [_LIST])
    await _note(request, "revoke role", person, before, await grants.of(request.session, person.id))
    await _tell(request, person, "taken", taking.role.value)
    return Reply("roles/taken", person=person, role=taking.role.value, private=True, buttons=[_LIST])


@command("role list", form=Nothing, role=Role.SECRETARIAT, help="Who was given which role", private=True)
async def list_roles(request: Request, _nothing: Nothing) -> Reply:
    return Reply(
        "roles/list",
        granted=await grants.everybody(request.session),
        named=list(request.household.administrators),
        newcomers=request.household.newcomers.word,
        private=True,
        buttons=[Button("Representatives", "representative list")],
    )


_LIST = Button("Roles", "role list")


async def _person(request: Request, text: str, line: str) -> Known:
    """The one person who is meant. Raises `Refused` with those who may be, a button each."""
    found = await people.meant(request.session, text, MOST_OFFERED + 1)
    exact = [one for one in found if one.name.casefold() == text.casefold()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise Refused(f"I know nobody “{text[:80]}”.", "They must have spoken to me once. whoami says one's account.")
    buttons = [
        Button(f"{one.name or 'no name'} (number {one.id})"[:60], line.format(one.id)) for one in found[:MOST_OFFERED]
    ]
    hint = "Which one?" if len(found) <= MOST_OFFERED else "These and more; type more of the name."
    raise Refused(f"Several people fit “{text[:80]}”.", hint, buttons)


async def _keep_one(request: Request, person: Known) -> None:
    if await grants.is_last_administrator(request.session, person.id, request.household):
        raise Refused(
            f"{person.name or 'That'} is the last administrator and stays one.",
            "Make somebody else an administrator first.",
        )


async def _why_not(request: Request, person: Known, role: str) -> tuple[str, str]:
    if role == Given.ADMINISTRATOR and await grants.is_named(request.session, person.id, request.household):
        return "The settings name this administrator.", "Whoever runs the bot can change LIAISON_BOT_ADMINISTRATORS."
    return f"{person.name or 'That person'} was not given the role {role}.", "role list says who was."


async def _note(request: Request, action: str, person: Known, before: object, after: object) -> None:
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        action,
        "person",
        str(person.id),
        {"roles": _words(before)},
        {"roles": _words(after)},
        request.now,
    )


def _words(roles: object) -> list[str]:
    return [role.word for role in sorted(roles)] if isinstance(roles, set) else []


async def _tell(request: Request, person: Known, what: str, role: str) -> None:
    target = await targets.of_person(request.session, person.id)
    reply = Reply(f"roles/told_{what}", role=role, by=request.caller.name, buttons=[Button("What I may do", "help")])
    where = [] if target is None else [target]
    await tell(request, where, reply, cause=f"role:{person.id}:{what}:{role}:{request.now.isoformat()}")
