"""The English of questions, read from `english.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from handlers.asking.tokens import written_words
from storage.search import stems, words

Words = tuple[str, ...]
"""Lower-case words that follow each other."""


@dataclass(frozen=True)
class English:
    """What words ask for. Keys are phrases in lower case, as tuples of words."""

    statuses: Mapping[Words, str]
    types: Mapping[Words, str]
    type_words: Mapping[Words, str]
    nouns: frozenset[Words]
    asks: Mapping[Words, frozenset[str]]
    openers: frozenset[Words]
    pointers: frozenset[Words]
    connectors: Mapping[Words, str]
    idioms: frozenset[Words]
    fillers: frozenset[str]
    soft: frozenset[str]
    synonyms: Mapping[Words, frozenset[Words]]
    """Stems of a phrase -> stems of all phrases for the same thing, itself included."""
    also: Mapping[Words, tuple[Words, ...]]
    """Stems of a phrase -> stems of phrases whose topics it may mean too."""
    surfaces: Mapping[Words, frozenset[str]]
    """Stem of a synonym of one word -> the words that have it."""
    vocabulary: frozenset[str]
    """Every word of the file."""
    lists: Mapping[str, frozenset[str]]
    spelt: frozenset[str]
    """Words that are no typos, though they mean nothing here."""
    longest: int


def lower_words(phrase: str) -> Words:
    """A phrase cut like a question is cut."""
    return tuple(written_words(phrase)) or (phrase,)


@cache
def english() -> English:
    """The words of the shipped file."""
    read = tomllib.loads((files("handlers.asking") / "english.toml").read_text(encoding="utf-8"))
    statuses, types = _inverted(read["statuses"]), _inverted(read["types"])
    asks: dict[Words, set[str]] = {}
    for name, phrases in read["asks"].items():
        for phrase in phrases:
            asks.setdefault(lower_words(phrase), set()).add(name)
    connectors = _inverted(read["connectors"])
    synonyms = read["synonyms"]["lines"]
    fillers, soft = _with_plurals(read["fillers"]["words"]), frozenset(read["fillers"]["soft"])
    phrases = (*statuses, *types, *asks, *connectors, *(lower_words(one) for line in synonyms for one in line))
    return English(
        statuses=statuses,
        types=types,
        type_words=_inverted(read["type_words"]),
        nouns=frozenset(lower_words(noun) for noun in read["generic"]["nouns"]),
        asks={phrase: frozenset(names) for phrase, names in asks.items()},
        openers=frozenset(lower_words(opener) for opener in read["followup"]["openers"]),
        pointers=frozenset(lower_words(pointer) for pointer in read["followup"]["pointers"]),
        connectors=connectors,
        idioms=frozenset(lower_words(idiom) for idiom in read["idioms"]["phrases"]),
        fillers=fillers,
        soft=soft,
        synonyms=_synonyms(synonyms),
        also={
            tuple(stems(one)): tuple(tuple(stems(other)) for other in others) for one, others in read["also"].items()
        },
        surfaces=_surfaces(synonyms),
        vocabulary=frozenset(word for phrase in phrases for word in phrase) | fillers | soft,
        lists={name: frozenset(listed) for name, listed in read["lists"].items()},
        spelt=frozenset(read["fillers"]["spelt"]).union(*read["lists"].values()),
        longest=max(len(phrase) for phrase in (*statuses, *types, *asks, *connectors)),
    )


def _with_plurals(listed: list[str]) -> frozenset[str]:
    """A small word stays small with an s: "give" and "gives"."""
    return frozenset(listed) | {f"{word}s" for word in listed if len(word) > 3 and not word.endswith("s")}


def _inverted(lists: Mapping[str, Any]) -> dict[Words, str]:
    return {lower_words(phrase): meaning for meaning, phrases in lists.items() for phrase in phrases}


def _synonyms(lines: list[list[str]]) -> dict[Words, frozenset[Words]]:
    found: dict[Words, frozenset[Words]] = {}
    for line in lines:
        same = frozenset(tuple(stems(phrase)) for phrase in line)
        for phrase in same:
            found[phrase] = found.get(phrase, frozenset()) | same
    return found


def _surfaces(lines: list[list[str]]) -> dict[Words, frozenset[str]]:
    found: dict[Words, frozenset[str]] = {}
    for phrase in (phrase for line in lines for phrase in line):
        if len(words(phrase)) == 1:
            key = tuple(stems(phrase))
            found[key] = found.get(key, frozenset()) | {words(phrase)[0]}
    return found
