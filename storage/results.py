"""Results: how the sending of deliveries ended, and what that says of their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import Table, Update, bindparam, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import targets
from storage.deliveries import Claimed
from storage.tables import Delivery, PlatformRest
from storage.upsert import add_missing
from storage.words import DeliveryState

_TABLE = cast(Table, Delivery.__table__)


def _of(*states: DeliveryState) -> Update:
    # The number of tries tells whose send this was: when a claim was lost and made anew it is another one.
    # Not `in_`: that cannot be executed for many rows at once.
    is_open = or_(*(_TABLE.c.state == state for state in states))
    return update(_TABLE).where(_TABLE.c.id == bindparam("delivery"), _TABLE.c.tries == bindparam("began"), is_open)


# Made once: making a statement takes as long as executing it. That something arrived is true however late it is told.
_ARRIVED = _of(DeliveryState.SENDING, DeliveryState.WAITING, DeliveryState.UNCERTAIN).values(
    state=DeliveryState.SENT,
    notice_id=bindparam("said"),
    doubts=bindparam("new_doubts"),
    receipt=bindparam("new_receipt"),
    sent_at=bindparam("new_sent_at"),
    failing_since=None,
    problem="",
    claimed_until=None,
)
_OTHERWISE = _of(DeliveryState.SENDING).values(
    state=bindparam("new_state"),
    due_at=bindparam("new_due_at"),
    doubts=bindparam("new_doubts"),
    failing_since=bindparam("new_failing_since"),
    problem=bindparam("new_problem"),
    claimed_until=None,
)
_CHANGED = update(_TABLE).where(_TABLE.c.id == bindparam("delivery")).values(receipt=bindparam("new_receipt"))


@dataclass(frozen=True, slots=True)
class Result:
    """How one send ended, at `at`.

    `target_rests` and `platform_rests`: until when nothing may be sent there. `closes`: why nothing can reach the
    target any more. `moves_to`: its new address.
    """

    claimed: Claimed
    state: DeliveryState
    at: datetime
    due_at: datetime
    problem: str = ""
    doubts: int = 0
    failing_since: datetime | None = None
    receipt: Mapping[str, str] = field(default_factory=dict)
    target_rests: datetime | None = None
    platform_rests: datetime | None = None
    closes: str = ""
    moves_to: str = ""


async def record(session: AsyncSession, platform: str, results: Sequence[Result]) -> Sequence[Result]:
    """Record how sends ended; gives those results that closed a target, each target once.

    A result that was recorded already, or whose delivery somebody else has taken over, changes nothing of it.
    """
    arrived = [one for one in results if one.state is DeliveryState.SENT]
    otherwise = [one for one in results if one.state is not DeliveryState.SENT]
    if arrived:
        await session.execute(_ARRIVED, [_arrival(one) for one in arrived])
    if otherwise:
        await session.execute(_OTHERWISE, [_row(one) for one in otherwise])
    changed = [one for one in arrived if one.claimed.edits is not None]
    if changed:
        rows = [{"delivery": one.claimed.edits, "new_receipt": dict(one.receipt)} for one in changed]
        await session.execute(_CHANGED, rows)
    return await _told_of_targets(session, platform, otherwise)


async def _told_of_targets(session: AsyncSession, platform: str, results: Sequence[Result]) -> Sequence[Result]:
    closed = []
    for one in results:
        target = one.claimed.target
        if one.target_rests:
            await targets.rest(session, target, one.target_rests)
        if one.platform_rests:
            await _rest(session, platform, one.platform_rests)
        if one.moves_to:
            await targets.move(session, target, one.moves_to, one.at)
        if one.closes and await targets.close(session, target, one.closes, one.at):
            closed.append(one)
    return closed


async def _rest(session: AsyncSession, platform: str, until: datetime) -> None:
    """A shorter rest does not end a longer one."""
    row = {"platform": platform, "until": until}
    await add_missing(session, PlatformRest, [row], ["platform"])
    longer = update(PlatformRest).where(PlatformRest.platform == platform, PlatformRest.until < until)
    await session.execute(longer.values(until=until).execution_options(synchronize_session=False))


def _arrival(one: Result) -> dict[str, object]:
    return {
        "delivery": one.claimed.id,
        "began": one.claimed.tries,
        "said": one.claimed.notice,
        "new_doubts": one.doubts,
        "new_receipt": dict(one.receipt),
        "new_sent_at": one.at,
    }


def _row(one: Result) -> dict[str, object]:
    return {
        "delivery": one.claimed.id,
        "began": one.claimed.tries,
        "new_state": one.state,
        "new_due_at": one.due_at,
        "new_doubts": one.doubts,
        "new_failing_since": one.failing_since,
        "new_problem": one.problem,
    }
