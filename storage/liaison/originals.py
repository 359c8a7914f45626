"""Originals: the liaison statement that another one means when it says what it replies to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.search import words
from storage.tables import Liaison
from storage.words import UNSENT, LiaisonStatus

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LONGEST = 10

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A statement that may be meant."""

    id: int
    number: str
    ours: str
    source: str


class Originals:
    """The statements that may be replied to, by their numbers and by who sent them."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._numbered: dict[Tokens, set[int]] = {}
        self._ending: dict[Tokens, set[int]] = {}
        self._sent: dict[Tokens, set[int]] = {}
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        for number in filter(None, {one.number, one.ours}):
            tokens = _tokens(number)
            self._numbered.setdefault(tokens, set()).add(one.id)
            self._ending.setdefault(tokens[-2:], set()).add(one.id)
        self._sent.setdefault(_tokens(one.source), set()).add(one.id)

    def meant(self, written: str) -> int | None:
        """The statement of that number, whatever stands around it; else the only one from who is named."""
        tokens = _tokens(written[:1_000])
        if not tokens:
            return None
        by_number = self._numbered.get(tokens) or self._within(tokens)
        is_short = len(tokens) == 2 and tokens[0].isalpha() and tokens[1].isdecimal()
        found = by_number or (self._ending.get(tokens) if is_short else None) or self._sent.get(tokens) or set()
        return next(iter(found)) if len(found) == 1 else None

    def _within(self, tokens: Tokens) -> set[int] | None:
        """Those of the longest number that stands in the text."""
        for length in range(min(_LONGEST, len(tokens)), 2, -1):
            for start in range(len(tokens) - length + 1):
                if found := self._numbered.get(tokens[start : start + length]):
                    return found
        return None


async def read(session: AsyncSession | AsyncConnection, but: int | None = None) -> Originals:
    """What may be replied to: all that was sent or came in, but the reply itself."""
    query = select(Liaison.id, Liaison.number, Liaison.ours, Liaison.source)
    query = query.where(Liaison.status.not_in((*UNSENT, LiaisonStatus.WITHDRAWN)), Liaison.id != (but or 0))
    return Originals(Known(id, number, ours or "", source) for id, number, ours, source in await session.execute(query))


def _tokens(text: str) -> Tokens:
    return tuple(_TOKEN.findall(" ".join(words(text))))
