"""The terminal: a document and its buttons as rich renderables. Importing this imports rich."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text as Run

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Document,
    Emphasis,
    Heading,
    Inlines,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Quote,
    Row,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)
from bot.render.escape import one_line, visible
from handlers.command import Button

_BOLD, _ITALIC, _STRIKE = Style(bold=True), Style(italic=True), Style(strike=True)
_CODE, _CHOICE, _QUIET = Style(color="cyan"), Style(color="cyan", bold=True), Style(dim=True)


def renderables(document: Document, buttons: Sequence[Button] = ()) -> list[RenderableType]:
    """What to hand to Console.print, a block each; the buttons are numbered choices from 1 in their order."""
    shown = list(_spaced(map(_block, document.blocks)))
    return [*shown, *([Run(""), choices(buttons)] if buttons else [])]


def choices(buttons: Sequence[Button]) -> Run:
    """'[1] Label', a line each."""
    run = Run()
    for number, button in enumerate(buttons, 1):
        run.append(f"[{number}]", _CHOICE)
        run.append(f" {one_line(button.label)}", Style(link=one_line(button.url)) if button.url else None)
        run.append("\n" if number < len(buttons) else "")
    return run


def _spaced(blocks: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, block in enumerate(blocks):
        if number:
            yield Run("")
        yield block


def _block(block: Block) -> RenderableType:
    match block:
        case Paragraph(content):
            return _run(content)
        case Heading(content=content):
            return _run(content, Style(bold=True, underline=True))
        case CodeBlock(text):
            return Padding(Run(visible(text), _CODE), (0, 0, 0, 4))
        case Quote(inner):
            return Padding(Group(*_spaced(map(_block, inner))), (0, 0, 0, 2), style=_QUIET)
        case BulletList(items):
            return _list(("•", item) for item in items)
        case NumberedList(items, start):
            return _list((f"{number}.", item) for number, item in enumerate(items, start))
        case Table(header, rows):
            return _table(header, rows)
        case Rule():
            return Line(style=_QUIET)


def _list(items: Iterable[tuple[str, Blocks]]) -> RenderableType:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    for mark, item in items:
        grid.add_row(Run(mark), Group(*map(_block, item)))
    return grid


def _table(header: Row, rows: tuple[Row, ...]) -> RenderableType:
    grid = Grid(header_style=_BOLD)
    for name in header:
        grid.add_column(_run(name), overflow="fold")
    for row in rows:
        grid.add_row(*map(_run, row))
    return grid


def _run(inlines: Inlines, style: Style | None = None) -> Run:
    run = Run(overflow="fold")
    _append(run, inlines, style or Style())
    return run


def _append(run: Run, inlines: Inlines, style: Style) -> None:
    for inline in inlines:
        match inline:
            case Text(text):
                run.append(visible(text), style)
            case Code(text):
                run.append(visible(text), style + _CODE)
            case LineBreak():
                run.append("\n", style)
            case Strong(content):
                _append(run, content, style + _BOLD)
            case Emphasis(content):
                _append(run, content, style + _ITALIC)
            case Strike(content):
                _append(run, content, style + _STRIKE)
            case Link(label, url):
                _append(run, label, style + Style(link=visible(url)))
