"""Which name a standard had before it got its number, as statements say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from handlers.liaison.reading.referring import references_in, tidy_reference
from handlers.liaison.reading.sentences import sentences

_CALLED = (
    r"(?:known as\s+|called\s+|named\s+|numbered\s+|(?:the\s+)?(?:draft|work item|working name|provisional name):?\s+)*"
)
_EX = re.compile(
    rf"[\[(]\s*(?:ex\b\.?-?|formerly|previously|former|was|originally|initially|old name)\.?:?\s*{_CALLED}"
    r"(?:ITU-T\s+)?(?P<old>[A-Za-z][\w./ -]{1,60}\w)",
    re.IGNORECASE,
)
_DRAFT = r"(?:ITU-T\s+)?(?P<old>[A-Z]{1,5}\.(?=[\w.-]*[A-Za-z]{2})[A-Za-z][\w.-]*\w)"
_APPOSITION = re.compile(
    rf"(?:,|\s[-–—])?\s+(?:(?i:ex\b\.?-?|formerly|previously|former|originally|initially))\s*{_CALLED}{_DRAFT}"
)
_PARENTHESIS = re.compile(rf"[\[(]\s*(?i:{_CALLED}){_DRAFT}\s*[\])]")
_RENAMED_TO = re.compile(
    r"\b(?:renamed|renumbered|changed|was numbered|is now numbered)\s+(?:(?:to|as|into|by|Recommendation|ITU-T|draft"
    r"|new)\s+){0,4}",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?:\b(?:now|became|becomes|has become|as|numbered|number|new name:?|under the number)|→|->|=>|⇒)\s+"
    r"(?:(?:the|draft|new|Recommendation|Rec\.|ITU-T|number|numbered|is|to)\s+){0,5}$"
    r"|^\s*[\[(]\s*(?:ITU-T\s+)?$",
    re.IGNORECASE,
)
_IN_ROW = re.compile(r"\s*\|\s*(?:[^|]{1,200}\|\s*)?")
"""Number and working name in cells of one row."""
_NUMBERED = re.compile(r"[A-Z]\.\d{1,4}(?:\.\d{1,3})*|[A-Z] Suppl\. \d+")
_NAMED = re.compile(r"[A-Z]{1,5}\.[A-Za-z]")
_FAR = 260
"""Characters between a number and the former name behind it; the title may stand there."""


def formers_in(text: str) -> dict[str, str]:
    """New reference -> the name it had before."""
    pairs: dict[str, str] = {}
    for sentence in sentences(text):
        for new, old in (*_explicit(sentence), *_numbered(sentence)):
            if new != old:
                pairs.setdefault(new, old)
    return pairs


def _explicit(sentence: str) -> Iterator[tuple[str, str]]:
    named = list(references_in(sentence)) if _EX.search(sentence) or _RENAMED_TO.search(sentence) else []
    for ex in _EX.finditer(sentence):
        before = [reference for reference, start in named if start < ex.start()]
        old = tidy_reference(ex["old"])
        if before and any(character in old for character in ".-_"):
            yield before[-1], old
    for renaming in _RENAMED_TO.finditer(sentence):
        former = [reference for reference, start in named if start < renaming.start()]
        new = [reference for reference, start in named if start == renaming.end()]
        if former and new:
            yield new[0], former[-1]


def _numbered(sentence: str) -> Iterator[tuple[str, str]]:
    """A working name right behind a number, `Y.9819 (Y.draft-amc)`, or before it, `Y.draft-amc, now Y.9819`."""
    named = list(references_in(sentence)) if _NAMED.search(sentence) else []
    for (one, start), (other, place) in pairwise(named):
        between = sentence[start + len(one) : place]
        if one[0] != other[0] or len(between) > _FAR:
            continue
        if _NUMBERED.fullmatch(one) and _NAMED.match(other):
            found = [pattern.search(sentence, start) for pattern in (_PARENTHESIS, _APPOSITION)]
            if any(match and match.start("old") == place for match in found) or _IN_ROW.fullmatch(between):
                yield one, other
        elif _NAMED.match(one) and _NUMBERED.fullmatch(other) and (_NOW.search(between) or _IN_ROW.fullmatch(between)):
            yield other, one
