"""What the loopback Slack remembers: calls, messages, views, files, deliveries."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.slack.clock import Clock
from tests.fakes.slack.mentions import active_links, active_mentions
from tests.fakes.slack.wire import Json


@dataclass
class Call:
    """One request of the app: `outcome` is 'ok', Slack's error, or the misbehaviour that met it."""

    method: str
    args: Json
    at: float
    outcome: str = ""


@dataclass(eq=False)
class Message:
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    edited: bool = False
    deleted: bool = False
    frozen: bool = False
    reply_broadcast: bool = False
    by_app: bool = False
    args: Json = field(default_factory=dict)
    files: list["File"] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)

    @property
    def mentions(self) -> list[str]:
        """What would notify or link a person, a channel or everybody: `!channel`, `@U1`, `#C1`, `!subteam^S1`."""
        return active_mentions(self.text, self.blocks, self.args)

    @property
    def links(self) -> list[str]:
        return active_links(self.text, self.blocks, self.args)

    def payload(self, team: str) -> Json:
        body: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": team}
        if self.blocks:
            body["blocks"] = self.blocks
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.edited:
            body["edited"] = {"user": self.user, "ts": self.ts}
        return body


@dataclass(eq=False)
class View:
    id: str
    user: str
    content: Json
    root: str
    previous: str | None = None
    number: int = 0
    values: Json = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.content.get("type", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.content.get("blocks", []))

    @property
    def title(self) -> str:
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def hash(self) -> str:
        return f"{self.id}.{self.number}"

    def payload(self, team: str, app: str, bot: str) -> Json:
        body: Json = {
            "callback_id": "", "private_metadata": "", "external_id": "", "clear_on_close": False,
            "notify_on_close": False, "submit": None, "close": None, **self.content,
        }  # fmt: skip
        body.update(
            id=self.id, team_id=team, app_id=app, bot_id=bot, hash=self.hash, root_view_id=self.root,
            previous_view_id=self.previous, state={"values": self.values},
        )  # fmt: skip
        return body


@dataclass(eq=False)
class File:
    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    shared_in: list[str] = field(default_factory=list)
    mimetype: str = "application/octet-stream"
    shares: dict[str, list[Json]] = field(default_factory=dict)

    def payload(self, url: str) -> Json:
        """As an event shows it; `length` may be a lie."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "url_private": f"{url}/files-pri/{self.id}",
            "url_private_download": f"{url}/files-pri/{self.id}/download",
        }


@dataclass
class Attempt:
    """One try at delivering: `outcome` is 'acknowledged', 'timeout', 'http_error', 'connection_failed'."""

    at: float
    headers: dict[str, str]
    outcome: str = ""
    status: int = 0


@dataclass(eq=False)
class Delivery:
    """How something that a person did reached the app; `body` is what the app answered in its acknowledgement."""

    kind: str
    payload: Json
    id: str
    started_at: float
    acknowledged_at: float | None = None
    body: Json = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    also: list["Delivery"] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ts: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.acknowledged_at is not None

    @property
    def status(self) -> int:
        """The HTTP status of the last attempt; 200 for an acknowledged envelope."""
        return self.attempts[-1].status if self.attempts else 0

    @property
    def seconds(self) -> float | None:
        return None if self.acknowledged_at is None else self.acknowledged_at - self.started_at

    @property
    def response_action(self) -> str | None:
        return self.body.get("response_action")

    @property
    def errors(self) -> dict[str, str]:
        return dict(self.body.get("errors") or {}) if self.response_action == "errors" else {}

    @property
    def options(self) -> list[str]:
        """The texts of the options that a `block_suggestion` brought."""
        flat = list(self.body.get("options") or [])
        for group in self.body.get("option_groups") or []:
            flat.extend(group["options"])
        return [str(option["text"]["text"]) for option in flat]


class Book:
    """All that happened, in order."""

    def __init__(self, clock: Clock) -> None:
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._channels: dict[str, list[Message]] = {}
        self._by_ts: dict[str, Message] = {}
        self._clock = clock
        self._numbers = itertools.count(1)

    def ts(self) -> str:
        return f"{int(self._clock.now())}.{next(self._numbers):06d}"

    def number(self) -> int:
        return next(self._numbers)

    def add(self, message: Message) -> Message:
        self._channels.setdefault(message.channel, []).append(message)
        self._by_ts[message.ts] = message
        return message

    def message(self, channel: str, ts: str) -> Message | None:
        found = self._by_ts.get(ts)
        return found if found is not None and found.channel == channel and not found.deleted else None

    def visible(self, channel: str) -> Iterator[Message]:
        return (one for one in self._channels.get(channel, []) if not one.deleted)

    def everything(self) -> Iterator[Message]:
        """Every message that was not deleted, channel by channel."""
        return (one for messages in self._channels.values() for one in messages if not one.deleted)

    def forget(self) -> None:
        for log in (self.calls, self.deliveries, self._channels, self._by_ts):
            log.clear()

    def top_view(self, user: str) -> View | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None
