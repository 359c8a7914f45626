"""What arrives from a platform, and what goes back: the neutral shapes between platforms and dispatch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from handlers.command import AnyCommand, Attachment, Button, Place

Kind = Literal["message", "command", "button", "form"]


class Arrival(BaseModel):
    """One event of a platform, as it is kept in the inbox.

    kind `message` is plain text, `command` and `button` carry a command line (without slash or prefix), `form` a
    filled modal (`text` is the command's words, `values` its fields). `address` is the platform's own note of how to
    answer (response URL, message to edit ...) and means nothing to anybody else.
    """

    model_config = ConfigDict(frozen=True)

    platform: str
    event_id: str
    account: str
    name: str = ""
    zone: str = ""
    place: Place
    kind: Kind
    text: str = ""
    values: dict[str, str] = {}
    address: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Message:
    """What a person gets: Markdown of a template, with buttons and files. `private`: for the asker's eyes alone."""

    markdown: str
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A command that lacks values: a platform with modals opens one, the others show `question`.

    `values` are those already given, `errors` what is wrong with some of them, by field name. `question` asks for
    the next field and stands for a dialogue that is already kept in the database.
    """

    command: AnyCommand
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    question: Message = Message("")


Outcome = Message | Asking
