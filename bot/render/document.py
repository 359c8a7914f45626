"""The document: what a message says, before any platform's dialect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    pass


@dataclass(frozen=True, slots=True)
class Strong:
    content: Inlines


@dataclass(frozen=True, slots=True)
class Emphasis:
    content: Inlines


@dataclass(frozen=True, slots=True)
class Strike:
    content: Inlines


@dataclass(frozen=True, slots=True)
class Link:
    """A link; the address is http, https or mailto, percent-quoted."""

    label: Inlines
    url: str


Inline = Text | Code | LineBreak | Strong | Emphasis | Strike | Link
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    content: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: Inlines


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[Blocks, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    items: tuple[Blocks, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the header."""

    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Rule:
    pass


Block = Heading | Paragraph | BulletList | NumberedList | Table | CodeBlock | Quote | Rule
Blocks = tuple[Block, ...]
Row = tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Document:
    blocks: Blocks = ()


def text_of(inlines: Inlines) -> str:
    """The letters alone; a line break is a newline."""
    return "".join(map(_letters, inlines))


def _letters(inline: Inline) -> str:
    match inline:
        case Text(text) | Code(text):
            return text
        case LineBreak():
            return "\n"
        case Link(label):
            return text_of(label)
        case Strong(content) | Emphasis(content) | Strike(content):
            return text_of(content)


def texts(blocks: Blocks) -> Iterator[str]:
    """Every piece of text of the blocks in reading order: a paragraph, a cell, a code block each."""
    for block in blocks:
        match block:
            case Heading(content=content) | Paragraph(content):
                yield text_of(content)
            case CodeBlock(text):
                yield text
            case Quote(inner):
                yield from texts(inner)
            case BulletList(items) | NumberedList(items):
                for item in items:
                    yield from texts(item)
            case Table(header, rows):
                for row in (header, *rows):
                    yield from map(text_of, row)
            case Rule():
                pass
