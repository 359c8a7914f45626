"""The ledger: sends that ended and are not recorded yet."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import verdict
from bot.delivery.report import report
from bot.delivery.surroundings import Surroundings
from storage import outbox, results
from storage.results import Result

GATHER = 0.005
"""Seconds that the end of a send waits for others to be recorded with it, while there is something else to send."""


class Ledger:
    """Nothing is struck off before the transaction that records it is committed."""

    def __init__(self, platform: str, at_once: int, around: Surroundings) -> None:
        self._platform = platform
        self._at_once = at_once
        self._around = around
        self._ended: list[Result] = []
        self._since = 0.0

    def __len__(self) -> int:
        return len(self._ended)

    @property
    def entries(self) -> Sequence[Result]:
        """Those that are not recorded yet, oldest first."""
        return tuple(self._ended)

    def add(self, result: Result) -> None:
        """A send ended."""
        if not self._ended:
            self._since = asyncio.get_running_loop().time()
        self._ended.append(result)

    def has_gathered(self, busy: int) -> bool:
        """Whether to record while so many are being sent: a transaction for several costs little more than for one."""
        if not self._ended:
            return False
        if len(self._ended) >= self._at_once or busy * 2 <= self._at_once:
            return True
        return asyncio.get_running_loop().time() - self._since >= GATHER

    async def record(self, session: AsyncSession, ended: Sequence[Result], now: datetime) -> None:
        """Record these, and what they mean for others."""
        if not ended:
            return
        closed = await results.record(session, self._platform, ended)
        if self._around.words.forget_secrets(one.claimed.notice for one in ended):
            await outbox.wipe_secrets(session)
        await report(session, self._around.household, self._platform, closed, ended, now)

    def strike_off(self, ended: Sequence[Result]) -> None:
        """These, the oldest, are recorded for good."""
        del self._ended[: len(ended)]
        self._since = asyncio.get_running_loop().time()
        for result in ended:
            self._around.witness.delivered(self._platform, verdict.outcome(result))
