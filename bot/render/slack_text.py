"""Slack's rich text: paragraphs, lists, quotes, code and cells as elements never searched for mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.render.document import (
    Block,
    Blocks,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
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
    text_of,
)
from bot.render.escape import visible
from bot.render.layout import RULE, between, lines, records

Json = dict[str, object]
Styles = tuple[str, ...]

_LONGEST_TEXT = 3000
_DEEPEST_LIST = 5


def rich_text(block: Block) -> Json:
    """A block as a rich_text block."""
    return {"type": "rich_text", "elements": list(_elements(block, 0)) or [_section(())]}


def cell(content: Inlines, bold: bool = False) -> Json:
    """A table's cell; Slack refuses an empty one."""
    if not bold and all(isinstance(inline, Text) for inline in content):
        return {"type": "raw_text", "text": visible(text_of(content)) or " "}
    return {"type": "rich_text", "elements": [_section((Strong(content),) if bold else content)]}


def _section(content: Inlines) -> Json:
    return _element("rich_text_section", content)


def _element(kind: str, content: Inlines) -> Json:
    """Slack refuses an element without text."""
    return {"type": kind, "elements": list(_texts(content)) or [{"type": "text", "text": " "}]}


def _elements(block: Block, depth: int) -> Iterator[Json]:
    match block:
        case Paragraph(content):
            yield _section(content)
        case Heading(content=content):
            yield _section((Strong(content),))
        case CodeBlock(text):
            yield _element("rich_text_preformatted", (Text(text),))
        case Quote(inner):
            yield _element("rich_text_quote", lines(inner))
        case BulletList() | NumberedList():
            yield from _list(block, depth)
        case Table():
            yield _section(between((LineBreak(), LineBreak()), records(block)))
        case Rule():
            yield _section((Text(RULE),))


def _list(block: BulletList | NumberedList, depth: int) -> Iterator[Json]:
    """A list; what an item holds beside text stands between two pieces of the list."""
    done, sections = 0, list[Json]()
    for number, item in enumerate(block.items):
        content, inner = _parted(item)
        sections.append(_section(content))
        if inner or number == len(block.items) - 1:
            yield _piece(block, sections, depth, done)
            done, sections = number + 1, []
        for other in inner:
            yield from _elements(other, depth + 1)


def _piece(block: BulletList | NumberedList, sections: list[Json], depth: int, done: int) -> Json:
    piece: Json = {"type": "rich_text_list", "style": "bullet", "indent": min(depth, _DEEPEST_LIST)}
    if isinstance(block, NumberedList):
        piece["style"] = "ordered"
        if before := max(block.start - 1, 0) + done:
            piece["offset"] = before
    piece["elements"] = sections
    return piece


def _parted(item: Blocks) -> tuple[Inlines, Blocks]:
    """The text that an item begins with, its paragraphs on lines of their own, and what comes after that."""
    count = 0
    while count < len(item) and isinstance(item[count], Paragraph | Heading):
        count += 1
    return lines(item[:count]), item[count:]


def _texts(inlines: Inlines, styles: Styles = (), url: str | None = None) -> Iterator[Json]:
    for inline in inlines:
        match inline:
            case Text(text):
                yield from _pieces(text, styles, url)
            case Code(text):
                yield from _pieces(text, (*styles, "code"), url)
            case LineBreak():
                yield from _pieces("\n", styles, None)
            case Strong(content):
                yield from _texts(content, (*styles, "bold"), url)
            case Emphasis(content):
                yield from _texts(content, (*styles, "italic"), url)
            case Strike(content):
                yield from _texts(content, (*styles, "strike"), url)
            case Link(label, address):
                yield from _texts(label, styles, visible(address))


def _pieces(text: str, styles: Styles, url: str | None) -> Iterable[Json]:
    text = visible(text)
    for start in range(0, len(text), _LONGEST_TEXT):
        element: Json = {"type": "text", "text": text[start : start + _LONGEST_TEXT]}
        if url:
            element = {"type": "link", "url": url, "text": element["text"]}
        if styles:
            element["style"] = dict.fromkeys(styles, True)
        yield element
