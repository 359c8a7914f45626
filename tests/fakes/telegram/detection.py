"""What Telegram finds by itself in plain text: mentions, commands, tags, addresses, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .domains import is_known
from .entities import Entity, units

MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9_]{4,32})(?![A-Za-z0-9_])")
COMMAND = re.compile(r"(?<![\w/<>])/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{3,32}))?(?![\w/<>])")
HASHTAG = re.compile(r"(?<![\w\u200c#])#([\w\u200c·]{1,256})(?![\w\u200c·]*#)")
CASHTAG = re.compile(r"(?<![\w$])\$(1INCH|[A-Z]{1,8})(?![\w$])")
EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.([A-Za-z]{2,24})(?![\w-])")
SCHEME = re.compile(r"\b(?:https?|ftp|tg|ton|tonsite)://[^\s<>\"«»“”‘’]+", re.IGNORECASE)
HOST = r"(?:[\w\u00a1-\uffff](?:[\w\u00a1-\uffff-]{0,61}[\w\u00a1-\uffff])?\.)+([A-Za-z]{2,24}|xn--[a-z0-9-]+)"
BARE = re.compile(rf"(?<![\w@./#-]){HOST}(?![\w-])(?!\.\w)(?::\d{{1,5}})?(?:[/?#][^\s<>\"«»“”‘’]*)?")
ADDRESS = re.compile(r"(?<![\w.@/-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-])(?!\.\w)(?::\d{1,5})?(?:/[^\s<>\"]*)?")
PHONE = re.compile(r"(?<![\w+])\+\d(?:[\s().-]{0,2}\d){6,14}(?!\w)")

PATTERNS = (
    ("url", SCHEME),
    ("email", EMAIL),
    ("url", BARE),
    ("url", ADDRESS),
    ("mention", MENTION),
    ("bot_command", COMMAND),
    ("hashtag", HASHTAG),
    ("cashtag", CASHTAG),
    ("phone_number", PHONE),
)
QUIET = frozenset({"pre", "code", "text_link", "text_mention"})
TRIGGERS = re.compile(r"[@/#$+.]")


def find(text: str) -> list[Entity]:
    """Every entity that Telegram adds to a plain text, first come first, none inside another."""
    if not TRIGGERS.search(text):
        return []
    found: list[Entity] = []
    for entity in _candidates(text):
        if not any(entity.overlaps(other) for other in found):
            found.append(entity)
    return sorted(found, key=lambda entity: entity.offset)


def find_beside(text: str, written: list[Entity]) -> list[Entity]:
    """The written entities, and those found in the rest: nothing is found in code, links and mentions."""
    quiet = [entity for entity in written if entity.type in QUIET]
    added = [entity for entity in find(text) if not any(entity.overlaps(other) for other in quiet)]
    return sorted([*written, *added], key=lambda entity: (entity.offset, -entity.length))


def _candidates(text: str) -> Iterator[Entity]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if _counts(kind, pattern, match):
                shown = match[0].rstrip(".,;:!?'\")]}") if kind == "url" else match[0]
                yield Entity(kind, units(text[: match.start()]), units(shown), shown, automatic=True)


def _counts(kind: str, pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    if pattern is BARE or kind == "email":
        return is_known(match[1])
    if pattern is ADDRESS:
        return all(int(part) < 256 for part in re.findall(r"\d+", match[0])[:4])
    if kind == "hashtag":
        return any(character.isalpha() for character in match[1])
    return True
