"""Typos: words that neither the catalogue nor any title has, but that are near one that they have."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.known import is_in_titles, known_stems
from handlers.asking.lexicon import Lexicon
from handlers.asking.tokens import Token, tokens
from storage.search import stem

CLOSE_ENOUGH = 82
"""Of 100, by rapidfuzz: one letter in five may be wrong."""

SHORTEST = 4
LONG = 9
"""Letters of a word from which on two may be wrong."""


async def corrected(session: AsyncSession, text: str, lexicon: Lexicon) -> tuple[str, list[tuple[str, str]]]:
    """The text with typos mended, and what was mended: (as written, as read)."""
    suspects = [token for token in tokens(text) if _is_suspect(token, lexicon)]
    if not suspects:
        return text, []
    known = await known_stems(session, lexicon, [token.stem for token in suspects])
    mended: list[tuple[str, str]] = []
    for token in reversed([token for token in suspects if token.stem not in known]):
        better = await _split(session, token.lower, lexicon) or _nearest(token.lower, lexicon)
        if better:
            text = text[: token.start] + better + text[token.end :]
            mended.insert(0, (token.written, better))
    return text, mended


async def _split(session: AsyncSession, word: str, lexicon: Lexicon) -> str:
    """Two words of a title that were written as one: "multipoint" for "multi-point"."""
    halves = [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)] if len(word) > SHORTEST + 3 else []
    known = await known_stems(session, lexicon, {stem(half) for pair in halves for half in pair})
    for first, second in halves:
        phrase = (stem(first), stem(second))
        if set(phrase) <= known and await is_in_titles(session, lexicon, phrase):
            return f"{first} {second}"
    return ""


def _is_suspect(token: Token, lexicon: Lexicon) -> bool:
    return (
        len(token.lower) >= SHORTEST
        and token.lower.isalpha()
        and token.lower not in lexicon.vocabulary
        and token.lower not in lexicon.english.spelt
        and token.stem not in lexicon.stems
    )


def _nearest(word: str, lexicon: Lexicon) -> str:
    from rapidfuzz import fuzz, process  # imported late: most questions have no typo
    from rapidfuzz.distance import DamerauLevenshtein

    near = process.extract(word, lexicon.vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH - 7, limit=5)
    allowed = 1 if len(word) < LONG else 2
    fitting = [
        (DamerauLevenshtein.distance(word, other), -score, other)
        for other, score, _key in near
        if len(other) >= SHORTEST and DamerauLevenshtein.distance(word, other) <= allowed and other[0] == word[0]
    ]
    return min(fitting)[2] if fitting else ""
