"""Deliveries on their way: what is due, who sends it, and what to make of a sender that is gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import rewording
from storage.tables import Account, Delivery, Person, Subscription, Target
from storage.words import DeliveryState

CLAIM = timedelta(seconds=90)
"""So long a delivery belongs to the process that claimed it; nothing takes longer to send."""

DOUBT = timedelta(seconds=60)
"""So long after it may have arrived a delivery is tried a second time."""

MOST_DOUBTS = 3
"""A delivery whose sender went is tried again, since it was most likely not sent yet; but not for ever."""

DOUBTED = "nobody knows whether it arrived: its sender is gone"

_ON_ITS_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)
_Original = aliased(Delivery)
_FREE = (
    Delivery.platform == bindparam("platform"),
    Delivery.state == DeliveryState.WAITING,
    Delivery.target_id.not_in(bindparam("barred", expanding=True)),
    or_(Delivery.edits.is_(None), _Original.state.not_in(_ON_ITS_WAY)),
)
_owner = and_(Account.platform == Target.platform, Account.external_id == Target.address)
# Made once: making a statement takes as long as executing it.
_LINE = (
    select(
        Delivery.id,
        Delivery.dedupe_key,
        Delivery.cause,
        Delivery.target_id,
        Target.address,
        Target.thread,
        Delivery.notice_id,
        func.coalesce(func.nullif(Person.timezone, ""), Account.timezone, "").label("zone"),
        Delivery.edits,
        _Original.receipt.label("original"),
        _Original.state.label("original_state"),
        _Original.notice_id.label("said"),
        Delivery.due_at,
        Delivery.tries,
        Delivery.doubts,
        Delivery.failing_since,
        Delivery.expires_at,
        Target.closed_at,
        Target.closed_because,
        Subscription.token,
    )
    .join(Target, Target.id == Delivery.target_id)
    .outerjoin(_Original, _Original.id == Delivery.edits)
    .outerjoin(Account, _owner)
    .outerjoin(Person, Person.id == Account.person_id)
    .outerjoin(Subscription, and_(Subscription.target_id == Target.id, Subscription.ended_at.is_(None)))
    .where(*_FREE, Delivery.due_at <= bindparam("now"))
    .where(or_(Target.rests_until.is_(None), Target.rests_until <= bindparam("now")))
    .order_by(Delivery.priority, Delivery.due_at, Delivery.id)
    .limit(bindparam("count"))
)
_rested = case((Target.rests_until > Delivery.due_at, Target.rests_until), else_=Delivery.due_at)
_NEXT = (
    select(func.min(_rested, type_=Delivery.due_at.type))
    .select_from(Delivery)
    .join(Target, Target.id == Delivery.target_id)
    .outerjoin(_Original, _Original.id == Delivery.edits)
    .where(*_FREE)
)
_HERE = Target.address == bindparam("only")
_LINE_HERE, _NEXT_HERE = _LINE.where(_HERE), _NEXT.where(_HERE)
_STALE = select(func.min(Delivery.claimed_until)).where(
    Delivery.platform == bindparam("platform"),
    Delivery.state == DeliveryState.SENDING,
    Delivery.id.not_in(bindparam("in_hand", expanding=True)),
)
_TABLE = cast(Table, Delivery.__table__)
# What another process holds is left to it; what changed since it was lined up is not taken.
_STILL_FREE = (
    select(_TABLE.c.id)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)), _TABLE.c.state == DeliveryState.WAITING)
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(_STILL_FREE))
    .values(state=DeliveryState.SENDING, claimed_until=bindparam("until"), tries=_TABLE.c.tries + 1)
    .returning(_TABLE.c.id, _TABLE.c.notice_id, _TABLE.c.tries)
)
_SETTLE = (
    update(_TABLE).where(_TABLE.c.id == bindparam("delivery")).values(state=bindparam("end"), problem=bindparam("why"))
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process is to send now. `zone` is the target's person's own, or empty.

    With `edits` it changes what that delivery sent, whose receipt is `original`. `tries` counts this one too.
    `token` ends what the target subscribed to with one click; empty where there is none.
    """

    id: int
    key: str
    cause: str
    target: int
    address: str
    thread: str
    notice: int
    due_at: datetime
    zone: str = ""
    edits: int | None = None
    original: Mapping[str, str] | None = None
    tries: int = 1
    doubts: int = 0
    failing_since: datetime | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Lineup:
    """What is due. `ended` are the states of deliveries that are not sent any more; `is_all`: no more is due."""

    due: Sequence[Claimed]
    ended: Sequence[DeliveryState]
    is_all: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """When the next delivery is due, and when the next claim of somebody who may be gone is over."""

    due: datetime | None
    stale: datetime | None


