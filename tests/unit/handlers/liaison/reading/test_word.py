"""What Word writes around the text: content controls, tracked changes, links, text boxes, page headers."""

from __future__ import annotations

import io
import zipfile

from handlers.liaison.reading.reader import read
from tests.unit.handlers.liaison.reading.making import ROWS, changed, word

NAMES = (
    b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def body_of(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml")


def with_body(content: bytes, body: bytes) -> bytes:
    return changed(content, {"word/document.xml": body})


def test_cells_inside_content_controls_are_read() -> None:
    content = word([row[:2] for row in ROWS], ["Text."])
    body = (
        body_of(content)
        .replace(b"<w:tc>", b"<w:sdt><w:sdtContent><w:tc>")
        .replace(b"</w:tc>", b"</w:tc></w:sdtContent></w:sdt>")
    )
    statement = read("ls.docx", with_body(content, body))
    assert statement.title.value == "LS on key management"
    assert statement.deadline.value.text == "2024-06-30"


def test_text_that_was_deleted_is_not_read() -> None:
    content = word(ROWS, ["ZZZ"])
    tracked = b"<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
    body = body_of(content).replace(b"<w:r><w:t>ZZZ</w:t></w:r>", tracked)
    assert read("ls.docx", with_body(content, body)).body == "new"


def test_a_text_box_is_read_once() -> None:
    content = word(ROWS, ["ZZZ"])
    box = b"<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    twice = (
        b"<w:r><mc:AlternateContent %s><mc:Choice>%s</mc:Choice>"
        b"<mc:Fallback>%s</mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = body_of(content).replace(b"<w:r><w:t>ZZZ</w:t></w:r>", twice % (NAMES, box, box))
    assert read("ls.docx", with_body(content, body)).body.split() == ["boxed"]


def test_a_number_in_the_page_header_is_the_statements_own() -> None:
    header = b"<w:hdr %s><w:p><w:r><w:t>SG13-LS136</w:t></w:r></w:p></w:hdr>" % NAMES
    statement = read("ls.docx", changed(word(ROWS, ["Text."]), {"word/header1.xml": header}))
    assert statement.number.value == "SG13-LS136"


def test_links_and_tabs_are_text() -> None:
    content = word(ROWS, ["ZZZ"])
    linked = b"<w:hyperlink><w:r><w:t>Y.3815</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>approved</w:t></w:r>"
    body = body_of(content).replace(b"<w:r><w:t>ZZZ</w:t></w:r>", linked)
    assert read("ls.docx", with_body(content, body)).body == "Y.3815\tapproved"


def test_a_file_saved_as_strict_open_xml_is_read() -> None:
    content = word(ROWS, ["Text."])
    strict = body_of(content).replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read("ls.docx", with_body(content, strict)).source.value == "ITU-T SG13"
