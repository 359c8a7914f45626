"""Contexts: where a liaison statement has a word that was looked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.search import stem, words
from storage.tables import Liaison, LiaisonFile, LiaisonText

CONTEXT = 140
"""Characters that are shown around a word that was found."""

_ADDRESS = re.compile(r"[^\s<>()\[\],;:@]+@[^\s<>()\[\],;:@]+")
"""E-mail addresses, which are not for everybody who searches."""

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_SAID = (
    select(Liaison.id, Liaison.title, Liaison.summary, LiaisonText.abstract, LiaisonText.body)
    .join(LiaisonText, LiaisonText.liaison_id == Liaison.id)
    .where(Liaison.id.in_(_IDS))
)
_IN_FILES = (
    select(LiaisonFile.liaison_id, LiaisonFile.text).where(LiaisonFile.liaison_id.in_(_IDS)).order_by(LiaisonFile.id)
)


async def contexts(session: AsyncSession, ids: Sequence[int], stems: Collection[str]) -> Mapping[int, str]:
    """Where each statement has one of the stems: some words around the first, of the text before the files."""
    if not ids or not stems:
        return {}
    given = {"ids": list(ids)}
    found: dict[int, str] = {}
    for id, *said in (await session.execute(_SAID, given)).all():
        if context := context_of(said, stems):
            found[id] = context
    missing = [id for id in ids if id not in found]
    if missing:
        for id, text in (await session.execute(_IN_FILES, {"ids": missing})).all():
            if id not in found and (context := context_of([text], stems)):
                found[id] = context
    return found


def context_of(said: Iterable[str], stems: Collection[str]) -> str:
    """Some words around the first word with one of the stems; empty where none of the texts has one."""
    # Most stems begin as their words do, so that few words must be stemmed.
    begun = "|".join(sorted({re.escape(one[: max(2, len(one) - 1)]) for one in stems}))
    pattern = re.compile(rf"(?<![^\W_])(?:{begun})[^\W_]*", re.IGNORECASE)
    for text in said:
        for match in pattern.finditer(text):
            if any(stem(word) in stems for word in words(match[0])):
                return _around(text, match.start(), match.end())
    return ""


def _around(text: str, start: int, end: int) -> str:
    first = max(0, start - CONTEXT // 2)
    last = min(len(text), max(end, first + CONTEXT))
    shown = text[first:last]
    if first:
        shown = "…" + shown.partition(" ")[2] if " " in shown[: start - first] else "…" + shown
    if last < len(text):
        shown = (shown.rpartition(" ")[0] if " " in shown[end - first :] else shown) + "…"
    return _ADDRESS.sub("…", " ".join(shown.split()))
