"""Choices: the numbered buttons of the last answer, and which of them a typed number presses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.arrival import Asking, Message, Outcome
from bot.dialogue import FILL
from handlers.command import Button

# A longer number is meant as itself: a year, a reference.
_NUMBER = re.compile(r"\[?([0-9]{1,2})\]?")


class NoSuchChoice(Exception):
    """There are choices, but not one of that number."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The buttons that stand under the last answer. `are_open`: a number may also be meant as itself."""

    buttons: tuple[Button, ...] = ()
    are_open: bool = False

    def pressed(self, line: str) -> Button | None:
        """The button that a line presses; None when it presses none. Raises `NoSuchChoice`."""
        number = _NUMBER.fullmatch(line.strip())
        if not number or self.are_open:
            return None
        if not self.buttons:
            raise NoSuchChoice("The last answer has no choices: ask in words.")
        if not 1 <= int(number[1]) <= len(self.buttons):
            known = "1" if len(self.buttons) == 1 else f"a number from 1 to {len(self.buttons)}"
            raise NoSuchChoice(f"There is no choice {number[1]}: type {known}.")
        return self.buttons[int(number[1]) - 1]


def message_of(outcome: Outcome) -> Message:
    return outcome.question if isinstance(outcome, Asking) else outcome


def choices_of(outcome: Outcome) -> Choices:
    """The buttons to number. A question that is answered freely has none: a number may be its answer."""
    buttons = message_of(outcome).buttons
    if isinstance(outcome, Asking) and not any(button.command.startswith(f"{FILL} ") for button in buttons):
        return Choices(are_open=True)
    return Choices(buttons)
