"""Help: what there is to say, and the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from handlers.asking.ask import STARTERS
from handlers.asking.ask import ask as answered
from handlers.command import AnyCommand, Button, Form, Redirect, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.line import of_parameter
from storage import representatives

MOST_BUTTONS = 12
"""Subjects that the help offers as buttons."""

MOST_IN_FULL = 3
"""Commands of one subject that are shown with all their fields; more are listed."""

REGISTER = Button("Register", "register", style="primary")


class Helping(Form):
    about: Line | None = field("Command", help="the words of a command", default=None)


class Starting(Form):
    parameter: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = field(
        "Parameter", help="what a link to the bot carried", default=None
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """Commands that begin with the same word."""

    word: str
    commands: Sequence[AnyCommand]


@command(
    "help", form=Helping, role=Role.GUEST, help="What you can ask and do", example="help roadmap", for_everyone=True
)
async def show_help(request: Request, helping: Helping) -> Reply:
    allowed = [one for one in request.commands if request.may(one)]
    wanted = (helping.about or "").lower().strip()
    if not wanted:
        return _everything(allowed)
    chosen = [one for one in allowed if one.words == wanted] or _beginning_like(allowed, wanted.split())
    if not chosen:
        return (await answered(request, request.text)).reply()
    if len(chosen) > MOST_IN_FULL:
        buttons = [Button(one.words, f"help {one.words}") for one in chosen[:MOST_BUTTONS]]
        return Reply("help/subject", commands=chosen, buttons=buttons)
    return Reply("help/commands", commands=chosen, buttons=[Button(one.words, one.words) for one in chosen])


@command("start", form=Starting, role=Role.GUEST, help="Who I am and what I can do", for_everyone=True)
async def start(request: Request, starting: Starting) -> Reply | Redirect:
    line = of_parameter(starting.parameter or "")
    if any(f"{line} ".startswith(f"{one.words} ") for one in request.commands if one.words != "start"):
        # Anybody may have made the link: what it leads to is shown before it changes anything.
        return Redirect(line, sure=False)
    appointed = await representatives.of_person(request.session, request.caller.person_id)
    can_register = not appointed and any(one.words == REGISTER.command for one in request.commands)
    may_ask = request.may(next(one for one in request.commands if one.takes_plain_text))
    return Reply(
        "help/start",
        host=request.host,
        caller=request.caller,
        may_ask=may_ask,
        buttons=[*([REGISTER] if can_register else []), *(STARTERS if may_ask else STARTERS[-1:])],
    )


def _beginning_like(allowed: Sequence[AnyCommand], wanted: Sequence[str]) -> list[AnyCommand]:
    """Commands that begin with the first word of two or less; alone it may be a plural: "help meetings"."""
    found = [one for one in allowed if one.words.split()[0] == wanted[0] and len(wanted) <= 2]
    singular = wanted[0].removesuffix("s")
    return found or [one for one in allowed if one.words.split()[0] == singular and len(wanted) == 1]


def _everything(allowed: Sequence[AnyCommand]) -> Reply:
    """All commands, a line a subject: as many as there are, they fit a phone."""
    words = dict.fromkeys(one.words.split()[0] for one in allowed)
    subjects = [Subject(word, [one for one in allowed if one.words.split()[0] == word]) for word in words]
    several = [one for one in subjects if len(one.commands) > 1]
    alone = [one.commands[0] for one in subjects if len(one.commands) == 1]
    buttons = [Button(one.word.capitalize(), f"help {one.word}") for one in several[:MOST_BUTTONS]]
    return Reply("help/help", subjects=several, alone=alone, buttons=buttons or STARTERS[:3])
