"""What Telegram refuses is rate limited, unreachable, rejected or unavailable, and perhaps uncertain."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import MagicMock

import aiohttp
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.platforms import Moved, PlatformError, RateLimited, Rejected, Revoked, Unavailable, Unreachable
from bot.platforms.telegram.errors import platform_error


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Unreachable),
        (InvalidToken("The token `1:secret` was rejected by the server."), Revoked),
        (ChatMigrated(-100), Moved),
        (BadRequest("Chat not found"), Unreachable),
        (BadRequest("Not enough rights to send text messages to the chat"), Unreachable),
        (BadRequest("Message thread not found"), Unreachable),
        (BadRequest("Topic_closed"), Unreachable),
        (BadRequest("Message is too long"), Rejected),
        (BadRequest("Can't parse entities: unclosed start tag"), Rejected),
        (Conflict("Conflict: terminated by other getUpdates request"), Unavailable),
        (TelegramError("Invalid server response"), Unavailable),
    ],
)
def test_each_refusal_has_one_meaning(error: TelegramError, meaning: type[PlatformError]) -> None:
    assert type(platform_error(error)) is meaning


@pytest.mark.parametrize(
    ("error", "uncertain"),
    [
        (caused(TimedOut(), TimeoutError()), True),
        (caused(TimedOut(), aiohttp.SocketTimeoutError()), True),
        (caused(TimedOut(), aiohttp.ConnectionTimeoutError()), False),
        (caused(NetworkError("x"), aiohttp.ClientConnectorError(MagicMock(), OSError())), False),
        (caused(NetworkError("x"), ConnectionResetError()), True),
        (caused(NetworkError("x"), aiohttp.ServerDisconnectedError()), True),
        (caused(NetworkError("x"), aiohttp.ClientPayloadError()), True),
        (NetworkError("Internal Server Error"), False),
        (NetworkError("Bad Gateway"), True),
        (NetworkError("Gateway Timeout (504)"), True),
    ],
)
def test_a_message_may_have_arrived_unless_it_was_never_sent(error: TelegramError, uncertain: bool) -> None:
    meaning = platform_error(error)
    assert isinstance(meaning, Unavailable)
    assert meaning.uncertain is uncertain


@pytest.mark.parametrize("form", ["", "1"])
def test_the_wait_is_read_in_both_forms_of_the_library(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", form)
    for given in (17, timedelta(seconds=17)):
        meaning = platform_error(RetryAfter(given))
        assert isinstance(meaning, RateLimited)
        assert meaning.retry_after == 17


def test_a_refused_token_is_not_repeated() -> None:
    meaning = platform_error(InvalidToken("The token `1:secret` was rejected by the server."))
    assert "secret" not in str(meaning)
    assert "LIAISON_BOT_TELEGRAM_TOKEN" in str(meaning)
