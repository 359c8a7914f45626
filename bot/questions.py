"""Questions: how a dialogue asks, in words and with buttons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.arrival import Message
from bot.filling import Filled, labels
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Button, Request
from handlers.dropping import FILE
from handlers.form import Choice, FieldView
from handlers.line import quote, read_line, to_parameter, write_line
from storage.dialogues import Open

FILL = "fill"
"""The first word of a button that answers the question of a dialogue: `fill status published`."""

SKIP = "-"
"""What leaves an optional field empty."""

GO_ON, ANEW, CANCEL = "go on", "start anew", "cancel"
"""What to do with a form that was left half-way."""

_MOST_CHOICES = 8
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions to whoever made the request."""

    request: Request
    renderer: Renderer

    async def field(
        self,
        command: AnyCommand,
        field: FieldView,
        filled: Filled,
        errors: Mapping[str, str],
        *,
        is_first: bool,
        settled: Collection[str] = (),
    ) -> Message:
        """Ask for one field; with the first one it is said what the form is for. No change is offered of `settled`."""
        offers = await self._offers(command, field, filled)
        offered = _shown(offers)
        now = await command.form.begins(self.request, filled.kept) if is_first else {}
        given = filled.values.get(field.name, "")
        is_needed = field.required or (field.name in filled.errors and not given)
        so_far = await self._so_far(command, filled.kept, but=field.name)
        markdown = self.renderer.markdown(
            "dialogue/question",
            {
                "command": command,
                "field": field,
                "given": given,
                "is_needed": is_needed,
                "error": errors.get(field.name, ""),
                "unclear": field.name in filled.offers,
                "is_first": is_first,
                "others": [error for name, error in errors.items() if name != field.name],
                "so_far": so_far,
                "changed": [name for name, _, _ in so_far if name not in settled],
                "more": len(offers) - len(offered),
                "offered": bool(offered),
                "in_group": not self.request.place.private,
                "now": now.get(field.name, ""),
            },
        )
        buttons = [Button(_short(one.label), f"{FILL} {field.name} {one.value}") for one in offered]
        if not is_needed:
            buttons.append(Button("Skip", f"{FILL} {field.name} {SKIP}"))
        return Message(markdown, (*buttons, Button("Cancel", CANCEL)), private=command.private)

    async def review(self, command: AnyCommand, filled: Filled, doubts: Mapping[str, str]) -> Message:
        """Show a complete form: it may be sent or changed, above all what is in doubt."""
        so_far, fields = await self._so_far(command, filled.kept), command.form.fields()
        order = {one.name: (one.name not in doubts, one.name == FILE, not filled.kept.get(one.name)) for one in fields}
        views = sorted(fields, key=lambda one: order[one.name])
        empty = [(one.label, doubts[one.name]) for one in views if one.name in doubts and not filled.kept.get(one.name)]
        named = next((name for name, _, _ in so_far if name != FILE), FILE)
        data = {"command": command, "so_far": so_far, "doubts": doubts, "empty": empty, "named": named}
        markdown = self.renderer.markdown("dialogue/review", data)
        send = Button(command.form.submit, write_line(command.words, filled.kept), style="primary")
        changes = [Button(_short(f"Change {one.label}"), f"{FILL} {one.name}") for one in views]
        return Message(markdown, (send, *changes[:_MOST_CHOICES], Button("Cancel", CANCEL)), private=command.private)

    def form(self, command: AnyCommand, errors: Mapping[str, str], line: str) -> Message:
        """Lead back to the form of a platform that shows forms."""
        data = {"command": command, "errors": list(errors.values())}
        return Message(
            self.renderer.markdown("dialogue/form", data),
            (Button("Open the form", line, style="primary"),),
            private=True,
        )

    def elsewhere(self, command: AnyCommand, values: Mapping[str, str]) -> Message:
        """The form is not for everybody's eyes: it goes on in private."""
        given = {name: value for name, value in values.items() if value}
        first = next((one for one in command.form.fields() if not one.named), None)
        alone = [_alone(command, name, value) for name, value in given.items() if first and name == first.name]
        line = f"{command.words} {alone[0]}" if len(alone) == len(given) == 1 else write_line(command.words, given)
        markdown = self.renderer.markdown("dialogue/elsewhere", {"command": command})
        carried = line if to_parameter(line) else command.words
        return Message(markdown, (Button("Open the form", line, style="primary"),), private=True, elsewhere=carried)

    async def go_on(self, command: AnyCommand, found: Open, said: str = "") -> Message:
        """Ask what to do with a form that was left half-way."""
        doing = command.form.doing(found.values)
        so_far = await self._so_far(command, found.values)
        awaited = next((one for one in command.form.fields() if one.name == found.awaiting), None)
        data = {"command": command, "doing": doing, "so_far": so_far, "awaited": awaited}
        buttons = [
            Button("Go on", GO_ON, style="primary"),
            Button("Start anew", ANEW),
            Button("Drop it", CANCEL),
        ]
        if said and awaited:
            buttons.insert(0, Button(_short(f"{awaited.label}: {said}"), f"{FILL} {awaited.name} {said}"))
        return Message(self.renderer.markdown("dialogue/go_on", data), tuple(buttons), private=command.private)

    def waiting(self, command: AnyCommand, awaited: str) -> Message:
        """Say that a form waits still, while something else was answered."""
        label = next((one.label.rstrip("?") for one in command.form.fields() if one.name == awaited), "")
        data = {"command": command, "label": label}
        return Message(self.renderer.markdown("dialogue/waiting", data), (Button("Go on", GO_ON),))

    def either(self, command: AnyCommand, field: str, line: str, said: str, *, is_question: bool) -> Message:
        """Ask whether what was said answers the question for the field, or is the command line, or asks something."""
        label = next(one.label for one in command.form.fields() if one.name == field).rstrip("?")
        data = {"command": command, "label": label, "line": said if is_question else line, "is_question": is_question}
        instead = "Answer it instead" if is_question else "Do that instead"
        buttons = (
            Button(_short(f"It answers “{label}”"), f"{FILL} {field} {said}"),
            Button(instead, line, style="primary"),
            Button("Cancel", CANCEL),
        )
        return Message(self.renderer.markdown("dialogue/either", data), buttons, private=command.private)

    def ways_on(self) -> Sequence[Button]:
        """What to do with a complete form that was refused."""
        return Button("Change it", GO_ON), Button("Drop it", CANCEL)

    async def _offers(self, command: AnyCommand, field: FieldView, filled: Filled) -> Sequence[Choice]:
        if not field.searched:
            return [Choice(choice, choice) for choice in field.choices]
        if field.name in filled.offers:
            return filled.offers[field.name]
        offers: Sequence[Choice] = await command.form.offers(self.request, field.name, "")
        return offers

    async def _so_far(
        self, command: AnyCommand, values: Mapping[str, str], but: str = ""
    ) -> list[tuple[str, str, str]]:
        """Name, label and shown value of what was filled in."""
        called = await labels(self.request, command, values)
        return [
            (one.name, one.label, called.get(one.name, values[one.name]))
            for one in command.form.fields()
            if values.get(one.name) and one.name != but
        ]


def _shown(offers: Sequence[Choice]) -> Sequence[Choice]:
    """As many as are shown: the way out ("mine is not here") stands behind what fits, and is never cut off."""
    others = [one for one in offers if not one.fits]
    fitting = [one for one in offers if one.fits][: _MOST_CHOICES - len(others[-1:])]
    return [*fitting, *(others[-(_MOST_CHOICES - len(fitting)) :] if fitting else others[:_MOST_CHOICES])]


def _alone(command: AnyCommand, name: str, value: str) -> str:
    """The value as it is typed behind the command: without quotes where it is understood so."""
    return value if read_line(value, command.form.fields()) == {name: value} else quote(value)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
