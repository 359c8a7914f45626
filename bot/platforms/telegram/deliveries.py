"""Deliveries: messages that nobody asked for, sent once, edited, and corrected where they cannot be edited."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, EndPointNotFound, RetryAfter, TelegramError

from bot.arrival import Message
from bot.platforms import Address, Limits, PlatformError, RateLimited, Receipt, Reception, Rejected, Unreachable
from bot.platforms.parts import REMOVED, corrected, half, listed, noted, noted_files, unsent_files
from bot.platforms.telegram.buttons import inline_keyboard
from bot.platforms.telegram.errors import is_about_content, is_beyond_editing, platform_error, seconds_of
from bot.platforms.telegram.floods import Floods
from bot.platforms.telegram.messages import Dialect, Messages, Put, Target
from bot.render.document import Document
from bot.render.renderer import Renderer
from handlers.command import Attachment

_PARSED = 16
Part = tuple[str, InlineKeyboardMarkup | None]

LIMITS = Limits(per_second=30.0, target_seconds=1.0, group_per_minute=18, at_once=8)
"""Telegram: 30 messages a second over all, one a second to a chat, 20 a minute to a group (core.telegram.org/bots/faq,
"My bot is hitting limits"); the pace stays below the first two by a margin of its own. The library is the fastest with
eight to ten at once."""


class Deliveries:
    """Never waits, never tries again, follows no group that moved. Raises a `PlatformError`."""

    def __init__(self, messages: Messages, render: Renderer, reception: Reception) -> None:
        self._messages = messages
        # What goes to thousands is read once.
        self._parse = lru_cache(maxsize=_PARSED)(render.parse)
        self._reception = reception
        self._floods = Floods()

    async def send(self, address: Address, message: Message) -> Receipt:
        target = _target(address)
        document = self._parse(message.markdown)
        markup = await inline_keyboard(self._reception, message.buttons)
        if not document.blocks and not message.attachments:
            raise Rejected("there is nothing to say")
        numbers: list[int] = []
        files: list[int] = []
        dialect: Dialect = "html"
        try:
            if document.blocks:
                dialect = await self._messages.put(self._at_once, target, document, markup, numbers)
            await self._put_files(target, message.attachments, None if document.blocks else markup, files)
        except TelegramError as error:
            raise self._meaning(error, target, [*numbers, *files]) from None
        return _receipt(address, dialect, numbers, noted_files(message.attachments))

    async def edit(self, address: Address, receipt: Receipt, message: Message) -> Receipt:
        """Editing twice does no harm, so until something new is sent a failure is no uncertain one."""
        target = _target(address)
        numbers = [int(number) for number in listed(receipt, "message_id")]
        document = self._parse(message.markdown)
        if not document.blocks and not unsent_files(receipt, message.attachments):
            return receipt
        # A group that moved numbers its messages anew: the old number may be that of another message.
        if not numbers or not document.blocks or receipt.get("chat") != address.conversation:
            return await self._send_anew(address, receipt, message)
        markup = await inline_keyboard(self._reception, message.buttons)
        new = unsent_files(receipt, message.attachments)
        added: list[int] = []
        try:
            dialect, parts = await self._change_first(target, numbers[0], _dialect(receipt), document, markup)
            beyond = parts[len(numbers) :]
            lost = await self._change_rest(target, numbers, dialect, parts)
            for part in lost + beyond:
                below = Target(target.chat, target.thread, numbers[0])
                added.append(await self._messages.put_part(self._at_once, below, dialect, *part))
            await self._put_files(target, new, None, added)
        except TelegramError as error:
            if is_beyond_editing(error) and not added:
                return await self._send_anew(address, receipt, message)
            raise self._meaning(error, target, added) from None
        numbers += added[: len(added) - len(new)]
        return _receipt(address, dialect, numbers, noted_files(new, receipt))

    async def _send_anew(self, address: Address, receipt: Receipt, message: Message) -> Receipt:
        sent = await self.send(address, corrected(message, receipt))
        return {**sent, **noted_files(message.attachments, receipt)}

    async def _change_first(
        self, target: Target, number: int, dialect: Dialect, document: Document, markup: InlineKeyboardMarkup | None
    ) -> tuple[Dialect, list[Part]]:
        """The dialect that the server takes, and the parts with their markup."""
        parts = self._with_markup(document, dialect, markup)
        try:
            await self._messages.change(target.chat, number, dialect, *parts[0])
        except (BadRequest, EndPointNotFound) as error:
            is_hopeless = isinstance(error, BadRequest) and not is_about_content(error)
            if dialect == "html" or is_hopeless or is_beyond_editing(error):
                raise
            dialect, parts = "html", self._with_markup(document, "html", markup)
            await self._messages.change(target.chat, number, dialect, *parts[0])
        return dialect, parts

    async def _change_rest(
        self, target: Target, numbers: list[int], dialect: Dialect, parts: Sequence[Part]
    ) -> list[Part]:
        """All but the first; where there are fewer parts now, say so. Gives the parts whose old place is gone."""
        removed = self._with_markup(self._parse(REMOVED), dialect, None)[0]
        lost: list[Part] = []
        for place, number in list(enumerate(numbers))[1:]:
            part = parts[place] if place < len(parts) else None
            try:
                await self._messages.change(target.chat, number, dialect, *(part or removed))
            except BadRequest as error:
                if not is_beyond_editing(error):
                    raise
                numbers.remove(number)
                lost += [part] if part else []
        return lost

    def _with_markup(self, document: Document, dialect: Dialect, markup: InlineKeyboardMarkup | None) -> list[Part]:
        """The parts, with the markup under the last."""
        parts = self._messages.parts(document, dialect)
        return [*((part, None) for part in parts[:-1]), (parts[-1], markup)]

    async def _put_files(
        self,
        target: Target,
        attachments: Sequence[Attachment],
        markup: InlineKeyboardMarkup | None,
        sent: list[int],
    ) -> None:
        for attachment in attachments:
            last = markup if attachment is attachments[-1] else None
            sent.append(await self._messages.put_file(self._at_once, target, attachment, last))

    async def _at_once(self, target: Target, put: Put) -> int:
        number = await put(target)
        self._floods.taken()
        return number

    def _meaning(self, error: TelegramError, target: Target, sent: Sequence[int]) -> PlatformError:
        """The error as all platforms know it; its cause is kept away, since it may hold the token."""
        if isinstance(error, RetryAfter):
            meaning: PlatformError = RateLimited(seconds_of(error), self._floods.refused(target.chat))
        else:
            meaning = platform_error(error)
        return half(meaning) if sent else meaning


def _target(address: Address) -> Target:
    try:
        return Target(int(address.conversation), int(address.thread) if address.thread else None)
    except ValueError:
        raise Unreachable(f"Telegram has no chat “{address.conversation}”") from None


def _dialect(receipt: Receipt) -> Dialect:
    return "rich" if receipt.get("dialect") == "rich" else "html"


def _receipt(address: Address, dialect: Dialect, numbers: Sequence[int], files: Receipt) -> Receipt:
    return {"chat": address.conversation, "dialect": dialect, **noted("message_id", numbers), **files}
