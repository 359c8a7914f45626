"""Receiving: an update is kept before Telegram is told that it arrived."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

from telegram import Bot, CallbackQuery, Update
from telegram.error import TelegramError

from bot.platforms import Reception
from bot.platforms.telegram.arrivals import Reader, press
from bot.platforms.telegram.buttons import unpack
from bot.platforms.telegram.inline import Inline
from bot.platforms.telegram.sending import Sender

KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)
_OLD_BUTTON = "This button is no longer known. Please ask again."
_log = logging.getLogger("bot.platforms.telegram")


class Intake:
    """Takes updates, however they come."""

    def __init__(self, bot: Bot, reader: Reader, reception: Reception, inline: Inline, sender: Sender) -> None:
        self._bot = bot
        self._reader = reader
        self._reception = reception
        self._inline = inline
        self._sender = sender
        self._aside: set[asyncio.Task[None]] = set()

    async def take(self, update: Update) -> None:
        """Return when the update is kept, or needs no keeping. Raises what the reception raises."""
        message = update.message
        if query := update.callback_query:
            await self._take_press(update.update_id, query)
        elif update.inline_query:
            self._meanwhile(self._inline.answer(update.inline_query))
        elif message and message.migrate_to_chat_id:
            self._sender.migrated(message.chat.id, message.migrate_to_chat_id)
        elif arrival := self._reader.message(update):
            await self._reception.receive(arrival)
        else:
            _log.debug("the update %d is not for the bot", update.update_id)

    async def settle(self) -> None:
        """Wait for what is done beside."""
        await asyncio.gather(*self._aside, return_exceptions=True)

    async def _take_press(self, update_id: int, query: CallbackQuery) -> None:
        line = await unpack(self._reception, query.data or "")
        arrival = press(update_id, query, line) if line is not None else None
        if arrival:
            await self._reception.receive(arrival)
        self._meanwhile(self._release(query.id, None if arrival else _OLD_BUTTON))

    async def _release(self, query_id: str, alert: str | None) -> None:
        """The pressed button stops spinning."""
        try:
            await self._bot.answer_callback_query(query_id, alert, show_alert=bool(alert))
        except TelegramError as error:
            # Mostly a press that is too old, after a restart.
            _log.debug("a pressed button could not be released: %s", error.message)

    def _meanwhile(self, work: Coroutine[object, object, None]) -> None:
        """The next update need not wait for this."""
        task = asyncio.create_task(self._guarded(work))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _guarded(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except Exception:
            _log.exception("something of Telegram that is not kept could not be answered")
