"""The courier: takes one delivery to its target and comes back with the result, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.delivery import verdict
from bot.delivery.wording import Words
from bot.dispatch import new_reference
from bot.platforms import Address, Receipt, Revoked, Sender
from bot.reception import Clock
from storage.deliveries import Claimed
from storage.results import Result

log = logging.getLogger(__name__)

LONGEST_SEND = 75.0
"""Seconds after which a send is given up: it may have arrived. A claim lasts longer."""


class Courier:
    """Sends through one platform. `is_revoked` from when that refused the bot itself."""

    def __init__(self, sender: Sender, words: Words, clock: Clock, doubt: timedelta) -> None:
        self._sender = sender
        self._words = words
        self._clock = clock
        self._doubt = doubt
        self.is_revoked = False

    async def carry(self, claimed: Claimed) -> Result:
        """Send it. Raises nothing but `CancelledError`."""
        try:
            async with asyncio.timeout(LONGEST_SEND):
                receipt = await self._sent(claimed)
            return verdict.arrived(claimed, receipt, self._clock())
        except _Unspeakable:
            reference = new_reference()
            log.exception("reference %s: delivery %d cannot be put into words", reference, claimed.id)
            return verdict.failed(claimed, f"our own failure, reference {reference}", self._clock())
        except Exception as error:
            if isinstance(error, Revoked):
                self._revoke(error)
            return verdict.of_error(claimed, error, self._clock(), self._doubt)

    async def _sent(self, claimed: Claimed) -> Receipt:
        try:
            message, envelope = self._words.message(claimed)
        except Exception as error:
            raise _Unspeakable from error
        address = Address(claimed.address, claimed.thread)
        if claimed.original is not None:
            return await self._sender.edit(address, claimed.original, message, envelope)
        return await self._sender.send(address, message, envelope)

    def _revoke(self, error: Revoked) -> None:
        if not self.is_revoked:
            name = self._sender.name
            log.error("%s refuses this bot, nothing more is sent there: %s; do: liaison-bot doctor", name, error)
        self.is_revoked = True


class _Unspeakable(Exception):
    """There are no words for a delivery: nothing was sent."""
