"""Outcomes as text, as the inbox keeps them between handling and answering."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from bot.arrival import Asking, Message, Outcome
from handlers.command import AnyCommand, Attachment, Button


def written(outcome: Outcome) -> str:
    """The outcome as JSON."""
    if isinstance(outcome, Message):
        return json.dumps({"message": _written_message(outcome)})
    return json.dumps(
        {
            "command": outcome.command.words,
            "values": dict(outcome.values),
            "errors": dict(outcome.errors),
            "question": _written_message(outcome.question),
            "labels": dict(outcome.labels),
        }
    )


def read(text: str, commands: Sequence[AnyCommand]) -> Outcome:
    """The outcome back. A command that has gone since leaves its question alone."""
    kept = json.loads(text)
    if "message" in kept:
        return _read_message(kept["message"])
    question = _read_message(kept["question"])
    command = next((one for one in commands if one.words == kept["command"]), None)
    return Asking(command, kept["values"], kept["errors"], question, kept.get("labels", {})) if command else question


def _written_message(message: Message) -> dict[str, Any]:
    return {
        "markdown": message.markdown,
        "private": message.private,
        "shareable": message.shareable,
        "elsewhere": message.elsewhere,
        "buttons": [[one.label, one.command, one.url, one.style] for one in message.buttons],
        "attachments": [
            [one.name, one.media_type, base64.b64encode(one.content).decode()] for one in message.attachments
        ],
    }


def _read_message(kept: dict[str, Any]) -> Message:
    return Message(
        kept["markdown"],
        tuple(Button(*one) for one in kept["buttons"]),
        tuple(Attachment(name, media, base64.b64decode(content)) for name, media, content in kept["attachments"]),
        kept["private"],
        kept.get("shareable", False),
        kept.get("elsewhere", ""),
    )
