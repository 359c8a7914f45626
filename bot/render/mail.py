"""E-mail: a document as a complete HTML page, and as plain text for the other part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Document,
    Heading,
    Inlines,
    Link,
    NumberedList,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
    Text,
)
from bot.render.escape import one_line
from bot.render.html import Tags, escaped
from bot.render.plain import plain
from handlers.command import Button

# Mail programs drop style sheets, so each element carries its own style.
_BODY = "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;color:#1d1c1d;max-width:42em"
_CODE = "font-family:Menlo,Consolas,monospace;background:#f3f3f3"
_CELL = "border:1px solid #cccccc;padding:4px 8px;text-align:left;vertical-align:top"
_QUOTE = "border-left:3px solid #cccccc;margin:0;padding-left:12px;color:#555555"
_inlines = Tags(strong="strong", emphasis="em", code_start=f'<code style="{_CODE}">').inlines


_WHERE_TO_WRITE = "To do this, write to the bot in chat:"
_NO_MORE = "No more of these"
_SAID_BY_LINK = "fewer"


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under a mail: the next steps, and the address that ends such mails.

    A mail has no buttons: what a button would say is to be typed in a chat, and what it would open is a link.
    """

    buttons: Sequence[Button] = ()
    unsubscribe: str = ""


_NO_FOOTER = Footer()


def mail(document: Document, title: str = "", language: str = "en", footer: Footer = _NO_FOOTER) -> tuple[str, str]:
    """The HTML page, which needs nothing from elsewhere, and the plain text."""
    document = Document((*document.blocks, *_footer(footer)))
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escaped(one_line(title))}</title>\n</head>\n"
        f'<body style="{_BODY}">\n{_blocks(document.blocks)}\n</body>\n</html>\n'
    )
    return page, plain(document) + "\n"


def _footer(footer: Footer) -> Iterator[Block]:
    links = [_linked(button.label, button.url) for button in footer.buttons if button.url]
    if links:
        yield BulletList(tuple((Paragraph(link),) for link in links))
    lines = [button for button in footer.buttons if button.command and not button.url]
    if footer.unsubscribe:
        lines = [button for button in lines if button.command.split()[0] != _SAID_BY_LINK]
    if lines:
        yield Paragraph((Text(_WHERE_TO_WRITE),))
        yield BulletList(tuple((Paragraph(_typed(button)),) for button in lines))
    if footer.unsubscribe:
        yield Rule()
        yield Paragraph(_linked(_NO_MORE, footer.unsubscribe))


def _linked(label: str, url: str) -> Inlines:
    return (Link((Text(one_line(label)),), one_line(url)),)


def _typed(button: Button) -> Inlines:
    return Text(f"{one_line(button.label)}: "), Code(one_line(button.command))


def _blocks(blocks: Blocks) -> str:
    return "\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return f"<p>{_inlines(content)}</p>"
        case Heading(level, content):
            return f"<h{level}>{_inlines(content)}</h{level}>"
        case CodeBlock(text):
            return f'<pre style="{_CODE};padding:8px;white-space:pre-wrap">{escaped(text)}</pre>'
        case Quote(inner):
            return f'<blockquote style="{_QUOTE}">\n{_blocks(inner)}\n</blockquote>'
        case BulletList(items):
            return f"<ul>\n{_items(items)}\n</ul>"
        case NumberedList(items, start):
            return f'<ol start="{start}">\n{_items(items)}\n</ol>'
        case Table(header, rows):
            body = "\n".join(_row("td", row) for row in rows)
            return f'<table style="border-collapse:collapse">\n{_row("th", header)}\n{body}\n</table>'
        case Rule():
            return "<hr>"


def _items(items: tuple[Blocks, ...]) -> str:
    return "\n".join(f"<li>{_item(item)}</li>" for item in items)


def _item(item: Blocks) -> str:
    """The paragraphs that an item begins with stand close, without the distance of a paragraph."""
    if item and isinstance(item[0], Paragraph):
        return _inlines(item[0].content) + _blocks(item[1:])
    return _blocks(item)


def _row(tag: str, row: Row) -> str:
    cells = (f'<{tag} style="{_CELL}">{_inlines(cell)}</{tag}>' for cell in row)
    return f"<tr>{''.join(cells)}</tr>"
