"""The vocabulary that every floor speaks: commands, requests, replies, buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from handlers.form import Form
from handlers.situation import Place, Situation
from storage.roles import Role

__all__ = ["Attachment", "Button", "Command", "Form", "Place", "Refused", "Reply", "Request", "Role", "command"]

FormT = TypeVar("FormT", bound=Form)


class Refused(Exception):
    """What a person did wrong: shown to them as it stands.

    `message` says what was wrong and what was kept; `hint` says what to type or do next.
    """

    def __init__(self, message: str, hint: str = "", buttons: Sequence[Button] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.buttons = tuple(buttons)


@dataclass(frozen=True, slots=True)
class Button:
    """A command line with a label: pressing it and typing it are the same thing.

    With `url` it opens that page instead and `command` is empty.
    """

    label: str
    command: str = ""
    url: str | None = None
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Situation):
    """One person asking one thing, with all that a handler may need to answer."""

    commands: Sequence[AnyCommand]
    text: str = ""
    line: str = ""


class Reply:
    """What a handler answers: the name of a template, the data that it shows, and the next steps.

    `private` keeps the answer between the bot and the person even when they asked in a channel.
    """

    __slots__ = ("attachments", "buttons", "data", "private", "template")

    def __init__(
        self,
        template: str,
        *,
        buttons: Sequence[Button] = (),
        attachments: Sequence[Attachment] = (),
        private: bool = False,
        **data: object,
    ) -> None:
        self.template = template
        self.buttons = tuple(buttons)
        self.attachments = tuple(attachments)
        self.private = private
        self.data = data


Handler = Callable[[Request, FormT], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Command(Generic[FormT]):
    """A command, declared once: every platform's slash command, menu, prompt, form and help come from it."""

    words: str
    form: type[FormT]
    role: Role
    help: str
    example: str
    run: Handler[FormT] = field(repr=False)
    takes_plain_text: bool = False

    async def __call__(self, request: Request, form: FormT) -> Reply:
        return await self.run(request, form)


AnyCommand = Command[Any]


def command(
    words: str,
    *,
    form: type[FormT],
    role: Role,
    help: str,
    example: str = "",
    takes_plain_text: bool = False,
) -> Callable[[Handler[FormT]], Command[FormT]]:
    """Declare the handler below as the command `words`.

    `takes_plain_text` marks the one command that answers whatever is not a command.
    """

    def declare(run: Handler[FormT]) -> Command[FormT]:
        return Command(words, form, role, help, example or words, run, takes_plain_text)

    return declare
