"""How long the bot waits for what Slack wants within three seconds: here, as long as a machine may stand still.

What is answered late is answered in another way, which is right on Slack and no answer to what most tests ask. Tests
of the other ways make the times short again.
"""

from __future__ import annotations

from collections.abc import Callable
from pkgutil import resolve_name

import pytest
from aiohttp import ClientTimeout

from bot.platforms.telegram import TelegramPlatform
from bot.platforms.telegram.library import Requests

LONG = 60.0
SHORT_TIMES = (
    "bot.platforms.slack.forms:_PATIENCE",
    "bot.platforms.slack.intake:_TYPING_SECONDS",
    "bot.platforms.slack.people:_PATIENCE",
    "bot.platforms.slack.shared:_PATIENCE",
    "bot.platforms.slack.way:TRIGGER_SECONDS",
    "bot.service:_DATABASE_PATIENCE",
)
"""Module and name of each, in seconds."""


def be_patient() -> None:
    """For good: in a process that a test has made for itself."""
    for one in SHORT_TIMES:
        module, _, name = one.partition(":")
        setattr(resolve_name(module), name, LONG)


def gives_up_calls(platform: TelegramPlatform) -> None:
    """From now on a call is given up when no answer comes for a moment. The start is not hurried."""
    requests = platform._bot.request
    assert isinstance(requests, Requests)
    requests._timeout = 0.3


def gives_up_downloads(monkeypatch: pytest.MonkeyPatch, platform: str, soon: Callable[[], bool]) -> None:
    """Those that begin while this is so are given up when nothing comes for a moment."""

    def times(timeout: float) -> ClientTimeout:
        return ClientTimeout(connect=timeout, sock_read=0.3 if soon() else timeout)

    monkeypatch.setattr(f"bot.platforms.{platform}.downloads.times", times)
