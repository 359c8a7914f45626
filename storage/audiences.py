"""Audiences resolved: which targets a message goes to, each person once, and who cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import reaching, subscriptions, targets
from storage.audience import Audience, Everybody, Human, Part, Place, Reflector, Representatives
from storage.local_time import Quiet
from storage.people import Household
from storage.reaching import Reach, in_pages
from storage.subscriptions import Listener
from storage.tables import Account, Body, Group, Person, Representative, Target
from storage.targets import EMAIL, Destination
from storage.words import RepresentativeStatus, SubscriptionKind

NO_REFLECTOR = "no reflector is set up"
NO_MAIL = "e-mail is not set up"


class Sort(StrEnum):
    """What a recipient is."""

    PERSON = "person"
    CHANNEL = "channel"
    ADDRESS = "address"
    REFLECTOR = "reflector"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message goes, and to whom there. Without a target it goes nowhere, `because` of what.

    `due` is when it may be said there. `name` is what people call it, never an address.
    """

    sort: Sort
    name: str
    target: int | None = None
    platform: str = ""
    person: int | None = None
    is_subscriber: bool = False
    due: datetime | None = None
    because: str = ""


@dataclass(slots=True)
class _Gathered:
    """Persons and places, before it is known how each is reached. The values say how they listen."""

    persons: dict[int, Listener | None] = field(default_factory=dict)
    places: dict[int, Listener | None] = field(default_factory=dict)
    mails: dict[int, str] = field(default_factory=dict)
    has_reflector: bool = False


async def resolve(
    session: AsyncSession, audience: Audience, household: Household, now: datetime
) -> Sequence[Recipient]:
    """Whom the audience means now, in few statements however many they are."""
    gathered = await _gather(session, audience.parts)
    left_out = await _gather(session, audience.without)
    for person in left_out.persons:
        gathered.persons.pop(person, None)
    for place in left_out.places:
        gathered.places.pop(place, None)
    listened = {person: one.target for person, one in gathered.persons.items() if one}
    reaches = await reaching.reach(session, list(gathered.persons), gathered.mails, listened, household.has_mail)
    people = [_person(reaches[person], listener, now) for person, listener in gathered.persons.items()]
    taken = {one.target for one in people if one.target is not None}
    places = await _places(
        session, {one: by for one, by in gathered.places.items() if one not in taken}, household, now
    )
    found = [*people, *places]
    if gathered.has_reflector and not left_out.has_reflector:
        found = [one for one in found if one.sort is not Sort.REFLECTOR] + [await _reflector(session, household, now)]
    if left_out.has_reflector:
        found = [one for one in found if one.sort is not Sort.REFLECTOR]
    return await _hushed(session, found)


async def channels_called(session: AsyncSession, name: str) -> Sequence[tuple[int, str]]:
    """Channels of that name or address, or whose name begins so, as (target, title or address)."""
    wanted = name.strip().lstrip("#").lower()
    found = [(row.id, row.title or row.address) for row in await session.execute(_CHANNELS)]
    exact = [one for one in found if one[1].lstrip("#").lower() in (wanted, f"#{wanted}")]
    ending = [one for one in found if one[1].lower().endswith(f"/{wanted}")]
    return exact or ending or [one for one in found if one[1].lstrip("#").lower().startswith(wanted)]


async def channel_title(session: AsyncSession, target: int) -> str:
    """What people call a channel."""
    row = (await session.execute(select(Target.platform, Target.title).where(Target.id == target))).one_or_none()
    return _title(row.platform, row.title) if row else "a channel that is gone"


async def persons_called(session: AsyncSession, name: str, limit: int = 9) -> Sequence[tuple[int, str]]:
    """Persons of that name, else of whose name it is a part, as (person, name)."""
    wanted = " ".join(name.lower().split())
    living = (Person.merged_into.is_(None), Person.forgotten_at.is_(None), Person.name != "")
    exact = select(Person.id, Person.name).where(*living, Person.name.ilike(_literal(wanted), escape="\\"))
    near = select(Person.id, Person.name).where(*living, Person.name.ilike(f"%{_literal(wanted)}%", escape="\\"))
    for query in (exact, near):
        found = [(row.id, row.name) for row in await session.execute(query.order_by(Person.name).limit(limit))]
        if found:
            return found
    return []


async def person_name(session: AsyncSession, person: int) -> str:
    """What people call a person."""
    return await session.scalar(select(Person.name).where(Person.id == person)) or "somebody"


