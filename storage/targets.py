"""Targets: places that messages can go to, and which of them belong to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import moving
from storage.people import Household
from storage.roles import Role
from storage.tables import Account, Grant, Person, Target

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Destination:
    """A target in the platform's own words, before it has a row."""

    platform: str
    address: str
    thread: str = ""


async def kept(session: AsyncSession, destination: Destination, title: str = "") -> int:
    """The id of the target, which is made when it is new."""
    where = (
        Target.platform == destination.platform,
        Target.address == destination.address,
        Target.thread == destination.thread,
    )
    query = select(Target.id).where(*where)
    found = (await session.execute(query)).scalar()
    if found is not None:
        return found
    try:
        async with session.begin_nested():
            made = Target(
                platform=destination.platform, address=destination.address, thread=destination.thread, title=title
            )
            session.add(made)
            await session.flush()
            return made.id
    except IntegrityError:
        return (await session.execute(query)).scalar_one()  # another transaction was first


async def of_person(session: AsyncSession, person_id: int) -> int | None:
    """Where a person is told things: where they prefer, else the chat account that is oldest, else their e-mail.

    None for one who has no account. A target that is closed is passed over while another one is open. Whoever turned
    out to be another person is told where that one is.
    """
    who = select(func.coalesce(Person.merged_into, Person.id)).where(Person.id == person_id).scalar_subquery()
    reach = (await session.execute(select(Person.reached_on).where(Person.id == who))).scalar() or ""
    query = select(Account.platform, Account.external_id).where(Account.person_id == who).order_by(Account.id)
    accounts = [Destination(*row) for row in await session.execute(query)]
    accounts.sort(key=lambda one: (one.platform != reach, one.platform == EMAIL))
    ids = [await kept(session, one) for one in accounts]
    closed = set(await session.scalars(select(Target.id).where(Target.id.in_(ids), Target.closed_at.is_not(None))))
    return next((one for one in ids if one not in closed), ids[0] if ids else None)


async def of_persons(session: AsyncSession, person_ids: Collection[int]) -> Sequence[int]:
    """As `of_person`, each target once, in the order of the persons."""
    found = [await of_person(session, one) for one in person_ids]
    return list(dict.fromkeys(one for one in found if one is not None))


async def of_secretariat(session: AsyncSession, household: Household) -> Sequence[int]:
    """Where the secretariat is told things: the places it chose, else everybody who has its role or more."""
    chosen = await _chosen(session)
    if chosen:
        return chosen
    granted = select(Grant.person_id).where(Grant.role >= Role.SECRETARIAT).distinct().order_by(Grant.person_id)
    people = list(await of_persons(session, list(await session.scalars(granted))))
    named = [*household.administrators, *(key for key, role in household.roles.items() if role >= Role.SECRETARIAT)]
    for key in named:
        platform, _, address = key.partition(":")
        owner = select(Account.person_id).where(Account.platform == platform, Account.external_id == address)
        person = (await session.execute(owner)).scalar()
        own = await of_person(session, person) if person is not None else None
        people.append(own or await kept(session, Destination(platform, address)))
    return list(dict.fromkeys(people))


async def open_ones(session: AsyncSession, target_ids: Sequence[int]) -> Sequence[int]:
    """Those that are not closed, in their order."""
    query = select(Target.id).where(Target.id.in_(target_ids), Target.closed_at.is_(None))
    found = set(await session.scalars(query))
    return [one for one in target_ids if one in found]


async def shown(session: AsyncSession, target: int) -> str:
    """What people call the target: its title, the name of its account's person, or its address."""
    owner = and_(Account.platform == Target.platform, Account.external_id == Target.address)
    query = (
        select(Target.title, Person.name, Account.name, Target.address)
        .outerjoin(Account, owner)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Target.id == target)
    )
    return next(str(name) for name in (await session.execute(query)).one() if name)


async def rest(session: AsyncSession, target: int, until: datetime) -> None:
    """Nothing is sent there before then."""
    is_longer = or_(Target.rests_until.is_(None), Target.rests_until < until)
    await session.execute(update(Target).where(Target.id == target, is_longer).values(rests_until=until))


async def close(session: AsyncSession, target: int, because: str, now: datetime) -> bool:
    """Nothing is sent there any more, until somebody opens it again; False when it was closed already."""
    closed = update(Target).where(Target.id == target, Target.closed_at.is_(None))
    closed = closed.values(closed_at=now, closed_because=because)
    return (await session.execute(closed.returning(Target.id))).first() is not None


async def move(session: AsyncSession, target: int, address: str, now: datetime) -> None:
    """The place has this address from now on. When another target has it, that one takes over what was this one's."""
    old = (await session.execute(select(Target).where(Target.id == target))).scalar_one()
    if old.address == address:
        return
    same = (Target.platform == old.platform, Target.address == address, Target.thread == old.thread)
    new = (await session.execute(select(Target).where(*same))).scalar()
    if new is None:
        old.address = address
        await session.flush()
        return
    new.is_secretariat = new.is_secretariat or old.is_secretariat
    old.is_secretariat, old.closed_at, old.closed_because = False, now, f"moved to {address}"
    await session.flush()
    await moving.follow(session, target, new.id, now)


async def _chosen(session: AsyncSession) -> Sequence[int]:
    query = select(Target.id).where(Target.is_secretariat.is_(True), Target.closed_at.is_(None)).order_by(Target.id)
    return list(await session.scalars(query))
