"""The table of a report: liaison statements as a Word document, in Markdown or as CSV."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from handlers.command import Attachment, Request
from handlers.liaison.lines import deadline, may_see_owners
from storage.liaison.finding import Line
from storage.words import DeadlineKind, Purpose

if TYPE_CHECKING:
    from docx.document import Document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_COLUMNS = ("Number", "Date", "From", "To", "Title", "Status", "Deadline")
_WIDTHS = (3.4, 2.4, 2.8, 4.6, 7.2, 2.2, 2.6)
"""Centimetres of the columns, on a page that lies on its side."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in a report: a title, a line below it, the heads of the columns and the rows."""

    title: str
    below: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def table_of(request: Request, some: Sequence[Line], below: str) -> Table:
    """The statements as the rows of a report; whom somebody represents is for members."""
    heads = (*_COLUMNS, "Ours", "Owner") if may_see_owners(request) else (*_COLUMNS, "Ours")
    return Table("Liaison statements", below, heads, [_row(one)[: len(heads)] for one in some])


async def report(table: Table, form: str) -> Attachment:
    """The report as a file: `docx`, `md` or `csv`."""
    if form == "docx":
        return Attachment("liaison-statements.docx", DOCX, await asyncio.to_thread(partial(_docx, table)))
    if form == "csv":
        return Attachment("liaison-statements-report.csv", "text/csv", _csv(table).encode())
    return Attachment("liaison-statements.md", "text/markdown", _markdown(table).encode())


def _row(one: Line) -> tuple[str, ...]:
    asked = [name for purpose in (Purpose.ACTION, Purpose.COMMENT) for name in one.named(purpose)]
    informed = [f"{name} (information)" for name in one.named(Purpose.INFORMATION)]
    until = deadline(one) or {DeadlineKind.VAGUE: one.deadline, DeadlineKind.NONE: "none"}.get(one.deadline_kind, "")
    owners = dict.fromkeys(owner.name for owner in one.owners if owner.accepted and owner.name)
    to = ", ".join([*asked, *informed])
    return (one.number, one.date, one.source, to, one.title, one.status.value, until, one.ours, ", ".join(owners))


def _csv(table: Table) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.heads)
    # A spreadsheet would run what begins so.
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in table.rows)
    return out.getvalue()


def _markdown(table: Table) -> str:
    lines = [f"# {table.title}", "", _plain(table.below), "", _cells(table.heads), _cells(["---"] * len(table.heads))]
    return "\n".join([*lines, *(_cells([_plain(cell) for cell in row]) for row in table.rows)]) + "\n"


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _docx(table: Table) -> bytes:
    # Imported when it is needed: it takes longer than most answers.
    import docx

    document = docx.Document()
    _lay_on_its_side(document)
    document.add_heading(_printable(table.title), level=1)
    document.add_paragraph(_printable(table.below))
    _fill(document, table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lay_on_its_side(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.5)


def _fill(document: Document, table: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    laid = document.add_table(rows=0, cols=len(table.heads), style="Table Grid")
    for number, row in enumerate((table.heads, *table.rows)):
        cells = laid.add_row().cells
        for index, text in enumerate(row):
            if index < len(_WIDTHS):
                cells[index].width = Cm(_WIDTHS[index])
            run = cells[index].paragraphs[0].add_run(_printable(text))
            run.bold, run.font.size = number == 0, Pt(9)
    repeated = OxmlElement("w:tblHeader")
    laid.rows[0]._tr.get_or_add_trPr().append(repeated)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
