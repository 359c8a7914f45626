"""Polling: updates are asked for, kept, and only then confirmed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms.telegram.errors import platform_error, seconds_of

_WAITS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_PATIENCE = 10.0
_CONFLICT = "another process polls with this bot's token: only one may; trying on"
_log = logging.getLogger("bot.platforms.telegram")


class Poller:
    """Asks for updates until it is stopped.

    Telegram's confirmation is the next call's offset, so it is raised after `take` has returned. The library's own
    Updater waits up to 30 s before it stops and gives up for ever on a refused token; this one does neither.
    """

    def __init__(
        self, bot: Bot, take: Callable[[Update], Awaitable[None]], kinds: Sequence[str], timeout: float
    ) -> None:
        self._bot = bot
        self._take = take
        self._kinds = kinds
        self._timeout = timeout
        self._offset = 0
        self._task: asyncio.Task[None] | None = None
        self._trouble: type[Exception] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ask no more, and confirm what was kept."""
        if self._task is None:
            return
        self._task.cancel()
        # Not awaited itself: whoever waits for this no longer would not be let go.
        await asyncio.wait({self._task})
        self._task = None
        if self._offset:
            await self._confirm()

    async def _run(self) -> None:
        while True:
            for update in await self._updates():
                await self._keep(update)

    async def _updates(self) -> Sequence[Update]:
        """The next updates, however long it takes."""
        failures = 0
        while True:
            try:
                updates = await self._ask(self._timeout)
            except Exception as error:  # whatever it is, people go on writing
                self._note(error)
                await asyncio.sleep(_wait_after(error, failures))
                failures += 1
            else:
                self._recovered()
                return updates

    async def _ask(self, timeout: float) -> Sequence[Update]:
        return await self._bot.get_updates(offset=self._offset, timeout=int(timeout), allowed_updates=self._kinds)

    async def _keep(self, update: Update) -> None:
        """Try until the update is kept: it is the only copy that anybody will send."""
        failures = 0
        while True:
            taking = asyncio.create_task(self._keep_once(update))
            try:
                # A stop must not tear a transaction: what has begun is finished.
                await asyncio.shield(taking)
                return
            except asyncio.CancelledError:
                await asyncio.wait({taking}, timeout=_PATIENCE)
                taking.cancel()
                raise
            except Exception:
                wait = _WAITS[min(failures, len(_WAITS) - 1)]
                _log.exception("the update %d could not be kept; again in %g s", update.update_id, wait)
                await asyncio.sleep(wait)
                failures += 1

    async def _keep_once(self, update: Update) -> None:
        await self._take(update)
        self._offset = update.update_id + 1

    async def _confirm(self) -> None:
        try:
            await self._ask(0)
        except TelegramError as error:
            _log.warning("the last updates will come again: %s", platform_error(error))

    def _note(self, error: Exception) -> None:
        """Log a trouble when it begins, not each time that it goes on."""
        if type(error) is self._trouble:
            return
        self._trouble = type(error)
        if isinstance(error, Conflict):
            _log.warning(_CONFLICT)
        elif isinstance(error, TelegramError):
            level = logging.ERROR if isinstance(error, InvalidToken) else logging.WARNING
            _log.log(level, "no updates from Telegram: %s; trying on", platform_error(error))
        else:
            _log.error("updates from Telegram cannot be read; trying on", exc_info=error)

    def _recovered(self) -> None:
        if self._trouble:
            self._trouble = None
            _log.info("updates come from Telegram again")


def _wait_after(error: Exception, failures: int) -> float:
    return seconds_of(error) if isinstance(error, RetryAfter) else _WAITS[min(failures, len(_WAITS) - 1)]
