"""Whether a question asks what a term means."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking.lexicon import Lexicon
from handlers.asking.query import Asked
from handlers.asking.reading import Reading, Spot
from handlers.asking.subjects import topics_in


def is_definition(lexicon: Lexicon, reading: Reading, asked: Sequence[Asked]) -> bool:
    terms = [spot for spot, _terms in reading.terms]
    if asked and not reading.has("define", "compare"):
        return False
    asks = reading.has("define")
    if asked and asks and lexicon.english.lists["of terms"].intersection(token.lower for token in reading.tokens):
        return True
    if asks and (terms or not (reading.nouns or reading.types or asked)):
        return not (reading.has("count") and reading.nouns)
    if reading.has("compare") and len(terms) > 1:
        return True
    return bool(terms) and _is_what_is(lexicon, reading, terms)


def _is_what_is(lexicon: Lexicon, reading: Reading, terms: list[Spot]) -> bool:
    """“What is a QKD link?”, "key relay, what's that?": the question is nothing but the term."""
    if reading.nouns or reading.types or reading.statuses or reading.mentions or reading.span:
        return False
    named = {index for spot in terms for index in range(spot.start, spot.end)}
    whole = named == set(range(len(reading.tokens)))
    if whole:
        return not any(topics_in(spot) for spot in reading.spots if spot.end - spot.start == len(reading.tokens))
    # "in QKDN" only says where the term is used.
    for spot in reading.spots:
        if spot.start and reading.tokens[spot.start - 1].lower in ("in", "within", "of", "for"):
            named |= set(range(spot.start, spot.end))
    what = lexicon.english.lists["what"]
    rest = [token.lower for index, token in enumerate(reading.tokens) if index not in named]
    if what.intersection(rest) and what.union(lexicon.english.lists["around a term"]).issuperset(rest):
        return True
    return _is_all_there_is(lexicon, reading, terms)


def _is_all_there_is(lexicon: Lexicon, reading: Reading, terms: list[Spot]) -> bool:
    """“Jitter according to the IETF”: beside a term that is no topic, nothing but a source and small words."""
    named = {index for spot in terms for index in range(spot.start, spot.end)}
    if any(topics_in(spot) for spot in reading.spots) or reading.has("who", "count", "latest", "news"):
        return False
    sources = {index for spot in reading.spots if not spot.word for index in range(spot.start, spot.end)}
    small = lexicon.english.fillers | lexicon.english.lists["what"]
    rest = [index for index in range(len(reading.tokens)) if index not in named | sources]
    return all(reading.tokens[index].lower in small for index in rest)
