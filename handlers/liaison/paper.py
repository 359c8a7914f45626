"""Paper: a liaison statement as a Word document in the ITU-T form, from a template that is edited in Word."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zipfile import BadZipFile

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from handlers.liaison.prose import Block, Kind, Run, blocks_of

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOBODY = "-"
"""What stands where nobody is meant, as Rec. A.1 has it."""

_OWN = Path(__file__).resolve().parents[2] / "templates" / "liaisons" / "statement.docx"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 3
_LONGEST_PROPERTY = 255  # of python-docx, after ECMA-376
_LEVELLED = (Kind.HEADING, Kind.BULLET, Kind.NUMBERED)


class Unfit(Exception):
    """Why a Word template does not do, in words for whoever made it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the document, as it is shown. `deadline` is empty where none is stated; `body` is Markdown."""

    number: str
    host: str
    host_name: str
    date: str
    source: str
    title: str
    action: Sequence[str] = ()
    comment: Sequence[str] = ()
    information: Sequence[str] = ()
    questions: str = ""
    approval: str = ""
    deadline: str = ""
    contact: str = ""
    contact_email: str = ""
    in_response_to: str = ""
    abstract: str = ""
    body: str = ""
    attachments: Sequence[str] = ()
    is_draft: bool = False
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block as the template sees it; the kind of a list or a heading ends in its level: `bullet2`."""

    kind: str
    text: Markup
    mark: str = ""
    rows: Sequence[Sequence[Markup]] = field(default_factory=list)


async def written(sheet: Sheet, template: str = "") -> bytes:
    """The document; `template` is the path of an own one. Raises `Unfit` for a template that does not do."""
    return await asyncio.to_thread(write, sheet, template)


def write(sheet: Sheet, template: str = "") -> bytes:
    """As `written`, in this thread."""
    # Imported late: it brings an XML library, and few who start the bot write a statement.
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate

    try:
        document = DocxTemplate(BytesIO(_template(template)))
        document.render(_context(sheet, document), _environment(), autoescape=True)
        _sign(document, sheet)
        stream = BytesIO()
        document.save(stream)
    except (BadZipFile, TemplateError, TypeError, SyntaxError, OpcError, KeyError, ValueError, OSError) as error:
        raise Unfit(f"{Path(template).name or 'the template'}: {error}") from error
    return stream.getvalue()


def _sign(document: DocxTemplate, sheet: Sheet) -> None:
    """What the document says of itself."""
    properties = document.core_properties
    properties.title, properties.author = (
        _clean(sheet.title)[:_LONGEST_PROPERTY],
        _clean(sheet.source)[:_LONGEST_PROPERTY],
    )
    properties.subject = _clean(sheet.number)[:_LONGEST_PROPERTY]
    if sheet.made_at:
        properties.created = properties.modified = sheet.made_at.astimezone(UTC).replace(tzinfo=None)


def problem_of(template: str) -> str:
    """What is wrong with an own template: it is tried with a statement. Empty: nothing."""
    body = "# A heading\n\nA paragraph.\n\n- a point\n\n1. a first\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    sheet = Sheet("LS1", "HOST", "Host", "1 January 2027", "HOST", "TITLE-4711", ["SG1"], body=body)
    try:
        content = write(sheet, template)
        is_shown = sheet.title in _text(content)
    except Unfit as unfit:
        return str(unfit)
    return (
        ""
        if is_shown
        else f"{Path(template).name}: it does not show the title; write {{{{ title }}}} where it is to stand"
    )


def file_name(number: str) -> str:
    """`JCA-QKDN-LS5.docx`, whatever the pattern of our numbers is."""
    return (re.sub(r"[^A-Za-z0-9]+", "-", number).strip("-") or "statement") + ".docx"


def _template(path: str) -> bytes:
    return (Path(path) if path else _OWN).read_bytes()


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.finalize = _shown
    return environment


def _context(sheet: Sheet, document: DocxTemplate) -> Mapping[str, object]:
    lists = {name: "; ".join(getattr(sheet, name)) or NOBODY for name in ("action", "comment", "information")}
    plain = {
        "number": sheet.number,
        "host": sheet.host,
        "host_name": sheet.host_name,
        "date": sheet.date,
        "source": sheet.source,
        "title": sheet.title,
        "questions": sheet.questions or NOBODY,
        "approval": sheet.approval or NOBODY,
        "deadline": sheet.deadline,
        "contact": sheet.contact or NOBODY,
        "contact_email": sheet.contact_email,
        "in_response_to": sheet.in_response_to,
        "abstract": sheet.abstract,
        "attachments": "; ".join(sheet.attachments),
    }
    blocks = blocks_of(sheet.body)
    return {**plain, **lists, "is_draft": sheet.is_draft, "body": [_piece(block, document) for block in blocks]}


def _piece(block: Block, document: DocxTemplate) -> _Piece:
    rich = partial(_rich, document)
    rows = [[rich(cell) for cell in row] for row in block.rows]
    level = min(block.level, _DEEPEST)
    kind = f"{block.kind}{level}" if block.kind in _LEVELLED else str(block.kind)
    return _Piece(kind, rich(block.runs), block.mark, rows)


def _rich(document: DocxTemplate, runs: Sequence[Run]) -> Markup:
    """The runs as the template's library writes them into a paragraph."""
    from docxtpl import RichText

    text = RichText()
    for run in runs:
        text.add(
            _clean(run.text),
            bold=run.is_bold,
            italic=run.is_italic,
            strike=run.is_struck,
            underline=bool(run.url),
            color="0563C1" if run.url else None,
            font="Courier New" if run.is_code else None,
            url_id=document.build_url_id(run.url) if run.url else None,
        )
    return Markup(_unbraced(text.xml))  # noqa: S704 - the library escaped it


def _shown(value: object) -> object:
    """What the template prints: text in which no brace can begin anything, on one line."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return Markup(_unbraced(escape(" ".join(_clean(value).split()), {'"': "&quot;"})))  # noqa: S704 - escaped here


def _unbraced(xml: str) -> str:
    # docxtpl makes "{{" of "{_{" in what is written already.
    return xml.replace("{", "&#123;").replace("}", "&#125;")


def _clean(text: str) -> str:
    """The text without what no XML document may have."""
    return _NO_XML.sub("", text)


def _text(content: bytes) -> str:
    """All that stands in a document."""
    from docx import Document

    body = Document(BytesIO(content)).element.body
    return "".join(one.text or "" for one in body.iter() if str(one.tag).endswith("}t"))
