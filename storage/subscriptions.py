"""Subscriptions: what targets want to be told, how often, and when not."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import unsent
from storage.local_time import MONDAY, MORNING, Quiet, as_quiet, next_local
from storage.tables import Account, Person, SubscribedKind, Subscription, Target
from storage.targets import EMAIL
from storage.upsert import add_missing, upsert
from storage.words import Pace, SubscriptionKind

SUBJECT = "subscription"
_TOKEN_BYTES = 24

# The account whose person a target reaches; a channel has none.
_owner = and_(Account.platform == Target.platform, Account.external_id == Target.address, Target.thread == "")


@dataclass(frozen=True, slots=True)
class Interest:
    """A kind of message that is wanted, how often, and about which topics and groups, by code; about any when empty."""

    kind: SubscriptionKind
    pace: Pace = Pace.AT_ONCE
    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def wants(self, topics: Collection[str], groups: Collection[str]) -> bool:
        """Whether what is about these is wanted; what is about nothing in particular always is."""
        if not (self.topics or self.groups) or not (topics or groups):
            return True
        return not set(self.topics).isdisjoint(topics) or not set(self.groups).isdisjoint(groups)


@dataclass(frozen=True, slots=True)
class Listener:
    """A target that wants to be told, and how. `person` is whom it reaches; None: a channel, or a mere address."""

    target: int
    subscription: int
    pace: Pace
    zone: ZoneInfo
    quiet: Quiet | None
    person: int | None = None

    def due(self, moment: datetime) -> datetime:
        """When to tell what there is to tell at that moment."""
        if self.pace is not Pace.AT_ONCE:
            moment = next_local(moment, MORNING, self.zone, MONDAY if self.pace is Pace.WEEKLY else None)
        return self.quiet.over(moment, self.zone) if self.quiet else moment


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription as it stands. `person` and `owner` are whom its target reaches; empty and None for a channel."""

    number: int
    target: int
    platform: str
    address: str
    title: str
    person: str
    owner: int | None
    zone: str
    quiet: str
    interests: tuple[Interest, ...]
    closed_because: str


