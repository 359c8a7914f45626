"""Prose: the Markdown of a statement's body as blocks and runs, ready for a Word document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SCHEMES = ("http://", "https://", "mailto:")
_STYLES = ("strong", "em", "s")


class Kind(StrEnum):
    """What a block is; the Word template has a paragraph for each of them."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBERED = "numbered"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style. A line break within it is a line break."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    url: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table of `rows`. `level` is that of a heading, or how deep a list is; `mark` is `1.`."""

    kind: Kind
    runs: Runs = ()
    level: int = 1
    mark: str = ""
    rows: tuple[tuple[Runs, ...], ...] = ()


def blocks_of(markdown: str) -> Sequence[Block]:
    """The blocks that the Markdown describes; pictures are their descriptions, HTML is text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.disable(["html_block", "html_inline", "reference"])
    return tuple(_blocks(iter(reader.parse(markdown)), "", Block(Kind.PARAGRAPH)))


def _blocks(tokens: Iterator[Token], closing: str, like: Block) -> Iterator[Block]:
    for token in tokens:
        if token.type == closing:
            return
        match token.type:
            case "paragraph_open":
                yield replace(like, runs=_runs(next(tokens).children))
                like = replace(like, mark="")
            case "heading_open":
                yield Block(Kind.HEADING, _runs(next(tokens).children), int(token.tag[1]))
            case "bullet_list_open" | "ordered_list_open":
                yield from _items(tokens, token, like)
            case "blockquote_open":
                yield from _blocks(tokens, "blockquote_close", Block(Kind.QUOTE))
            case "fence" | "code_block":
                yield Block(Kind.CODE, (Run(token.content.rstrip("\n"), is_code=True),))
            case "table_open":
                yield Block(Kind.TABLE, rows=tuple(_rows(tokens)))


def _items(tokens: Iterator[Token], opening: Token, like: Block) -> Iterator[Block]:
    is_numbered = opening.type == "ordered_list_open"
    number = int(opening.attrGet("start") or 1) if is_numbered else 0
    kind = Kind.NUMBERED if is_numbered else Kind.BULLET
    level = like.level + 1 if like.kind in (Kind.BULLET, Kind.NUMBERED) else 1
    for token in tokens:
        if token.type == opening.type.replace("_open", "_close"):
            return
        yield from _blocks(tokens, "list_item_close", Block(kind, level=level, mark=f"{number}." if number else "•"))
        number += is_numbered


def _rows(tokens: Iterator[Token]) -> Iterator[tuple[Runs, ...]]:
    cells: list[Runs] = []
    is_head = False
    for token in tokens:
        if token.type == "table_close":
            return
        is_head = token.type == "th_open" or (is_head and token.type != "td_open")
        if token.type == "inline":
            runs = _runs(token.children)
            cells.append(tuple(replace(run, is_bold=True) for run in runs) if is_head else runs)
        elif token.type == "tr_close":
            yield tuple(cells)
            cells = []


def _runs(children: Sequence[Token] | None) -> Runs:
    style, found = Run(""), []
    for token in children or ():
        opened, _, end = token.type.rpartition("_")
        if opened in _STYLES:
            style = _styled(style, opened, is_on=end == "open")
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            style = replace(style, url=address if address.startswith(_SCHEMES) else "")
        elif token.type == "link_close":
            style = replace(style, url="")
        elif text := _text(token):
            found.append(replace(style, text=text, is_code=token.type == "code_inline"))
    return tuple(found)


def _styled(style: Run, name: str, *, is_on: bool) -> Run:
    match name:
        case "strong":
            return replace(style, is_bold=is_on)
        case "em":
            return replace(style, is_italic=is_on)
        case _:
            return replace(style, is_struck=is_on)


def _text(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return token.content
