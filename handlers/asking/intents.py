"""Which intent the words of a question have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.asking.correspondence import corresponds
from handlers.asking.definitions import is_definition
from handlers.asking.lexicon import Lexicon
from handlers.asking.query import Asked, Intent
from handlers.asking.reading import Reading
from handlers.asking.represented import is_liaison_officer, is_representing
from handlers.asking.subjects import topics_in, unexplained
from handlers.asking.tokens import LIAISON_NUMBER

_MEETING_DOCUMENT = re.compile(r"\b(?:TSAG[\s-]?)?TD\s?\d+\b|\bDoc\.?\s?\d+\b", re.IGNORECASE)
_ASKS = (
    *("count", "latest", "first", "news", "title", "unverified", "members", "bodies"),
    *("greeting", "gaps", "when", "more"),
)
_ASKS_FOR_GROUPS = (*_ASKS, "who", "covers", "scope", "questions", "parent", "officer", "where", "represents")


def special_intent(lexicon: Lexicon, reading: Reading, asked: Sequence[Asked]) -> Intent | None:
    """The intents that are about something else than roadmap items."""
    topics = any(topics_in(spot) for spot in reading.spots)
    groups = any(spot.groups for spot in reading.spots)
    if not reading.tokens or (reading.has("help", "greeting") and _is_only(lexicon, reading, "help", "greeting")):
        return Intent.HELP
    if (reading.has("liaison") and not is_liaison_officer(reading)) or LIAISON_NUMBER.search(reading.text):
        return Intent.LIAISONS
    bodies = any(name.kind == "body" for spot in reading.spots for name in spot.names)
    if corresponds(lexicon, reading) or ((groups or bodies) and _is_telling(lexicon, reading)):
        return Intent.LIAISONS
    if reading.has("overlaps"):
        return Intent.OVERLAPS
    if is_representing(lexicon, reading):
        return Intent.WHO
    if reading.has("meeting") or _MEETING_DOCUMENT.search(reading.text):
        return Intent.WHEN
    if is_definition(lexicon, reading, asked):
        return Intent.COMPARE if reading.has("compare") else Intent.DEFINE
    if reading.has("compare") and len(asked) > 1:
        return Intent.COMPARE
    if reading.has("officer") and not topics and not asked:
        return Intent.WHO
    if any(name.kind == "officer" for spot in reading.spots for name in spot.names) and not asked:
        return Intent.WHO
    if _is_about_groups(lexicon, reading, topics=topics, groups=groups) and not asked:
        return Intent.WHO
    return None


def listing_intent(reading: Reading) -> Intent:
    if reading.has("gaps"):
        return Intent.GAPS
    if reading.has("count"):
        return Intent.COUNT
    first = reading.tokens[0].lower if reading.tokens else ""
    if first == "who" or _asks_for_group(reading) or (reading.has("who") and not reading.nouns):
        return Intent.WHO
    bare = not (reading.nouns or reading.types or reading.statuses or reading.span)
    if reading.has("members") and bare and any(topics_in(spot) for spot in reading.spots):
        return Intent.WHO
    if reading.has("latest", "first"):
        return Intent.LATEST
    if reading.has("news"):
        return Intent.NEWS
    return Intent.LIST


def content_words(lexicon: Lexicon, reading: Reading, intent: Intent) -> list[int]:
    """Tokens that neither a facet nor the way of asking explains."""
    return unexplained(reading, lexicon, _ASKS_FOR_GROUPS if intent is Intent.WHO else _ASKS)


def _is_telling(lexicon: Lexicon, reading: Reading) -> bool:
    """“What did SG13 report in November?”: groups tell things by liaison statement."""
    words = {token.lower for token in reading.tokens}
    lists = lexicon.english.lists
    if "we" in words and words & lists["writing"]:
        return True
    if words & {"has", "have", "had"} and words & {"told", "informed"} and "me" not in words:
        return True
    return "did" in words and bool(words & lists["telling"])


def _is_only(lexicon: Lexicon, reading: Reading, *asks: str) -> bool:
    covered = {index for name in asks for spot in reading.asks.get(name, []) for index in range(spot.start, spot.end)}
    rest = [index for index in reading.free() if index not in covered]
    explained = all(reading.tokens[index].lower in lexicon.english.fillers for index in rest)
    return explained and not (reading.spots or reading.mentions or reading.types or reading.statuses)


def _is_about_groups(lexicon: Lexicon, reading: Reading, *, topics: bool, groups: bool) -> bool:
    if reading.questions and not reading.nouns and reading.has("scope", "who", "parent"):
        return True
    if groups and not reading.nouns and any(token.lower == "questions" for token in reading.tokens):
        return True
    if groups and not topics and not reading.nouns and not reading.types and not reading.statuses and not reading.span:
        words = {token.lower for token in reading.tokens}
        if words & lexicon.english.lists["having"] or {"did", "do"} <= words:
            return False
        if reading.has("scope", "parent", "questions", "who"):
            return True
        return _is_bare_group(lexicon, reading)
    listed = reading.has("members", "bodies") and not (topics or reading.nouns or reading.types or reading.statuses)
    return listed and not reading.has("covers") and not content_words(lexicon, reading, Intent.WHO)


def _is_bare_group(lexicon: Lexicon, reading: Reading) -> bool:
    """“What is SG17?”, "tell me about ISG QKD": nothing but the group."""
    return (
        bool(reading.tokens)
        and reading.tokens[0].lower in ("what", "what's", "who", "tell", "describe", "explain")
        and not (
            content_words(lexicon, reading, Intent.WHO) or reading.has("count", "latest", "first", "news", "covers")
        )
    )


def _asks_for_group(reading: Reading) -> bool:
    """“Which study group …”, "which ITU-T group …", "what ETSI committee …"."""
    for index, token in enumerate(reading.tokens):
        if token.lower not in ("which", "what"):
            continue
        after = index + 1
        named = next((spot for spot in reading.spots if spot.start == after), None)
        if named and any(name.kind == "body" for name in named.names):
            after = named.end
        starts = {spot.start for name in ("members", "bodies") for spot in reading.asks.get(name, [])}
        if after in starts or any(spot.start == index and spot.end > index + 1 for spot in reading.asks.get("who", [])):
            return True
    return False
