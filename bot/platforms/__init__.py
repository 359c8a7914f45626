"""Platforms: what each place where members talk must do, and the few ways in which it may fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.arrival import Arrival, Message, Outcome
from handlers.command import Place
from handlers.form import Choice


class PlatformError(Exception):
    """A message could not be delivered."""


class RateLimited(PlatformError):
    """The platform asks to wait `retry_after` seconds before the same place, or anything at all, is sent to again."""

    def __init__(self, retry_after: float, covers: Literal["target", "platform"] = "platform") -> None:
        super().__init__(f"rate limited for {retry_after:g} s")
        self.retry_after = retry_after
        self.covers = covers


class Unreachable(PlatformError):
    """Blocked, archived, unknown: trying again is useless until somebody changes something."""


class Revoked(Unreachable):
    """The platform refuses the bot itself: its token is wrong or was taken back. Nothing reaches anybody there."""


class Moved(PlatformError):
    """The place has another address now, as a Telegram group that became a supergroup; nothing was sent."""

    def __init__(self, conversation: str) -> None:
        super().__init__(f"moved to {conversation}")
        self.conversation = conversation


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

    async def offer(self, platform: str, account: str, words: str, field: str, typed: str) -> Sequence[Choice]:
        """What may be meant by what somebody types into a searched field of a command's form; not kept in the inbox."""

    async def hears(self, account: str, place: Place) -> bool:
        """Whether what this account drops there without a word to the bot is to be received, or even looked at."""

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


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a conversation in the platform's own words (see `Target`), and a thread in it."""

    conversation: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes round a message that nobody asked for.

    `key` is the same for every try of one delivery. `subject` may be empty. `unsubscribe` is the address that ends such
    messages with one request (RFC 8058), where there is one; `list_id` tells mail programs what they belong to.
    """

    key: str
    subject: str = ""
    unsubscribe: str = ""
    list_id: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform may be sent, below what it documents.

    `per_second` over all, `target_seconds` between two messages to one place, `group_per_minute` to one group (0: as to
    anybody), `at_once` sends in flight.
    """

    per_second: float
    target_seconds: float
    group_per_minute: int = 0
    at_once: int = 8


Receipt = Mapping[str, str]
"""The platform's own note of what was sent, with which it can be edited; kept in the database as JSON."""


class Sender(Protocol):
    """What delivers messages that nobody asked for. Its library never tries again by itself."""

    name: str
    limits: Limits

    @property
    def is_ready(self) -> bool:
        """Whether it is connected and may send now."""

    def is_group(self, address: Address) -> bool:
        """Whether the limit for groups holds there."""

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        """Send a message, all its parts and files. Raises a `PlatformError`, `Unavailable` with its `uncertain`.

        When the first part has arrived and a later one has not, the error is an uncertain `Unavailable`.
        """

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        """Change what was sent; where that cannot be, send it anew, marked as a correction."""
