"""The verdict: what the end of a send means for its delivery."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from bot.dispatch import new_reference
from bot.platforms import Moved, PlatformError, RateLimited, Receipt, Rejected, Revoked, Unavailable, Unreachable
from storage.deliveries import DOUBT, Claimed
from storage.results import Result
from storage.words import DeliveryState

log = logging.getLogger(__name__)

LONGEST_FAILING = timedelta(hours=24)
"""So long a delivery is tried again while its platform cannot be reached."""

LONGEST_PAUSE = timedelta(hours=1)
_SHORTEST_PAUSE = timedelta(seconds=1)


def arrived(claimed: Claimed, receipt: Receipt, now: datetime) -> Result:
    """It was sent."""
    kept = {str(name): str(value) for name, value in receipt.items()}
    return Result(claimed, DeliveryState.SENT, now, claimed.due_at, doubts=claimed.doubts, receipt=kept)


def not_begun(claimed: Claimed, now: datetime) -> Result:
    """It was claimed and then might not be sent after all."""
    return _again(claimed, now, now, "")


def failed(claimed: Claimed, problem: str, now: datetime) -> Result:
    """It can never be sent."""
    return Result(claimed, DeliveryState.FAILED, now, claimed.due_at, problem, claimed.doubts, claimed.failing_since)


def of_error(claimed: Claimed, error: BaseException, now: datetime, doubt: timedelta = DOUBT) -> Result:
    """What an error means. One that is no `PlatformError` is ours: it is logged, and nobody knows what arrived.

    What may have arrived is tried again after `doubt`.
    """
    match error:
        case RateLimited():
            return _limited(claimed, error, now)
        case Revoked():
            return _again(claimed, now, now, f"the platform refuses this bot: {error}")
        case Unreachable():
            reason = str(error) or "unreachable"
            ended = failed(claimed, reason, now)
            return Result(ended.claimed, ended.state, now, ended.due_at, reason, ended.doubts, closes=reason)
        case Moved():
            to = error.conversation
            return Result(claimed, DeliveryState.WAITING, now, now, f"moved to {to}", claimed.doubts, moves_to=to)
        case Rejected():
            return failed(claimed, f"refused: {error}", now)
        case Unavailable() if not error.uncertain:
            return _unavailable(claimed, str(error), now)
        case PlatformError():
            return _doubted(claimed, str(error), now, doubt)
        case TimeoutError():
            return _doubted(claimed, "the platform took too long", now, doubt)
    reference = new_reference()
    log.error("reference %s: delivery %d broke", reference, claimed.id, exc_info=error)
    return _doubted(claimed, f"our own failure, reference {reference}", now, doubt)


def outcome(result: Result) -> str:
    """What happened, as it is counted: a doubt is one whether or not it is tried again."""
    if result.doubts > result.claimed.doubts:
        return DeliveryState.UNCERTAIN.value
    return "postponed" if result.state is DeliveryState.WAITING else result.state.value


def _limited(claimed: Claimed, error: RateLimited, now: datetime) -> Result:
    until = now + timedelta(seconds=max(error.retry_after, 0))
    covers_target = error.covers == "target"
    return Result(
        claimed,
        DeliveryState.WAITING,
        now,
        until,
        str(error),
        claimed.doubts,
        claimed.failing_since,
        target_rests=until if covers_target else None,
        platform_rests=None if covers_target else until,
    )


def _unavailable(claimed: Claimed, problem: str, now: datetime) -> Result:
    """Tried again after about as long as it has been failing: 1 s, 1 s, 2 s, 4 s ... 1 h."""
    since = claimed.failing_since or now
    if now >= since + LONGEST_FAILING:
        return failed(claimed, problem, now)
    pause = min(max(now - since, _SHORTEST_PAUSE), LONGEST_PAUSE)
    spread = random.uniform(0.75, 1.25)  # noqa: S311 - it only spreads the tries
    again = min(now + pause * spread, since + LONGEST_FAILING)
    return Result(claimed, DeliveryState.WAITING, now, again, problem, claimed.doubts, since)


def _doubted(claimed: Claimed, problem: str, now: datetime, doubt: timedelta) -> Result:
    state = DeliveryState.UNCERTAIN if claimed.doubts else DeliveryState.WAITING
    words = f"nobody knows whether it arrived: {problem}"
    return Result(claimed, state, now, now + doubt, words, claimed.doubts + 1, claimed.failing_since)


def _again(claimed: Claimed, now: datetime, due: datetime, problem: str) -> Result:
    return Result(claimed, DeliveryState.WAITING, now, due, problem, claimed.doubts, claimed.failing_since)
