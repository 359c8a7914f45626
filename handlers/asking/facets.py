"""The facets of a question that are no subject: who wrote it, of which type, in which status, when."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking.lexicon import Lexicon
from handlers.asking.listing import Listing
from handlers.asking.query import Intent
from handlers.asking.reading import Reading, Spot
from storage.words import SUPPLEMENTARY_TYPES

_NUMBERS = {
    word: number
    for number, word in enumerate("two three four five six seven eight nine ten".split(), start=2)  # noqa: SIM905 - short
}
_MOST = 100


def sources_of(lexicon: Lexicon, reading: Reading) -> Listing:
    """Bodies, groups, Questions and dates: what every intent may be restricted by."""
    bodies: dict[str, None] = {}
    groups: dict[str, None] = {}
    catalogue = lexicon.catalogue
    parents: set[int] = set()
    named = {name.id for spot in reading.spots if not spot.groups for name in spot.names if name.kind == "body"}
    for spot in reading.spots:
        mark = "!" if spot.negated else ""
        ids = [one for one in spot.groups if catalogue.groups[one].body_id in named] or list(spot.groups)
        if spot.groups and not (any(name.kind == "body" for name in spot.names)):
            for one in ids:
                groups[mark + catalogue.groups[one].code] = None
                if not spot.negated:
                    parents.add(catalogue.groups[one].body_id)
    for code in reading.questions:
        if code in catalogue.questions:
            group = catalogue.groups[catalogue.questions[code][1]]
            parents.add(group.body_id)
            groups.pop(group.code, None)
    settled = {spot.names[0].id for spot in reading.spots if len(spot.names) == 1 and spot.names[0].kind == "body"}
    for spot in reading.spots:
        mark = "!" if spot.negated else ""
        named_here = [name for name in spot.names if name.kind == "body" and name.id not in parents]
        for name in [name for name in named_here if name.id in settled] or named_here:
            bodies[mark + name.value] = None
    return Listing(
        body=tuple(bodies),
        group=tuple(groups),
        question=tuple(reading.questions),
        since=reading.span.since if reading.span else "",
        until=reading.span.until if reading.span else "",
    )


def types_of(lexicon: Lexicon, reading: Reading) -> tuple[str, ...]:
    wanted: dict[str, None] = {}
    unwanted: set[str] = set()
    for value, spot in _heads(reading):
        kinds = [value]
        if value.startswith("*"):
            kinds = [kind for kind in lexicon.catalogue.types if value[1:] in kind.split()]
        if spot.negated:
            unwanted.update(kinds)
        else:
            wanted.update(dict.fromkeys(kinds))
    if wanted and _means_internet_drafts(reading):
        wanted["Internet-Draft"] = None
    if unwanted and not wanted:
        wanted = dict.fromkeys(lexicon.catalogue.types)
    return tuple(kind for kind in wanted if kind not in unwanted)


def statuses_of(reading: Reading, intent: Intent) -> tuple[str, ...]:
    found = dict.fromkeys(status for status, spot in reading.statuses if not spot.negated)
    for status, spot in reading.statuses:
        if spot.negated:
            found.update(dict.fromkeys({"published": ("under-development",)}.get(status, ("published",))))
    if "superseded" in found and _is_included(reading):
        return ("any",)
    if "superseded" in found and "published" in found and len(found) == 2 and list(found)[-1] == "superseded":
        del found["published"]
    if not found and intent in (Intent.LATEST, Intent.NEWS):
        return ("published",)
    return ("any",) if "any" in found else tuple(found)


def limit_of(reading: Reading) -> int | None:
    """“The last five Recommendations”: five."""
    for spot in (*reading.asks.get("latest", []), *reading.asks.get("first", [])):
        for index in (spot.end, spot.start - 1):
            word = reading.tokens[index].lower if 0 <= index < len(reading.tokens) else ""
            number = int(word) if word.isdecimal() and int(word) <= _MOST else _NUMBERS.get(word)
            if number:
                reading.take([Spot(index, index + 1)])
                return number
    return None


def _heads(reading: Reading) -> list[tuple[str, Spot]]:
    """“Amendments to Recommendations” are amendments: what is amended is no type of its own."""
    amending = [spot for value, spot in reading.types if value in SUPPLEMENTARY_TYPES]
    if not amending:
        return reading.types
    last = max(spot.end for spot in amending)
    after = {token.lower for token in reading.tokens[last:]}
    if not after & {"to", "of", "for"}:
        return reading.types
    return [pair for pair in reading.types if pair[0] in SUPPLEMENTARY_TYPES or pair[1].start < last]


def _means_internet_drafts(reading: Reading) -> bool:
    """“RFCs and drafts”: there a draft is a type, not a status."""
    drafts = [pair for pair in reading.statuses if reading.tokens[pair[1].start].lower in ("draft", "drafts")]
    if not drafts or not any(value == "RFC" for value, _spot in reading.types):
        return False
    reading.statuses = [pair for pair in reading.statuses if pair not in drafts]
    return True


def _is_included(reading: Reading) -> bool:
    """“Including what has since been superseded”."""
    spot = next(spot for status, spot in reading.statuses if status == "superseded")
    before = [token.lower for token in reading.tokens[max(0, spot.start - 6) : spot.start]]
    return any(word in ("including", "incl", "include", "also", "plus") for word in before)


def series_of(series: Sequence[str], types: Sequence[str]) -> tuple[str, ...]:
    """Supplements to a series are numbered by its letter alone."""
    return tuple(one[:1] if "Supplement" in types else one for one in series)
