"""References that a text shortens, spelled out: ranges, lists of numbers, supplements."""

from __future__ import annotations

import re

_MOST_IN_RANGE = 60
_FARTHEST = 200
"""How far apart the numbers of one list are; a year is farther."""
_RANGE = re.compile(
    r"\b(?P<letter>[A-Z])\.(?P<first>\d{3,4})\s*(?:to|through|until|up to|[-‐‑‒–—−]|\.{2,3}|…)\s*"
    r"(?:(?:(?:and including\s+)?(?:Recommendation\s+)?(?:ITU-T\s*)?)(?P=letter)\.)?"
    r"(?P<last>\d{3,4})\b(?![\d/]|\s*-?\s*series)"
)
_LIST = re.compile(
    r"\b(?P<letter>[A-Z])\.(?P<first>\d{3,4})"
    r"(?P<others>(?:\s*(?:,\s*and\b|,\s*or\b|,|;|/|&|\band\b|\bor\b)\s*\d{3,4}\b(?![\d/]|\.\d|\s*-?\s*series))+)"
)
_ETSI_LIST = re.compile(
    r"\b(?P<kind>(?:GS|GR)\s+[A-Z]{3})[\s-]?(?P<first>0\d\d)"
    r"(?P<others>(?:\s*(?:,\s*and\b|,|;|/|&|\band\b)\s*(?:[A-Z]{3}[\s-]?)?0\d\d\b)+)"
)
_SUPPLEMENT = r"(?:Supplements?|Suppl?|Sup)\b\.?\s*(?:No\.?\s*)?"
_SERIES = r"(?:the\s+)?(?:ITU-?T\s+)?(?P<letter>[A-Z])(?:\.\d{2,4})?[\s-]*series(?:\s+(?:of\s+)?Recommendations?)?"
_SUPPLEMENTS = (
    re.compile(rf"\b(?:ITU-?T\s+)?{_SUPPLEMENT}(?P<number>\d{{1,3}})\s+(?:to|of)\s+{_SERIES}", re.IGNORECASE),
    re.compile(rf"\b{_SERIES}\s*[-–—:,]?\s*{_SUPPLEMENT}(?P<number>\d{{1,3}})\b", re.IGNORECASE),
    re.compile(
        r"\b(?:(?:Draft\s+)?(?:new\s+)?Supplement\s+)?(?:ITU-?T\s+)?(?P<letter>[A-Z])[.\s]\s?"
        r"(?:Supplement|Suppl?|Sup)\.?\s?(?P<number>\d{1,3})\b",
    ),
)
_AMENDING = re.compile(
    r"\b(?P<kind>Amendment|Corrigendum|Amd\.?|Cor\.?)\s*(?P<number>\d{1,2})\s+(?:to|of)\s+(?:the\s+)?"
    r"(?:Recommendation\s+|Rec\.\s+)?(?:ITU-?T\s+)?(?P<reference>[A-Z]\.\d{1,4}(?:\.\d{1,3})*)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{3,4}")


def spelled_out(text: str) -> str:
    """The text with every reference in full: `Y.9800 to Y.9802` is `Y.9800, Y.9801, Y.9802`."""
    for pattern in _SUPPLEMENTS:
        text = pattern.sub(lambda found: f"{found['letter'].upper()} Suppl. {int(found['number'])}", text)
    text = _AMENDING.sub(_amended, text)
    return _ETSI_LIST.sub(_etsi, _LIST.sub(_listed, _RANGE.sub(_ranged, text)))


def _amended(found: re.Match[str]) -> str:
    kind = "Amd" if found["kind"].lower().startswith("am") else "Cor"
    return f"{found['reference']} {kind}.{int(found['number'])}"


def _ranged(found: re.Match[str]) -> str:
    first, last = int(found["first"]), int(found["last"])
    if not first < last <= first + _MOST_IN_RANGE or len(found["first"]) != len(found["last"]):
        return found[0]
    return ", ".join(f"{found['letter']}.{number}" for number in range(first, last + 1))


def _listed(found: re.Match[str]) -> str:
    numbers = _DIGITS.findall(found["others"])
    if any(abs(int(number) - int(found["first"])) > _FARTHEST for number in numbers):
        return found[0]
    others = _DIGITS.sub(lambda number: f"{found['letter']}.{number[0]}", found["others"])
    return f"{found['letter']}.{found['first']}{others}".replace("/", ", ")


def _etsi(found: re.Match[str]) -> str:
    others = re.sub(r"(?:[A-Z]{3}[\s-]?)?(0\d\d)", lambda number: f"{found['kind']} {number[1]}", found["others"])
    return f"{found['kind']} {found['first']}{others}".replace("/", ", ")
