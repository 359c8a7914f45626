"""Matters of meetings in questions: decisions, actions, documents, who was there, the agenda."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from handlers.asking.lexicon import Lexicon
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading


class Matter(StrEnum):
    """What of a meeting is asked for."""

    AGENDA = "agenda"
    DEADLINE = "document deadline"
    DEFERRED = "deferred documents"
    ACTIONS = "actions"
    MINUTES = "minutes"
    DECISIONS = "decisions"
    COMING = "who comes"
    ATTENDED = "who was there"
    DOCUMENTS = "documents"


_FIRM = (Matter.ACTIONS, Matter.DEFERRED, Matter.AGENDA)
"""What is asked for even in a question that also names reports and the like."""


_GAP = ".{0,80}"
"""What may stand between the words of a pattern: not a whole long text, which would take long."""


@dataclass(frozen=True, slots=True)
class _Wordings:
    """How each matter is asked for, in the order in which they are tried."""

    asking: Mapping[Matter, re.Pattern[str]]
    otherwise: re.Pattern[str]
    nouns: frozenset[str]


def matter_of(lexicon: Lexicon, reading: Reading, query: Query) -> Matter | None:
    """What of meetings a question asks for; None for one about something else, as the roadmap."""
    text = reading.text.lower()
    wordings = _wordings()
    if query.intent in (Intent.LIAISONS, Intent.DEFINE, Intent.COMPARE) or query.representing or reading.mentions:
        return None
    matter = next((one for one, pattern in wordings.asking.items() if pattern.search(text)), None)
    if matter is None or (matter not in _FIRM and wordings.otherwise.search(text)):
        return None
    nouns = {reading.tokens[noun.start].lower for noun in reading.nouns} - lexicon.english.lists["vague"]
    return None if reading.types or nouns - wordings.nouns else matter


@cache
def _wordings() -> _Wordings:
    read = tomllib.loads(files("handlers.asking").joinpath("matters.toml").read_text("utf-8"))
    words = read["words"]
    otherwise = read["otherwise"]
    return _Wordings(
        {Matter(name): _pattern(patterns, words) for name, patterns in read["patterns"].items()},
        _pattern(otherwise["patterns"], words),
        frozenset((*otherwise["own"], *otherwise["neutral"])),
    )


def _pattern(patterns: Sequence[str], words: Mapping[str, str]) -> re.Pattern[str]:
    joined = "|".join(patterns).replace(".*", _GAP)
    for name, meaning in words.items():
        joined = joined.replace(name, meaning)
    return re.compile(rf"\b(?:{joined})(?!\w)")
