"""A question about liaison statements: which are wanted, or what of one."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from handlers.line import quote
from storage.words import LiaisonStatus, Purpose

Aspect = Literal["", "thread", "replies", "waiting", "answered", "owner", "due"]

_WORDS = ("open", "overdue", "unowned", "undated", "proposing", "arrived")
"""What a statement may be, as `liaison list` takes it."""


class Corresponding(BaseModel):
    """A question about liaison statements. Codes as in the catalogue; empty fields do not restrict.

    `numbers` are the statements that it names, as written, of which it asks an `aspect`, perhaps about `groups` alone.
    `about` are subjects that a statement must have, of each one of the ways to say it; `items` are roadmap items, by id
    and reference. `beside` are groups of which it is open whether they are senders or addressees. `hints` are words
    that narrow the answer where they can, `ignored` those that could not.
    """

    model_config = ConfigDict(frozen=True)

    numbers: tuple[str, ...] = ()
    aspect: Aspect = ""
    groups: tuple[str, ...] = ()
    direction: Literal["", "incoming", "outgoing"] = ""
    status: tuple[LiaisonStatus, ...] = ()
    open: bool = False
    overdue: bool = False
    unowned: bool = False
    undated: bool = False
    proposing: bool = False
    arrived: bool = False
    source: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    purpose: tuple[Purpose, ...] = ()
    owner: tuple[int, ...] = ()
    since: str = ""
    until: str = ""
    due_since: str = ""
    due_until: str = ""
    about: tuple[str, ...] = ()
    items: tuple[tuple[int, str], ...] = ()
    hints: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    answering: str = ""
    order: Literal["newest", "oldest", "due", "best"] = "newest"
    only: Literal["", "latest", "first"] = ""
    counted: bool = False

    @property
    def has_facets(self) -> bool:
        """Whether it restricts anything at all."""
        return self.model_copy(update={"counted": False, "order": "newest", "only": ""}) != Corresponding()

    def chips(self) -> tuple[str, ...]:
        """How it was understood, in the fewest words."""
        chips = [self.direction, *(word for word in _WORDS[:4] if getattr(self, word))]
        chips += [status.value for status in self.status]
        chips += [f"from {', '.join(self.source)}"] if self.source else []
        chips += [f"to {', '.join(self.to)}"] if self.to else []
        chips += [f"for {purpose.value}" for purpose in self.purpose]
        chips += [_written(self.since, self.until), _written(self.due_since, self.due_until, "due ")]
        chips += [
            *(subject.replace(" | ", " or ") for subject in self.about),
            *(reference for _, reference in self.items),
        ]
        chips += [f"in response to {self.answering}"] if self.answering else []
        chips += ["with proposals"] if self.proposing else []
        return tuple(chip for chip in chips if chip)

    def understood(self) -> dict[str, object]:
        """The facets that were understood, without those that were not asked for."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={"only", "counted", "order", "owner"})

    def line(self, page: int = 1, words: str = "liaison list") -> str:
        """The command line that gives these statements."""
        plain = [self.direction, *(word for word in _WORDS if getattr(self, word)), *map(str, self.status)]
        named = {
            "source": "; ".join(self.source),
            "to": "; ".join(self.to),
            "purpose": "; ".join(self.purpose),
            "owner": "; ".join(map(str, self.owner)),
            "since": self.since,
            "until": self.until,
            "due_since": self.due_since,
            "due_until": self.due_until,
            "about": "; ".join((*self.about, *(reference for _, reference in self.items))),
            "answering": self.answering,
            "order": "" if self.order == "newest" else self.order,
            "page": "" if page == 1 else str(page),
        }
        written = [f"{name}={quote(value)}" for name, value in named.items() if value]
        return " ".join(filter(None, [words, *plain, *written]))


def _written(since: str, until: str, before: str = "") -> str:
    if since and since == until:
        return f"{before}{since}"
    if since and until:
        return f"{before}{since} to {until}"
    return f"{before}since {since}" if since else f"{before}until {until}" if until else ""
