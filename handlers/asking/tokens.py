"""A question as words: cleaned of what no person sees, and cut up."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from storage.search import stem, words

LONGEST_QUERY = 2_000
"""Characters; a longer text is no question."""

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CONTRACTED = frozenset(
    f"{word}'s"
    for word in ["what", "that", "there", "who", "where", "when", "how", "let", "it", "he", "she", "here", "why"]
)
LIAISON_NUMBER = re.compile(
    r"\b(?:[a-z0-9]+-)*LS\s?-?\s?\d+\b|\b[a-z]{2}\d+-\d{4}-\d{2}\b|\b(?:[a-z0-9]+-)+IN\d+\b|\bIN\d{1,3}\b",
    re.IGNORECASE,
)
"""How liaison statements are numbered: `JCA-LS1`, `SG99-LS12`, `SG99-2020-01`, and by us `JCA-IN3`, in short `IN3`."""

_GLUED = re.compile(r"(?<=\d)(?=(?:amd|cor|suppl?)\.?\s?\d)", re.IGNORECASE)
_ISO_IEC = re.compile(r"\biso[\s-]+iec\b", re.IGNORECASE)
_PART = re.compile(r"\b(\d{4,5}),?\s+part\s+(\d)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text at [start, end): as written, in lower case, and its stem."""

    written: str
    lower: str
    stem: str
    start: int
    end: int


def clean(text: str) -> str:
    """The text as a person sees it: no control or formatting characters, one space where there were several."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", text)
        text = "".join(" " if one.isspace() else one for one in text if one.isspace() or _is_visible(one))
    return _unfolded(_SPACES.sub(" ", text).strip())


def _unfolded(text: str) -> str:
    """Writings that hide a reference, in the usual one: `g709amd1`, `ISO IEC 7498 part 1`."""
    text = _GLUED.sub(" ", text)
    text = _ISO_IEC.sub("ISO/IEC", text)
    return _PART.sub(r"\1-\2", text)


def written_words(text: str) -> list[str]:
    """The words of a phrase in lower case, cut as `tokens` cuts them."""
    return [_lowered(match[0]) for match in _TOKEN.finditer(text)]


def tokens(text: str) -> list[Token]:
    """The words of a cleaned text, in order. A possessive counts as its noun: "SG13's" is SG13."""
    found = []
    for match in _TOKEN.finditer(text):
        lower = _lowered(match[0])
        written = match[0][: len(lower)]
        plain = words(lower)
        found.append(Token(written, lower, stem(plain[0]) if plain else lower, match.start(), match.end()))
    return found


def _lowered(written: str) -> str:
    lower = written.lower().replace("’", "'")
    return lower[:-2] if lower.endswith("'s") and lower not in _CONTRACTED else lower


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
