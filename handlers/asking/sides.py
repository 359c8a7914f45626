"""Who wrote to whom, in a question about liaison statements: each group that it names, and on which side it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from handlers.asking.lexicon import Lexicon
from handlers.asking.reading import Reading, Spot
from handlers.asking.wordings import wordings

Side = Literal["source", "to", "beside"]

_NEAR = 4
"""So many words may stand between a verb and whom it is about."""


@dataclass(frozen=True, slots=True)
class Party:
    """A group or body that is named, by code, and its side; `beside` where nothing says which."""

    code: str
    side: Side
    negated: bool
    start: int
    end: int


def parties_in(lexicon: Lexicon, reading: Reading, text: str, hidden: Collection[int]) -> list[Party]:
    """The groups and bodies that a question names. `text` is its masked one; `hidden` tokens are no names."""
    found: list[Party] = []
    for spot in reading.spots:
        if spot.start in hidden:
            continue
        side = _side(lexicon, reading, text, spot, found)
        found += [
            Party(code, side, spot.negated, spot.start, spot.end) for code in _codes(lexicon, reading, spot, side)
        ]
    return found


def _codes(lexicon: Lexicon, reading: Reading, spot: Spot, side: Side) -> list[str]:
    groups = lexicon.catalogue.groups
    if any(name.kind == "topic" for name in spot.names) and (side == "beside" or not spot.groups):
        return []
    bodies = [name for name in spot.names if name.kind == "body"]
    if spot.groups:
        named = {name.id for one in reading.spots if not one.groups for name in one.names if name.kind == "body"}
        ids = [one for one in spot.groups if groups[one].body_id in named] or list(spot.groups)
        codes = [groups[one].code for one in ids]
        return codes + [name.value for name in bodies if name.value not in codes]
    following = next((one for one in reading.spots if one.groups and 0 <= one.start - spot.end <= 1), None)
    if following and any(groups[one].body_id == name.id for one in following.groups for name in bodies):
        return []  # "ETSI ISG QKD": the body only says whose group it is
    return [name.value for name in bodies]


def _side(lexicon: Lexicon, reading: Reading, text: str, spot: Spot, earlier: list[Party]) -> Side:
    words = wordings()
    before = text[: reading.tokens[spot.start].start]
    after = text[reading.tokens[spot.end - 1].end :].lstrip()
    if words.before["answering"].search(before):
        return "source"
    is_placed = words.before["source"].search(before) or words.before["to"].search(before)
    if not is_placed and words.after["to"].match(after):
        return "to"
    if words.before["to"].search(before):
        return "to"
    if words.before["source"].search(before):
        return "source"
    tokens = [token.lower for token in reading.tokens]
    if earlier and tokens[spot.start - 1] in ("and", "or", "nor"):
        return earlier[-1].side
    if words.after["source"].match(after):
        return "source"
    near = set(tokens[max(0, spot.start - _NEAR) : spot.start])
    return "to" if near & lexicon.english.lists["writing"] else "beside"
