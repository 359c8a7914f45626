"""The names of the catalogue as people write them: what a phrase of a question may mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from handlers.asking.english import English, Words, english, lower_words
from handlers.asking.tokens import Token
from storage.catalogue import BodyName, Catalogue, GroupName, TopicName
from storage.search import stems, words

NameKind = Literal["body", "topic", "item", "officer"]

_PARENTHESIS = re.compile(r"\([^)]*\)")
_PARTS = re.compile(r",|;|/|\band\b|\bor\b|&")
_LETTERS_DIGITS = re.compile(r"[a-z]+|\d+")
_ORGANISED = frozenset(
    [
        "group",
        "committee",
        "force",
        "board",
        "association",
        "consortium",
        "institute",
        "centre",
        "center",
        "activity",
        "extensions",
        "cryptography",
    ]
)
_KINDS_OF_GROUPS: tuple[tuple[Words, str], ...] = (
    (("industry", "specification", "group"), "isg"),
    (("special", "task", "group"), "st"),
    (("joint", "technical", "committee"), "jtc"),
    (("joint", "coordination", "activity"), "jca"),
    (("study", "group"), "sg"),
    (("working", "group"), "wg"),
    (("focus", "group"), "fg"),
    (("technical", "committee"), "tc"),
    (("sub", "committee"), "sc"),
    (("subcommittee",), "sc"),
)
_LONGEST_GROUP = 7
_SHORT_ALIAS = 3


@dataclass(frozen=True, slots=True)
class Name:
    """What a phrase may name. `strong`: the phrase is a name or alias of it, not a mere part of its name.

    `exact` is how the phrase must be written, where lower case would be an ordinary word ("US").
    """

    kind: NameKind
    id: int
    value: str
    strong: bool = True
    exact: str = ""
    alone: frozenset[str] = frozenset()
    """A single word's own spellings: "secure" has the stem of "security", but is another word."""


