"""What a question is about: topics and words, typos mended, and what to do when nothing has all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.known import is_in_titles, known_stems
from handlers.asking.lexicon import Lexicon
from handlers.asking.listing import About
from handlers.asking.reading import Reading, Spot
from storage import search

_LONG_STEM = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """A stretch of the question and what it wants items to be about. `soft`: it may be given up first."""

    spot: Spot
    about: About
    soft: bool = False
    is_word: bool = False
    topic: About = ()
    """For one thing within a topic, the topic."""


@dataclass
class Subjects:
    """The subjects of one reading. `unknown` are words that nothing on the roadmap has."""

    session: AsyncSession
    lexicon: Lexicon
    reading: Reading
    subjects: list[Subject] = field(default_factory=list)
    without: tuple[About, ...] = ()
    unknown: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[About, ...]:
        return tuple(subject.about for subject in self.subjects)

    async def find(self, words: Sequence[int], *, in_scopes: bool = False) -> None:
        """Find the subjects among the spots and these unexplained words.

        `in_scopes`: a word may also be one of a group's scope.
        """
        language = self.lexicon.english
        words = [index for index in words if not self._names_source(index)]
        strange = await self._strange(words, in_scopes=in_scopes)
        self.unknown = tuple(
            self.reading.tokens[index].written
            for index in strange
            if not self._is_verb(index) and self.reading.tokens[index].lower not in language.vocabulary
        )
        spots = [
            Spot(index, index + 1, word=self.reading.tokens[index].lower) for index in words if index not in strange
        ]
        without: list[About] = []
        for spot in sorted([*self.reading.spots, *spots], key=lambda spot: spot.start):
            about = await self._about(spot)
            if not about:
                continue
            if spot.negated:
                without.append(about)
            else:
                codes = tuple(dict.fromkeys(f"#{code}" for code in topics_in(spot)))
                topic = codes if not about[0].startswith("#") else ()
                self._add(Subject(spot, about, self._is_soft(spot), bool(spot.word), topic))
        self.without = tuple(without)
        if self.unknown and self._says_enough():
            self.unknown, self.ignored = (), self.unknown
        colours = [one for one in self.subjects if one.soft and one.is_word]
        if len(colours) == 1 and len(self.subjects) > 1 and any(not one.is_word for one in self.subjects):
            # One such word beside a topic only colours it; two ("layer model") are a subject of their own.
            self.subjects.remove(colours[0])

    def milder(self) -> Iterator[tuple[About, ...]]:
        """Ever milder wishes: without what only colours, with either of two joined by "and", without mere words."""
        wished = self.subjects
        if any(one.topic for one in wished):
            wished = [replace(one, about=one.topic) if one.topic else one for one in wished]
            yield tuple(one.about for one in wished)
        firm = [one for one in wished if not one.soft]
        if firm and len(firm) < len(wished):
            yield tuple(one.about for one in firm)
        if wished and all(one.soft and one.is_word for one in wished):
            yield ()
        firm = firm or wished
        yield from _without_words(firm)
        joined = self._with_pairs_joined(firm)
        if len(joined) < len(firm):
            yield tuple(one.about for one in joined)
            yield from _without_words(joined)

    def _names_source(self, index: int) -> bool:
        """Whether a word is part of the name of a body that is mentioned ("India's telecom engineering centre")."""
        stem = self.reading.tokens[index].stem
        names = {
            part
            for spot in self.reading.spots
            for name in spot.names
            if name.kind == "body"
            for part in self.lexicon.name_stems(name.id)
        }
        return stem in names or (len(stem) > _LONG_STEM and any(part.startswith(stem) for part in names))

    def _says_enough(self) -> bool:
        """Whether two topics are named, so that a strange word beside them may be left out (and said so)."""
        foreign = {word.lower() for word in self.unknown} & self.lexicon.english.spelt
        return not foreign and sum(not subject.is_word for subject in self.subjects) > 1

    def _add(self, subject: Subject) -> None:
        last = self.subjects[-1] if self.subjects else None
        if last and self._joined(last.spot, subject.spot, "either"):
            spot = replace(subject.spot, start=last.spot.start)
            self.subjects[-1] = Subject(spot, _merged(last.about, subject.about), last.soft and subject.soft)
        elif subject.topic and any(set(subject.topic) <= set(other.about) for other in self.subjects):
            return  # its topic is wanted already
        elif not any(set(subject.about) == set(other.about) for other in self.subjects):
            self.subjects.append(subject)

    async def _about(self, spot: Spot) -> About:
        if spot.word and " " in spot.word:
            return (spot.word,)
        if spot.word:
            codes = sorted(self.lexicon.catalogue.topics[one].code for one in self.lexicon.topics_of(spot.word))
            return (spot.word, *(f"#{code}" for code in codes))
        topics = [name for name in spot.names if name.kind == "topic"]
        if not topics or spot.groups or any(name.kind == "body" for name in spot.names):
            return ()
        written = " ".join(token.lower for token in self.reading.tokens[spot.start : spot.end])
        if await self._is_instance(written):
            return (written,)
        weak = all(not name.strong for name in topics)
        return (*dict.fromkeys(f"#{name.value}" for name in topics), *((written,) if weak else ()))

    async def _is_instance(self, written: str) -> bool:
        """Whether an alias is one thing within its topic ("IKEv2" within protocols), which titles name.

        Such aliases are proper names; abbreviations of the topic itself, and words for the same, are not.
        """
        stems = tuple(search.stems(written))
        if stems in self.lexicon.english.synonyms or not self.lexicon.is_proper_alias(stems):
            return False
        return await is_in_titles(self.session, self.lexicon, stems)

    def _is_soft(self, spot: Spot) -> bool:
        words = [token.lower for token in self.reading.tokens[spot.start : spot.end]]
        return all(word in self.lexicon.english.soft for word in words)

    def _joined(self, first: Spot, second: Spot, how: str) -> bool:
        """Whether that connector stands between two spots, with nothing but small words around it."""
        between = range(first.end, second.start)
        language = self.lexicon.english
        small = all(self.reading.tokens[index].lower in language.fillers | language.soft for index in between)
        joined = any(self.reading.connectors.get(index) == how for index in between)
        if how == "either" and not joined and between.start == between.stop:
            gap = self.reading.text[self.reading.tokens[first.end - 1].end : self.reading.tokens[second.start].start]
            joined = "/" in gap
        return joined and small

    def _with_pairs_joined(self, subjects: Sequence[Subject]) -> list[Subject]:
        joined: list[Subject] = []
        for subject in subjects:
            last = joined[-1] if joined else None
            if last and (self._joined(last.spot, subject.spot, "both") or self._comma(last.spot, subject.spot)):
                spot = replace(subject.spot, start=last.spot.start)
                joined[-1] = Subject(spot, _merged(last.about, subject.about), is_word=last.is_word and subject.is_word)
            else:
                joined.append(subject)
        return joined

    def _comma(self, first: Spot, second: Spot) -> bool:
        gap = self.reading.text[self.reading.tokens[first.end - 1].end : self.reading.tokens[second.start].start]
        return gap.strip() == ","

    async def _strange(self, words: Sequence[int], *, in_scopes: bool) -> list[int]:
        """Which of these words no title has, in no spelling or synonym."""
        if not words:
            return []
        tokens = self.reading.tokens
        same = {index: self._same_stems(tokens[index].lower) | {tokens[index].stem} for index in words}
        known = await known_stems(self.session, self.lexicon, {stem for stems in same.values() for stem in stems})
        if in_scopes:
            known |= self.lexicon.scope_stems
        return [index for index in words if not known & same[index]]

    def _same_stems(self, word: str) -> set[str]:
        phrases = self.lexicon.english.synonyms.get(tuple(search.stems(word)), frozenset())
        return {stem for phrase in phrases for stem in phrase}

    def _is_verb(self, index: int) -> bool:
        """Whether an unknown word only says what documents do with their subject ("that elaborate on")."""
        tokens = self.reading.tokens
        before = tokens[index - 1].lower if index else ""
        after = tokens[index + 1].lower if index + 1 < len(tokens) else ""
        if after in ("me", "us") or before in self.lexicon.english.lists["before verbs"]:
            return True
        return not before and after in ("the", "all", "every", "any", "a", "an")


def topics_in(spot: Spot) -> list[str]:
    """The codes of the topics that a spot may name."""
    return [name.value for name in spot.names if name.kind == "topic"]


def unexplained(reading: Reading, lexicon: Lexicon, asked: Iterable[str]) -> list[int]:
    """Tokens that nothing explains: no name, no facet, none of these ways of asking, no small word."""
    language = lexicon.english
    covered = {index for name in asked for spot in reading.asks.get(name, []) for index in range(spot.start, spot.end)}
    return [
        index
        for index in reading.free()
        if index not in covered
        and reading.tokens[index].lower not in language.fillers
        and (reading.tokens[index].lower,) not in language.connectors
    ]


def _without_words(subjects: Sequence[Subject]) -> Iterator[tuple[About, ...]]:
    """The same subjects with ever fewer mere words, the last ones given up first; never without a topic."""
    words = [one for one in subjects if one.is_word]
    if not words or len(words) == len(subjects):
        return
    for kept in range(len(words) - 1, -1, -1):
        yield tuple(one.about for one in subjects if not one.is_word or one in words[:kept])


def _merged(first: About, second: About) -> About:
    return tuple(dict.fromkeys((*first, *second)))
