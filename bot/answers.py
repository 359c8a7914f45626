"""Answers on their way to a platform: sent, sent a little later, kept for later, or given up."""

from __future__ import annotations

import asyncio
import logging

from bot.arrival import Arrival, Outcome
from bot.dispatch import new_reference
from bot.platforms import Platform, PlatformError, RateLimited, Revoked, Unavailable
from storage.words import InboxState

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
"""Seconds that an answer waits for a platform's rate limit."""

_PAUSES = (0.5, 2.0)  # seconds before an answer is sent again to a platform that is away


class Answers:
    """`refused`: the platforms that refused the bot itself when it answered there last."""

    def __init__(self) -> None:
        self.refused: set[str] = set()

    async def give(self, platform: Platform, arrival: Arrival, outcome: Outcome) -> InboxState:
        """How the answer ended: answered, failed, or still handled, to be answered later."""
        for pause in (*_PAUSES, None):
            try:
                await platform.answer(arrival, outcome)
                self.refused.discard(platform.name)
                return InboxState.ANSWERED
            except RateLimited as limited:
                wait = limited.retry_after
                if pause is None or wait > LONGEST_WAIT:
                    return _later(arrival, limited)
                await asyncio.sleep(wait)
            except Unavailable as error:
                if error.uncertain:
                    return _given_up(arrival, error)
                if pause is None:
                    return _later(arrival, error)
                await asyncio.sleep(pause)
            except Revoked as error:
                return self._revoked(platform.name, error)
            except PlatformError as error:
                return _given_up(arrival, error)
            except Exception:
                log.exception("reference %s: %s failed to answer", new_reference(), platform.name)
                return InboxState.FAILED
        raise AssertionError("unreachable")

    def _revoked(self, name: str, error: Revoked) -> InboxState:
        """The answer waits until the platform is connected with a token that it takes."""
        if name not in self.refused:
            log.error("%s refuses this bot, nothing is answered there: %s; do: liaison-bot doctor", name, error)
        self.refused.add(name)
        return InboxState.HANDLED


def _later(arrival: Arrival, error: PlatformError) -> InboxState:
    log.warning("%s: the answer to %s waits: %s", arrival.platform, arrival.event_id, error)
    return InboxState.HANDLED


def _given_up(arrival: Arrival, error: PlatformError) -> InboxState:
    # Answering once more might answer twice, or be refused again.
    log.warning("%s: no answer to %s: %s", arrival.platform, arrival.event_id, error)
    return InboxState.FAILED
