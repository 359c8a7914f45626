"""Dialogues: a form filled in by steps, one question after another, kept in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.arrival import Arrival, Asking, Message
from bot.commands import Commands
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Button, Refused, Request
from handlers.form import FieldView
from storage import dialogues
from storage.dialogues import Open

FILL = "fill"
"""The first word of a button that answers the question of a dialogue: `fill status published`."""

SKIP = "-"
"""What leaves an optional field empty."""

_END = ("cancel", "/cancel")
_MOST_CHOICES = 8


@dataclass(slots=True)
class Dialogues:
    """The dialogue of one request's account in its place.

    `goes_on`: this request answered its question, which was for the field `awaiting`.
    """

    request: Request
    renderer: Renderer
    goes_on: bool = False
    awaiting: str = ""

    async def answered(self, arrival: Arrival, commands: Commands) -> tuple[AnyCommand, dict[str, str]] | None:
        """The command and values that go on when this arrival answers an open question; None when it does not."""
        line = arrival.text.strip()
        is_fill = arrival.kind == "button" and line.startswith(f"{FILL} ")
        if not is_fill and (arrival.kind != "message" or line.startswith("/") or line.lower() in _END):
            return None
        found = await dialogues.find(
            self.request.session, self.request.caller.account_id, self.request.place.key, self.request.now
        )
        if found is None:
            if is_fill:
                raise Refused("That form is closed.", "Start it again if you still need it.")
            return None
        command = next((one for one in commands if one.words == found.command), None)
        if command is None:
            return None
        name, value = _pressed(line) if is_fill else (found.awaiting, line)
        if name != found.awaiting:
            raise Refused("That question was answered already.", "Answer the last one, or type cancel.")
        self.goes_on, self.awaiting = True, name
        return command, {**found.values, name: "" if value == SKIP else value}

    async def ask(self, command: AnyCommand, values: Mapping[str, str], errors: Mapping[str, str]) -> Asking:
        """Ask for the first field that is missing or wrong; what was given so far is kept."""
        fields = command.form.fields()
        wrong = [field for field in fields if field.name in errors]
        if not wrong:
            raise Refused("; ".join(errors.values()), f"An example: {command.example}")
        asked = wrong[0]
        told = {name: error for name, error in errors.items() if values.get(name)}
        kept = {name: value for name, value in values.items() if name not in errors}
        await dialogues.keep(
            self.request.session,
            self.request.caller.account_id,
            self.request.place.key,
            Open(command.words, kept, asked.name),
            self.request.now,
        )
        data = {"given": values.get(asked.name, ""), "error": told.get(asked.name, ""), "kept": kept}
        return Asking(command, dict(values), told, self._question(command, asked, data))

    def stay(self) -> None:
        """The request means something else: the dialogue stays open as it is."""
        self.goes_on = False

    async def over(self) -> None:
        """The form is complete: its dialogue ends. One that another command interrupted stays open."""
        if self.goes_on:
            await dialogues.end(self.request.session, self.request.caller.account_id, self.request.place.key)

    def _question(self, command: AnyCommand, field: FieldView, data: Mapping[str, object]) -> Message:
        markdown = self.renderer.markdown("dialogue/question", {"command": command, "field": field, **data})
        choices = field.choices[:_MOST_CHOICES]
        buttons = [Button(choice, f"{FILL} {field.name} {choice}") for choice in choices]
        return Message(markdown, (*buttons, Button("Cancel", "cancel")))


def _pressed(line: str) -> tuple[str, str]:
    """The field and the value of `fill FIELD VALUE`."""
    name, _, value = line.removeprefix(f"{FILL} ").partition(" ")
    return name, value
