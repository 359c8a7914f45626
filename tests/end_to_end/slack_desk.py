"""A reception that keeps arrivals in memory, and a platform at work on the loopback Slack."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Literal

from aiohttp import web

from bot.arrival import Arrival, Asking, Message, Outcome
from bot.platforms import PlatformError, Suggestion
from bot.platforms.slack.platform import SlackPlatform
from bot.render.escape import escape
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Button, Place, Reply, Request, Role, command
from handlers.form import Choice, Form, Line, Text, field
from tests.fakes.slack import SlackFake


class Query(Form):
    query: Line = field("Question", help="in your own words")


class Registration(Form):
    group: Line = field("Group", help="SG13, for example")
    kind: Literal["representative", "alternate"] = field("Kind")
    remark: Text | None = field("Remark", default=None, named=True)


@command("ask", form=Query, role=Role.MEMBER, help="Ask in plain words", example="ask what is new?")
async def ask(request: Request, query: Query) -> Reply:
    return Reply("ask", query=query.query)


@command("register", form=Registration, role=Role.MEMBER, help="Register as a representative")
async def register(request: Request, registration: Registration) -> Reply:
    return Reply("register", group=registration.group)


COMMANDS: tuple[AnyCommand, ...] = (ask, register)


def echo(arrival: Arrival) -> Outcome:
    """What a person said, literally; `register` asks, and knows only one group."""
    if arrival.kind == "form":
        if arrival.values["group"] != "SG13":
            return Asking(register, arrival.values, {"group": "there is no such group"}, Message("Which group?"))
        return Message(f"Registered for {escape(arrival.values['group'])}")
    if arrival.text.startswith("register"):
        return Asking(register, {"group": "SG 13"}, question=Message("Which group?"))
    return Message(f"You said: {escape(arrival.text)}", (Button("More", "ask more"),), shareable=True)


class Desk:
    """The reception: `answer` says what an arrival is answered; `failures` are what could not be delivered.

    `broken`: nothing can be kept; `silent`: nothing is answered.
    """

    def __init__(self, answer: Callable[[Arrival], Outcome] = echo) -> None:
        self.answer = answer
        self.arrivals: dict[str, Arrival] = {}
        self.deliveries = 0
        self.failures: list[PlatformError] = []
        self.broken = False
        self.silent = False
        self.commands: dict[str, str] = {}
        self.platform: SlackPlatform | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, arrival: Arrival) -> bool:
        self.deliveries += 1
        if self.broken:
            raise OSError(f"the database is away, and {arrival.address} is not kept")
        if arrival.event_id in self.arrivals:
            return False
        self.arrivals[arrival.event_id] = arrival
        if not self.silent:
            self._tasks.add(asyncio.create_task(self._answer(arrival)))
        return True

    async def _answer(self, arrival: Arrival) -> None:
        assert self.platform is not None
        try:
            await self.platform.answer(arrival, self.answer(arrival))
        except PlatformError as error:
            self.failures.append(error)

    async def settled(self) -> None:
        await asyncio.gather(*self._tasks)

    async def suggest(self, platform: str, account: str, text: str, limit: int = 20) -> Sequence[Suggestion]:
        return []

    async def offer(self, platform: str, account: str, words: str, field: str, typed: str) -> Sequence[Choice]:
        return ()

    async def hears(self, account: str, place: Place) -> bool:
        return False

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        table = "\n\n| a | b |\n| - | - |\n| 1 | 2 |"
        return Message(f"**{name}** is {account}{table}", (Button("What is new?", "ask what is new"),))

    async def shorten(self, command: str) -> str:
        token = f"t{len(self.commands)}"
        self.commands[token] = command
        return token

    async def lengthen(self, token: str) -> str | None:
        return self.commands.get(token)


def a_platform(slack: SlackFake, prefix: str = "") -> SlackPlatform:
    return SlackPlatform(
        bot_token=slack.bot_token,
        app_token=slack.app_token if slack.mode == "socket" else None,
        signing_secret=slack.signing_secret,
        api_url=slack.api_url,
        command_prefix=prefix,
        commands=COMMANDS,
        render=Renderer(),
    )


@asynccontextmanager
async def at_work(slack: SlackFake, desk: Desk, prefix: str = "") -> AsyncIterator[SlackPlatform]:
    """The platform between start and stop, behind a web server where there are no sockets."""
    platform = desk.platform = a_platform(slack, prefix)
    app = web.Application()
    for path, handler in platform.http_routes():
        app.router.add_post(path, handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        await platform.start(desk)
        yield platform
        await desk.settled()
    finally:
        await platform.stop()
        await runner.cleanup()
