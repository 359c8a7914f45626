"""The stems and cores of many items at once: what `storage.search` and `storage.references` say, faster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from storage.references import core_of
from storage.search import stem, stems

_GAPS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum() and chr(code) != "\n"})
_EDITION = re.compile(
    r"([A-Z]{1,5}[ .]\d(?:[\d -]*\d)?)(?<![ -]\d{4})"
    r"(?: V\d+\.\d+\.\d+ \((?:19|20)\d\d-\d\d\)| \(\d\d/(?:19|20)\d\d\))",
    re.ASCII,
)
"""The plainest references with an edition, and what stands before it."""


class _Stems(dict[str, str]):
    """The stems of the words seen so far."""

    def __missing__(self, word: str) -> str:
        found = self[word] = stem(word)
        return found


@cache
def _known_stems() -> _Stems:
    return _Stems()


def stems_of(titles: Sequence[str]) -> list[str]:
    """The stems of each title, with spaces between them."""
    if not titles:
        return []
    known = _known_stems().__getitem__
    plain = "\n".join(title.replace("\n", " ") if title.isascii() else "" for title in titles)
    found = [" ".join(map(known, words.split())) for words in plain.lower().translate(_GAPS).split("\n")]
    for place, title in enumerate(titles):
        if not title.isascii():
            found[place] = " ".join(stems(title))
    return found


def cores_of(references: Iterable[str]) -> list[str]:
    """The core of each reference."""
    return [_core(reference) for reference in references]


def _core(reference: str) -> str:
    # Editions of one standard have one core, and mostly stand together.
    plain = _EDITION.fullmatch(reference)
    return _edition_core(plain[1] if plain else reference)


@lru_cache(maxsize=1024)
def _edition_core(reference: str) -> str:
    return core_of(reference)
