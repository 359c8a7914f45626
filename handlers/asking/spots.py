"""A question with its words sorted: the stretches of it that name something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from handlers.asking.dates import Span
from handlers.asking.lexicon import Name
from handlers.asking.tokens import Token
from storage.references import Mention


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of tokens [start, end) and what it names."""

    start: int
    end: int
    names: tuple[Name, ...] = ()
    groups: tuple[int, ...] = ()
    word: str = ""
    negated: bool = False


@dataclass
class Reading:
    """A question with its words sorted. Positions are indexes into `tokens`."""

    text: str
    tokens: list[Token]
    mentions: list[Mention] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    span: Span | None = None
    spots: list[Spot] = field(default_factory=list)
    terms: list[tuple[Spot, list[str]]] = field(default_factory=list)
    types: list[tuple[str, Spot]] = field(default_factory=list)
    statuses: list[tuple[str, Spot]] = field(default_factory=list)
    nouns: list[Spot] = field(default_factory=list)
    asks: dict[str, list[Spot]] = field(default_factory=dict)
    connectors: dict[int, str] = field(default_factory=dict)
    taken: list[bool] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Whether any of these is asked."""
        return any(name in self.asks for name in names)

    def begins_with(self, *names: str) -> bool:
        """Whether the question begins with words that ask one of these."""
        return any(spot.start == 0 for name in names for spot in self.asks.get(name, []))

    def take(self, spots: Iterable[Spot]) -> None:
        """These tokens are understood and will not be searched as words."""
        for spot in spots:
            for index in range(spot.start, spot.end):
                self.taken[index] = True

    def free(self) -> list[int]:
        """The tokens that nothing has explained."""
        return [index for index, taken in enumerate(self.taken) if not taken]


def inside(reading: Reading, start: int, end: int) -> list[int]:
    """The tokens within characters [start, end)."""
    return [index for index, token in enumerate(reading.tokens) if token.start < end and token.end > start]


def cover(reading: Reading, start: int, end: int) -> Spot:
    """The spot of the tokens within characters [start, end), marked as taken."""
    found = inside(reading, start, end)
    spot = Spot(found[0], found[-1] + 1) if found else Spot(0, 0)
    reading.take([spot])
    return spot
