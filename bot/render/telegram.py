"""Telegram's HTML: a document as messages for parse_mode HTML, and buttons as an inline keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import unescape

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    CodeBlock,
    Document,
    Heading,
    Inlines,
    NumberedList,
    Paragraph,
    Quote,
    Rule,
    Table,
    text_of,
)
from bot.render.escape import one_line
from bot.render.html import Tags, escaped
from bot.render.layout import RULE, aligned, lines, records
from bot.render.neutral import neutral
from bot.render.split import split
from handlers.command import Button

# Telegram: 4096 UTF-16 code units after entities. A cut may call for a joiner or two more than was measured.
_LONGEST = 4096 - 32
# Telegram drops the formatting beyond 100 entities.
_MOST_ENTITIES = 100
_WIDEST_TABLE = 40
_LONGEST_CALLBACK = 64
_SHORT_LABEL = 18
_TAG = re.compile(r"<[^>]*>")


class _Tags(Tags):
    __slots__ = ()

    def link(self, label: Inlines, url: str) -> str:
        if not url.startswith("mailto:"):
            return super().link(label, url)
        # Telegram takes no such link; an address in code is copied by a tap.
        address = url.removeprefix("mailto:")
        shown = self.code(address)
        return shown if text_of(label).replace("\u2060", "") == address else f"{self.inlines(label)} {shown}"


_inlines = _Tags(line_break="\n").inlines


def html(document: Document) -> list[str]:
    """The messages, each balanced and within Telegram's limits, in which nothing but links is a link."""
    whole = _blocks(document.blocks)
    if _is_small(whole):
        return [whole] if letters(whole).strip() else []
    written = (_blocks(part.blocks) for part in split(document, lambda blocks: _is_small(_blocks(blocks))))
    return [message for message in written if letters(message).strip()]


def letters(message: str) -> str:
    """What a reader sees of a message: the text after entities."""
    return unescape(_TAG.sub("", message))


def units(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def keyboard(buttons: Sequence[Button], callback: Callable[[str], str]) -> list[list[dict[str, str]]]:
    """Rows of an inline keyboard; `callback` turns a command line into at most 64 bytes of data."""
    rows: list[list[dict[str, str]]] = []
    room = False
    for button in buttons:
        short = len(button.label) <= _SHORT_LABEL
        if room and short:
            rows[-1].append(_key(button, callback))
            room = False
        else:
            rows.append([_key(button, callback)])
            room = short
    return rows


def _key(button: Button, callback: Callable[[str], str]) -> dict[str, str]:
    label = one_line(button.label) or "…"
    if button.url:
        return {"text": label, "url": button.url}
    data = callback(button.command)
    if not 1 <= len(data.encode()) <= _LONGEST_CALLBACK:
        raise ValueError(f"callback data must have 1 to {_LONGEST_CALLBACK} bytes")
    return {"text": label, "callback_data": data}


def _is_small(message: str) -> bool:
    return message.count("</") <= _MOST_ENTITIES and (units(message) <= _LONGEST or units(letters(message)) <= _LONGEST)


def _blocks(blocks: Blocks, gap: str = "\n\n") -> str:
    return gap.join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return _inlines(neutral(content))
        case Heading(content=content):
            return f"<b>{_inlines(neutral(content))}</b>"
        case CodeBlock(text):
            return f"<pre>{escaped(text)}</pre>"
        case Quote(inner):
            # A quotation cannot hold another one, nor a table.
            return f"<blockquote>{_inlines(neutral(lines(inner)))}</blockquote>"
        case BulletList(items):
            return _items(("• ", item) for item in items)
        case NumberedList(items, start):
            return _items((f"{number}. ", item) for number, item in enumerate(items, start))
        case Table():
            table = aligned(block, _WIDEST_TABLE)
            return f"<pre>{escaped(table)}</pre>" if table else _records(block)
        case Rule():
            return RULE


def _records(table: Table) -> str:
    return "\n\n".join(_inlines(neutral(record)) for record in records(table))


def _items(items: Iterable[tuple[str, Blocks]]) -> str:
    return "\n".join(mark + _blocks(item, "\n").replace("\n", "\n   ") for mark, item in items)
