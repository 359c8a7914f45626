"""Delivery to the app, through Socket Mode or signed HTTP, with Slack's repetitions."""

import hashlib
import hmac
import json
import time
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.records import Attempt, Delivery
from tests.fakes.slack.sockets import ACCEPTS_RESPONSE, Sockets
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json

Mode = Literal["socket", "http"]
Signature = Literal["good", "bad", "old"]
TOO_OLD = 5 * 60 + 1
RETRY_REASONS = {"timeout": "http_timeout", "http_error": "http_error", "connection_failed": "connection_failed"}


class Courier:
    """`patience`: the seconds in which the app must acknowledge; an event comes again `retries` times.

    Slack gives three seconds. A machine that stands still for so long is nothing that the app does wrong: whoever asks
    how soon it acknowledges looks at `Delivery.seconds`.
    """

    def __init__(self, state: State, sockets: Sockets) -> None:
        self._state = state
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None
        self.mode: Mode = "socket"
        self.app_url = ""
        self.patience = 60.0
        self.retries = 3

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, kind: str, payload: Json, *, signature: Signature = "good") -> Delivery:
        now = self._state.clock.now()
        delivery = Delivery(kind, payload, str(payload.get("event_id") or f"E{self._state.book.number()}"), now)
        self._state.book.deliveries.append(delivery)
        # Slack repeats events only; a person whose press or command was lost sees an error instead.
        repeats = self.retries if kind == "events_api" and signature == "good" else 0
        for number in range(1 + repeats):
            if await self._attempt(delivery, number, signature):
                break
        if self._state.misbehaviours.meets_delivery(kind, payload) is not None:
            await self._attempt(delivery, len(delivery.attempts), signature)
        await self._state.notice.changed()
        return delivery

    async def _attempt(self, delivery: Delivery, number: int, signature: Signature) -> bool:
        before = delivery.attempts[-1].outcome if delivery.attempts else ""
        reason = RETRY_REASONS.get(before, "http_timeout")
        attempt = Attempt(self._state.clock.now(), {})
        delivery.attempts.append(attempt)
        try:
            if self.mode == "socket":
                body = await self._by_socket(delivery, attempt, number, reason)
            else:
                body = await self._by_http(delivery, attempt, number, reason, signature)
        except TimeoutError:
            attempt.outcome = "timeout"
        except (ConnectionError, aiohttp.ClientError):
            attempt.outcome = "connection_failed"
        else:
            attempt.outcome = "acknowledged" if attempt.status == 200 else "http_error"
            if attempt.status == 200 and delivery.acknowledged_at is None:
                delivery.acknowledged_at = self._state.clock.now()
                delivery.body = body
        return attempt.outcome == "acknowledged" or attempt.headers.get("X-Slack-No-Retry") == "1"

    async def _by_socket(self, delivery: Delivery, attempt: Attempt, number: int, reason: str) -> Json:
        envelope: Json = {
            "envelope_id": f"{delivery.id}-{self._state.book.number()}",
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind in ACCEPTS_RESPONSE,
        }
        if delivery.kind == "events_api":
            retry_reason = reason.removeprefix("http_") if number else ""
            envelope |= {"retry_attempt": number, "retry_reason": retry_reason}
        body = await self._sockets.send(envelope, self.patience)
        attempt.status = 200
        return body

    async def _by_http(
        self, delivery: Delivery, attempt: Attempt, number: int, reason: str, signature: Signature
    ) -> Json:
        content_type, body = _encoded(delivery)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self._signed(body, signature)
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        timeout = aiohttp.ClientTimeout(total=self.patience)
        async with self._client().post(self.app_url, data=body.encode(), headers=headers, timeout=timeout) as response:
            attempt.status = response.status
            attempt.headers = dict(response.headers)
            return _decoded(await response.text(), response.content_type)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    def _signed(self, body: str, signature: Signature) -> dict[str, str]:
        # The receiver compares with its own clock, so this is the real time and not the test's.
        stamp = str(int(time.time()) - (TOO_OLD if signature == "old" else 0))
        secret = self._state.signing_secret.encode()
        digest = hmac.new(secret, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        if signature == "bad":
            digest = digest[::-1]
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(delivery: Delivery) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case "slash_commands":
            return form, urlencode(delivery.payload)
        case "interactive":
            return form, urlencode({"payload": json.dumps(delivery.payload)})
        case _:
            return "application/json", json.dumps(delivery.payload)


def _decoded(text: str, content_type: str) -> Json:
    if not text:
        return {}
    if content_type != "application/json":
        return {"text": text}
    body = json.loads(text)
    return body if isinstance(body, dict) else {}
