"""Choices: the numbered buttons of the last answer, and which of them a typed number presses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.arrival import Asking, Message, Outcome
from bot.questions import FILL, SKIP
from handlers.command import Button

# A longer number is meant as itself: a year, a reference.
_NUMBER = re.compile(r"\[?([0-9]{1,2})\]?")


def looks_like_choice(line: str) -> re.Match[str] | None:
    """The number that a line is, if it may stand for a choice."""
    return _NUMBER.fullmatch(line.strip())


class NoSuchChoice(Exception):
    """There are choices, but not one of that number."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The buttons that stand under the last answer. `are_open`: a number is meant as itself.

    `are_some`: one that presses nothing may be meant as itself.
    """

    buttons: tuple[Button, ...] = ()
    are_open: bool = False
    are_some: bool = False

    def pressed(self, line: str) -> Button | None:
        """The button that a line presses; None when it presses none. Raises `NoSuchChoice`."""
        number = looks_like_choice(line)
        if not number or self.are_open or (self.are_some and not 1 <= int(number[1]) <= len(self.buttons)):
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
    if not isinstance(outcome, Asking):
        return Choices(buttons)
    fills = [button for button in buttons if button.command.startswith(f"{FILL} ")]
    if all(button.command.endswith(f" {SKIP}") for button in fills):
        return Choices(are_open=True)
    return Choices(buttons, are_some=True)
