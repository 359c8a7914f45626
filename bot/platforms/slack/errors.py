"""Slack's refusals as the few ways in which a platform may fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms import PlatformError, RateLimited, Rejected, Revoked, Unavailable, Unreachable

# Slack documents neither how long `message_limit_exceeded` lasts nor always sends Retry-After.
_DEFAULT_WAIT = 30.0
_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_REVOKED = frozenset({"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"})
_UNCHANGEABLE = frozenset({"cant_update_message", "message_not_found", "edit_window_closed"})
_UNREACHABLE = frozenset(
    {
        *("channel_not_found", "is_archived", "is_inactive", "not_in_channel", "user_not_found", "users_not_found"),
        *("user_not_in_channel", "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "user_not_visible"),
        *(
            "missing_scope",
            "not_allowed_token_type",
            "no_permission",
            "access_denied",
            "team_access_not_granted",
            "org_login_required",
        ),
        *("restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel"),
        *("restricted_action_non_threadable_channel", "restricted_action_thread_locked", "thread_locked"),
        *("ekm_access_denied", "enterprise_is_restricted", "team_not_found", "app_missing_action_url"),
        *("used_url", "expired_url", "no_service", "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"),
    }
)
_REJECTED = frozenset(
    {
        *("invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text"),
        *("invalid_arguments", "invalid_attachments", "too_many_attachments", "invalid_thread_ts", "view_too_large"),
        *("block_mismatch", "invalid_payload", "markdown_text_conflict", "cannot_reply_to_message"),
    }
)
# Slack says of these that some aspect of the operation may have succeeded before.
_UNCERTAIN = frozenset({"fatal_error", "internal_error", "request_timeout"})


class Unchangeable(Rejected):
    """The message cannot be edited any more, or is gone."""


def refusal(error: str, status: int = 200, retry_after: str | None = None) -> PlatformError:
    """What Slack's error code, HTTP status and Retry-After header mean."""
    if error in _LIMITED or status == 429:
        # "Per API method per workspace" (docs.slack.dev/apis/web-api/rate-limits); an answer does not tell whether it
        # was the limit of the channel or the one over all, so nothing is posted to the workspace until it is over.
        return RateLimited(_seconds(retry_after), covers="platform")
    if error in _REVOKED:
        return Revoked(error)
    if error in _UNCHANGEABLE:
        return Unchangeable(error)
    if error in _UNREACHABLE:
        return Unreachable(error)
    if error in _REJECTED:
        return Rejected(error)
    return Unavailable(error or f"HTTP status {status}", uncertain=status >= 500 or error in _UNCERTAIN)


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else _DEFAULT_WAIT


@contextmanager
def translated() -> Iterator[None]:
    """What slack_sdk and aiohttp raise inside becomes a `PlatformError`."""
    try:
        yield
    except SlackApiError as error:
        raise _of_response(error) from error
    except SlackClientError as error:
        raise Unavailable(type(error).__name__) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Unavailable("no connection to Slack") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        # The request may have been sent: nobody knows whether it had its effect.
        raise Unavailable(f"Slack did not answer: {type(error).__name__}", uncertain=True) from error


def _of_response(error: SlackApiError) -> PlatformError:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return Unavailable("Slack's answer could not be read", uncertain=True)
    code = response.data.get("error") if isinstance(response.data, dict) else None
    return refusal(str(code or ""), response.status_code, response.headers.get("Retry-After"))
