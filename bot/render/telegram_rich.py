"""Telegram's rich messages: a document as HTML for sendRichMessage (Bot API 10.1)."""

from __future__ import annotations

import re

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    CodeBlock,
    Document,
    Heading,
    NumberedList,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
)
from bot.render.html import Tags, escaped
from bot.render.layout import records
from bot.render.split import split
from bot.render.telegram import letters, units

# Telegram: 32768 characters of text, 500 blocks with list items and table rows, 20 columns.
_LONGEST = 32768
_MOST_BLOCKS = 500
_MOST_COLUMNS = 20
_BLOCK_TAG = re.compile(r"<(?:p|h\d|ul|ol|li|tr|table|pre|blockquote|hr)\b")
_inlines = Tags().inlines


def rich_html(document: Document) -> list[str]:
    """The messages, each an InputRichMessage.html; send them with skip_entity_detection."""
    written = (_blocks(part.blocks) for part in split(document, _fits))
    return [message for message in written if letters(message).strip() or "<hr/>" in message]


def _fits(blocks: Blocks) -> bool:
    message = _blocks(blocks)
    return len(_BLOCK_TAG.findall(message)) <= _MOST_BLOCKS and (
        units(message) <= _LONGEST or units(letters(message)) <= _LONGEST
    )


def _blocks(blocks: Blocks) -> str:
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return f"<p>{_inlines(content)}</p>"
        case Heading(level, content):
            return f"<h{level}>{_inlines(content)}</h{level}>"
        case CodeBlock(text):
            return f"<pre>{escaped(text)}</pre>"
        case Quote(inner):
            return f"<blockquote>{_within(inner)}</blockquote>"
        case BulletList(items):
            return f"<ul>{_items(items)}</ul>"
        case NumberedList(items, start):
            return f'<ol start="{start}">{_items(items)}</ol>' if start != 1 else f"<ol>{_items(items)}</ol>"
        case Table(header, rows):
            if len(header) > _MOST_COLUMNS:
                return "".join(f"<p>{_inlines(record)}</p>" for record in records(block))
            return f"<table bordered striped>{_row('th', header)}{''.join(_row('td', row) for row in rows)}</table>"
        case Rule():
            return "<hr/>"


def _items(items: tuple[Blocks, ...]) -> str:
    return "".join(f"<li>{_within(item)}</li>" for item in items)


def _within(blocks: Blocks) -> str:
    """A paragraph that stands at the beginning needs no tag of its own."""
    if blocks and isinstance(blocks[0], Paragraph) and not any(isinstance(block, Paragraph) for block in blocks[1:]):
        return _inlines(blocks[0].content) + _blocks(blocks[1:])
    return _blocks(blocks)


def _row(tag: str, row: Row) -> str:
    return f"<tr>{''.join(f'<{tag}>{_inlines(cell)}</{tag}>' for cell in row)}</tr>"