async def _gather(session: AsyncSession, parts: Sequence[Part]) -> _Gathered:
    gathered = _Gathered()
    for part in parts:
        match part:
            case Everybody():
                kind = SubscriptionKind.ANNOUNCEMENTS
                for listener in await subscriptions.listeners(session, kind, with_closed=True):
                    if listener.person is None:
                        gathered.places[listener.target] = listener
                    else:
                        gathered.persons[listener.person] = listener
            case Representatives(of):
                for row in await session.execute(_representatives(of)):
                    gathered.persons.setdefault(row.person_id, None)
                    if row.email:
                        gathered.mails.setdefault(row.person_id, row.email)
            case Human(person):
                gathered.persons.setdefault(person, None)
            case Place(target):
                gathered.places.setdefault(target, None)
            case Reflector():
                gathered.has_reflector = True
            case _:
                raise ValueError(f"“{part}” must be looked up first")
    return gathered


def _person(reach: Reach, listener: Listener | None, now: datetime) -> Recipient:
    return Recipient(
        Sort.PERSON,
        reach.name,
        reach.target,
        reach.platform,
        reach.person,
        is_subscriber=listener is not None,
        due=listener.due(now) if listener else now,
        because=reach.because,
    )


async def _places(
    session: AsyncSession, places: dict[int, Listener | None], household: Household, now: datetime
) -> list[Recipient]:
    found: list[Recipient] = []
    for page in in_pages(list(places)):
        query = select(
            Target.id, Target.platform, Target.title, Target.address, Target.closed_at, Target.closed_because
        )
        for row in await session.execute(query.where(Target.id.in_(page)).order_by(Target.id)):
            listener = places[row.id]
            is_mail, is_closed = row.platform == EMAIL, row.closed_at is not None
            because = (
                NO_MAIL if is_mail and not household.has_mail else row.closed_because or "closed" if is_closed else ""
            )
            found.append(
                Recipient(
                    _sort(row.platform, row.address, household),
                    "an e-mail address" if is_mail else _title(row.platform, row.title),
                    None if because else row.id,
                    row.platform,
                    is_subscriber=listener is not None,
                    due=listener.due(now) if listener else now,
                    because=because,
                )
            )
    return found


def _sort(platform: str, address: str, household: Household) -> Sort:
    if platform != EMAIL:
        return Sort.CHANNEL
    return Sort.REFLECTOR if address == household.reflector.lower() else Sort.ADDRESS


async def _reflector(session: AsyncSession, household: Household, now: datetime) -> Recipient:
    if not (household.reflector and household.has_mail):
        because = NO_MAIL if household.reflector else NO_REFLECTOR
        return Recipient(Sort.REFLECTOR, "the reflector", because=because)
    target = await targets.kept(session, Destination(EMAIL, household.reflector.lower()), "the reflector")
    return Recipient(Sort.REFLECTOR, "the reflector", target, EMAIL, due=now)


async def _hushed(session: AsyncSession, recipients: Sequence[Recipient]) -> Sequence[Recipient]:
    """As they are, but nobody is due in the quiet hours of the place where they are told."""
    hours: dict[int, tuple[Quiet, ZoneInfo]] = {}
    for page in in_pages([one.target for one in recipients if one.target is not None]):
        hours.update(await subscriptions.quiet_hours(session, page))
    return [_waiting(one, hours[one.target]) if one.target in hours else one for one in recipients]


def _waiting(recipient: Recipient, hours: tuple[Quiet, ZoneInfo]) -> Recipient:
    quiet, zone = hours
    return replace(recipient, due=quiet.over(recipient.due, zone) if recipient.due else None)


def _representatives(of: str) -> Select[int, str]:
    query = select(Representative.person_id, Representative.email).where(
        Representative.status == RepresentativeStatus.CONFIRMED
    )
    if not of:
        return query.order_by(Representative.id)
    named = or_(Group.code == of, Body.code == of, Body.code + " " + Group.code == of)
    groups = select(Group.id).join(Body, Body.id == Group.body_id).where(named)
    return query.where(Representative.group_id.in_(groups)).order_by(Representative.id)


_has_owner = exists().where(Account.platform == Target.platform, Account.external_id == Target.address)
_CHANNELS = (
    select(Target.id, Target.title, Target.address)
    .where(Target.platform != EMAIL, ~_has_owner, Target.closed_at.is_(None))
    .order_by(Target.id)
)


def _title(platform: str, title: str) -> str:
    return title or f"a {platform.capitalize()} channel"


def _literal(text: str) -> str:
    """Text in a pattern of LIKE that stands for itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
