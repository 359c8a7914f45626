"""An answer: what was understood, what was found, and the template that says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.asking.corresponding import Corresponding
from handlers.asking.listing import Listing
from handlers.asking.query import Intent
from handlers.asking.representing import Representing
from handlers.command import Button, Reply
from storage.roadmap import Item


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of an answer, as `ask --json` prints it."""

    kind: str
    reference: str
    title: str
    body: str = ""
    group: str = ""
    status: str = ""
    date: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question is answered with. `count` is the true total, `entries` all of them or a page.

    `listing` is what was looked for in the end, where that is a list; `pages` how many of its pages were shown so far.
    Of an answer about representatives it is `representing`, and `shown` are the persons in it; of one about liaison
    statements it is `corresponding`. A `private` one is not for a channel.
    """

    intent: Intent
    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    count: int = 0
    understood: Mapping[str, object] = field(default_factory=dict)
    chips: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    listing: Listing | None = None
    pages: int = 0
    representing: Representing | None = None
    corresponding: Corresponding | None = None
    shown: tuple[int, ...] = ()
    private: bool = False

    def reply(self) -> Reply:
        """The reply of a handler that answers with this."""
        reply = Reply(self.template, buttons=self.buttons, private=self.private)
        reply.data = {**self.data, "answer": self}
        return reply

    def with_buttons(self, *buttons: Button) -> Answer:
        return replace(self, buttons=(*self.buttons, *buttons))


def entry_of(item: Item) -> Entry:
    return Entry("item", item.reference, item.title, item.body, item.group, item.status.value, item.date, item.url)


def entries_of(items: Sequence[Item]) -> tuple[Entry, ...]:
    return tuple(entry_of(item) for item in items)
