"""Intake: everything that Slack tells us is kept durably before it is acknowledged."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from pydantic import ValidationError
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.arrival import Arrival
from bot.platforms import Reception
from bot.platforms.slack import arrivals
from bot.platforms.slack.buttons import pressed
from bot.platforms.slack.forms import Forms
from bot.platforms.slack.modals import CALLBACK, Errand, options
from bot.platforms.slack.payloads import EventDelivery, Payload, Press, SlashCommand, Submission, Typing, View, read
from bot.platforms.slack.people import People
from bot.platforms.slack.shared import Shared
from bot.platforms.slack.work import Work
from bot.render.slack_text import Json

log = logging.getLogger("bot.platforms.slack")
_TYPING_SECONDS = 2.5

Opened = Callable[[str, str], Coroutine[Any, Any, None]]
"""Called with account and user id when somebody opens App Home."""
Stale = Callable[[Press], Coroutine[Any, Any, None]]
"""Called when somebody presses a button whose meaning is forgotten."""


class Intake(AsyncMiddleware):
    """Bolt acknowledges an event before its listener runs, so all is done here, before any listener."""

    def __init__(
        self,
        reception: Reception,
        people: People,
        forms: Forms,
        work: Work,
        shared: Shared,
        *,
        bot: str,
        prefix: str,
        home_opened: Opened,
        stale_pressed: Stale,
    ) -> None:
        self._reception = reception
        self._people = people
        self._forms = forms
        self._work = work
        self._shared = shared
        self._bot = bot
        self._prefix = prefix
        self._home_opened = home_opened
        self._stale_pressed = stale_pressed

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        if req.body.get("type") == "url_verification":
            return await next()
        started = time.time()
        with self._work.under_way():
            try:
                return await self._acknowledged(req, started)
            except Exception as error:
                # Without an acknowledgement Slack sends events again, and tells a person that a command failed.
                # The error's own words may hold the arrival with its response URL, so only its place is logged.
                place = "".join(traceback.format_tb(error.__traceback__))
                log.error("what Slack sent could not be kept: kind %s: %s\n%s", _kind(req), type(error).__name__, place)
                return BoltResponse(status=500)

    async def _acknowledged(self, req: AsyncBoltRequest, started: float) -> BoltResponse:
        payload = read(req.body)
        if isinstance(payload, Typing):
            return BoltResponse(status=200, body=await self._offered(payload))
        arrival = await self._arrival(payload, started) if payload else None
        if arrival is None:
            if payload is None or (isinstance(payload, EventDelivery) and not _is_known(payload)):
                log.debug("ignored: kind %s", _kind(req))
            return BoltResponse(status=200)
        if arrival.kind == "form":
            return await self._submitted(arrival, started)
        await self._receive(arrival)
        return BoltResponse(status=200)

    async def _offered(self, typing: Typing) -> Json:
        """The options for what is being typed. None is better than an answer for which Slack no longer waits."""
        errand = _errand(typing.view)
        if errand is None:
            return options(())
        account = f"{typing.team_id}/{typing.user.id}"
        try:
            async with asyncio.timeout(_TYPING_SECONDS):
                found = await self._reception.offer("slack", account, errand.words, typing.block_id, typing.value)
        except TimeoutError:
            log.warning("the options of a menu came too late")
            return options(())
        return options(found)

    async def _submitted(self, arrival: Arrival, started: float) -> BoltResponse:
        waiting = self._forms.opened(arrival.event_id)
        if waiting is None:
            return BoltResponse(status=200)
        try:
            if await self._receive(arrival):
                answer = await self._forms.answer(waiting, time.time() - started)
                return BoltResponse(status=200, body=answer)
            return BoltResponse(status=200)
        finally:
            self._forms.forget(arrival.event_id)

    async def _receive(self, arrival: Arrival) -> bool:
        profile = await self._people.profile(arrival.address.get("user", ""))
        return await self._reception.receive(arrival.model_copy(update={"name": profile.name, "zone": profile.zone}))

    async def _arrival(self, payload: Payload, now: float) -> Arrival | None:
        match payload:
            case EventDelivery() if payload.event.type == "app_home_opened":
                if payload.event.tab == "home" and payload.event.user:
                    account = f"{payload.event.user_team or payload.team_id}/{payload.event.user}"
                    self._work.begin(self._home_opened(account, payload.event.user))
                return None
            case EventDelivery() if payload.event.type == "file_shared":
                return await self._shared.arrival(payload, now)
            case EventDelivery():
                return arrivals.of_event(payload, self._bot, now)
            case SlashCommand():
                return arrivals.of_command(payload, self._prefix, now)
            case Press():
                return await self._press(payload, now)
            case Submission():
                return _submission(payload, now)
            case Typing():
                return None

    async def _press(self, press: Press, now: float) -> Arrival | None:
        value = press.actions[0].value
        if not value:
            return None
        meaning = await pressed(value, self._reception.lengthen)
        if meaning is None:
            self._work.begin(self._stale_pressed(press))
            return None
        return arrivals.of_press(press, meaning, now)


def _submission(submission: Submission, now: float) -> Arrival | None:
    errand = _errand(submission.view)
    return arrivals.of_submission(submission, errand, now) if errand else None


def _errand(view: View) -> Errand | None:
    """What the modal was opened for; None if it is none of ours."""
    if view.callback_id != CALLBACK:
        return None
    try:
        return Errand.model_validate_json(view.private_metadata)
    except ValidationError:
        return None


def _is_known(delivery: EventDelivery) -> bool:
    return delivery.event.type in ("message", "app_mention", "app_home_opened", "file_shared")


def _kind(req: AsyncBoltRequest) -> str:
    event = req.body.get("event")
    inner = event.get("type") if isinstance(event, dict) else ""
    return repr(f"{req.body.get('type', '')} {inner or ''}".strip()[:80])
