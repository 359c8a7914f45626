"""Sending: one message to one chat, as rich as the server can take it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Bot, ForceReply, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, RetryAfter

from bot.platforms.telegram.errors import is_about_content, seconds_of
from bot.render.document import Document
from bot.render.telegram import html
from bot.render.telegram_rich import rich_html
from handlers.command import Attachment

_LONGEST_WAIT = 30.0
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = logging.getLogger("bot.platforms.telegram")

Markup = InlineKeyboardMarkup | ForceReply | None


@dataclass(frozen=True, slots=True)
class Target:
    """A chat, a topic in it, and the message that is answered."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None


class Sender:
    """Sends; waits once where Telegram asks for a short wait, and follows a group that moved."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._rich = True
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
        if not self._rich:
            return await self._as_html(target, document, markup)
        try:
            return await self._as_rich(target, document, markup)
        except EndPointNotFound:
            await self._as_html(target, document, markup)
            # A refused token looks the same, but then HTML is refused too and we do not get here.
            self._rich = False
            _log.info("this Bot API server has no sendRichMessage: messages are sent as HTML")
        except BadRequest as error:
            if not is_about_content(error):
                raise
            _log.warning("a rich message was refused and is sent as HTML: %s", error.message)
            await self._as_html(target, document, markup)

    async def file(self, target: Target, attachment: Attachment, markup: Markup = None) -> None:
        """Send a file. Raises a TelegramError."""

        async def send(to: Target) -> object:
            return await self._bot.send_document(
                to.chat,
                InputFile(attachment.content, filename=attachment.name),
                message_thread_id=to.thread,
                reply_parameters=_reply(to),
                reply_markup=markup,
            )

        await self._deliver(target, send)

    async def _as_rich(self, target: Target, document: Document, markup: Markup) -> None:
        parts = _some(rich_html(document))
        for number, part in enumerate(parts, 1):
            await self._deliver(target, self._rich_part(part, markup if number == len(parts) else None))

    def _rich_part(self, part: str, markup: Markup) -> Callable[[Target], Awaitable[object]]:
        async def send(to: Target) -> object:
            call = {
                "chat_id": to.chat,
                "rich_message": {"html": part, "skip_entity_detection": True},
                "message_thread_id": to.thread,
                "reply_parameters": _reply(to),
                "reply_markup": markup,
            }
            known = {name: value for name, value in call.items() if value is not None}
            return await self._bot.do_api_request("sendRichMessage", api_kwargs=known)

        return send

    async def _as_html(self, target: Target, document: Document, markup: Markup) -> None:
        parts = _some(html(document))
        for number, part in enumerate(parts, 1):
            await self._deliver(target, self._html_part(part, markup if number == len(parts) else None))

    def _html_part(self, part: str, markup: Markup) -> Callable[[Target], Awaitable[object]]:
        async def send(to: Target) -> object:
            return await self._bot.send_message(
                to.chat,
                part,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=to.thread,
                reply_parameters=_reply(to),
                reply_markup=markup,
            )

        return send

    async def _deliver(self, target: Target, send: Callable[[Target], Awaitable[object]]) -> None:
        """Send, again after one short wait, and again to where the chat moved."""
        waited = False
        while True:
            to = self._now(target)
            try:
                await send(to)
                return
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


def _some(parts: list[str]) -> list[str]:
    if not parts:
        raise BadRequest("message text is empty")
    return parts


def _reply(target: Target) -> ReplyParameters | None:
    if target.reply_to is None:
        return None
    return ReplyParameters(target.reply_to, allow_sending_without_reply=True)
