"""The loopback Slack as tests use it."""

from collections import Counter
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

from tests.fakes.slack.clock import Clock
from tests.fakes.slack.courier import Courier, Mode
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.misbehaviour import ANY_METHOD, Kind, Misbehaviour
from tests.fakes.slack.people import People
from tests.fakes.slack.reading import Control, Reader, buttons
from tests.fakes.slack.records import Book, Call, Delivery, File, Message, View
from tests.fakes.slack.server import Server
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json
from tests.fakes.slack.workspace import Channel, Person, Workspace

Truth = TypeVar("Truth")
ENDLESS = frozenset({"revoked"})


class SlackFake:
    """`async with SlackFake() as slack:` a Slack on 127.0.0.1 with three people and three channels.

    People: `anna`, `boris`, `chen`. Channels: `general` (everybody and the bot), `secretariat` (private, anna and the
    bot), `lobby` (public, without the bot). `check=False` leaves out the checks of Block Kit, for benchmarks.
    """

    def __init__(self, *, check: bool = True, sample: bool = True) -> None:
        self.workspace = Workspace()
        self._state = State(self.workspace, check)
        self._sockets = Sockets(self._state)
        self._server = Server(self._state, self._sockets)
        self._courier = Courier(self._state, self._sockets)
        self._reader = Reader(self.workspace)
        people = People(self._state, self._courier)
        self.says = people.says
        self.command = people.command
        self.presses = people.presses
        self.chooses = people.chooses
        self.submits = people.submits
        self.closes = people.closes
        self.suggests = people.suggests
        self.opens_home = people.opens_home
        self.event = people.event
        self.file = people.file
        if sample:
            self._furnish()

    def _furnish(self) -> None:
        add = self.workspace.add_person
        everybody = [
            add("anna", title="Secretariat", tz="Europe/Zurich"),
            add("boris", tz="America/New_York", tz_offset=-18000),
            add("chen", tz="Asia/Shanghai", tz_offset=28800),
        ]
        self.workspace.add_channel("general", members=everybody)
        self.workspace.add_channel("secretariat", kind="private", members=everybody[:1])
        self.workspace.add_channel("lobby", members=everybody, bot=False)

    async def __aenter__(self) -> "SlackFake":
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._courier.close()
        await self._server.stop()

    @property
    def api_url(self) -> str:
        return f"{self._state.url}/api/"

    @property
    def bot_token(self) -> str:
        return self._state.bot_token

    @property
    def app_token(self) -> str:
        return self._state.app_token

    @property
    def signing_secret(self) -> str:
        return self._state.signing_secret

    @property
    def mention(self) -> str:
        """Write it into what a person says to mention the bot."""
        return f"<@{self.workspace.bot.id}>"

    @property
    def clock(self) -> Clock:
        return self._state.clock

    @property
    def mode(self) -> Mode:
        return self._courier.mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._courier.mode = mode

    @property
    def app_url(self) -> str:
        return self._courier.app_url

    @app_url.setter
    def app_url(self, url: str) -> None:
        self._courier.app_url = url

    @property
    def patience(self) -> float:
        """Seconds in which the app must acknowledge; tests of repetition make it short."""
        return self._courier.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self._courier.patience = seconds

    @property
    def retries(self) -> int:
        return self._courier.retries

    @retries.setter
    def retries(self, times: int) -> None:
        self._courier.retries = times

    @property
    def scopes(self) -> set[str] | None:
        """The bot token's scopes; None, the default, is all."""
        return self._state.scopes

    @scopes.setter
    def scopes(self, scopes: Iterable[str] | None) -> None:
        self._state.scopes = None if scopes is None else set(scopes)

    @property
    def auth_error(self) -> str | None:
        """Set to 'token_revoked', 'account_inactive' or 'invalid_auth' to have every call refused so."""
        return self._state.auth_error

    @auth_error.setter
    def auth_error(self, error: str | None) -> None:
        self._state.auth_error = error

    @property
    def book(self) -> Book:
        return self._state.book

    @property
    def calls(self) -> list[Call]:
        return self._state.book.calls

    @property
    def deliveries(self) -> list[Delivery]:
        return self._state.book.deliveries

    @property
    def limits(self) -> Limits:
        """What was posted and called too early."""
        return self._state.limits

    @property
    def files(self) -> list[File]:
        return list(self._state.book.files.values())

    @property
    def sockets(self) -> int:
        """How many websockets are open and not asked to leave."""
        return len(self._sockets.usable)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def messages(self, channel: Channel | Person | str, *, thread_ts: str | None = None) -> list[Message]:
        """Everybody's messages there, oldest first, without deleted ones; of one thread if named."""
        found = self._state.book.visible(self.workspace.channel(channel).id)
        return [one for one in found if thread_ts is None or thread_ts in (one.ts, one.thread_ts)]

    def answers(self, channel: Channel | Person | str, *, thread_ts: str | None = None) -> list[Message]:
        """The bot's messages only."""
        return [one for one in self.messages(channel, thread_ts=thread_ts) if one.by_app]

    def copies(self, text: str) -> Counter[str]:
        """How often the bot has posted it, by the id of the person (direct messages) or channel."""
        channels = self.workspace.channels
        found = (channels[one.channel] for one in self.book.everything() if one.by_app and text in one.text)
        return Counter(channel.partner or channel.id for channel in found)

    def seen(self, shown: Message | View) -> str:
        """The plain words that a person reads."""
        return self._reader.seen(shown)

    def buttons(self, shown: Message | View) -> list[Control]:
        return buttons(shown)

    def views(self, user: Person | str) -> list[View]:
        """The stack of open forms, the visible one last."""
        return list(self._state.book.stacks.get(self.workspace.person(user).id, []))

    def home(self, user: Person | str) -> View | None:
        return self._state.book.homes.get(self.workspace.person(user).id)

    def misbehave(
        self,
        kind: Kind,
        method: str = ANY_METHOD,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        seed: int = 0,
        retry_after: int = 1,
        error: str = "internal_error",
        effect: bool = True,
        when: Callable[[Json], bool] | None = None,
    ) -> Misbehaviour:
        """The next `times` calls (None: all) of the method go wrong; 'response_url' and 'upload' count as methods.

        'slow' does what was asked (unless `effect=False`) and answers only when the client has given up or `release`
        is called; 'duplicate' repeats deliveries, with 'events_api', 'slash_commands' or 'interactive' as method;
        'error' answers `error`; 'revoked' lasts until `behave`.
        """
        lasting = None if kind in ENDLESS and times == 1 else times
        return self._state.misbehaviours.add(
            Misbehaviour(kind, method, lasting, probability, seed, retry_after, error, effect, when)
        )

    def behave(self) -> None:
        """Forgets all misbehaviour."""
        self._state.misbehaviours.clear()

    def release(self) -> None:
        """Lets the slow answers go."""
        self._server.release()

    def forget(self) -> None:
        """Empties the record of calls, deliveries and messages, so that a benchmark stays quick."""
        self._state.book.forget()

    async def disconnect(self, reason: str = "refresh_requested", count: int | None = None) -> None:
        """Of the oldest `count` websockets: 'warning', 'refresh_requested', 'link_disabled', 'close' or 'abrupt'."""
        await self._sockets.disconnect(reason, count)

    async def connected(self, count: int = 1, timeout: float = 30) -> None:
        await self.wait_for(lambda: self.sockets >= count, timeout)

    async def wait_for(self, condition: Callable[[], Truth | None], timeout: float = 30) -> Truth:
        """The first true value of `condition`, looked at again whenever something happens here."""
        return await self._state.notice.wait_for(condition, timeout, self._lately)

    def _lately(self) -> str:
        lately: list[Any] = [(call.method, call.outcome) for call in self.calls[-8:]]
        return f"the last calls were {lately}"
