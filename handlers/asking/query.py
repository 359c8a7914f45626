"""What a question was understood as: an intent and its facets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from handlers.asking.corresponding import Corresponding
from handlers.asking.listing import Listing
from handlers.asking.representing import Representing
from storage.roadmap import Item


class Intent(StrEnum):
    LIST = "list"
    COUNT = "count"
    SHOW = "show"
    LATEST = "latest"
    WHO = "who"
    WHEN = "when"
    DEFINE = "define"
    COMPARE = "compare"
    OVERLAPS = "overlaps"
    GAPS = "gaps"
    NEWS = "news"
    LIAISONS = "liaisons"
    HELP = "help"
    UNKNOWN = "unknown"


Relating = Literal["replaced_by", "replaces", "amended", "corrected", "changed", "related", "identical", "revises"]

RELATING: tuple[Relating, ...] = (
    "identical",
    "amended",
    "corrected",
    "replaced_by",
    "replaces",
    "revises",
    "changed",
    "related",
)
"""The more telling word first: "the amendments related to" asks for amendments."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A reference that was asked for. `items` are what it means on the roadmap, best first; empty: not there."""

    written: str
    items: tuple[Item, ...] = ()
    other_editions: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood. Which fields matter depends on the intent."""

    intent: Intent
    listing: Listing = field(default_factory=Listing)
    milder: tuple[Listing, ...] = ()
    """What to look for, in this order, when nothing fits the listing."""
    asked: tuple[Asked, ...] = ()
    representing: Representing | None = None
    """What is asked about representatives."""
    corresponding: Corresponding | None = None
    """What is asked about liaison statements."""
    relating: Relating | None = None
    limit: int | None = None
    counted: bool = False
    words: tuple[str, ...] = ()
    """Words that nothing on the roadmap has."""
    ignored: tuple[str, ...] = ()
    """Such words that were left out, since the rest says enough."""
    corrected: tuple[tuple[str, str], ...] = ()
    """Typos: (as written, as understood)."""