class Lexicon:
    """Looks up phrases of a question in one catalogue."""

    def __init__(self, catalogue: Catalogue, language: English) -> None:
        self.catalogue = catalogue
        self.english = language
        self._names: dict[Words, list[Name]] = defaultdict(list)
        self._groups: dict[str, list[int]] = defaultdict(list)
        self._terms: dict[Words, list[int]] = defaultdict(list)
        self.types: dict[Words, str] = dict(language.types)
        self._proper: set[Words] = set()
        self.remembered: dict[Words, bool] = {}
        self._add_topics(catalogue.topics.values())
        self._add_wider_meanings()
        for body in catalogue.bodies.values():
            self._add_body(body)
        for group in catalogue.groups.values():
            self._add_group(group)
        self._add_types(catalogue.types)
        self._add_terms()
        for reference, item in catalogue.named_items.items():
            self._add(stems(reference), Name("item", item, reference))
        for officer in catalogue.officers:
            self._add(stems(officer), Name("officer", 0, officer))
            self._add(stems(officer)[-1:], Name("officer", 0, officer, strong=False))
        self.longest_term = max((len(phrase) for phrase in self._terms), default=1)
        self.longest = max((len(phrase) for phrase in self._names), default=1)
        self.narrower = self._narrower()
        self.vocabulary = self._vocabulary()
        self.stems = frozenset(stem for phrases in (self._names, self._terms) for phrase in phrases for stem in phrase)
        self.scope_stems = frozenset(
            stem for group in catalogue.groups.values() for stem in stems(f"{group.name} {group.scope}")
        )

    def names_at(self, found: Sequence[Token], start: int) -> tuple[int, list[Name]]:
        """The longest name that begins at a token: its length in tokens and all that it may mean."""
        for length in range(min(self.longest, len(found) - start), 0, -1):
            window = found[start : start + length]
            names = self._names.get(tuple(token.stem for token in window))
            if names:
                written = " ".join(token.written for token in window)
                lower = window[0].lower
                fitting = [
                    name
                    for name in names
                    if (not name.exact or name.exact == written) and (not name.alone or _singular(lower) in name.alone)
                ]
                if fitting:
                    return length, fitting
        return 0, []

    def groups_at(self, found: Sequence[Token], start: int) -> tuple[int, list[int]]:
        """The longest code of a group that begins at a token ("study group 17", "SC27"): length and group ids."""
        for length in range(min(_LONGEST_GROUP, len(found) - start), 0, -1):
            ids = self._groups.get(_squeezed([token.lower for token in found[start : start + length]]))
            if ids:
                return length, ids
        return 0, []

    def terms_at(self, found: Sequence[Token], start: int) -> tuple[int, list[str]]:
        """The longest defined term that begins at a token: its length and the terms that it may be."""
        for length in range(min(self.longest_term, len(found) - start), 0, -1):
            indexes = self._terms.get(tuple(token.stem for token in found[start : start + length]))
            if indexes:
                return length, list(dict.fromkeys(self.catalogue.terms[one].term for one in indexes))
        return 0, []

    def synonym_at(self, found: Sequence[Token], start: int) -> int:
        """The length of the longest phrase of several words here that has synonyms."""
        for length in range(min(4, len(found) - start), 1, -1):
            if tuple(token.stem for token in found[start : start + length]) in self.english.synonyms:
                return length
        return 0

    def topics_of(self, phrase: str) -> frozenset[int]:
        """The topics that a phrase names."""
        alone = _singular(phrase.lower())
        names = self._names.get(tuple(stems(phrase)), [])
        return frozenset(one.id for one in names if one.kind == "topic" and (not one.alone or alone in one.alone))

    def is_proper_alias(self, phrase: Words) -> bool:
        """Whether these are the stems of a topic's alias that is a proper name, and no abbreviation of the topic."""
        return phrase in self._proper

    def name_stems(self, body: int) -> frozenset[str]:
        """The stems of a body's name and of the group that has the body's own code."""
        code = self.catalogue.bodies[body].code
        own = [group.name for group in self.catalogue.groups.values() if group.body_id == body and group.code == code]
        return frozenset(stem for name in (self.catalogue.bodies[body].name, *own) for stem in stems(name))

    def type_of(self, phrase: str) -> str:
        """The type that a phrase names; empty for none."""
        return self.types.get(lower_words(phrase), "")

    def status_of(self, phrase: str) -> str:
        """What people's word for a status means; empty for none."""
        return self.english.statuses.get(lower_words(phrase), "")

    def _add(self, phrase: Iterable[str], name: Name) -> None:
        key = tuple(phrase)
        if key and name not in self._names[key]:
            self._names[key].append(name)

    def _add_topics(self, topics: Iterable[TopicName]) -> None:
        for topic in topics:
            for phrase, strong in _topic_phrases(topic):
                key = tuple(stems(phrase))
                if not strong and len(key) == 1 and self._is_ordinary(phrase):
                    continue
                if strong and phrase in topic.aliases and _is_proper(phrase, topic):
                    self._proper.add(key)
                for same in self.english.synonyms.get(key, frozenset([key])):
                    self._add(same, Name("topic", topic.id, topic.code, strong, alone=self._alone(same, phrase)))

    def _add_wider_meanings(self) -> None:
        for phrase, others in self.english.also.items():
            for name in [name for other in others for name in self._names.get(other, ())]:
                self._add(phrase, replace(name, alone=frozenset()))

    def _alone(self, key: Words, phrase: str) -> frozenset[str]:
        """How a phrase of one word may be written; empty for longer ones."""
        if len(key) > 1:
            return frozenset()
        written = {_singular(word) for word in words(phrase)} if len(words(phrase)) == 1 else set()
        return frozenset(written | {_singular(word) for word in self.english.surfaces.get(key, ())})

    def _is_ordinary(self, phrase: str) -> bool:
        word = phrase.strip().lower()
        return word in self.english.soft or word in self.english.fillers

    def _add_body(self, body: BodyName) -> None:
        for alias in (body.code, body.name, *body.aliases):
            short = len(alias) <= _SHORT_ALIAS and alias.lower() in self.english.fillers
            self._add(stems(alias), Name("body", body.id, body.code, exact=alias if short else ""))

    def _add_group(self, group: GroupName) -> None:
        for code in _code_variants(group.code):
            if group.id not in self._groups[code]:
                self._groups[code].append(group.id)
        name = words(_PARENTHESIS.sub(" ", group.name))
        if len(name) >= 3 and _ORGANISED.intersection(name):
            self._groups[_squeezed(name)].append(group.id)

    def _add_types(self, types: Iterable[str]) -> None:
        """Types are matched as written, in the plural too: a stem would take "recommend" for a Recommendation."""
        for kind in types:
            phrase = lower_words(kind)
            if phrase in self.english.nouns or phrase in self.english.type_words:
                continue
            self.types[phrase] = kind
            self.types[(*phrase[:-1], phrase[-1] + "s")] = kind

    def _add_terms(self) -> None:
        for index, term in enumerate(self.catalogue.terms):
            plain = _PARENTHESIS.sub(" ", term.term)
            for phrase in (plain, term.term, term.abbreviation):
                key = tuple(stems(phrase))
                if key and index not in self._terms[key]:
                    self._terms[key].append(index)

    def _narrower(self) -> dict[int, frozenset[int]]:
        """For each topic itself and the topics whose names begin with its name: "QKD network" is part of "QKD"."""
        heads = {
            topic.id: {tuple(map(_singular, words(phrase))) for phrase in (topic.code, *topic.aliases)}
            for topic in self.catalogue.topics.values()
        }
        return {
            one: frozenset({one}) | {other for other in heads if other != one and _begins(heads[other], heads[one])}
            for one in heads
        }

    def _vocabulary(self) -> frozenset[str]:
        """Every word that this lexicon knows as people write it, for "did you mean"."""
        catalogue = self.catalogue
        named = [phrase for topic in catalogue.topics.values() for phrase in (topic.code, topic.name, *topic.aliases)]
        named += [phrase for body in catalogue.bodies.values() for phrase in (body.code, body.name, *body.aliases)]
        named += [phrase for term in catalogue.terms for phrase in (term.term, term.abbreviation)]
        named += [phrase for group in catalogue.groups.values() for phrase in (group.code, group.name)]
        known = {word for phrase in named for word in words(phrase)}
        known |= {word for phrase in self.types for word in phrase}
        return frozenset(known | self.english.vocabulary)


