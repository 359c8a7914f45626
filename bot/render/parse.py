"""Parsing: GitHub-flavoured Markdown becomes a document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

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
    Row,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)
from bot.render.escape import visible

_SCHEMES = ("http://", "https://", "mailto:")
# Longer than any real address, and shorter than the least that a platform takes.
_LONGEST_ADDRESS = 1000


class _Markdown(MarkdownIt):
    """Commonmark, with a link's address quoted by the standard library: it takes a tenth of the time."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return quote(url, safe="%/:?#@!$&'()*+,;=~-._")

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return True


class Parser:
    """Makes documents; keep one, since setting it up costs far more than using it."""

    def __init__(self) -> None:
        self._markdown = _Markdown("commonmark", {"html": False}).enable(["table", "strikethrough"])
        self._markdown.disable(["code", "html_block", "html_inline", "reference"])

    def parse(self, markdown: str) -> Document:
        """The document that the Markdown describes; only http, https and mailto links remain links."""
        tokens = iter(self._markdown.parse(visible(markdown)))
        return Document(tuple(_blocks(tokens, "")))


def _blocks(tokens: Iterator[Token], closing: str) -> Iterator[Block]:
    for token in tokens:
        if token.type == closing:
            return
        yield from _block(token, tokens)


def _block(token: Token, tokens: Iterator[Token]) -> Iterator[Block]:
    match token.type:
        case "paragraph_open" | "heading_open":
            content = _inlines(next(tokens).children)
            next(tokens)
            if content:
                yield Paragraph(content) if token.tag == "p" else Heading(int(token.tag[1]), content)
        case "bullet_list_open":
            yield BulletList(_items(tokens, "bullet_list_close"))
        case "ordered_list_open":
            yield NumberedList(_items(tokens, "ordered_list_close"), int(token.attrGet("start") or 1))
        case "blockquote_open":
            yield Quote(tuple(_blocks(tokens, "blockquote_close")))
        case "table_open":
            yield _table(tokens)
        case "fence":
            yield CodeBlock(token.content.rstrip("\n"))
        case "hr":
            yield Rule()


def _items(tokens: Iterator[Token], closing: str) -> tuple[Blocks, ...]:
    items: list[Blocks] = []
    for token in tokens:
        if token.type == closing:
            break
        items.append(tuple(_blocks(tokens, "list_item_close")))
    return tuple(items)


def _table(tokens: Iterator[Token]) -> Table:
    rows: list[Row] = []
    cells: list[Inlines] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "inline":
            cells.append(_inlines(token.children))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
            cells = []
    return Table(rows[0], tuple(rows[1:]))


def _inlines(children: list[Token] | None) -> Inlines:
    return _merged(_run(iter(children or ()), ""))


def _run(tokens: Iterator[Token], closing: str) -> list[Inline]:
    said: list[Inline] = []
    for token in tokens:
        kind = token.type
        if kind == "text":
            said.append(Text(token.content))
        elif kind == closing:
            break
        else:
            said.extend(_inline(token, tokens))
    return said


def _inline(token: Token, tokens: Iterator[Token]) -> Inlines:
    match token.type:
        case "code_inline":
            return (Code(token.content),)
        case "softbreak":
            return (Text(" "),)
        case "hardbreak":
            return (LineBreak(),)
        case "image":
            return _inlines(token.children)
        case "strong_open":
            return _wrapped(Strong, _merged(_run(tokens, "strong_close")))
        case "em_open":
            return _wrapped(Emphasis, _merged(_run(tokens, "em_close")))
        case "s_open":
            return _wrapped(Strike, _merged(_run(tokens, "s_close")))
        case "link_open":
            return _linked(_merged(_run(tokens, "link_close")), str(token.attrGet("href") or ""))
    return (Text(token.content),)


def _wrapped(style: type[Strong] | type[Emphasis] | type[Strike], content: Inlines) -> Inlines:
    return (style(content),) if content else ()


def _linked(label: Inlines, url: str) -> Inlines:
    if label and url.startswith(_SCHEMES) and len(url) <= _LONGEST_ADDRESS:
        return (Link(label, url),)
    return label


def _merged(inlines: list[Inline]) -> Inlines:
    """Neighbouring texts as one, empty ones left out."""
    if not any(isinstance(a, Text) and isinstance(b, Text) for a, b in pairwise(inlines)):
        return tuple(inline for inline in inlines if inline != Text(""))
    merged: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + inline.text)
        elif inline != Text(""):
            merged.append(inline)
    return tuple(merged)
