"""Word files: checked as an archive first, then read as lines and rows."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from handlers.liaison.reading.page import LONGEST, Block, Line, Page, Row, tidy
from handlers.liaison.reading.unreadable import Unreadable
from handlers.liaison.reading.xml_check import check_xml

MOST_ENTRIES = 3000
LARGEST_ARCHIVE = 120 * 2**20
"""Bytes of all entries together, as the archive says; only the document and its page headers are unpacked."""
LARGEST_PART = 10 * 2**20
"""Bytes of a part that is unpacked, counted while it is."""
HIGHEST_RATIO = 200
_SMALL = 2**20
_DOCUMENT = re.compile(r"word/document\d{0,2}\.xml")
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
"""What Word calls its elements when it saves as “Strict Open XML”, and else."""
_HEADER = re.compile(r"word/header\d*\.xml")
_MOST_HEADERS = 6
_MACROS = re.compile(r"vbaproject|vbadata|\.bin$|activex|macrosheets", re.IGNORECASE)
_AGAIN = "Save it as .docx in Word and send it again, or paste its text."
_TEXT, _TAB, _BREAK, _CARRIAGE, _HYPHEN = (qn(f"w:{one}") for one in ("t", "tab", "br", "cr", "noBreakHyphen"))
_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{one}") for one in ("p", "tbl", "tr", "tc"))
_SKIPPED = frozenset(
    qn(f"w:{one}") for one in ("del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "delText")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_DEEPEST = 60


class Node(Protocol):
    """An XML element."""

    tag: Any
    text: str | None

    def __iter__(self) -> Iterator[Node]: ...


def read_word(content: bytes) -> Page:
    """The lines and rows of a .docx file. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive)
            body = _part(archive, min(filter(_DOCUMENT.fullmatch, archive.namelist())))
            headers = [
                _part(archive, name) for name in sorted(filter(_HEADER.fullmatch, archive.namelist()))[:_MOST_HEADERS]
            ]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("The Word file is damaged and cannot be opened.", _AGAIN) from error
    letterhead = [line for part in headers for block in _blocks(_root(part)) for line in _lines(block) if line.strip()]
    return Page(tuple(_blocks(_root(body))), letterhead=tuple(dict.fromkeys(letterhead)))


def _check(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(
        _MACROS.search(name) for name in names if name.startswith("word/") and not name.startswith("word/embeddings/")
    ):
        raise Unreadable(
            "The Word file has macros. Such files are not opened.", "Save it as .docx without macros and send it again."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("The file is encrypted and cannot be read.", "Send it without a password.")
    if not any(map(_DOCUMENT.fullmatch, names)) or "[Content_Types].xml" not in names:
        raise Unreadable("This archive is no Word file.", "Send the .docx itself, not packed.")
    if len(entries) > MOST_ENTRIES or len(names) != len(entries):
        raise Unreadable("The Word file is not made as Word makes them, and was not opened.", _AGAIN)
    total = sum(entry.file_size for entry in entries)
    bombs = [
        entry
        for entry in entries
        if entry.file_size > _SMALL and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)
    ]
    if total > LARGEST_ARCHIVE or bombs:
        raise Unreadable("The Word file unpacks to far more than a document has, and was not opened.", _AGAIN)
    types = _part(archive, "[Content_Types].xml")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Unreadable(
            "The Word file has macros. Such files are not opened.", "Save it as .docx without macros and send it again."
        )
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and entry.file_size <= _SMALL:
            check_xml(_part(archive, entry.filename))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, of which no more is unpacked than a part may have."""
    with archive.open(name) as stream:
        content = stream.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Unreadable("The Word file unpacks to far more than a document has, and was not opened.", _AGAIN)
    return content


def _root(part: bytes) -> Node:
    check_xml(part)
    try:
        root: Node = parse_xml(part.replace(_STRICT, _USUAL))
    except (SyntaxError, ValueError, LookupError) as error:  # lxml calls an ill-formed part a SyntaxError
        raise Unreadable("The Word file is damaged and cannot be opened.", _AGAIN) from error
    return root


def _blocks(root: Node) -> Iterator[Block]:
    """Lines and rows in reading order, until more was read than a statement has."""
    length, tables = 0, 0
    for element in _content(root, 0):
        if element.tag == _TABLE:
            tables += 1
            blocks: Iterator[Block] = _rows(element, tables)
        else:
            blocks = iter(_paragraph(element))
        for block in blocks:
            length += sum(len(line) for line in _lines(block)) + 1
            if length > LONGEST:
                return
            yield block


def _paragraph(element: Node) -> list[Line]:
    lines = tidy(_text(element, 0)).split("\n")
    return [Line(line, whole=index == len(lines) - 1) for index, line in enumerate(lines)]


def _lines(block: Block) -> tuple[str, ...]:
    return (block.text,) if isinstance(block, Line) else block.cells


def _content(element: Node, depth: int) -> Iterator[Node]:
    """Paragraphs and tables, also those inside content controls and text boxes' anchors."""
    if depth > _DEEPEST:
        return
    for child in element:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _content(child, depth + 1)


def _within(element: Node, tag: str, depth: int = 0) -> Iterator[Node]:
    """Rows of a table, or cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag != _PARAGRAPH and depth < 8:
            yield from _within(child, tag, depth + 1)


def _rows(table: Node, number: int) -> Iterator[Row]:
    for row in _within(table, _ROW):
        cells = tuple(
            tidy("\n".join(_text(one, 0) for one in _content(cell, 0))).strip() for cell in _within(row, _CELL)
        )
        yield Row(cells, number)


def _text(element: Node, depth: int) -> str:
    return "".join(_pieces(element, depth))


def _pieces(element: Node, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag == _TAB:
            yield "\t"
        elif child.tag in (_BREAK, _CARRIAGE):
            yield "\n"
        elif child.tag == _HYPHEN:
            yield "-"
        elif child.tag in (_PARAGRAPH, _ROW):
            yield from _pieces(child, depth + 1)
            yield "\n"
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _pieces(child, depth + 1)
