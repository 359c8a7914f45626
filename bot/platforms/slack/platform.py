"""Slack as a platform: started and stopped, and answered through."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.arrival import Arrival, Asking, Enclosed, Message, Outcome
from bot.platforms import Address, Envelope, PlatformError, Receipt, Reception, Unavailable, Unreachable
from bot.platforms.slack import home, modals
from bot.platforms.slack.address import PATH
from bot.platforms.slack.arrivals import of_press
from bot.platforms.slack.buttons import Pressed, fitted
from bot.platforms.slack.deliveries import LIMITS, Deliveries
from bot.platforms.slack.downloads import Downloads
from bot.platforms.slack.endpoint import Endpoint
from bot.platforms.slack.errors import translated
from bot.platforms.slack.forms import ACCEPTED, Forms
from bot.platforms.slack.intake import Intake, log
from bot.platforms.slack.library import discreet_logger, new_client, new_session
from bot.platforms.slack.manifest import slash_commands
from bot.platforms.slack.payloads import Press
from bot.platforms.slack.people import People
from bot.platforms.slack.posts import Posts
from bot.platforms.slack.shared import Shared
from bot.platforms.slack.sockets import Sockets
from bot.platforms.slack.way import way_of
from bot.platforms.slack.work import Work
from bot.render.renderer import Renderer
from handlers.command import AnyCommand

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STOPPING_SECONDS = 10.0
# An answer so late finds nobody looking where the form was.
_LATE_SECONDS = 60.0
_STALE = Message("That button is too old: please type the command instead.")


@dataclass(frozen=True, slots=True)
class _Connected:
    """What exists between start and stop."""

    reception: Reception
    session: aiohttp.ClientSession
    client: AsyncWebClient
    people: People
    posts: Posts
    deliveries: Deliveries
    downloads: Downloads
    endpoint: Endpoint | None
    sockets: Sockets | None


class SlackPlatform:
    """`app_token`: Socket Mode. Without it, `signing_secret`: HTTP, for which `http_routes` are to be mounted.

    A request is given up after `timeout` seconds.
    """

    name = "slack"
    limits = LIMITS
    file_limit = ""

    def __init__(
        self,
        *,
        bot_token: str,
        app_token: str | None,
        signing_secret: str | None,
        api_url: str,
        command_prefix: str,
        commands: Sequence[AnyCommand],
        render: Renderer,
        timeout: float = 20,
    ) -> None:
        self._bot_token = bot_token
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._api_url = api_url
        self._prefix = command_prefix
        self._render = render
        self._timeout = timeout
        # A name that Slack would not take is better found now than by somebody who types it.
        slash_commands(commands, command_prefix)
        self._forms = Forms()
        self._work = Work()
        self._connected: _Connected | None = None

    async def start(self, reception: Reception) -> None:
        if not (self._app_token or self._signing_secret):
            raise Unreachable("Slack needs an app token (Socket Mode) or a signing secret (HTTP)")
        session = new_session(self._timeout)
        try:
            self._connected = await self._connect(reception, session)
            if self._connected.sockets:
                await self._connected.sockets.connect()
        except BaseException:
            await self.stop()
            await session.close()
            raise
        log.info("connected to Slack by %s", "Socket Mode" if self._app_token else "HTTP")

    async def stop(self) -> None:
        connected = self._connected
        if connected is None:
            return
        await self._work.finish(_STOPPING_SECONDS)
        if connected.sockets:
            await connected.sockets.close()
        # What arrived in the meantime is kept already, and answered after the next start if not now.
        await self._work.finish(_STOPPING_SECONDS)
        self._connected = None
        await connected.people.close()
        await connected.session.close()

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        connected = self._connected
        if connected is None:
            raise Unavailable("Slack is not connected")
        with self._work.under_way():
            if arrival.kind == "form":
                await self._answer_form(connected, arrival, outcome)
            elif isinstance(outcome, Asking):
                await self._ask(connected, arrival, outcome)
            else:
                await connected.posts.say(way_of(arrival.address), outcome, arrival.text)

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        if self._connected is None:
            raise Unavailable("Slack is not connected")
        with self._work.under_way():
            return await self._connected.downloads.fetch(file, most)

    @property
    def is_ready(self) -> bool:
        return self._connected is not None

    def is_group(self, address: Address) -> bool:
        """Slack's limits are the same for channels and people."""
        return False

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        with self._work.under_way():
            return await self._deliveries().send(address, message)

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        with self._work.under_way():
            return await self._deliveries().edit(address, receipt, message)

    def _deliveries(self) -> Deliveries:
        if self._connected is None:
            raise Unavailable("Slack is not connected")
        return self._connected.deliveries

    def http_routes(self) -> list[tuple[str, Handler]]:
        """Paths with their POST handlers; none in Socket Mode."""
        return [] if self._app_token else [(PATH, self._take)]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if self._connected is None or self._connected.endpoint is None:
            return web.Response(status=503)
        return await self._connected.endpoint.take(request)

    async def _connect(self, reception: Reception, session: aiohttp.ClientSession) -> _Connected:
        client = new_client(self._bot_token, self._api_url, session)
        prompt = new_client(self._bot_token, self._api_url, session, is_patient=False)
        with translated():
            bot = str((await client.auth_test())["user_id"])
        people = People(client)
        intake = Intake(
            reception,
            people,
            self._forms,
            self._work,
            Shared(client, reception.hears, bot),
            bot=bot,
            prefix=self._prefix,
            home_opened=self._show_home,
            stale_pressed=self._say_stale,
        )
        app = AsyncApp(
            name="liaison-bot",
            logger=discreet_logger(),
            client=client,
            signing_secret=self._signing_secret or "",
            before_authorize=intake,
            # The endpoint verifies before bolt sees anything: bolt would log the body of a forged request.
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        return _Connected(
            reception,
            session,
            client,
            people,
            Posts(client, session, self._render, reception.shorten),
            Deliveries(prompt, session, self._render, reception.shorten),
            Downloads(client, session, self._api_url, self._timeout),
            None if self._app_token or not self._signing_secret else Endpoint(app, self._signing_secret),
            Sockets(app, self._app_token, client) if self._app_token else None,
        )

    async def _ask(self, connected: _Connected, arrival: Arrival, asking: Asking) -> None:
        """Open a modal while Slack allows it; else the dialogue's question stands for it."""
        way = way_of(arrival.address)
        if way.can_ask(time.time()):
            own = {"email": (await connected.people.profile(way.user)).email}
            view = modals.view(arrival, asking, own)
        else:
            view = None
        if view is not None:
            try:
                with translated():
                    await connected.client.views_open(trigger_id=way.trigger_id, view=view)
                return
            except PlatformError as error:
                log.info("no modal, so the question is posted: %s", error)
        await connected.posts.say(way, asking.question)

    async def _answer_form(self, connected: _Connected, arrival: Arrival, outcome: Outcome) -> None:
        if isinstance(outcome, Asking):
            if self._forms.answered(arrival.event_id, modals.refusal(arrival, outcome)):
                return
            message = outcome.question
        else:
            self._forms.answered(arrival.event_id, ACCEPTED)
            message = outcome
        way = way_of(arrival.address)
        if time.time() - way.received > _LATE_SECONDS:
            way = way.direct()
        await connected.posts.say(way, message)

    async def _show_home(self, account: str, user: str) -> None:
        connected = self._connected
        if connected is None:
            return
        profile = await connected.people.profile(user)
        message = await connected.reception.home(self.name, account, profile.name)
        buttons = await fitted(message.buttons, connected.reception.shorten)
        view = home.view(self._render, message, buttons)
        with translated():
            await connected.client.views_publish(user_id=user, view=view)

    async def _say_stale(self, press: Press) -> None:
        if self._connected is not None:
            arrival = of_press(press, Pressed(""), time.time())
            await self._connected.posts.say(way_of(arrival.address), _STALE)
