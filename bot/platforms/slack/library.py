"""The libraries' connection to Slack: one shared session, careful repetition, discreet logs."""

from __future__ import annotations

import logging

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

LONGEST_PAUSE = 5
"""Seconds that an answer waits when Slack asks to slow down; a longer wait is the caller's to plan."""

_SECONDS = 20.0
_CONNECT_SECONDS = 5.0


class _BriefPause(AsyncRateLimitErrorRetryHandler):
    """One more try after a short Retry-After."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        return response is not None and response.status_code == 429 and _pause(response) <= LONGEST_PAUSE


def _pause(response: HttpResponse) -> float:
    found = [value[0] for name, value in response.headers.items() if name.lower() == "retry-after"]
    return float(found[0]) if found and found[0].isdecimal() else LONGEST_PAUSE + 1.0


def new_session(seconds: float = _SECONDS) -> aiohttp.ClientSession:
    """A session whose requests are given up after so many seconds."""
    times = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, _CONNECT_SECONDS))
    return aiohttp.ClientSession(timeout=times)


def new_client(token: str, api_url: str, session: aiohttp.ClientSession, *, is_patient: bool = True) -> AsyncWebClient:
    """slack_sdk's own retries would repeat a post whose reply was lost, and post twice: there are none.

    A patient client sits out a short wait when Slack asks to slow down; one that is not tells its caller.
    """
    handlers = [_BriefPause(max_retry_count=1)] if is_patient else []
    return AsyncWebClient(
        token, base_url=api_url, session=session, retry_handlers=list(handlers), logger=discreet_logger()
    )


def discreet_logger() -> logging.Logger:
    """For the libraries: their lower levels print response URLs, socket tickets and what people write."""
    logger = logging.getLogger("bot.platforms.slack.library")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(one, _Discreet) for one in logger.filters):
        logger.addFilter(_Discreet())
    return logger


class _Discreet(logging.Filter):
    """An error of the libraries keeps its first line, without addresses and without traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage().partition("\n")[0].split(" ")
        record.msg = " ".join("(address)" if "://" in word else word for word in words)
        record.args = ()
        record.exc_info = None
        return True