@lru_cache(maxsize=2)
def lexicon_of(catalogue: Catalogue) -> Lexicon:
    """The lexicon of a catalogue, made once for it."""
    return Lexicon(catalogue, english())


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _begins(longer: set[Words], shorter: set[Words]) -> bool:
    return any(len(a) > len(b) and a[: len(b)] == b for a in longer for b in shorter)


def _is_proper(alias: str, topic: TopicName) -> bool:
    """Whether an alias is a proper name: with a capital or digit inside, and not the initials of the topic's name."""
    if alias.lower() == alias or alias.lower() == topic.code:
        return False
    names = [topic.name, *topic.aliases, *_PARTS.split(topic.name)]
    initials = {"".join(word[0] for word in words(name)) for name in names if name.strip()}
    return "".join(words(alias)) not in initials and not any(
        set(words(alias)) < set(words(name)) for name in names if name != alias
    )


def _topic_phrases(topic: TopicName) -> Iterator[tuple[str, bool]]:
    yield topic.code.replace("-", " "), True
    for alias in topic.aliases:
        yield alias, True
    name = _PARENTHESIS.sub(" ", topic.name)
    yield name, True
    for part in _PARTS.split(name):
        if part.strip():
            yield part, len(words(part)) > 1


def _code_variants(code: str) -> Iterator[str]:
    """A group's code as people shorten it: `JTC 1/SC 27` is also `SC 27`, `FG-NAME` also `NAME`."""
    parts = words(code)
    yield _squeezed(parts)
    for separator in ("/", " WG ", "FG-"):
        head, found, tail = code.partition(separator)
        if found:
            last = separator.strip(" /").replace("FG-", "") + tail
            yield _squeezed(words(last))
            if separator == " WG ":
                yield _squeezed(words(head.removeprefix("TC ") + " WG " + tail))
                yield _squeezed(words(head.removeprefix("TC ") + " " + tail))
    if code.startswith("JCA-"):
        yield "jca"


def _squeezed(parts: Sequence[str]) -> str:
    """A code without spaces, with the kinds of groups abbreviated: study group 17 -> sg17."""
    text = " ".join(parts)
    for phrase, short in _KINDS_OF_GROUPS:
        text = text.replace(" ".join(phrase), short)
    return "".join(number.lstrip("0") or number for number in _LETTERS_DIGITS.findall(text))


__all__ = ["Lexicon", "Name", "lexicon_of", "lower_words"]
