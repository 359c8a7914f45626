"""Slack's refusals as the few ways in which a platform may fail."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms import PlatformError, RateLimited, Rejected, Revoked, Unavailable, Unreachable
from bot.platforms.slack.errors import Unchangeable, refusal, translated


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        *((error, RateLimited) for error in ("ratelimited", "message_limit_exceeded")),
        *((error, Unreachable) for error in ("channel_not_found", "is_archived", "not_in_channel", "user_not_found")),
        *((error, Revoked) for error in ("account_inactive", "token_revoked", "invalid_auth", "not_authed")),
        *((error, Unreachable) for error in ("missing_scope", "user_disabled", "messages_tab_disabled")),
        *((error, Unchangeable) for error in ("cant_update_message", "message_not_found", "edit_window_closed")),
        *((error, Rejected) for error in ("invalid_blocks", "msg_too_long", "no_text", "msg_blocks_too_long")),
        *((error, Unavailable) for error in ("internal_error", "fatal_error", "service_unavailable", "new_error")),
    ],
)
def test_a_refusal_tells_what_to_do(error: str, kind: type[PlatformError]) -> None:
    assert type(refusal(error)) is kind


def test_a_server_error_may_have_had_its_effect() -> None:
    found = [refusal("", 502), refusal("internal_error"), refusal("service_unavailable"), refusal("new_error")]
    assert [isinstance(one, Unavailable) and one.uncertain for one in found] == [True, True, False, False]


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), (None, 30), ("soon", 30)])
def test_a_rate_limit_says_how_long_to_wait(header: str | None, seconds: float) -> None:
    limited = refusal("", 429, header)
    assert isinstance(limited, RateLimited)
    assert limited.retry_after == seconds


@pytest.mark.parametrize("limit", [refusal("ratelimited", 429, "3"), refusal("message_limit_exceeded")])
def test_a_rate_limit_covers_the_workspace(limit: PlatformError) -> None:
    assert isinstance(limit, RateLimited)
    assert limit.covers == "platform"


def _answered(data: dict[str, object], status: int = 200, headers: dict[str, str] | None = None) -> Exception:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # slack_sdk does not type it


def _unreadable() -> Exception:
    return SlackApiError("unreadable", object())  # type: ignore[no-untyped-call]  # slack_sdk does not type it


@pytest.mark.parametrize(
    ("raised", "kind", "uncertain"),
    [
        (_answered({"ok": False, "error": "is_archived"}), Unreachable, False),
        (_answered({}, 503), Unavailable, True),
        (_unreadable(), Unavailable, True),
        (SlackRequestError("wrong"), Unavailable, False),
        (aiohttp.ConnectionTimeoutError(), Unavailable, False),
        (aiohttp.ServerDisconnectedError(), Unavailable, True),
        (TimeoutError(), Unavailable, True),
    ],
)
def test_what_the_libraries_raise_is_translated(raised: Exception, kind: type[PlatformError], uncertain: bool) -> None:
    with pytest.raises(kind) as caught, translated():
        raise raised
    assert getattr(caught.value, "uncertain", False) is uncertain


async def test_a_connection_that_never_opened_had_no_effect(unused_tcp_port: int) -> None:
    client = AsyncWebClient("xoxb-1", base_url=f"http://127.0.0.1:{unused_tcp_port}/api/", retry_handlers=[])
    with pytest.raises(Unavailable) as caught, translated():
        await client.auth_test()
    assert not caught.value.uncertain
