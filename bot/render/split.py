"""Splitting: one document becomes several, each small enough for a platform, without losing a character."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.render.cut import cut_code, cut_inlines
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
    Row,
    Rule,
    Table,
    text_of,
)

# Whether these blocks together are small enough for one message.
Fits = Callable[[Blocks], bool]


def split(document: Document, fits: Fits) -> list[Document]:
    """The document in parts that fit: between blocks, else list items or table rows, else sentences, else words.

    `fits` must hold for less whenever it holds for more. What cannot be made to fit is still given, as small as can be.
    """
    if fits(document.blocks):
        return [document] if document.blocks else []
    return [Document(part) for part in _parts(document.blocks, fits)]


def _parts(rest: Blocks, fits: Fits) -> Iterator[Blocks]:
    while rest:
        head, rest = _divide(rest, fits)
        yield head


def _divide(blocks: Blocks, fits: Fits) -> tuple[Blocks, Blocks]:
    """What fits of the blocks, at least something of the first one, and the rest."""
    whole = _most(len(blocks), lambda count: fits(blocks[:count]))
    if whole == len(blocks):
        return blocks, ()
    before, block, after = blocks[:whole], blocks[whole], blocks[whole + 1 :]
    if before and fits((block,)):
        return _without_last_heading(before, (block, *after))
    head, tail = _cut(block, lambda some: fits(before + some), forced=not before)
    if before and not head:
        return _without_last_heading(before, (block, *after))
    return (before + head, tail + after) if head else _divide(tail + after, fits)


def _without_last_heading(before: Blocks, after: Blocks) -> tuple[Blocks, Blocks]:
    if len(before) > 1 and isinstance(before[-1], Heading):
        return before[:-1], (before[-1], *after)
    return before, after


def _cut(block: Block, fits: Fits, forced: bool) -> tuple[Blocks, Blocks]:
    """As much of one block as fits, and the rest; when forced, the first part holds at least one piece."""
    match block:
        case Paragraph(content) | Heading(content=content):
            head, tail = _cut_text(content, lambda some: fits((replace(block, content=some),)), forced)
            return _some(replace(block, content=head), head), _some(replace(block, content=tail), tail)
        case CodeBlock(text):
            length = _most(len(text), lambda count: fits((CodeBlock(text[:count]),)))
            first, rest = cut_code(text, max(length, int(forced)))
            return _some(CodeBlock(first), first), _some(CodeBlock(rest), rest)
        case Quote(inner):
            return _cut_quote(inner, fits, forced)
        case BulletList() | NumberedList():
            return _cut_list(block, fits, forced)
        case Table():
            return _cut_table(block, fits, forced)
        case Rule():
            return ((block,), ()) if forced else ((), (block,))


def _cut_text(content: Inlines, fits: Callable[[Inlines], bool], forced: bool) -> tuple[Inlines, Inlines]:
    letters = len(text_of(content))
    length = _most(letters, lambda count: fits(cut_inlines(content, count, anywhere=True)[0]))
    return cut_inlines(content, max(length, int(forced)))


def _cut_quote(inner: Blocks, fits: Fits, forced: bool) -> tuple[Blocks, Blocks]:
    if not forced and not fits((Quote(_sliver(inner)),)):
        return (), (Quote(inner),)
    head, tail = _divide(inner, lambda some: fits((Quote(some),)))
    return _some(Quote(head), head), _some(Quote(tail), tail)


def _cut_list(block: BulletList | NumberedList, fits: Fits, forced: bool) -> tuple[Blocks, Blocks]:
    whole = _most(len(block.items), lambda count: fits((replace(block, items=block.items[:count]),)))
    if whole == 0 and forced and block.items:
        head, tail = _divide(block.items[0], lambda some: fits((replace(block, items=(some,)),)))
        rest = ((tail,) if tail else ()) + block.items[1:]
        return (replace(block, items=(head,)),), _rest_of_list(block, rest, 0 if tail else 1)
    first, rest = block.items[:whole], block.items[whole:]
    return _some(replace(block, items=first), first), _rest_of_list(block, rest, whole)


def _rest_of_list(block: BulletList | NumberedList, rest: tuple[Blocks, ...], done: int) -> Blocks:
    if not rest:
        return ()
    if isinstance(block, NumberedList):
        return (NumberedList(rest, block.start + done),)
    return (BulletList(rest),)


def _cut_table(table: Table, fits: Fits, forced: bool) -> tuple[Blocks, Blocks]:
    whole = _most(len(table.rows), lambda count: fits((Table(table.header, table.rows[:count]),)))
    if whole == 0 and forced:
        return _cut_first_row(table, fits)
    if whole == 0:
        return (), (table,)
    first, rest = table.rows[:whole], table.rows[whole:]
    return (Table(table.header, first),), _some(Table(table.header, rest), rest)


def _cut_first_row(table: Table, fits: Fits) -> tuple[Blocks, Blocks]:
    if any(table.header) and not fits((Table(table.header, ()),)):
        # A header that is too long by itself becomes a row, which can be cut.
        return _cut_first_row(Table(_blank(table.header), (table.header, *table.rows)), fits)
    if not table.rows:
        return (table,), ()
    row, others = table.rows[0], table.rows[1:]
    letters = sum(len(text_of(cell)) for cell in row)
    length = _most(letters, lambda count: fits((Table(table.header, (_cut_row(row, count)[0],)),)))
    if length == 0 and len(row) > 1:
        return _cut_columns(table)
    head, tail = _cut_row(row, max(length, 1))
    return (Table(table.header, (head,)),), _some(
        Table(table.header, (tail, *others) if any(tail) else others), any(tail) or others
    )


def _cut_columns(table: Table) -> tuple[Blocks, Blocks]:
    """The columns in two halves, to be cut on; the first row's halves stand next to each other."""
    half = len(table.header) // 2
    row, others = table.rows[0], table.rows[1:]
    left, right = Table(table.header[:half], (row[:half],)), Table(table.header[half:], (row[half:],))
    return (), (left, right, *_some(Table(table.header, others), others))


def _cut_row(row: Row, length: int) -> tuple[Row, Row]:
    """The cells up to the length, counted through the row in reading order, and the rest; both rows have all cells."""
    heads: list[Inlines] = []
    tails: list[Inlines] = []
    for cell in row:
        head, tail = cut_inlines(cell, length) if length > 0 else ((), cell)
        heads.append(head)
        tails.append(tail)
        length = 0 if tail else length - len(text_of(cell))
    return tuple(heads), tuple(tails)


def _blank(row: Row) -> Row:
    return tuple(() for _ in row)


def _sliver(inner: Blocks) -> Blocks:
    return _divide(inner, lambda some: False)[0]


def _some(block: Block, content: object) -> Blocks:
    return (block,) if content else ()


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The greatest count up to the limit that fits, looked for from below so that no trial is much too large."""
    step = 1
    while step <= limit and fits(step):
        step *= 2
    low, high = step // 2, min(step, limit + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
