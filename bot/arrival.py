"""What arrives from a platform, and what goes back: the neutral shapes between platforms and dispatch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from handlers.command import AnyCommand, Attachment, Button, Place

Kind = Literal["message", "command", "button", "form"]


class Enclosed(BaseModel):
    """A file that came with an arrival: the platform's own word for it, and what the platform says of it.

    `size` is in bytes, 0 where it is not said. `problem`: why it cannot be fetched, where that is known already.
    """

    model_config = ConfigDict(frozen=True)

    reference: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    problem: str = ""


class Arrival(BaseModel):
    """One event of a platform, as it is kept in the inbox.

    kind `message` is plain text, `command` and `button` carry a command line (without slash or prefix), `form` a
    filled modal (`text` is the command's words, `values` its fields). `address` is the platform's own note of how to
    answer (response URL, message to edit ...) and means nothing to anybody else. `modal`: a form can be shown for this
    arrival at once, with values of up to so many characters; 0: none can. `files` are fetched when it is handled.
    `unaddressed`: it was not said to the bot, but where the bot listens. `covers` are the event ids of unaddressed
    arrivals that tell a part of this one once more, before it or after it.
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
    modal: int = 0
    files: tuple[Enclosed, ...] = ()
    unaddressed: bool = False
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What a person gets: Markdown of a template, with buttons and files. `private`: for the asker's eyes alone.

    `shareable`: the command that it answers may be run again to show it to others. `elsewhere`: a command line with
    which this goes on in private, where the platform has a way there; else the buttons lead on.
    """

    markdown: str
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    private: bool = False
    shareable: bool = False
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A command that lacks values: a platform with modals opens one, the others show `question`.

    `values` are those already given, `errors` what is wrong with some of them, by field name; `labels` are what people
    call values of searched fields, `doubts` what they should look at by field. `question` asks for the next field, or
    leads back to the form where one is shown.
    """

    command: AnyCommand
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    question: Message = Message("")
    labels: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)


Outcome = Message | Asking
