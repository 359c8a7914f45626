"""Everything that the parts of the loopback Slack share."""

from dataclasses import dataclass, field

from tests.fakes.slack.clock import Clock
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.misbehaviour import Misbehaviours
from tests.fakes.slack.notice import Notice
from tests.fakes.slack.records import Book
from tests.fakes.slack.wire import SlackRefusal
from tests.fakes.slack.workspace import Workspace

TRIGGER_SECONDS = 15.0  # 3 on Slack; a busy machine may stand still for longer
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    user: str
    issued_at: float
    view: str | None = None
    exchanged: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer what a person did: five times within thirty minutes."""

    channel: str
    user: str
    issued_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class State:
    workspace: Workspace
    check: bool
    clock: Clock = field(default_factory=Clock)
    notice: Notice = field(default_factory=Notice)
    misbehaviours: Misbehaviours = field(default_factory=Misbehaviours)
    limits: Limits = field(default_factory=Limits)
    url: str = ""
    bot_token: str = "xoxb-loopback-bot"
    app_token: str = "xapp-1-A0LIAISON-loopback"
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"
    scopes: set[str] | None = None
    auth_error: str | None = None
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    book: Book = field(init=False)

    def __post_init__(self) -> None:
        self.book = Book(self.clock)

    def trigger(self, user: str, view: str | None = None) -> str:
        name = f"{int(self.clock.now())}.{self.book.number()}.loopback"
        self.triggers[name] = Trigger(user, self.clock.now(), view)
        return name

    def exchange(self, name: object) -> Trigger:
        """The trigger behind a `trigger_id`: once, within a few seconds."""
        trigger = self.triggers.get(str(name))
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackRefusal("exchanged_trigger_id")
        if self.clock.now() - trigger.issued_at > TRIGGER_SECONDS:
            raise SlackRefusal("expired_trigger_id")
        trigger.exchanged = True
        return trigger

    def response_url(self, place: ResponseUrl) -> str:
        name = f"R{self.book.number()}"
        self.response_urls[name] = place
        return f"{self.url}/response/{name}"
