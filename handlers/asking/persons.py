"""Which persons of the directory a question names: as they are written, by a part of the name, or nearly."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.lexicon import Lexicon
from handlers.asking.reading import Reading
from handlers.asking.represented import follows_name
from handlers.asking.tokens import Token, tokens
from storage import directory
from storage.directory import Named

LONGEST_NAME = 6
"""Words of a name that are looked up together."""

NEAR_ENOUGH = 80
"""Of 100, by rapidfuzz: one letter in five may be wrong."""

MOST_NEAR = 5


@dataclass(frozen=True, slots=True)
class Persons:
    """Who was meant, and the words that could only be a name."""

    found: tuple[Named, ...] = ()
    unheard: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.id for one in self.found)


async def persons_in(session: AsyncSession, lexicon: Lexicon, reading: Reading, text: str, *, closely: bool) -> Persons:
    """The persons that a question names. `text` is the question before typos were mended: no name is a typo.

    `closely`: parts of names and names that are nearly right count too, as the question can only be about a person.
    """
    written = tokens(text)
    if not any(_may_be_a_name(token, lexicon, reading) for token in written):
        return Persons()
    exact = await directory.named(session, _names_in(text, written, lexicon))
    if exact or not closely:
        return Persons(tuple(exact))
    words = [(index, token) for index, token in enumerate(written) if _may_be_a_name(token, lexicon, reading)]
    unheard = tuple(
        token.written for index, token in words if token.written != token.lower or follows_name(reading, index)
    )
    parts = {token.lower for _, token in words}
    found = await directory.with_words(session, parts) or _nearest(parts, await directory.everybody(session))
    return Persons(tuple(found), unheard)


def _may_be_a_name(token: Token, lexicon: Lexicon, reading: Reading) -> bool:
    """Whether nothing else explains a word: it is no word of ours, and no part of a code, date or reference."""
    english = lexicon.english
    if not token.lower.replace("'", "").isalpha() or len(token.lower) < 2:
        return False
    alone = (token.lower,)
    if token.lower in english.fillers | english.spelt | english.soft or alone in english.asks or alone in english.nouns:
        return False
    explained = {
        reading.tokens[index].lower
        for spot in reading.spots
        if not any(name.kind == "officer" for name in spot.names) and not spot.word
        for index in range(spot.start, spot.end)
    }
    asked = {
        reading.tokens[index].lower
        for spots in reading.asks.values()
        for spot in spots
        for index in range(spot.start, spot.end)
    }
    return token.lower not in explained | asked


def _names_in(text: str, written: Sequence[Token], lexicon: Lexicon) -> set[str]:
    """Every run of words, as it is written and with capitals; a single word that is no word of ours."""
    runs: set[str] = set()
    for start, first in enumerate(written):
        for last in written[start : start + LONGEST_NAME]:
            if first is not last or first.lower not in lexicon.english.vocabulary:
                run = text[first.start : last.start + len(last.written)]
                runs |= {run, run.title()}
    return runs


def _nearest(words: set[str], everybody: Sequence[Named]) -> Sequence[Named]:
    """Persons who have a name near to each of the words."""
    from rapidfuzz import fuzz, process  # imported late: most questions never need it

    parts: dict[str, set[int]] = {}
    for one in everybody:
        for part in _plain(one.name).split():
            parts.setdefault(part, set()).add(one.id)
    fitting: set[int] | None = None
    for word in {part for written in words for part in _plain(written).split()}:
        near = process.extract(word, parts.keys(), scorer=fuzz.ratio, limit=MOST_NEAR, score_cutoff=NEAR_ENOUGH)
        having = {id for part, score, _ in near if score == near[0][1] for id in parts[part]}
        fitting = having if fitting is None else fitting & having
    return [one for one in everybody if fitting and one.id in fitting][:MOST_NEAR]


def _plain(name: str) -> str:
    """A name without accents, in lower case."""
    parted = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one if one.isalnum() else " " for one in parted if not unicodedata.combining(one))
