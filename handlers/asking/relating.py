"""How a question relates an item to others: what replaced it, amends it, goes with it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking.lexicon import Lexicon
from handlers.asking.query import RELATING, Asked, Relating
from handlers.asking.reading import Reading, inside


def relating(lexicon: Lexicon, reading: Reading, asked: Sequence[Asked]) -> Relating | None:
    if not asked:
        return None
    if reading.has("amended") and reading.has("corrected"):
        return "changed"
    for name in RELATING:
        if reading.has(name) and not _inside_mention(reading, name):
            return _direction(lexicon, reading, name)
    return None


def _inside_mention(reading: Reading, name: str) -> bool:
    """Whether the word is part of the reference ("G.709 Amd. 1") everywhere."""
    covered = {index for mention in reading.mentions for index in inside(reading, mention.start, mention.end)}
    return all(covered.intersection(range(spot.start, spot.end)) for spot in reading.asks[name])


def _direction(lexicon: Lexicon, reading: Reading, name: Relating) -> Relating:
    """“What does X replace” and "what was replaced by X" look back, "what replaced X" looks forward."""
    if name not in ("replaced_by", "replaces") or not reading.mentions:
        return name
    present, past = lexicon.english.lists["replacing"], lexicon.english.lists["replaced"]
    first = reading.mentions[0].start
    words = [(token.start < first, token.lower) for token in reading.tokens]
    verb = next(((before, word) for before, word in words if word in present or word in past), None)
    if verb is None:
        return name
    before, word = verb
    spoken = {other for _before, other in words}
    # In "did anything replace X" the helping verb has a subject already.
    helped = bool(spoken & {"did", "does", "do"}) and not spoken & {"anything", "something"}
    last = next((other for is_before, other in reversed(words) if is_before), "")
    if last == "by" and before:
        return "replaces"
    if word in present:
        return "replaces" if helped or not before else "replaced_by"
    return "replaced_by"
