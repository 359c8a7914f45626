"""The declared commands: found beside their handlers, looked up by what a person typed."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

import handlers
from handlers.command import AnyCommand, Button, Command, Refused, Role
from handlers.line import first_words

SURE = 90
"""A command line this near to what was typed, of 100, is what was meant."""

_CLOSE_ENOUGH = 70
_WORD_CLOSE_ENOUGH = 60
_SHORTEST = (3, 2)  # letters of a shortened or mistyped word in plain text, which may be a sentence: the first, others
_MOST_OFFERED = 4
_ALSO = 15  # so much less near than the nearest is not what was meant


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
    """A command and the rest of the line after its words. `nearness`: how near the typed words are to its own."""

    command: AnyCommand
    rest: str
    nearness: float = 100

    @property
    def line(self) -> str:
        """The line with the command's words written out."""
        return f"{self.command.words} {self.rest}".strip()


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
        """The command whose words the line begins with, exactly written (whatever the case), or that it calls bare."""
        words = first_words(line.lower(), self._longest)
        for length in range(len(words), 0, -1):
            command = self._by_words.get(tuple(words[:length]))
            if command:
                return Called(command, _after(line, length))
        fitting = (one for one in self._commands if one.bare and re.fullmatch(one.bare, line.strip()))
        return next((Called(one, line.strip()) for one in fitting), None)

    def called(self, line: str, role: Role) -> Called:
        """The command that a line of a slash command or a button calls; its words may be shortened or mistyped.

        Raises `Refused` with "did you mean" when no single command is near enough.
        """
        exact = self.exact(line)
        if exact:
            return exact
        words = first_words(line.lower(), self._longest)
        for length in range(len(words), 0, -1):
            begun = [Called(command, _after(line, length)) for command in self._begun(words[:length], role)]
            if len(begun) == 1:
                return begun[0]
            if begun and length == len(words):
                raise unclear(line, begun)
        near = self._near(line, role)
        sure = [called for called in near if called.nearness >= SURE]
        if len(sure) == 1:
            return sure[0]
        raise unclear(line, near or self._sharing(line, role))

    def guessed(self, line: str, role: Role) -> list[Called]:
        """Commands that plain text may be meant to call, shortened or mistyped, nearest first.

        Of a sentence at most two words are taken for a command's.
        """
        words = first_words(line.lower(), 2)
        if any(len(word) < _SHORTEST[index > 0] for index, word in enumerate(words)):
            return []
        begun = [
            Called(command, _after(line, len(words)), SURE)
            for command in self._begun(words, role)
            if len(words) > 1 or _after(line, 1) == ""
        ]
        return begun or [one for one in self._near(line, role) if _is_mistyped(words, one.command.words.split())]

    def _begun(self, words: Sequence[str], role: Role) -> list[AnyCommand]:
        """Commands of exactly so many words that the role may call, each word beginning with what was typed."""
        return [
            command
            for full, command in self._by_words.items()
            if command.role <= role
            and len(full) == len(words)
            and all(one.startswith(part) for one, part in zip(full, words, strict=True))
        ]

    def _near(self, line: str, role: Role) -> list[Called]:
        """Commands whose words look like the first words of the line, nearest first."""
        from rapidfuzz import fuzz  # imported late: most lines are typed right

        words = first_words(line.lower(), self._longest)
        near = []
        for full, command in self._by_words.items():
            if command.role > role or len(full) > len(words):
                continue
            score = fuzz.ratio(" ".join(words[: len(full)]), command.words)
            if score >= _CLOSE_ENOUGH:
                near.append(Called(command, _after(line, len(full)), score))
        best = max((called.nearness for called in near), default=0)
        return sorted((one for one in near if one.nearness > best - _ALSO), key=lambda one: -one.nearness)

    def _sharing(self, line: str, role: Role) -> list[Called]:
        """Commands whose first word is the line's, or looks like it."""
        from rapidfuzz import fuzz

        typed = "".join(first_words(line.lower(), 1))
        return [
            Called(command, "", score)
            for full, command in self._by_words.items()
            if command.role <= role and (score := fuzz.ratio(typed, full[0])) >= _CLOSE_ENOUGH
        ]


def _is_mistyped(words: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether each word is near to the command's: "liaisons from" begins a sentence, though it is near as a whole."""
    from rapidfuzz import fuzz

    return len(words) == len(meant) and all(
        fuzz.ratio(word, one) >= _WORD_CLOSE_ENOUGH for word, one in zip(words, meant, strict=True)
    )


def _after(line: str, count: int) -> str:
    """The line without its first words."""
    rest = line.strip()
    for _ in range(count):
        rest = rest.split(None, 1)[1] if len(rest.split(None, 1)) > 1 else ""
    return rest


def unclear(line: str, near: Sequence[Called], *others: Button) -> Refused:
    """What to say of a line that calls no command: those that it may have meant are offered as buttons."""
    typed = line.strip()[:60] or "nothing"
    if not near:
        hint = "Type help to see what there is, or just ask."
        return Refused(f"There is no command “{typed}”.", hint, (Button("Help", "help"),))
    nearest: dict[str, Called] = {}
    for called in near:
        nearest.setdefault(called.command.words, called)
    offered = list(nearest.values())[:_MOST_OFFERED]
    names = " or ".join(f"“{called.command.words}”" for called in offered)
    buttons = [Button(called.line[:60], called.line) for called in offered]
    return Refused(f"There is no command “{typed}”.", f"Did you mean {names}?", (*buttons, *others))
