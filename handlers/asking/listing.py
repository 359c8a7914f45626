"""A query for roadmap items in words: what a question was understood as, what `roadmap list` takes, what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from handlers.asking.lexicon import Lexicon
from storage.roadmap import Clause, Order, Selection, Sources
from storage.search import Phrase, stems
from storage.words import CURRENT, ONGOING, ItemStatus

About = tuple[str, ...]
"""Subjects of which one is wanted: `#code` is a topic, anything else a word or phrase of the title."""

STATUSES: dict[str, tuple[ItemStatus, ...]] = {
    "published": CURRENT,
    "under-development": ONGOING,
    "superseded": (ItemStatus.SUPERSEDED,),
    "withdrawn": (ItemStatus.WITHDRAWN,),
    "consented": (ItemStatus.CONSENTED, ItemStatus.DETERMINED),
    "any": tuple(ItemStatus),
}
"""What people call a status -> the statuses of items."""


class Listing(BaseModel):
    """Facets of a query, by codes and words. Empty fields do not restrict; a leading `!` excludes."""

    model_config = ConfigDict(frozen=True)

    body: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    about: tuple[About, ...] = ()
    without: tuple[About, ...] = ()
    series: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    order: Literal["newest", "oldest"] = "newest"
    verified: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == Listing()

    def selection(self, lexicon: Lexicon) -> Selection:
        """What storage is asked. Codes that the catalogue lacks are left out; they were checked before."""
        return Selection(
            sources=self._sources(lexicon, excluded=False),
            excluded=self._sources(lexicon, excluded=True),
            types=frozenset(self.type),
            statuses=self._statuses(),
            clauses=tuple(clause_of(about, lexicon) for about in self.about),
            without=tuple(clause_of(about, lexicon) for about in self.without),
            since=self.since,
            until=self.until,
            series=self.series,
            verified=self.verified,
            order=Order(self.order),
        )

    def _statuses(self) -> frozenset[ItemStatus]:
        wanted = frozenset(one for status in self.status for one in STATUSES[status])
        if wanted or not (self.since or self.until):
            return wanted
        # The date of a work item is when it is due; a date that is asked for is one of publication.
        return frozenset(CURRENT)

    def _sources(self, lexicon: Lexicon, *, excluded: bool) -> Sources:
        catalogue = lexicon.catalogue
        bodies = _chosen(self.body, excluded)
        groups = _chosen(self.group, excluded)
        return Sources(
            frozenset(body.id for body in catalogue.bodies.values() if body.code in bodies),
            frozenset(group.id for group in catalogue.groups.values() if group.code in groups),
            frozenset()
            if excluded
            else frozenset(catalogue.questions[code][0] for code in self.question if code in catalogue.questions),
        )


def clause_of(about: About, lexicon: Lexicon) -> Clause:
    """What storage looks for when one of these subjects is wanted."""
    clause = Clause()
    for subject in about:
        clause |= _topic_clause(subject[1:], lexicon) if subject.startswith("#") else _word_clause(subject, lexicon)
    return clause


def same_phrases(subject: str, lexicon: Lexicon) -> frozenset[Phrase]:
    """The phrases that say the same as this one."""
    phrase = tuple(stems(subject))
    return lexicon.english.synonyms.get(phrase, frozenset([phrase]))


def _topic_clause(code: str, lexicon: Lexicon) -> Clause:
    topic = next((one for one in lexicon.catalogue.topics.values() if one.code == code), None)
    if topic is None:
        return Clause()
    phrases: set[Phrase] = set()
    for alias in (topic.code.replace("-", " "), *topic.aliases):
        phrases |= same_phrases(alias, lexicon)
    return Clause(topics=lexicon.narrower[topic.id], spare=frozenset(phrases))


def _word_clause(subject: str, lexicon: Lexicon) -> Clause:
    return Clause(phrases=same_phrases(subject, lexicon))


def _chosen(codes: Sequence[str], excluded: bool) -> set[str]:
    if excluded:
        return {code[1:] for code in codes if code.startswith("!")}
    return {code for code in codes if not code.startswith("!")}
