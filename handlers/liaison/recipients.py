"""Recipients: whom a statement reaches in which way when it is sent, and whom nobody can reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from handlers.command import Request
from handlers.liaison.matter import Matter, load
from handlers.liaison.requests import asks_of, reasons_for
from storage import mailboxes, people, reaching, representatives
from storage.mailboxes import Mailbox
from storage.reaching import Reach
from storage.tables import Liaison

NO_MAIL = "e-mail is not set up"


@dataclass(frozen=True, slots=True)
class Way:
    """How a group is reached: by mail to the group, and by its representatives, by name."""

    name: str
    purpose: str
    group_id: int | None
    mailbox: Mailbox | None
    people: Sequence[Reach]

    @property
    def is_reached(self) -> bool:
        return self.mailbox is not None or any(one.target is not None for one in self.people)


@dataclass(frozen=True, slots=True)
class Recipients:
    """All ways. `has_mail`: e-mail can be sent. `beside` are those whose work it touches, by name, with the reasons."""

    ways: Sequence[Way]
    has_mail: bool
    beside: Mapping[str, Sequence[str]]

    @property
    def addresses(self) -> Sequence[str]:
        """Mailboxes of groups, each once."""
        return list(dict.fromkeys(way.mailbox.address for way in self.ways if way.mailbox))

    @property
    def people(self) -> Collection[int]:
        """Representatives who can be reached, each once."""
        return {one.person for way in self.ways for one in way.people if one.target is not None}

    @property
    def count(self) -> int:
        """Messages that will go out to groups and their representatives."""
        return len(self.addresses) + len(self.people)

    @property
    def unreached(self) -> Sequence[Way]:
        return [way for way in self.ways if not way.is_reached]


async def of(request: Request, one: Liaison) -> Recipients:
    """Whom the statement reaches as things stand now."""
    matter = await load(request, one.id)
    others = {each.group_id for each in matter.asked if each.group_id is not None} - {matter.host_id}
    has_mail = request.household.has_mail
    boxes = await mailboxes.of_groups(request.session, others) if has_mail else {}
    reached = await _reached(request, matter)
    ways = []
    for each in matter.asked:
        if each.group_id is not None and each.group_id == matter.host_id:
            continue
        persons = dict.fromkeys(seat.person_id for seat in matter.seats if seat.group_id == each.group_id)
        box = boxes.get(each.group_id) if each.group_id is not None else None
        name = matter.called(each)
        ways.append(Way(name, each.purpose.value, each.group_id, box, [reached[person] for person in persons]))
    return Recipients(ways, has_mail, await _beside(request, matter))


async def _beside(request: Request, matter: Matter) -> Mapping[str, Sequence[str]]:
    """Who is told though the statement names no group of theirs."""
    reasons = {person: reasons_for(matter, person) for person in matter.persons() if not asks_of(matter, person)}
    return {await people.name_of(request.session, person) or "somebody": some for person, some in reasons.items()}


async def _reached(request: Request, matter: Matter) -> Mapping[int, Reach]:
    """Where each representative of an addressed group is told things."""
    named = {one.group_id for one in matter.asked}
    persons: dict[int, None] = {}
    mails: dict[int, str] = {}
    for seat in matter.seats:
        if seat.group_id in named:
            persons[seat.person_id] = None
            contact = await representatives.contact(request.session, seat.id)
            if contact.email:
                mails[seat.person_id] = contact.email
    return await reaching.reach(request.session, list(persons), mails, {}, request.household.has_mail)
