"""Plain text: a document for a pipe, for the plain part of a mail, and for notifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Document,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)
from bot.render.escape import one_line, visible
from bot.render.layout import RULE, aligned, records
from handlers.command import Button

_WIDEST_TABLE = 100


def plain(document: Document, links: bool = True) -> str:
    """The document as text, without a newline at its end; with `links`, a link is 'label <address>'."""
    return _blocks(document.blocks, links)


def choices(buttons: Sequence[Button]) -> str:
    """The buttons as numbered choices, a line each; a number is what `terminal.choices` shows too."""
    return "\n".join(f"[{number}] {_label(button)}" for number, button in enumerate(buttons, 1))


def _label(button: Button) -> str:
    label = one_line(button.label)
    return f"{label} <{one_line(button.url)}>" if button.url else label


def _blocks(blocks: Blocks, links: bool, gap: str = "\n\n") -> str:
    return gap.join(filter(None, (_block(block, links) for block in blocks)))


def _block(block: Block, links: bool) -> str:
    match block:
        case Heading(content=content) | Paragraph(content):
            return _inlines(content, links)
        case CodeBlock(text):
            return visible(text)
        case Quote(inner):
            return _prefixed("> ", "> ", _blocks(inner, links))
        case BulletList(items):
            return _items((("- ", item) for item in items), links)
        case NumberedList(items, start):
            return _items(((f"{number}. ", item) for number, item in enumerate(items, start)), links)
        case Table():
            table = aligned(block, _WIDEST_TABLE)
            return visible(table) if table else "\n\n".join(_inlines(record, links) for record in records(block))
        case Rule():
            return RULE


def _items(items: Iterable[tuple[str, Blocks]], links: bool) -> str:
    return "\n".join(_prefixed(mark, " " * len(mark), _blocks(item, links, "\n")) for mark, item in items)


def _prefixed(first: str, others: str, text: str) -> str:
    return (first + text.replace("\n", "\n" + others)).rstrip(" ")


def _inlines(inlines: Inlines, links: bool) -> str:
    return "".join(_inline(inline, links) for inline in inlines)


def _inline(inline: Inline, links: bool) -> str:
    match inline:
        case Text(text) | Code(text):
            return visible(text)
        case LineBreak():
            return "\n"
        case Strong(content) | Emphasis(content) | Strike(content):
            return _inlines(content, links)
        case Link(content, url):
            label = _inlines(content, links)
            return f"{label} <{visible(url)}>" if links and label != url else label
