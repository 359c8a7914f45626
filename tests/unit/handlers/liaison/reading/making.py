"""Statements and hostile files that the tests of reading make."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from docx import Document


def word(rows: Sequence[Sequence[str]] = (), paragraphs: Sequence[str] = (), *, before: Sequence[str] = ()) -> bytes:
    """A Word file: paragraphs, a table, paragraphs. A cell that repeats the one before it is merged with it."""
    document = Document()
    for text in before:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
        for row, texts in zip(table.rows, rows, strict=True):
            _fill(row.cells, texts)
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def _fill(cells: Sequence[Any], texts: Sequence[str]) -> None:
    begin = 0
    for index in range(1, len(texts) + 1):
        if index == len(texts) or texts[index] != texts[begin] or not texts[begin]:
            cell = cells[begin].merge(cells[index - 1]) if index - begin > 1 else cells[begin]
            cell.text = texts[begin]
            begin = index


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]  # python-docx has no types
    return stream.getvalue()


def archive(entries: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return stream.getvalue()


def changed(content: bytes, entries: Mapping[str, bytes]) -> bytes:
    """A zip file with entries added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        kept = {name: made.read(name) for name in made.namelist()}
    return archive({**kept, **entries})


def pdf(lines: Sequence[str], extra: str = "") -> bytes:
    """A PDF of one page with these lines."""
    shown = "".join(f"({line.translate(_ESCAPES)}) Tj T* " for line in lines)
    return pdf_of([_PAGE, f"BT /F1 10 Tf 40 800 Td 12 TL {shown}ET"], extra)


_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
_PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"


def pdf_of(
    page_and_content: Sequence[str], extra: str = "", pages: str = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
) -> bytes:
    """A PDF of a page and the stream that draws it; `extra` goes into the trailer."""
    page, drawn = page_and_content
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        pages,
        page,
        f"<</Length {len(drawn.encode('latin-1', 'replace'))}>>\nstream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1", "replace")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{extra}>>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + tail.encode("ascii")


def mail(subject: str, text: str, files: Mapping[str, bytes] | None = None, **headers: str) -> bytes:
    """A mail with files attached to it."""
    message = EmailMessage()
    message["From"] = headers.get("sender", "Jane Doe <jane.doe@example.org>")
    message["To"] = headers.get("to", "secretariat@example.org")
    message["Date"] = headers.get("date", "Tue, 14 Nov 2023 10:00:00 +0100")
    message["Subject"] = subject
    message["Message-ID"] = "<1@example.org>"
    message.set_content(text)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


ROWS = (
    ("Question(s):", "16/13", "Geneva, 4-15 March 2024"),
    ("Source:", "ITU-T Study Group 13", "ITU-T Study Group 13"),
    ("Title:", "LS on key management", "LS on key management"),
    ("For action to:", "ETSI ISG QKD", "ETSI ISG QKD"),
    ("For comment to:", "-", "-"),
    ("For information to:", "JCA-QKDN", "JCA-QKDN"),
    ("Approval:", "ITU-T SG13 meeting (Geneva, 15 March 2024)", "ITU-T SG13 meeting (Geneva, 15 March 2024)"),
    ("Deadline:", "30 June 2024", "30 June 2024"),
    ("Contact:", "Jane Doe", "E-mail: jane@example.org"),
)
"""The rows of an ITU-T header."""


def with_row(label: str, value: str) -> tuple[tuple[str, ...], ...]:
    """The rows with one of them saying something else."""
    return tuple((row[0], value, value) if row[0] == f"{label}:" else row for row in ROWS)


def itu_text(**fields: str) -> str:
    """An ITU-T statement as text; `for_action_to="SG17"` changes a field."""
    said = {
        "Question(s)": "16/13",
        "Source": "ITU-T Study Group 13",
        "Title": "LS on key management",
        "For action to": "ETSI ISG QKD",
        "For information to": "JCA-QKDN",
        "Approval": "ITU-T SG13 meeting (Geneva, 15 March 2024)",
        "Deadline": "30 June 2024",
        "Contact": "Jane Doe, jane@example.org",
    }
    body = fields.pop("body", "SG13 thanks you.")
    said.update({name.replace("_", " ").capitalize(): value for name, value in fields.items()})
    return "\n".join(f"{name}: {value}" for name, value in said.items() if value is not None) + f"\n\n{body}\n"