async def subscribe(
    session: AsyncSession,
    target: int,
    interests: Sequence[Interest],
    *,
    zone: str,
    by: int | None,
    now: datetime,
    one_click: bool = False,
) -> int:
    """Subscribe a target to these kinds beside those that it has; gives the number of its subscription.

    `one_click`: whoever reads a mail that came because of it may end it, which is wrong for lists of people.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES) if one_click else None
    row = {"target_id": target, "zone": zone, "token": token, "made_by": by, "began_at": now}
    empty = {"quiet_from": "", "quiet_until": "", "ended_at": None}
    await add_missing(session, Subscription, [{**row, **empty}], ["target_id"])
    query = select(Subscription.id, Subscription.ended_at).where(Subscription.target_id == target).with_for_update()
    number, ended = (await session.execute(query)).one()
    if ended is not None:
        await session.execute(delete(SubscribedKind).where(SubscribedKind.subscription_id == number))
        anew = {"ended_at": None, "began_at": now, "made_by": by, "zone": zone}
        await session.execute(update(Subscription).where(Subscription.id == number).values(anew))
    for interest in interests:
        await keep(session, number, interest)
    return number


async def keep(session: AsyncSession, number: int, interest: Interest) -> None:
    """From now on the kind comes like that."""
    row = {
        "subscription_id": number,
        "kind": interest.kind,
        "pace": interest.pace,
        "topics": list(interest.topics),
        "groups": list(interest.groups),
    }
    await upsert(session, SubscribedKind, row, ["subscription_id", "kind"])


async def drop(session: AsyncSession, number: int, kind: SubscriptionKind, now: datetime) -> None:
    """From now on the kind does not come, nor what waits of it; a subscription to nothing ends."""
    gone = delete(SubscribedKind).where(SubscribedKind.subscription_id == number, SubscribedKind.kind == kind)
    await session.execute(gone)
    target = await session.scalar(select(Subscription.target_id).where(Subscription.id == number))
    if target is not None:
        await unsent.give_up(session, target, kind)
    left = select(func.count()).select_from(SubscribedKind).where(SubscribedKind.subscription_id == number)
    if not await session.scalar(left):
        await end(session, number, now)


async def hush(session: AsyncSession, number: int, quiet: Quiet | None, zone: str, now: datetime) -> None:
    """From now on these are the quiet hours, in this zone; None: there are none. What waits for the old ones moves."""
    target = await session.scalar(select(Subscription.target_id).where(Subscription.id == number).with_for_update())
    before = (await quiet_hours(session, [target])).get(target) if target is not None else None
    begin, until = (f"{quiet.begin:%H:%M}", f"{quiet.end:%H:%M}") if quiet else ("", "")
    hushed = update(Subscription).where(Subscription.id == number)
    await session.execute(hushed.values(quiet_from=begin, quiet_until=until, zone=zone))
    if target is not None and before is not None:
        due = quiet.over(now, ZoneInfo(zone)) if quiet else now
        await unsent.postpone(session, target, lambda moment: before[0].over(moment, before[1]), due, now)


async def entitle(session: AsyncSession, target: int, title: str) -> None:
    """From now on people see the channel under this name."""
    await session.execute(update(Target).where(Target.id == target).values(title=title))


async def owner_of(session: AsyncSession, platform: str, address: str) -> int | None:
    """The person whose account that is."""
    query = select(Account.person_id).where(Account.platform == platform, Account.external_id == address)
    return await session.scalar(query)


async def end(session: AsyncSession, number: int, now: datetime) -> bool:
    """End a subscription, and drop what waits because of it. False: it was over already."""
    ended = update(Subscription).where(Subscription.id == number, Subscription.ended_at.is_(None)).values(ended_at=now)
    target = (await session.execute(ended.returning(Subscription.target_id))).scalar()
    if target is not None:
        await unsent.give_up(session, target)
    return target is not None


async def listeners(
    session: AsyncSession,
    kind: SubscriptionKind,
    topics: Collection[str] = (),
    groups: Collection[str] = (),
    *,
    with_closed: bool = False,
) -> Sequence[Listener]:
    """Who wants to be told of what is about these topics and groups, each person once: where they prefer of the places
    that they subscribed. `with_closed`: those too whose places take nothing any more.
    """
    query = (
        select(
            Subscription.id,
            Subscription.target_id,
            Subscription.zone,
            Subscription.quiet_from,
            Subscription.quiet_until,
            SubscribedKind.pace,
            SubscribedKind.topics,
            SubscribedKind.groups,
            Account.person_id,
        )
        .join(SubscribedKind, SubscribedKind.subscription_id == Subscription.id)
        .join(Target, Target.id == Subscription.target_id)
        .outerjoin(Account, _owner)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Subscription.ended_at.is_(None), SubscribedKind.kind == kind)
        .order_by(
            Target.closed_at.is_not(None),
            Target.platform != func.coalesce(Person.reached_on, ""),
            Target.platform == EMAIL,
            Subscription.id,
        )
    )
    if not with_closed:
        query = query.where(Target.closed_at.is_(None))
    found: dict[tuple[str, int], Listener] = {}
    for row in await session.execute(query):
        interest = Interest(kind, row.pace, tuple(row.topics), tuple(row.groups))
        key = ("target", row.target_id) if row.person_id is None else ("person", row.person_id)
        if key not in found and interest.wants(topics, groups):
            found[key] = Listener(row.target_id, row.id, row.pace, ZoneInfo(row.zone), _quiet(row), row.person_id)
    return list(found.values())


async def quiet_hours(session: AsyncSession, targets: Collection[int]) -> Mapping[int, tuple[Quiet, ZoneInfo]]:
    """The quiet hours of those of the targets that have some."""
    columns = (Subscription.target_id, Subscription.zone, Subscription.quiet_from, Subscription.quiet_until)
    query = select(*columns).where(Subscription.ended_at.is_(None), Subscription.quiet_from != "")
    found: dict[int, tuple[Quiet, ZoneInfo]] = {}
    for row in await session.execute(query.where(Subscription.target_id.in_(list(targets)))):
        if quiet := _quiet(row):
            found[row.target_id] = quiet, ZoneInfo(row.zone)
    return found


async def quiet_until(session: AsyncSession, targets: Collection[int], moment: datetime) -> Mapping[int, datetime]:
    """Those of the targets where it is quiet then, and when that ends: until then only what is urgent is sent there."""
    hours = await quiet_hours(session, targets)
    ends = {target: quiet.over(moment, zone) for target, (quiet, zone) in hours.items()}
    return {target: end for target, end in ends.items() if end > moment}


async def numbered(session: AsyncSession, number: int) -> Subscribed | None:
    """The subscription of that number, unless it ended."""
    found = await _read(session, _SUBSCRIBED.where(Subscription.id == number))
    return found[0] if found else None


async def of_target(session: AsyncSession, target: int) -> Subscribed | None:
    """The subscription of a target, unless it ended."""
    found = await _read(session, _SUBSCRIBED.where(Subscription.target_id == target))
    return found[0] if found else None


async def of_person(session: AsyncSession, person: int) -> Sequence[Subscribed]:
    """The subscriptions of all places that reach a person, oldest first."""
    return await _read(session, _SUBSCRIBED.where(Account.person_id == person))


async def everyone(session: AsyncSession, first: int, count: int) -> tuple[Sequence[Subscribed], int]:
    """A page of all subscriptions, oldest first, and how many there are."""
    total = select(func.count()).select_from(Subscription).where(Subscription.ended_at.is_(None))
    page = await _read(session, _SUBSCRIBED.offset(first).limit(count))
    return page, await session.scalar(total) or 0


_SUBSCRIBED = (
    select(
        Subscription.id,
        Subscription.target_id,
        Subscription.zone,
        Subscription.quiet_from,
        Subscription.quiet_until,
        Target.platform,
        Target.address,
        Target.title,
        Target.closed_because,
        Account.person_id,
        func.coalesce(func.nullif(Person.name, ""), Account.name, "").label("person"),
    )
    .join(Target, Target.id == Subscription.target_id)
    .outerjoin(Account, _owner)
    .outerjoin(Person, Person.id == Account.person_id)
    .where(Subscription.ended_at.is_(None))
    .order_by(Subscription.id)
)


async def _read(session: AsyncSession, query: Select[*tuple[object, ...]]) -> Sequence[Subscribed]:
    rows = (await session.execute(query)).all()
    kinds: dict[int, list[Interest]] = {row.id: [] for row in rows}
    wanted = select(SubscribedKind).where(SubscribedKind.subscription_id.in_(list(kinds)))
    for one in await session.scalars(wanted.order_by(SubscribedKind.kind)):
        kinds[one.subscription_id].append(Interest(one.kind, one.pace, tuple(one.topics), tuple(one.groups)))
    return [
        Subscribed(
            number=row.id,
            target=row.target_id,
            platform=row.platform,
            address=row.address,
            title=row.title,
            person=row.person,
            owner=row.person_id,
            zone=row.zone,
            quiet=f"{row.quiet_from}-{row.quiet_until}" if row.quiet_from else "",
            interests=tuple(kinds[row.id]),
            closed_because=row.closed_because,
        )
        for row in rows
    ]


def _quiet(row: Row[*tuple[object, ...]]) -> Quiet | None:
    return as_quiet(f"{row.quiet_from}-{row.quiet_until}") if row.quiet_from else None
