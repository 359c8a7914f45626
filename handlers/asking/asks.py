"""What a question asks for: how many, the latest, who, when."""

from __future__ import annotations

from handlers.asking.lexicon import Lexicon
from handlers.asking.spots import Reading, Spot, inside


def read_asks(reading: Reading, lexicon: Lexicon) -> None:
    language = lexicon.english
    count = len(reading.tokens)
    dated = _tokens_of_span(reading)
    named = [
        spot
        for spot in (*reading.spots, *(pair[0] for pair in reading.terms), *(pair[1] for pair in reading.types))
        if spot.end - spot.start > 1
    ]
    silent = {
        index
        for index, taken in enumerate(reading.taken)
        if taken and not any(spot.start <= index < spot.end for spot in _explained(reading))
    }
    for start in range(count):
        connected = False
        for length in range(min(language.longest, count - start), 0, -1):
            if (dated | silent).intersection(range(start, start + length)):
                continue
            if any(
                spot.start <= start and start + length <= spot.end and length < spot.end - spot.start for spot in named
            ):
                continue  # "defined" within "software-defined networking" asks for nothing
            phrase = tuple(token.lower for token in reading.tokens[start : start + length])
            for name in language.asks.get(phrase, ()):
                reading.asks.setdefault(name, []).append(Spot(start, start + length))
            if not connected and phrase in language.connectors:
                reading.connectors[start] = language.connectors[phrase]
                connected = True
    # "which study group" asks for a group: its "study" is no noun for items.
    phrases = [spot for spots in reading.asks.values() for spot in spots if spot.end - spot.start > 1]
    reading.nouns = [noun for noun in reading.nouns if not _within(noun, phrases)]
    reading.types = [pair for pair in reading.types if not _within(pair[1], phrases)]


def _within(spot: Spot, phrases: list[Spot]) -> bool:
    """Whether a spot of one word is part of one of these phrases."""
    return spot.end - spot.start == 1 and any(
        phrase.start <= spot.start and spot.end <= phrase.end for phrase in phrases
    )


def _explained(reading: Reading) -> list[Spot]:
    """The spots of everything that was named."""
    return [
        *reading.spots,
        *reading.nouns,
        *(spot for _value, spot in reading.types),
        *(spot for _value, spot in reading.statuses),
    ]


def _tokens_of_span(reading: Reading) -> set[int]:
    span = reading.span
    if not span:
        return set()
    return set(inside(reading, span.start, span.end))
