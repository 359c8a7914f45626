"""Buttons: command lines as the values of Slack's buttons, and "Share"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from handlers.command import Button

LONGEST_VALUE = 2000
# No command line begins so.
_SHARE = "!share "
_LONG = "!long "


@dataclass(frozen=True, slots=True)
class Pressed:
    """A command line, and whether everybody in the conversation shall see its answer."""

    line: str
    share: bool = False


def share_button(line: str) -> Button:
    """Pressing it gives the same answer again, visibly."""
    return Button("Share", _SHARE + line)


async def fitted(buttons: Sequence[Button], shorten: Callable[[str], Awaitable[str]]) -> list[Button]:
    """The buttons with tokens in place of command lines that are too long for Slack."""
    return [
        replace(button, command=_LONG + await shorten(button.command))
        if len(button.command) > LONGEST_VALUE
        else button
        for button in buttons
    ]


async def pressed(value: str, lengthen: Callable[[str], Awaitable[str | None]]) -> Pressed | None:
    """What a button's value means; None when nobody knows any more."""
    line = await lengthen(value.removeprefix(_LONG)) if value.startswith(_LONG) else value
    if line is None:
        return None
    return Pressed(line.removeprefix(_SHARE), line.startswith(_SHARE))
