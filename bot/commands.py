"""The declared commands: found beside their handlers, looked up by what a person typed."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

import handlers
from handlers.command import AnyCommand, Command, Refused, Role
from handlers.line import first_words

_CLOSE_ENOUGH = 70


def declared() -> tuple[AnyCommand, ...]:
    """Every command of the handlers' modules, in the order of modules and declarations."""
    found: dict[str, AnyCommand] = {}
    for module in sorted(pkgutil.iter_modules(handlers.__path__), key=lambda module: module.name):
        for value in vars(import_module(f"handlers.{module.name}")).values():
            if isinstance(value, Command):
                found.setdefault(value.words, value)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Called:
    """A command and the rest of the line after its words."""

    command: AnyCommand
    rest: str


class Commands(Sequence[AnyCommand]):
    """All commands, and which one a line calls."""

    def __init__(self, commands: Sequence[AnyCommand]) -> None:
        self._commands = tuple(commands)
        self._by_words = {tuple(command.words.split()): command for command in commands}
        self._longest = max((len(words) for words in self._by_words), default=1)
        self.plain = next(command for command in commands if command.takes_plain_text)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # Sequence's two overloads, which add nothing here
        return self._commands[index]

    def __len__(self) -> int:
        return len(self._commands)

    def __iter__(self) -> Iterator[AnyCommand]:
        return iter(self._commands)

    def exact(self, line: str) -> Called | None:
        """The command whose words the line begins with, exactly written (whatever the case)."""
        words = first_words(line.lower(), self._longest)
        for length in range(len(words), 0, -1):
            command = self._by_words.get(tuple(words[:length]))
            if command:
                return Called(command, _after(line, length))
        return None

    def called(self, line: str, role: Role) -> Called:
        """The command that a line of a slash command or a button calls; its words may be shortened or mistyped.

        Raises `Refused` with "did you mean" when no single command is near enough.
        """
        exact = self.exact(line)
        if exact:
            return exact
        words = first_words(line.lower(), self._longest)
        for length in range(len(words), 0, -1):
            begun = self._begun(words[:length])
            if len(begun) == 1:
                return Called(begun[0], _after(line, length))
            if begun and length == len(words):
                raise _unclear(line, [command for command in begun if command.role <= role])
        raise _unclear(line, self._near(words, role))

    def _begun(self, words: Sequence[str]) -> list[AnyCommand]:
        """Commands of exactly so many words, each beginning with what was typed."""
        return [
            command
            for full, command in self._by_words.items()
            if len(full) == len(words) and all(one.startswith(part) for one, part in zip(full, words, strict=True))
        ]

    def _near(self, words: Sequence[str], role: Role) -> list[AnyCommand]:
        from rapidfuzz import fuzz, process  # imported late: most lines are typed right

        allowed = {command.words: command for command in self._commands if command.role <= role}
        typed = " ".join(words)
        best = process.extract(typed, allowed.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_CLOSE_ENOUGH)
        begun = [words_ for words_ in allowed if words and words_.split()[0] == words[0]]
        return [allowed[one] for one in dict.fromkeys([match[0] for match in best] + begun)][:4]


def _after(line: str, count: int) -> str:
    """The line without its first words."""
    rest = line.strip()
    for _ in range(count):
        rest = rest.split(None, 1)[1] if len(rest.split(None, 1)) > 1 else ""
    return rest


def _unclear(line: str, near: Sequence[AnyCommand]) -> Refused:
    from handlers.command import Button

    typed = line.strip()[:60] or "nothing"
    if not near:
        return Refused(f"There is no command “{typed}”.", "Type help to see what there is, or just ask.", (Button("Help", "help"),))
    names = " or ".join(command.words for command in near)
    buttons = [Button(command.words, command.words) for command in near]
    return Refused(f"There is no command “{typed}”.", f"Did you mean {names}?", buttons)
