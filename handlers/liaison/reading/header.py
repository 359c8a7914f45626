"""A document taken apart: the labelled fields of its header, what stands before them, and the body after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from handlers.liaison.reading.days import periods
from handlers.liaison.reading.labels import ADDRESSING, CONTACTS, Label, label_of, labelled
from handlers.liaison.reading.page import Block, Line, Page, Row, one_line
from handlers.liaison.reading.posted import marked
from handlers.liaison.reading.sentences import unbroken


@dataclass(slots=True)
class HeaderField:
    """A label with its cells or lines."""

    label: Label
    written: str
    place: str
    cells: list[str]

    @property
    def text(self) -> str:
        return "\n".join(cell for cell in self.cells if cell.strip()).strip()

    @property
    def where(self) -> str:
        return f"{self.place} “{self.written.rstrip(': ')}”"


@dataclass(slots=True)
class Header:
    """Fields in the order of the document; `preamble` stands before the first of them."""

    fields: list[HeaderField] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)

    def first(self, *labels: Label) -> HeaderField | None:
        """The first field of the first of these labels that has one; one with a text before one without."""
        for label in labels:
            having = [one for one in self.fields if one.label is label]
            if having:
                return next((one for one in having if one.text), having[0])
        return None

    def every(self, *labels: Label) -> list[HeaderField]:
        return [one for one in self.fields if one.label in labels]

    def has(self, *labels: Label) -> bool:
        return any(one.label in labels for one in self.fields)

    def text(self, *labels: Label) -> str:
        found = self.first(*labels)
        return found.text if found else ""


_HEADING = re.compile(r"^\(?\d{1,2}(?:\.\d{1,2})*[.)]?\s+\S|^(?:overall|general) description\b|^introduction\b", re.I)
_BANNER = re.compile(r"^[\s*#=_]*(?:draft )?(?:liaison|ls) ?statement[\s*#=_:]*$|^[\s*#=_-]{3,}$", re.IGNORECASE)
_GREETING = re.compile(r"^(?:dear|greetings|hello|hi)\b", re.IGNORECASE)
_GOES_ON = frozenset(
    {
        *ADDRESSING, *CONTACTS, Label.TITLE, Label.SOURCE, Label.TO, Label.TO_GROUP,
        Label.FROM_GROUP, Label.CC, Label.APPROVAL,
        Label.ATTACHMENTS, Label.ABSTRACT, Label.RESPONSE_TO, Label.REFERENCED, Label.KEYWORDS,
        Label.RELEASE, Label.OTHER,
    }
)  # fmt: skip
_LATE = frozenset({Label.ATTACHMENTS, Label.ABSTRACT, Label.KEYWORDS, Label.CONTACT, Label.DEADLINE})
_LISTS = frozenset({*ADDRESSING, Label.TO, Label.CC, Label.TO_GROUP})
_NEEDED = frozenset({*ADDRESSING, Label.TITLE, Label.SOURCE, Label.APPROVAL})
_WITH_A_DAY = frozenset({Label.QUESTIONS, Label.MEETING})
_LINES_AHEAD = 8
_UNKNOWN_LABEL = re.compile(r"[A-Z][\w ()/-]{2,40}:(?:\s|$)")
_MOST_WORDS = 9
_FEW_WORDS = 4
_FULL_STOP = re.compile(r"(?<!\bLtd)(?<!\bInc)(?<!\bCorp)(?<!\bCo)\.$")
_ROW_PLACE = "header table, row"
_MOST_LABELLED = 3000
"""Lines of a body in which labels are looked for."""
_MOST_FIELDS = 200
"""Fields of a header; a text with more labels is none."""
_DATATRACKER_LABELS = frozenset({Label.FROM_GROUP, Label.TO_GROUP, Label.STATE})


class _Taking:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self.header = Header()
        self.open: HeaderField | None = None
        self.in_body = False
        self.only_body = False
        self.table = -1
        self.after_whole = False
        self.ahead: Sequence[Block] = ()
        labels = {label_of(block.text) for block in blocks if isinstance(block, Line)}
        self.bare_labels = len(labels & _DATATRACKER_LABELS) >= 2
        """A page of the Datatracker copied as text: labels and values on lines of their own."""

    def row(self, row: Row) -> None:
        cells = [cell.strip() for cell in row.cells]
        if self._pairs(cells):
            self.table = row.table
            return
        inside = [line for cell in cells for line in cell.split("\n")]
        if any(labelled(line) for line in inside) and not self.in_body:
            for line in inside:
                self.line(line, place="header table, line")
            return
        if self.open and self.table == row.table and not cells[0] and any(cells) and not self.in_body:
            self.open.cells.extend(cell for cell in cells if cell)
            return
        text = " | ".join(one_line(cell) for cell in cells if cell)
        if not text or _BANNER.match(" ".join(cell for cell in cells if cell)):
            return
        if self.header.fields and row.table != self.table:
            self.in_body = True
        (self.header.body if self.in_body else self.header.preamble).append(text)

    def after_table(self) -> None:
        """A line below a table belongs to none of its rows."""
        if self.open and self.open.place == _ROW_PLACE:
            self.open = None

    def _pairs(self, cells: Sequence[str]) -> bool:
        """Take the labels of a row with their values; whether there were any."""
        found: list[HeaderField] = []
        for cell in cells:
            label = label_of(cell)
            may_be = label is not None and (cell.rstrip().endswith((":", "：")) or not found or not found[-1].cells)
            if label is not None and may_be and not (found and not found[-1].cells and not cell.rstrip().endswith(":")):
                found.append(HeaderField(label, one_line(cell), _ROW_PLACE, []))
            elif found:
                found[-1].cells.append(cell)
            elif cell:
                return False
        if not found or (self.in_body and self.header.has(found[0].label)):
            return False
        if self.in_body and not {one.label for one in found} & {*ADDRESSING, Label.DEADLINE, Label.APPROVAL}:
            return False
        self.header.fields.extend(found)
        self.open = found[-1]
        return True

    def line(self, text: str, place: str = "header, line") -> None:
        text = text.strip()
        if len(self.header.body) > _MOST_LABELLED or len(self.header.fields) >= _MOST_FIELDS:
            self.header.body.append(text)
            return
        if self.only_body:
            self._body_line(text)
            return
        found = labelled(text) or self._bare(text)
        if found and self._may_be(found[0], text):
            self._begin(*found, place)
        elif self.in_body:
            self.header.body.append(text)
        elif not text:
            if self.open and self.open.text:
                self.open = None if not self.bare_labels else self.open
        elif _BANNER.match(text):
            self.open = None
        elif self.open and self._goes_on(text):
            self.open.cells.append(text)
        elif not self.header.fields:
            self.header.preamble.append(text)
        elif self._is_between(text):
            self._set_aside(text)
        else:
            self.in_body, self.open = True, None
            self.header.body.append(text)

    def _is_between(self, text: str) -> bool:
        """Whether a line stands inside the header although it belongs to no field: what the header needs follows."""
        if len(text.split()) > _MOST_WORDS or _GREETING.match(text):
            return False
        coming = [found[0] for block in self.ahead if isinstance(block, Line) and (found := labelled(block.text))]
        return any(label in _NEEDED and not self.header.has(label) for label in coming)

    def _set_aside(self, text: str) -> None:
        if self.open and self.open.label in _WITH_A_DAY and periods(text):
            self.open.cells.append(text)
        else:
            self.header.preamble.append(text)

    def _body_line(self, text: str) -> None:
        found = labelled(text)
        if found and found[0] is Label.ATTACHMENTS and not self.header.has(Label.ATTACHMENTS):
            self._begin(*found, "after the body, line")
            self.only_body = False
            self.in_body = False
        else:
            self.header.body.append(text)

    def _begin(self, label: Label, written: str, value: str, place: str) -> None:
        if label is Label.BODY:
            self.only_body, self.open = True, None
            if value:
                self.header.body.append(value)
            return
        cells = [part.strip() for part in value.split("\t") if part.strip()]
        self.open = HeaderField(label, written, place, cells)
        self.header.fields.append(self.open)

    def _bare(self, text: str) -> tuple[Label, str, str] | None:
        awaited = self.open is not None and not self.open.text
        label = label_of(text) if self.bare_labels and not self.in_body and not awaited else None
        return (label, text, "") if label else None

    def _may_be(self, label: Label, text: str) -> bool:
        if self.in_body:
            return label in _LATE and not self.header.has(label) and ":" in text[:20]
        if label is Label.PERSONAL or label is Label.EMAIL:
            return bool(self.open and self.open.label in CONTACTS)
        if _HEADING.match(text) and not labelled(text):
            return False
        return not (label is Label.TO and self.header.has(Label.TO) and self.header.has(Label.TITLE))

    def _goes_on(self, text: str) -> bool:
        """Whether a line without a label belongs to the field before it."""
        field_ = self.open
        if field_ is None or _GREETING.match(text):
            return False
        if _UNKNOWN_LABEL.match(text) and field_.label not in CONTACTS:
            return False
        if not field_.text:
            return not _HEADING.match(text) or field_.label in _LISTS or bool(periods(text[:40]))
        if field_.label not in _GOES_ON or _HEADING.match(text):
            return False
        if field_.label in CONTACTS and len(text.split()) >= _FEW_WORDS and _FULL_STOP.search(text):
            return False
        is_sentence = len(text.split()) > _MOST_WORDS and text.endswith((".", ":", ";"))
        if self.after_whole and field_.label not in _LISTS | CONTACTS:
            return False
        if field_.label is Label.ABSTRACT:
            return not field_.text.endswith(".")
        if field_.label in _LISTS:
            return not is_sentence
        return not is_sentence and not (field_.label in CONTACTS and len(text.split()) > _MOST_WORDS)


def taken_apart(page: Page) -> Header:
    """The header's fields, and the body."""
    blocks = marked(page.blocks)
    taking = _Taking(blocks)
    for index, block in enumerate(blocks):
        taking.ahead = blocks[index + 1 : index + 1 + _LINES_AHEAD]
        if isinstance(block, Row):
            taking.row(block)
        else:
            taking.after_table()
            taking.line(block.text)
            taking.after_whole = block.whole
    header = taking.header
    header.preamble[:0] = page.letterhead
    _close(header.body)
    if not any(block.whole for block in blocks if isinstance(block, Line)):
        header.body = unbroken(header.body)
    return header


def _close(body: list[str]) -> None:
    """No empty lines or rules at the ends."""
    while body and not body[-1].strip(" _-=*"):
        body.pop()
    while body and not body[0].strip(" _-=*"):
        body.pop(0)


def joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)
