"""The vocabulary that every floor speaks: commands, requests, replies, buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from handlers.form import Form
from handlers.situation import Place, Situation
from storage.drops import Dropped
from storage.roles import Role

__all__ = [
    "Attachment",
    "Button",
    "Command",
    "Form",
    "Place",
    "Redirect",
    "Refused",
    "Reply",
    "Request",
    "Role",
    "command",
]

FormT = TypeVar("FormT", bound=Form)


class Refused(Exception):
    """What a person did wrong: shown to them as it stands.

    `message` says what was wrong and what was kept; `hint` says what to type or do next. `field` is the field of the
    command's form that is to blame: where the form is being filled in, it alone is asked for again.
    """

    def __init__(self, message: str, hint: str = "", buttons: Sequence[Button] = (), field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.buttons = tuple(buttons)
        self.field = field


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
    """One person asking one thing, with all that a handler may need to answer.

    `files` came with what they said; a command that takes files gets those that its field `file` names. A file of more
    than `most_bytes` cannot be sent where they speak; None: any can.
    """

    commands: Sequence[AnyCommand]
    text: str = ""
    line: str = ""
    files: Sequence[Dropped] = ()
    most_bytes: int | None = None

    def may(self, command: AnyCommand) -> bool:
        """Whether the caller may call the command at all."""
        is_shut_out = self.role is Role.GUEST and not self.household.guests_ask and not command.for_everyone
        return self.role >= command.role and not is_shut_out


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


@dataclass(frozen=True, slots=True)
class Redirect:
    """A handler's answer that hands over to another command line, in the same transaction. It goes one hop, not two.

    Unless it is `sure` that the person wants just that (a link to the bot may have been made by anybody), a line that
    would change something is shown first.
    """

    line: str
    sure: bool = True


Handler = Callable[[Request, FormT], Awaitable[Reply | Redirect]]


@dataclass(frozen=True, slots=True)
class Command(Generic[FormT]):
    """A command, declared once: every platform's slash command, menu, prompt, form and help come from it.

    `for_everyone`: guests may call it even where they may not ask. `changes`: it changes something, so nobody runs it
    again only to show its answer. `private`: its form is never filled in before others. `takes_file`: its form has a
    field `file` (`handlers.dropping`), and it is offered to whoever drops a file. `bare` is a pattern: a message that
    fits it as a whole calls the command without its words, unless another one is called by it.
    """

    words: str
    form: type[FormT]
    role: Role
    help: str
    example: str
    run: Handler[FormT] = field(repr=False)
    takes_plain_text: bool = False
    for_everyone: bool = False
    changes: bool = False
    private: bool = False
    takes_file: bool = False
    bare: str = ""

    async def __call__(self, request: Request, form: FormT) -> Reply | Redirect:
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
    for_everyone: bool = False,
    changes: bool = False,
    private: bool = False,
    takes_file: bool = False,
    bare: str = "",
) -> Callable[[Handler[FormT]], Command[FormT]]:
    """Declare the handler below as the command `words`.

    `takes_plain_text` marks the one command that answers whatever is not a command; for the others see `Command`.
    """

    def declare(run: Handler[FormT]) -> Command[FormT]:
        return Command(
            words,
            form,
            role,
            help,
            example or words,
            run,
            takes_plain_text,
            for_everyone,
            changes,
            private,
            takes_file,
            bare,
        )

    return declare
