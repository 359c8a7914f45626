"""Buttons: a command line as the 64 bytes that Telegram keeps behind a button, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.platforms import Reception
from bot.render.telegram import keyboard
from handlers.command import Button

_LINE, _TOKEN = "=", "#"
# Telegram: 1 to 64 bytes of callback_data.
_LONGEST = 64


async def pack(reception: Reception, command: str) -> str:
    """The command line itself where it fits, else a token that stands for it."""
    data = _LINE + command
    return data if len(data.encode()) <= _LONGEST else _TOKEN + await reception.shorten(command)


async def unpack(reception: Reception, data: str) -> str | None:
    """The command line behind a button; None if it is not known any more."""
    if data.startswith(_LINE):
        return data.removeprefix(_LINE)
    return await reception.lengthen(data.removeprefix(_TOKEN)) if data.startswith(_TOKEN) else None


async def inline_keyboard(reception: Reception, buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """The buttons under a message; None if there are none."""
    if not buttons:
        return None
    packed = {button.command: await pack(reception, button.command) for button in buttons if not button.url}
    rows = keyboard(buttons, packed.__getitem__)
    return InlineKeyboardMarkup([[_key(key) for key in row] for row in rows])


def _key(key: Mapping[str, str]) -> InlineKeyboardButton:
    return InlineKeyboardButton(key["text"], url=key.get("url"), callback_data=key.get("callback_data"))
