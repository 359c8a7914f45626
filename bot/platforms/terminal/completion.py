"""Completion: how a command line may go on, from the commands' own declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document as Line

from handlers.command import AnyCommand


class CommandCompleter(Completer):
    """Completes command words, then the choices and names of the command's fields."""

    def __init__(self, commands: Sequence[AnyCommand]) -> None:
        self._commands = commands

    def get_completions(self, document: Line, complete_event: CompleteEvent) -> Iterable[Completion]:
        typed = document.text_before_cursor.lstrip()
        slash, line = typed[: typed.startswith("/")], typed.removeprefix("/")
        yield from self._words(line, slash)
        yield from self._fields(line)

    def _words(self, line: str, slash: str) -> Iterator[Completion]:
        for command in self._commands:
            if command.words.startswith(line.lower()) and command.words != line:
                whole = slash + command.words + " " * bool(command.form.model_fields)
                yield Completion(whole, -len(slash + line), display=command.words, display_meta=command.help)

    def _fields(self, line: str) -> Iterator[Completion]:
        for command in self._commands:
            if not line.lower().startswith(f"{command.words} "):
                continue
            begun = line[len(command.words) + 1 :].rpartition(" ")[2]
            for field in command.form.fields():
                for candidate in (*(() if field.named else field.choices), f"{field.name}="):
                    if candidate.startswith(begun) and f"{field.name}=" not in line:
                        yield Completion(candidate, -len(begun), display_meta=field.help or field.label)
