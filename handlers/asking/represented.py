"""What the words of a question ask about representatives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.asking.facets import sources_of
from handlers.asking.lexicon import Lexicon
from handlers.asking.reading import Reading, Spot
from handlers.asking.representing import Representing, State
from handlers.asking.subjects import topics_in

_CALLED = ("represents", "alternate", "appointed")
"""Ways to speak of representatives."""

_NEAR = 4
"""So many words may stand between "no" and "representative"."""


def is_representing(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether a question is about representatives: not where it names nothing but a subject to be contacted about."""
    named = any(spot.groups or any(name.kind == "body" for name in spot.names) for spot in reading.spots)
    if not reading.has("represents", "alternate"):
        return named and reading.has("appointed") and not reading.has("officer")
    topics = [spot for spot in reading.spots if topics_in(spot) and not _groups_of(lexicon, reading, spot)]
    return named or not (topics or reading.mentions)


def is_awaited(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether it asks for nothing but what waits to be decided: "which requests are pending?"."""
    lists = lexicon.english.lists
    said = {token.lower for token in reading.tokens}
    return len(said & lists["awaited"]) > 1 and said <= lists["awaited"] | lists["around awaited"]


def is_liaison_officer(reading: Reading) -> bool:
    """Whether "liaison" is only a part of what a representative is called."""
    called = [spot for name in _CALLED for spot in reading.asks.get(name, [])]
    return bool(called) and all(
        any(one.start <= spot.start and spot.end <= one.end for one in called) for spot in reading.asks["liaison"]
    )


def representing_of(lexicon: Lexicon, reading: Reading) -> Representing:
    """The facets that the words of a question give; persons are found elsewhere."""
    sources = sources_of(lexicon, reading)
    groups = dict.fromkeys(sources.group)
    groups.update(dict.fromkeys(_owners(lexicon, sources.question)))
    for spot in reading.spots:
        if topics_in(spot) and not spot.groups:
            groups.update(dict.fromkeys(_groups_of(lexicon, reading, spot)))
    state = _state(lexicon, reading)
    wanted = [code for code in groups if not code.startswith("!")]
    missing = state in ("current", "any") and not (wanted or reading.span) and is_missing(lexicon, reading)
    return Representing(
        body=sources.body,
        group=tuple(groups),
        kind="alternate" if _asks_for_alternates(lexicon, reading) else "",
        state="current" if missing else state,
        since=sources.since,
        until=sources.until,
        missing=missing,
        counted=reading.has("count") and not reading.has("address"),
    )


def _owners(lexicon: Lexicon, questions: Sequence[str]) -> Iterator[str]:
    """The groups of Questions; that of a Question which is not known is the study group of its number."""
    catalogue = lexicon.catalogue
    for code in questions:
        if code in catalogue.questions:
            yield catalogue.groups[catalogue.questions[code][1]].code
        elif group := catalogue.group_of_code(f"SG{code.partition('/')[2]}"):
            yield group.code


def is_missing(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether "no", "without" or the like stands close to what representatives are called."""
    lists = lexicon.english.lists
    words = [token.lower for token in reading.tokens]
    if words and words[0] in lists["now"] | lists["having"] and lists["each"].intersection(words):
        return True  # "are all groups represented?"
    called = [spot.start for name in _CALLED for spot in reading.asks.get(name, [])]
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        is_lacking = word in lists["lacking"] and following not in lists["knowing"]
        if not (is_lacking or (word in lists["needing"] and reading.has("members"))):
            continue
        if not called or any(abs(start - index) <= _NEAR for start in called):
            return True
    return False


def follows_name(reading: Reading, index: int) -> bool:
    """Whether a word stands behind what representatives are called, where the group or the person is named."""
    return any(spot.end <= index for name in _CALLED for spot in reading.asks.get(name, []))


def _asks_for_alternates(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether alternates alone are meant: not where it is "representatives and alternates"."""
    called = reading.asks.get("represents", [])
    between = {index for one in called for index in (one.start - 1, one.end)}
    for spot in reading.asks.get("alternate", []):
        joint = [index for index in (spot.start - 1, spot.end) if index in between]
        if any(reading.tokens[index].lower in ("and", "or") for index in joint):
            return False
    deputies = lexicon.english.lists["deputies"]
    return reading.has("alternate") or any(token.lower in deputies for token in reading.tokens)


def _state(lexicon: Lexicon, reading: Reading) -> State:
    lists = lexicon.english.lists
    words = {token.lower for token in reading.tokens}
    span = reading.span
    if words & lists["awaited"]:
        return "pending"
    if words & lists["refused"]:
        return "declined"
    if span and span.until:
        return "any"
    if words & lists["former"]:
        return "former"
    if words & lists["over time"] or ("represented" in words and not words & lists["now"]):
        return "any"
    return "current"


def _groups_of(lexicon: Lexicon, reading: Reading, spot: Spot) -> list[str]:
    """The groups that have the name of a topic: whoever asks for a representative means the group."""
    if spot.negated:
        return []
    length, ids = lexicon.groups_at(reading.tokens, spot.start)
    return [lexicon.catalogue.groups[one].code for one in ids] if length == spot.end - spot.start else []
