"""Sending answers: with patience where Telegram asks for a short wait, and to where a group moved."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace

from telegram.error import ChatMigrated, RetryAfter

from bot.platforms.telegram.errors import seconds_of
from bot.platforms.telegram.messages import Markup, Messages, Put, Target
from bot.render.document import Document
from handlers.command import Attachment

_LONGEST_WAIT = 30.0
_log = logging.getLogger("bot.platforms.telegram")


class Sender:
    """Sends; waits once where Telegram asks for a short wait, and follows a group that moved."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._moved: dict[int, int] = {}
        self._closing = asyncio.Event()

    def open(self) -> None:
        self._closing.clear()

    def close(self) -> None:
        """Finish what is being sent, but sit out no wait."""
        self._closing.set()

    def migrated(self, old: int, new: int) -> None:
        """From now on what is meant for the old chat goes to the new one."""
        if self._moved.get(old) != new:
            _log.info("the group %d is now the supergroup %d", old, new)
            self._moved[old] = new

    async def document(self, target: Target, document: Document, markup: Markup = None) -> None:
        """Send a document in as many messages as it needs, the markup under the last. Raises a TelegramError."""
        await self._messages.put(self._deliver, target, document, markup, [])

    async def file(self, target: Target, attachment: Attachment, markup: Markup = None) -> None:
        """Send a file. Raises a TelegramError."""
        await self._messages.put_file(self._deliver, target, attachment, markup)

    async def _deliver(self, target: Target, put: Put) -> int:
        """Send, again after one short wait, and again to where the chat moved."""
        waited = False
        while True:
            to = self._now(target)
            try:
                return await put(to)
            except ChatMigrated as moved:
                if to.chat != target.chat:
                    raise
                self.migrated(target.chat, moved.new_chat_id)
            except RetryAfter as limit:
                seconds = seconds_of(limit)
                if waited or seconds > _LONGEST_WAIT or await self._closes_within(seconds):
                    raise
                waited = True

    async def _closes_within(self, seconds: float) -> bool:
        _log.info("Telegram asks to wait %g s before the next message", seconds)
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._closing.wait(), seconds)
        return False

    def _now(self, target: Target) -> Target:
        new = self._moved.get(target.chat)
        # The messages of the old group have other numbers in the new one.
        return replace(target, chat=new, thread=None, reply_to=None) if new is not None else target
