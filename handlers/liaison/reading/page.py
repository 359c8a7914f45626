"""A document without its format: lines, and rows of tables, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 300_000
"""Characters of a document that are read; a liaison statement has a few thousand."""

_SPACES = re.compile(r"[ \u00a0\u202f\u2007\u2009]+")
_DRAWN_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_DRAWN_RULE = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+(?:[ \t]*:?-{3,}:?)?[ \t]*\n", re.MULTILINE)
"""Tables drawn with strokes, and the rule below their first row."""
_UNSEEN = re.compile(
    r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, or a `whole` paragraph, which no line continues."""

    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row of table number `table`, merged ones once."""

    cells: tuple[str, ...]
    table: int


Block = Line | Row


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail says of itself."""

    sender: str = ""
    address: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A document. `letterhead` is what stands in the page headers."""

    blocks: tuple[Block, ...]
    letterhead: tuple[str, ...] = ()
    envelope: Envelope | None = None
    attachments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(block.text if isinstance(block, Line) else "\t".join(block.cells) for block in self.blocks)


def tidy(text: str) -> str:
    """One kind of space, no invisible characters, no spaces at the ends of lines."""
    clean = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    return "\n".join(_SPACES.sub(" ", line).strip(" ") for line in clean.split("\n"))


def one_line(text: str) -> str:
    return " ".join(text.split())


def _cells(row: re.Match[str]) -> str:
    return "\t".join(cell.strip() for cell in row[1].split("|")).strip("\t")


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a plain text; runs of three spaces and more separate columns."""
    drawn = _DRAWN_RULE.sub("", text[:LONGEST]) if "|" in text else text[:LONGEST]
    columns = re.sub(r"(?<=\S) {3,}(?=\S)", "\t", _DRAWN_ROW.sub(_cells, drawn))
    return tuple(Line(line) for line in tidy(columns).split("\n"))
