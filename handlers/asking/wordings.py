"""The words of questions about liaison statements, read from `liaisons.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from handlers.asking.corresponding import Aspect
from handlers.asking.lexicon import Lexicon
from handlers.asking.reading import Reading
from handlers.asking.tokens import LIAISON_NUMBER
from storage.words import LiaisonStatus, Purpose

Pattern = re.Pattern[str]

_SKIPPED = r"(?:\s+(?:the|our|both|either|G_*))*\W*$"
"""What may stand between a word and the group that it is about."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """How everything is asked for, each in the order in which it is tried."""

    about: Pattern
    otherwise: Pattern
    aspects: Mapping[Aspect, Pattern]
    states: Mapping[str, Pattern]
    statuses: Mapping[LiaisonStatus, Pattern]
    directions: Mapping[str, Pattern]
    purposes: Mapping[Purpose, Pattern]
    before: Mapping[str, Pattern]
    after: Mapping[str, Pattern]

    def every(self) -> Sequence[Pattern]:
        """All that a word of a question may be a part of."""
        mappings: tuple[Mapping[Any, Pattern], ...] = (self.states, self.statuses, self.directions, self.purposes)
        return [self.about, *(pattern for one in mappings for pattern in one.values())]


@cache
def wordings() -> Wordings:
    """The words of the shipped file."""
    read = tomllib.loads(files("handlers.asking").joinpath("liaisons.toml").read_text("utf-8"))
    return Wordings(
        _pattern(read["about"]["patterns"]),
        _pattern(read["about"]["otherwise"]),
        {cast(Aspect, name): _pattern(patterns) for name, patterns in read["aspects"].items()},
        {name: _pattern(patterns) for name, patterns in read["states"].items()},
        {LiaisonStatus(name): _pattern(patterns) for name, patterns in read["statuses"].items()},
        {name: _pattern(patterns) for name, patterns in read["directions"].items()},
        {Purpose(name): _pattern(patterns) for name, patterns in read["purposes"].items()},
        {name: _pattern(patterns, _SKIPPED) for name, patterns in read["before"].items()},
        {name: _pattern(patterns) for name, patterns in read["after"].items()},
    )


def masked(lexicon: Lexicon, reading: Reading, host: str = "") -> str:
    """The question in lower case, of the same length, with numbers, groups and the host as the letters of the file."""
    text = "".join(one.lower() if len(one.lower()) == 1 else one for one in reading.text).replace("’", "'")
    groups = lexicon.catalogue.groups
    for spot in reading.spots:
        is_host = any(groups[one].code == host for one in spot.groups)
        if spot.groups or any(name.kind == "body" for name in spot.names):
            first, last = reading.tokens[spot.start].start, reading.tokens[spot.end - 1].end
            text = text[:first] + _letter("H" if is_host else "G", last - first) + text[last:]
    for number in LIAISON_NUMBER.finditer(reading.text):
        text = text[: number.start()] + _letter("N", len(number[0])) + text[number.end() :]
    return text


def _letter(letter: str, length: int) -> str:
    return letter + "_" * (length - 1)


def _pattern(patterns: Sequence[str], end: str = r"(?!\w)") -> Pattern:
    joined = "|".join(re.sub(r"(?<!\\)\b([NGH])\b", r"\1_*", pattern) for pattern in patterns)
    return re.compile(rf"(?<![\w'])(?:{joined}){end}")
