"""Statements kept as short texts: what is expected as JSON, a rule of hyphens, and the text that the file is made of.

In the text of a Word file a line `|a|b|` is a row of a table; `<` is merged with the cell to its left, `^` with the
one above, and `\\n` and `\\t` stand for themselves. `@nested`, `@sdt` and `@pageheader TEXT` say how Word keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement

from tests.unit.handlers.liaison.reading.making import pdf, saved

RULE = "\n-----\n"


@dataclass(frozen=True, slots=True)
class Source:
    """A statement and what is to be read in it."""

    name: str
    expected: dict[str, Any]
    content: bytes


def source(path: Path) -> Source:
    """The statement that a file describes; `NAME.docx.source` makes a Word file."""
    expected, _, text = path.read_text("utf-8").partition(RULE)
    name = path.name.removesuffix(".source")
    return Source(name, json.loads(expected), _made(name, text))


def _made(name: str, text: str) -> bytes:
    if name.endswith(".docx"):
        return _word(text.split("\n"))
    if name.endswith(".pdf"):
        return pdf(text.split("\n"))
    return text.encode("utf-8")


def _word(lines: Sequence[str]) -> bytes:
    document = Document()
    said = {line.split(" ")[0] for line in lines if line.startswith("@")}
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("@pageheader "):
            document.sections[0].header.paragraphs[0].text = line.removeprefix("@pageheader ")
        elif line.startswith("|"):
            rows.append(line[1:].split("|"))
        elif not line.startswith("@"):
            if rows:
                _table(document, rows, said)
                rows = []
            document.add_paragraph(line.replace("\\t", "\t"))
    return saved(document)


def _table(document: Any, rows: Sequence[Sequence[str]], said: set[str]) -> None:
    columns = max(map(len, rows))
    outer = document.add_table(rows=1, cols=1).cell(0, 0) if "@nested" in said else document
    table = outer.add_table(len(rows), columns)
    for across, texts in enumerate(rows):
        for down, text in enumerate(texts):
            if text not in ("<", "^"):
                cell = table.cell(across, down).merge(_last(table, rows, across, down))
                cell.text = text.strip().replace("\\n", "\n").replace("\\t", "\t")
    if "@sdt" in said:
        for cell in list(table._tbl.iter_tcs()):
            _control(cell)


def _last(table: Any, rows: Sequence[Sequence[str]], across: int, down: int) -> Any:
    """The cell at the other corner of those that are merged."""
    right, below = down, across
    while right + 1 < len(rows[across]) and rows[across][right + 1] == "<":
        right += 1
    while below + 1 < len(rows) and down < len(rows[below + 1]) and rows[below + 1][down] == "^":
        below += 1
    return table.cell(below, right)


def _control(cell: Any) -> None:
    """The paragraphs of a cell put into a content control."""
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    control.append(content)
    for paragraph in cell.p_lst:
        content.append(paragraph)
    cell.append(control)