async def line_up(
    session: AsyncSession,
    platform: str,
    count: int,
    barred: Collection[int],
    now: datetime,
    only: str | None = None,
) -> Lineup:
    """Up to so many due deliveries, most urgent first, none of them to a barred target. `take` claims them.

    What is too late, or goes to a closed target, or edits what never arrived, ends here. `only`: nothing but what goes
    to that address.
    """
    wanted = {"platform": platform, "barred": list(barred), "now": now, "count": count}
    statement, here = (_LINE, {}) if only is None else (_LINE_HERE, {"only": only})
    rows = (await session.execute(statement, wanted | here)).all()
    ends = {row.id: end for row in rows if (end := _end(row, now))}
    ends |= await _overtaken(session, [row for row in rows if row.edits is not None and row.id not in ends])
    if ends:
        settled = [{"delivery": id_, "end": state, "why": why} for id_, (state, why) in ends.items()]
        await session.execute(_SETTLE, settled)
    due = [_claimed(row) for row in rows if row.id not in ends]
    return Lineup(due, [state for state, _ in ends.values()], is_all=len(rows) < count)


async def take(session: AsyncSession, chosen: Sequence[Claimed], now: datetime) -> Sequence[Claimed]:
    """Claim these, all to different targets; gives those that are this process's now, as they stand."""
    if not chosen:
        return []
    taking = {"ids": [one.id for one in chosen], "until": now + CLAIM}
    taken = {row.id: row for row in await session.execute(_TAKE, taking)}
    return [_as_taken(one, taken[one.id]) for one in chosen if one.id in taken]


async def outlook(
    session: AsyncSession,
    platform: str,
    barred: Collection[int],
    in_hand: Collection[int],
    only: str | None = None,
) -> Outlook:
    """When there is something to do next but for barred targets and the deliveries in hand."""
    statement, here = (_NEXT, {}) if only is None else (_NEXT_HERE, {"only": only})
    due = (await session.execute(statement, {"platform": platform, "barred": list(barred)} | here)).scalar()
    stale = (await session.execute(_STALE, {"platform": platform, "in_hand": list(in_hand)})).scalar()
    return Outlook(due, stale)


async def doubt(
    session: AsyncSession,
    now: datetime,
    *,
    platform: str | None = None,
    in_hand: Collection[int] = (),
    unclaimed: bool = False,
    pause: timedelta = DOUBT,
) -> int:
    """Take up what others were sending when they went: it may have arrived, so it is tried once more, after a pause.

    One that was on its way when `MOST_DOUBTS` processes went is left uncertain: it may be what ends them.
    `unclaimed`: all claims are void, since nobody else can be sending now. Gives how many.
    """
    gone = [Delivery.state == DeliveryState.SENDING, Delivery.id.not_in(in_hand)]
    if platform is not None:
        gone.append(Delivery.platform == platform)
    if not unclaimed:
        gone.append(Delivery.claimed_until <= now)
    again = case((Delivery.doubts < MOST_DOUBTS, DeliveryState.WAITING), else_=DeliveryState.UNCERTAIN)
    changes = {
        "state": again,
        "doubts": Delivery.doubts + 1,
        "due_at": now + pause,
        "problem": DOUBTED,
    }
    taken = update(Delivery).where(*gone).values(changes).returning(Delivery.id)
    found = list(await session.scalars(taken))
    await rewording.catch_up(session, found)
    return len(found)


def _end(row: Row[Any], now: datetime) -> tuple[DeliveryState, str] | None:
    """How a delivery ends that is not to be sent; None for one that is."""
    if row.expires_at is not None and row.expires_at <= now:
        return DeliveryState.EXPIRED, "it was not sent in time"
    if row.closed_at is not None:
        return DeliveryState.FAILED, row.closed_because
    if row.edits is not None and not (row.original and row.original_state in _RECEIVED):
        return DeliveryState.DROPPED, "what it changes did not arrive"
    if row.edits is not None and row.said == row.notice_id:
        return DeliveryState.SENT, "what it changes was sent in these words"
    return None


_RECEIVED = (DeliveryState.SENT, DeliveryState.UNCERTAIN)


async def _overtaken(session: AsyncSession, edits: Sequence[Row[Any]]) -> dict[int, tuple[DeliveryState, str]]:
    """Edits whose message a later edit has changed already: they would bring back what was said before."""
    if not edits:
        return {}
    query = (
        select(Delivery.edits, func.max(Delivery.id))
        .where(Delivery.target_id.in_({row.target_id for row in edits}), Delivery.state.in_(_RECEIVED))
        .where(Delivery.edits.in_({row.edits for row in edits}))
        .group_by(Delivery.edits)
    )
    latest = {row[0]: row[1] for row in await session.execute(query)}
    end = (DeliveryState.DROPPED, "a later change was sent already")
    return {row.id: end for row in edits if latest.get(row.edits, 0) > row.id}


def _as_taken(one: Claimed, row: Row[Any]) -> Claimed:
    if (one.notice, one.tries) == (row.notice_id, row.tries):
        return one
    return replace(one, notice=row.notice_id, tries=row.tries)


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        id=row.id,
        key=row.dedupe_key,
        cause=row.cause,
        target=row.target_id,
        address=row.address,
        thread=row.thread,
        notice=row.notice_id,
        due_at=row.due_at,
        zone=row.zone,
        edits=row.edits,
        original=row.original,
        tries=row.tries + 1,
        doubts=row.doubts,
        failing_since=row.failing_since,
        token=row.token or "",
    )
