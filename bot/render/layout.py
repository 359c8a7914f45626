"""Layout: tables as text, and blocks as lines, for places that have neither tables nor blocks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    NumberedList,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
    text_of,
)

RULE = "———"


def width(text: str) -> int:
    """Columns of a fixed-width screen: none for an accent, two for a wide letter or an emoji."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def aligned(table: Table, limit: int) -> str | None:
    """The table as lines with columns below each other; None when it would be wider than the limit."""
    rows = [[text_of(cell).replace("\n", " ") for cell in row] for row in (table.header, *table.rows)]
    if not any(rows[0]):
        return None
    sizes = [max(map(width, column)) for column in zip_longest(*rows, fillvalue="")]
    if sum(sizes) + 2 * (len(sizes) - 1) > limit:
        return None
    lines = [_padded(row, sizes) for row in rows]
    return "\n".join([lines[0], "  ".join("-" * max(size, 1) for size in sizes), *lines[1:]])


def _padded(row: list[str], sizes: list[int]) -> str:
    cells = (cell + " " * (size - width(cell)) for cell, size in zip(row, sizes, strict=False))
    return "  ".join(cells).rstrip()


def records(table: Table) -> Iterator[Inlines]:
    """Each row as lines of 'header: value'; empty cells are left out. Without rows, the header alone."""
    if not table.rows:
        yield between((Text(" | "),), table.header)
    for row in table.rows:
        yield between((LineBreak(),), filter(None, map(_field, table.header, row)))


def _field(name: Inlines, value: Inlines) -> Inlines:
    if not value or not name:
        return value
    return (Strong((*name, Text(":"))), Text(" "), *value)


def between(separator: Inlines, runs: Iterable[Inlines]) -> Inlines:
    """The runs as one, with the separator between them."""
    joined: list[Inline] = []
    for index, run in enumerate(runs):
        joined.extend((*separator, *run) if index else run)
    return tuple(joined)


def lines(blocks: Blocks, indent: str = "") -> Inlines:
    """The blocks as one run of text with line breaks, for a place that takes inlines only."""
    return between(_new_line(indent), (_line(block, indent) for block in blocks))


def _line(block: Block, indent: str) -> Inlines:
    match block:
        case Paragraph(content):
            return content
        case Heading(content=content):
            return (Strong(content),)
        case CodeBlock(text):
            return (Code(text),)
        case Quote(inner):
            return lines(inner, indent)
        case BulletList(items):
            return _list_lines((("• ", item) for item in items), indent)
        case NumberedList(items, start):
            return _list_lines(((f"{number}. ", item) for number, item in enumerate(items, start)), indent)
        case Table():
            return between((LineBreak(), LineBreak()), records(block))
        case Rule():
            return (Text(RULE),)


def _list_lines(items: Iterable[tuple[str, Blocks]], indent: str) -> Inlines:
    return between(_new_line(indent), ((Text(mark), *lines(item, indent + "   ")) for mark, item in items))


def _new_line(indent: str) -> Inlines:
    return (LineBreak(), Text(indent)) if indent else (LineBreak(),)
