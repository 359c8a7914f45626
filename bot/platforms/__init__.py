"""Platforms: what each place where members talk must do, and the few ways in which it may fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.arrival import Arrival, Message, Outcome


class PlatformError(Exception):
    """A message could not be delivered."""


class RateLimited(PlatformError):
    """The platform asks to wait `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"rate limited for {retry_after:g} s")
        self.retry_after = retry_after


class Unreachable(PlatformError):
    """Blocked, archived, unknown, revoked: trying again is useless until somebody changes something."""


class Rejected(PlatformError):
    """The platform refused the content."""


class Unavailable(PlatformError):
    """Anything else: network, time-out, server error. `uncertain` when the message may have arrived."""

    def __init__(self, reason: str, *, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.uncertain = uncertain


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item offered while somebody types: Telegram's inline mode, Slack's external selects."""

    key: str
    title: str
    description: str
    message: Message


class Reception(Protocol):
    """What a platform calls when something arrives. `bot.reception` implements it."""

    async def receive(self, arrival: Arrival) -> bool:
        """Keep the arrival durably; return when it is committed, so that the platform may be told.

        The answer comes later through `Platform.answer`. False: it had arrived before and nothing more will happen.
        """

    async def suggest(self, platform: str, account: str, text: str, limit: int = 20) -> Sequence[Suggestion]:
        """Roadmap items for what somebody is typing, best first; not kept in the inbox."""

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        """The start page: who the person is to the bot, and the main commands as buttons."""

    async def shorten(self, command: str) -> str:
        """A short stable token (at most 40 ASCII characters) that stands for a long command line in a button."""

    async def lengthen(self, token: str) -> str | None:
        """The command line behind a token; None if there is none."""


class Platform(Protocol):
    """A place where members talk."""

    name: str

    async def start(self, reception: Reception) -> None:
        """Connect and begin to receive; return when connected. Raises `PlatformError` if that is impossible."""

    async def stop(self) -> None:
        """Stop receiving, finish what is being sent, close connections."""

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        """Answer in place. Raises a `PlatformError`. May be called after a restart with an arrival of before."""


Starter = Callable[[], Awaitable[None]]
