"""Asking in plain words."""

from __future__ import annotations

from handlers.asking.ask import ask as answered
from handlers.command import Form, Reply, Request, Role, command
from handlers.form import Text, field


class Asking(Form):
    question: Text = field("Your question", help="in plain words, for example: which standards cover key management?")


@command(
    "ask",
    form=Asking,
    role=Role.GUEST,
    help="Ask about the roadmap, groups, meetings, liaisons and terms",
    example="ask What has been published on key management since 2020?",
    takes_plain_text=True,
)
async def ask(request: Request, asking: Asking) -> Reply:
    return (await answered(request, asking.question)).reply()
