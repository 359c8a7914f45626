"""Messages: documents and files put into a chat, as rich as the server can take them, and changed there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from telegram import Bot, ForceReply, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, EndPointNotFound

from bot.platforms.telegram.errors import is_about_content, is_unmodified
from bot.render.document import Document
from bot.render.telegram import html
from bot.render.telegram_rich import rich_html
from handlers.command import Attachment

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_SAID = 16
_log = logging.getLogger("bot.platforms.telegram")

Markup = InlineKeyboardMarkup | ForceReply | None
Dialect = Literal["rich", "html"]


@dataclass(frozen=True, slots=True)
class Target:
    """A chat, a topic in it, and the message that is answered."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None


Put = Callable[[Target], Awaitable[int]]
"""Puts one message into a chat; gives its number there."""

Deliver = Callable[[Target, Put], Awaitable[int]]
"""Carries out a `Put`: at once, or with patience."""


class Messages:
    """Raises a TelegramError. `put` appends to `sent` part by part, so that a failure tells how far it got."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._rich = True
        # What goes to thousands is put into Telegram's words once.
        self._parts = lru_cache(maxsize=_SAID)(_parts_of)

    def parts(self, document: Document, dialect: Dialect) -> Sequence[str]:
        """The messages that a document makes. Raises what Telegram would answer if there is none."""
        return self._parts(document, dialect)

    async def put(
        self, deliver: Deliver, target: Target, document: Document, markup: Markup, sent: list[int]
    ) -> Dialect:
        """Send a document in as many messages as it needs, the markup under the last."""
        if self._rich:
            try:
                await self._put_parts("rich", deliver, target, document, markup, sent)
                return "rich"
            except EndPointNotFound:
                await self._put_parts("html", deliver, target, document, markup, sent)
                # A refused token looks the same, but then HTML is refused too and we do not get here.
                self._rich = False
                _log.info("this Bot API server has no sendRichMessage: messages are sent as HTML")
                return "html"
            except BadRequest as error:
                if sent or not is_about_content(error):
                    raise
                _log.warning("a rich message was refused and is sent as HTML: %s", error.message)
        await self._put_parts("html", deliver, target, document, markup, sent)
        return "html"

    async def put_part(self, deliver: Deliver, target: Target, dialect: Dialect, part: str, markup: Markup) -> int:
        return await deliver(
            target, self._rich_part(part, markup) if dialect == "rich" else self._html_part(part, markup)
        )

    async def put_file(self, deliver: Deliver, target: Target, attachment: Attachment, markup: Markup = None) -> int:
        """Send a file."""

        async def put(to: Target) -> int:
            message = await self._bot.send_document(
                to.chat,
                InputFile(attachment.content, filename=attachment.name),
                message_thread_id=to.thread,
                reply_parameters=_reply(to),
                reply_markup=markup,
            )
            return message.message_id

        return await deliver(target, put)

    async def change(self, chat: int, number: int, dialect: Dialect, part: str, markup: Markup) -> None:
        """Put other words into a message; that they are the same is no error."""
        try:
            if dialect == "rich":
                await self._change_rich(chat, number, part, markup)
            else:
                await self._bot.edit_message_text(
                    part,
                    chat,
                    number,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_NO_PREVIEW,
                    reply_markup=markup if isinstance(markup, InlineKeyboardMarkup) else None,
                )
        except BadRequest as error:
            if not is_unmodified(error):
                raise

    async def _change_rich(self, chat: int, number: int, part: str, markup: Markup) -> None:
        call = {"chat_id": chat, "message_id": number, "rich_message": _rich_message(part), "reply_markup": markup}
        # Bot API 10.1 edits rich messages by the method for texts, whose form in the library lacks them; under its
        # own name the library would warn of calling it by hand.
        await self._bot.do_api_request("editmessagetext", api_kwargs=_known(call))

    async def _put_parts(
        self, dialect: Dialect, deliver: Deliver, target: Target, document: Document, markup: Markup, sent: list[int]
    ) -> None:
        parts = self.parts(document, dialect)
        for number, part in enumerate(parts, 1):
            last = markup if number == len(parts) else None
            sent.append(await self.put_part(deliver, target, dialect, part, last))

    def _rich_part(self, part: str, markup: Markup) -> Put:
        async def put(to: Target) -> int:
            call = {
                "chat_id": to.chat,
                "rich_message": _rich_message(part),
                "message_thread_id": to.thread,
                "reply_parameters": _reply(to),
                "reply_markup": markup,
            }
            message = await self._bot.do_api_request("sendRichMessage", api_kwargs=_known(call))
            return int(message["message_id"])

        return put

    def _html_part(self, part: str, markup: Markup) -> Put:
        async def put(to: Target) -> int:
            message = await self._bot.send_message(
                to.chat,
                part,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                message_thread_id=to.thread,
                reply_parameters=_reply(to),
                reply_markup=markup,
            )
            return message.message_id

        return put


def _parts_of(document: Document, dialect: Dialect) -> Sequence[str]:
    parts = rich_html(document) if dialect == "rich" else html(document)
    if not parts:
        raise BadRequest("message text is empty")
    return parts


def _rich_message(part: str) -> dict[str, object]:
    return {"html": part, "skip_entity_detection": True}


def _known(call: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in call.items() if value is not None}


def _reply(target: Target) -> ReplyParameters | None:
    if target.reply_to is None:
        return None
    return ReplyParameters(target.reply_to, allow_sending_without_reply=True)
