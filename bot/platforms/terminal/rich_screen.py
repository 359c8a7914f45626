"""The screen of a terminal with colour. Importing this imports rich."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text as Run

from bot.render.document import Document, Emphasis, Inlines, Link, Paragraph, Strike, Strong, Text
from bot.render.escape import visible
from bot.render.terminal import renderables
from handlers.command import Button

WIDEST = 100
"""Columns of text: longer lines are hard to read."""


class RichScreen:
    """Shows answers with colour, tables and links."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)

    def show(self, document: Document, buttons: Sequence[Button]) -> None:
        width = min(self._console.width, WIDEST)
        self._console.print()
        for renderable in renderables(_with_address(document), buttons):
            self._console.print(renderable, width=width)
        self._console.print()

    def note(self, line: str) -> None:
        self._console.print(Run(visible(line), style="dim"), width=min(self._console.width, WIDEST))


def _with_address(document: Document) -> Document:
    """What is about one thing shows its address too: not every terminal opens a link."""
    if not document.blocks or not isinstance(document.blocks[0], Paragraph):
        return document
    link = next(_links(document.blocks[0].content), None)
    if link is None:
        return document
    address = Paragraph((Link((Emphasis((Text(link.url),)),), link.url),))
    first, *others = document.blocks
    return Document((first, address, *others))


def _links(inlines: Inlines) -> Iterator[Link]:
    for inline in inlines:
        match inline:
            case Link():
                yield inline
            case Strong(content) | Emphasis(content) | Strike(content):
                yield from _links(content)
