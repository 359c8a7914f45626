"""The report: what the secretariat is told of deliveries that cannot be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.command import Reply
from handlers.outgoing import tell
from storage import targets
from storage.people import Household
from storage.results import Result
from storage.words import DeliveryState

CAUSE = "outbox"
"""The causes of reports begin with it. Of a report that fails there is no report."""


@dataclass(frozen=True, slots=True)
class _Occasion:
    session: AsyncSession
    now: datetime


async def report(
    session: AsyncSession,
    household: Household,
    platform: str,
    closed: Sequence[Result],
    results: Sequence[Result],
    now: datetime,
) -> None:
    """Tell the secretariat, once, of each target that takes nothing any more and each notice that cannot be sent.

    Who cannot be told that nothing reaches them is not told.
    """
    failures = {one.claimed.notice: one for one in results if _is_failure(one)}
    if not closed and not failures:
        return
    occasion = _Occasion(session, now)
    secretariat = await targets.open_ones(session, await targets.of_secretariat(session, household))
    for one in closed:
        shown = await targets.shown(session, one.claimed.target)
        reply = Reply("delivery/closed", platform=platform, target=shown, reason=one.closes)
        await tell(occasion, secretariat, reply, cause=f"{CAUSE}:target:{one.claimed.target}:{now:%Y%m%dT%H%M%S}")
    for notice, one in failures.items():
        shown = await targets.shown(session, one.claimed.target)
        reply = Reply("delivery/failed", platform=platform, target=shown, reason=one.problem, matter=one.claimed.cause)
        await tell(occasion, secretariat, reply, cause=f"{CAUSE}:notice:{notice}:{platform}")


def _is_failure(one: Result) -> bool:
    is_own = one.claimed.cause.startswith(f"{CAUSE}:")
    return one.state is DeliveryState.FAILED and not one.closes and not is_own
