"""The web endpoint for Slack without Socket Mode: signatures, and the way to bolt."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.platforms.slack.address import PATH

log = logging.getLogger("bot.platforms.slack")


class Endpoint:
    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def take(self, request: web.Request) -> web.Response:
        """401 for what Slack did not sign within the last five minutes."""
        raw = await request.read()
        if not self._is_signed(raw, request):
            log.warning("a request to %s without a valid Slack signature was refused", PATH)
            return web.Response(status=401, text="the signature is missing, wrong or old")
        body = _body(raw, request.content_type)
        if body is None:
            log.warning("a request to %s that cannot be read was refused", PATH)
            return web.Response(status=400, text="this is neither JSON nor a form")
        # Bolt reads a form with the word "payload" anywhere in it as an empty one, so it gets the parsed body, in the
        # mode in which it takes one.
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        return await to_aiohttp_response(answer)

    def _is_signed(self, raw: bytes, request: web.Request) -> bool:
        stamp = request.headers.get("X-Slack-Request-Timestamp")
        signature = request.headers.get("X-Slack-Signature")
        try:
            return bool(self._verifier.is_valid(raw, stamp, signature))
        except (ValueError, TypeError):
            # slack_sdk trips over stamps that are no numbers, letters that are not ASCII, bytes that are no text.
            return False


def _body(raw: bytes, content_type: str) -> dict[str, Any] | None:
    try:
        text = raw.decode()
        if content_type == "application/json":
            return _object(json.loads(text))
        form = dict(parse_qsl(text, keep_blank_values=True))
        return _object(json.loads(form["payload"])) if "payload" in form else {**form}
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None
