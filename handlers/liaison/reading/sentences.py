"""The sentences of a text, and lines that were broken to fit a page made whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_END = re.compile(r"(?<=[a-z)\]”\"'’\d][.!?;])\s+(?=[A-Z“\"(\[])")
_NO_END = re.compile(
    r"(?:^|\s|\()(?:\d{1,2}|[a-z]|Recs?|Nos?|Docs?|e\.g|i\.e|cf|vs|approx|Figs?|Dr|Mr|Ms|Prof|Suppl?|Amd|Corr?"
    r"|Q|Vol|Ed|Sect|ex)\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})*[.)]?\s|[•▪◦·*–-]\s|\(?[a-z]\)\s|>)")
_BROKEN = 45
"""A line shorter than this was ended on purpose."""
_FEW_WORDS = 8

LONGEST = 1000
"""Characters of a sentence; a longer one is none, and is cut."""


def sentences(text: str) -> Iterator[str]:
    """The sentences and lines of a text."""
    for line in text.split("\n"):
        held = ""
        for piece in _END.split(line.strip()):
            held = f"{held} {piece}".strip()
            if len(held) > LONGEST:
                yield from (held[begin : begin + LONGEST] for begin in range(0, len(held), LONGEST))
                held = ""
            elif held and not _NO_END.search(held[-12:]):
                yield held
                held = ""
        if held:
            yield held[:LONGEST]


def _is_heading(line: str, below: str) -> bool:
    """A few words above a list."""
    return line[:1].isupper() and len(line.split()) <= _FEW_WORDS and bool(_ITEM.match(below))


def unbroken(lines: Iterable[str]) -> list[str]:
    """Paragraphs of a text whose lines were broken at the margin."""
    whole: list[str] = []
    every = list(lines)
    for line, below in zip(every, [*every[1:], ""], strict=False):
        goes_on = (
            whole
            and not _is_heading(line, below)
            and not (whole[-1].endswith(("”", '"')) and line[:1].isupper())
            and line
            and _BROKEN <= len(whole[-1]) <= 3 * LONGEST
            and not whole[-1].endswith((".", ":", ";", "!", "?"))
            and not _ITEM.match(line)
            and "\t" not in line
        )
        if goes_on:
            whole[-1] = f"{whole[-1]} {line}"
        else:
            whole.append(line)
    return whole
