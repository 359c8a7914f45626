"""Which references a question mentions, and what they mean on the roadmap."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.known import is_in_titles
from handlers.asking.lexicon import Lexicon
from handlers.asking.query import Asked
from handlers.asking.reading import Reading, Spot, inside
from handlers.asking.references import resolve
from storage import roadmap, search
from storage.references import Edition, Mention

_DRAFT_NAME = re.compile(r"^[A-Z]{1,5}\.\w+[-_]?\w|^draft-")
_LONG_NUMBER = re.compile(r"^(?!(?:19|20)\d\d$)\d{4,6}$")


async def mentioned(session: AsyncSession, lexicon: Lexicon, reading: Reading) -> list[Asked]:
    """The references of the question; those that are none after all become words again."""
    resolved = await resolve(session, _dated(reading))
    named = [
        Asked(name.value, await roadmap.by_ids(session, [name.id]))
        for spot in reading.spots
        for name in spot.names
        if name.kind == "item"
    ]
    kept: list[Mention] = []
    asked: list[Asked] = []
    for mention, one in zip(reading.mentions, resolved, strict=True):
        if one.items or one.other_editions or await _is_missing(session, lexicon, reading, mention):
            kept.append(mention)
            asked.append(one)
            _cover(reading, mention)
        else:
            _uncover(reading, mention)
    reading.mentions = kept
    said = {item.id for one in asked for item in one.items}
    named = [one for one in named if not said.issuperset(item.id for item in one.items)]
    if not asked and not named:
        named = await _by_number(session, reading)
    return asked + named


def _dated(reading: Reading) -> list[Mention]:
    """“G.709 from June 2020”: where one reference and one date stand together, the date is its edition's."""
    span = reading.span
    if len(reading.mentions) != 1 or not span or not span.since or span.since != span.until:
        return reading.mentions
    mention = reading.mentions[0]
    beside = span.start - mention.end <= 1 and span.start >= mention.end
    if not beside or mention.reference.edition:
        return reading.mentions
    edition = Edition(year=span.since[:4], month=span.since[5:7])
    return [replace(mention, reference=replace(mention.reference, edition=edition))]


async def _by_number(session: AsyncSession, reading: Reading) -> list[Asked]:
    """A bare number of four digits or more that no title has is the end of a reference."""
    numbers = [index for index in reading.free() if _LONG_NUMBER.match(reading.tokens[index].lower)]
    for index in numbers:
        items = await roadmap.ending(session, reading.tokens[index].lower)
        if items:
            reading.take([Spot(index, index + 1)])
            return [Asked(reading.tokens[index].written, items[:3])]
    return []


async def _is_missing(session: AsyncSession, lexicon: Lexicon, reading: Reading, mention: Mention) -> bool:
    """Whether a reference that the roadmap lacks was meant as one: not when titles have it as words."""
    if not mention.sure:
        return bool(_DRAFT_NAME.match(mention.text))
    if len(reading.tokens) <= len(search.words(mention.text)) + 3:
        return True
    return not await is_in_titles(session, lexicon, tuple(search.stems(mention.text)))


def _cover(reading: Reading, mention: Mention) -> None:
    covered = set(inside(reading, mention.start, mention.end))
    reading.take(Spot(index, index + 1) for index in covered)
    reading.spots = [spot for spot in reading.spots if not covered.intersection(range(spot.start, spot.end))]
    reading.terms = [pair for pair in reading.terms if not covered.intersection(range(pair[0].start, pair[0].end))]
    reading.nouns = [spot for spot in reading.nouns if not covered.intersection(range(spot.start, spot.end))]
    reading.types = [pair for pair in reading.types if not covered.intersection(range(pair[1].start, pair[1].end))]


def _uncover(reading: Reading, mention: Mention) -> None:
    named = {index for spot in reading.spots for index in range(spot.start, spot.end)}
    for index in set(inside(reading, mention.start, mention.end)) - named:
        reading.taken[index] = False
