"""What Slack sends, as far as we read it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        """What Slack sends as null is the same as what it leaves out."""
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value is not None}


class File(_Payload):
    """A file that came with a message; of one in another workspace there may be nothing but its number."""

    id: str = ""
    name: str = ""
    title: str = ""
    mimetype: str = ""
    size: int = 0
    mode: str = ""
    is_external: bool = False
    url_private: str = ""
    url_private_download: str = ""


class Share(_Payload):
    """The message with which a file was shared."""

    ts: str = ""
    thread_ts: str = ""


class SharedFile(File):
    """What `files.info` says: `shares` are by kind of channel ("public", "private") and by channel."""

    shares: dict[str, dict[str, tuple[Share, ...]]] = {}

    def newest_in(self, channel: str) -> Share:
        """The latest message with it there; an empty one when Slack does not know yet."""
        found = [share for kind in self.shares.values() for share in kind.get(channel, ())]
        return max(found, key=lambda share: share.ts, default=Share())


class Event(_Payload):
    """The inner event: a message, a mention, a shared file, an opened App Home, or something else."""

    type: str
    user: str = ""
    user_team: str = ""
    text: str = ""
    channel: str = ""
    channel_type: str = ""
    ts: str = ""
    thread_ts: str = ""
    tab: str = ""
    subtype: str | None = None
    bot_id: str | None = None
    hidden: bool = False
    edited: dict[str, Any] | None = None
    files: tuple[File, ...] = ()
    file_id: str = ""
    user_id: str = ""
    channel_id: str = ""


class EventDelivery(_Payload):
    team_id: str
    event_id: str
    event: Event


class SlashCommand(_Payload):
    team_id: str
    channel_id: str
    user_id: str
    command: str
    trigger_id: str
    text: str = ""
    response_url: str = ""


class Team(_Payload):
    id: str


class User(_Payload):
    id: str
    team_id: str | None = None


class Interaction(_Payload):
    team: Team | None = None
    user: User

    @property
    def team_id(self) -> str:
        return self.user.team_id or (self.team.id if self.team else "")


class Container(_Payload):
    type: str
    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    is_ephemeral: bool = False


class Action(_Payload):
    type: str
    value: str = ""


class Press(Interaction):
    """`block_actions`: a button in a message or in App Home."""

    container: Container
    actions: tuple[Action, ...] = Field(min_length=1)
    trigger_id: str
    response_url: str = ""


class Option(_Payload):
    value: str


class Holding(_Payload):
    """What an input element holds."""

    value: str | None = None
    selected_option: Option | None = None


class Values(_Payload):
    values: dict[str, dict[str, Holding]] = {}


class View(_Payload):
    id: str
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    state: Values = Values()


class Submission(Interaction):
    """`view_submission`: a filled modal."""

    view: View
    trigger_id: str = ""


class Typing(Interaction):
    """`block_suggestion`: somebody types into a menu whose options are ours."""

    view: View
    block_id: str
    value: str = ""


Payload = EventDelivery | SlashCommand | Press | Submission | Typing


def read(body: Mapping[str, Any]) -> Payload | None:
    """The payload, or None for a kind that we do not know or cannot read."""
    shape = SlashCommand if "command" in body else _SHAPES.get(str(body.get("type")))
    if shape is None:
        return None
    try:
        return shape.model_validate(body)
    except ValidationError:
        return None


_SHAPES: Mapping[str, type[Payload]] = MappingProxyType(
    {
        "event_callback": EventDelivery,
        "block_actions": Press,
        "view_submission": Submission,
        "block_suggestion": Typing,
    }
)
