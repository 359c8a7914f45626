"""Help: what there is to say, and the start page."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from handlers.asking.ask import STARTERS
from handlers.asking.ask import ask as answered
from handlers.command import Button, Form, Reply, Request, Role, command
from handlers.form import Line, field


class Helping(Form):
    about: Line | None = field("Command", help="the words of a command", default=None)


class Starting(Form):
    parameter: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = field(
        "Parameter", help="what a link to the bot carried", default=None
    )


@command("help", form=Helping, role=Role.GUEST, help="What you can ask and do", example="help roadmap")
async def show_help(request: Request, helping: Helping) -> Reply:
    allowed = [one for one in request.commands if one.role <= request.role]
    wanted = (helping.about or "").lower().strip()
    chosen = [one for one in allowed if one.words == wanted] or [
        one for one in allowed if wanted and one.words.split()[0] == wanted.split()[0] and len(wanted.split()) <= 2
    ]
    if wanted and not chosen:
        return (await answered(request, request.text)).reply()
    buttons = STARTERS[:3] if not wanted else [Button(one.words, one.words) for one in chosen[:4]]
    return Reply("help/help", commands=allowed, chosen=chosen, buttons=buttons)


@command("start", form=Starting, role=Role.GUEST, help="Who I am and what I can do")
async def start(request: Request, _starting: Starting) -> Reply:
    return Reply("help/start", host=request.host, caller=request.caller, buttons=STARTERS)
