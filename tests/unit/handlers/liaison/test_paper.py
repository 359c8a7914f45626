"""The Word document of a statement: our own reader reads it back, whatever stands in it."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.liaison.drafted import deadline_words
from handlers.liaison.fields import deadline_of
from handlers.liaison.paper import Sheet, Unfit, file_name, problem_of, write
from handlers.liaison.reading.names import names_in, tidy_name
from handlers.liaison.reading.reader import read
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.writing import groups_of
from storage.words import DeadlineKind, Purpose

PLAIN = Sheet(
    number="JCA-QKDN-LS5",
    host="JCA-QKDN",
    host_name="Joint Coordination Activity on Quantum Key Distribution Networks",
    date="2 September 2024",
    source="JCA-QKDN",
    title="LS on overlaps",
    action=["ITU-T SG13"],
    contact="Jane Doe",
    contact_email="jane@example.org",
    body="Dear all.",
)
GROUPS = (
    "ITU-T SG13",
    "ITU-T SG17",
    "ISG QKD",
    "JTC 1/SC 27",
    "TC CYBER",
    "IETF opsawg",
    "Q16/13",
    "Übergruppe Ä",
    "Rand & Söhne WG",
)
DEADLINES = ("none", "not stated", "2024-11-30", "mid-May 2027", "before the next meeting of SG13")
ODD = "<>&\"'{}%#$\\/|*_`[]~^@!?–—“”’ éß漢字🔑\u00a0()-.,:;+="

words = st.text(st.sampled_from("abcdefghij KLMNOP0123456789" + ODD), min_size=1, max_size=60)
titles = words.map(lambda text: " ".join(f"LS on x{text}y".split()))
people = words.map(
    lambda text: " ".join("".join(one for one in f"Kim {text} Lee" if one.isalpha() or one in " '’-.éß漢").split())
)


def read_back(sheet: Sheet) -> ReadStatement:
    return read(file_name(sheet.number), write(sheet))


def addressed(statement: ReadStatement, purpose: Purpose) -> list[str]:
    return [one.name for one in statement.addressees if one.purpose is purpose]


def text_of(sheet: Sheet) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(write(sheet))).paragraphs)


@settings(max_examples=20, deadline=None)
@given(titles)
@example("LS on {{ 7*7 }} {_{x}_} {% raw %} <w:t>&amp;</w:t> ]]>")
@example("LS on \ufffe\x0b everything")
def test_a_title_is_read_back_as_it_was_written(title: str) -> None:
    written = " ".join("".join(one for one in title if one not in "\ufffe\x0b").split())
    assert read_back(replace(PLAIN, title=title)).title.value == written


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(GROUPS), max_size=4, unique=True),
    st.lists(st.sampled_from(GROUPS), max_size=4, unique=True),
    st.lists(st.sampled_from(GROUPS), max_size=4, unique=True),
)
def test_groups_are_read_back_for_what_they_are_asked(action: list[str], comment: list[str], info: list[str]) -> None:
    statement = read_back(replace(PLAIN, action=action, comment=comment, information=info))
    found = [addressed(statement, purpose) for purpose in (Purpose.ACTION, Purpose.COMMENT, Purpose.INFORMATION)]
    assert found == [action, comment, info]


@pytest.mark.parametrize("typed", DEADLINES)
def test_each_kind_of_deadline_is_read_back(typed: str) -> None:
    kind, text = deadline_of(typed)
    found = read_back(replace(PLAIN, deadline=deadline_words(kind, text))).deadline.value
    assert (found.kind, found.text) == (kind, "N/A" if kind is DeadlineKind.NONE else text)


@settings(max_examples=15, deadline=None)
@given(people)
def test_the_contact_is_read_back(name: str) -> None:
    statement = read_back(replace(PLAIN, contact=name, contact_email="kim.lee@example.org"))
    assert (statement.contact.value, statement.contact_email.value) == (name, "kim.lee@example.org")


def test_number_source_date_questions_and_abstract_are_read_back() -> None:
    approval = "Chair of JCA-QKDN (Junsen Lai), 30 August 2024"
    statement = read_back(replace(PLAIN, approval=approval, questions="Q16/13; Q2/17", abstract="What & <why>."))
    assert statement.number.value == "JCA-QKDN-LS5"
    assert statement.source.value == "JCA-QKDN"
    assert statement.date.value == "2024-08-30"
    assert statement.questions.value == ("Q16/13", "Q2/17")
    assert statement.abstract.value == "What & <why>."


def test_a_statement_that_nobody_approved_has_the_date_of_the_document() -> None:
    assert read_back(PLAIN).date.value == "2024-09-02"


def test_a_reply_says_what_it_replies_to() -> None:
    statement = read_back(replace(PLAIN, in_response_to="SG13-LS136", title="LS/r on x (reply to SG13-LS136)"))
    assert statement.is_reply
    assert statement.in_response_to.value.number == "SG13-LS136"


def test_attachments_are_named() -> None:
    statement = read_back(replace(PLAIN, attachments=["list.xlsx", "annex.pdf"]))
    assert statement.attachments.value == ("list.xlsx", "annex.pdf")


def test_the_body_is_read_back_and_begins_after_the_header() -> None:
    statement = read_back(replace(PLAIN, body="# 1 Overlaps\n\nSG13 has **Y.3803**.\n\n- one\n- two"))
    assert statement.body.splitlines() == ["1 Overlaps", "SG13 has Y.3803.", "one", "two"]


def test_groups_are_written_in_one_way() -> None:
    assert groups_of("Study Group 13, sg17; ETSI ISG QKD; none") == ("ITU-T SG13", "ITU-T SG17", "ISG QKD")
    assert [tidy_name(one) for one in names_in("; ".join(GROUPS))] == list(GROUPS)


def test_markdown_becomes_paragraphs_lists_and_links() -> None:
    body = "A [link](https://example.org/?a=1&b=2), *so*.\n\n1. first\n2. second\n\n> said\n\n```\ncode\n```"
    content = write(replace(PLAIN, body=body))
    document = Document(io.BytesIO(content))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert styles["said"] == "Quote"
    assert styles["1.\tfirst"] == styles["2.\tsecond"] == "Numbered Item"
    assert "https://example.org/?a=1&b=2" in [one.target_ref for one in document.part.rels.values() if one.is_external]


def test_a_table_in_the_body_is_a_table() -> None:
    document = Document(io.BytesIO(write(replace(PLAIN, body="| a | b |\n|---|---|\n| 1 | {2} |"))))
    assert [[cell.text for cell in row.cells] for row in document.tables[1].rows] == [["a", "b"], ["1", "{2}"]]


def test_a_link_that_is_no_web_address_is_only_text() -> None:
    document = Document(io.BytesIO(write(replace(PLAIN, body="[here](file:///etc/passwd) [x](javascript:alert)"))))
    assert not [one for one in document.part.rels.values() if one.is_external and "example" not in one.target_ref]


def test_what_people_write_is_never_a_template() -> None:
    assert "{{ 7*7 }} {% if %}" in text_of(replace(PLAIN, body="{{ 7*7 }} {% if %}"))


def test_the_document_says_what_it_is_and_of_when() -> None:
    at = datetime(2027, 1, 31, 9, 0, tzinfo=UTC)
    content = write(replace(PLAIN, title=f"LS on <{'x' * 290}> & more", made_at=at))
    said = Document(io.BytesIO(content)).core_properties
    assert said.title.startswith("LS on <xxx")
    assert (said.author, said.subject) == ("JCA-QKDN", "JCA-QKDN-LS5")
    assert said.created == at


def test_a_draft_says_that_it_is_one() -> None:
    cells = [
        cell.text
        for row in Document(io.BytesIO(write(replace(PLAIN, is_draft=True)))).tables[0].rows
        for cell in row.cells
    ]
    assert "DRAFT LIAISON STATEMENT" in cells


def test_the_template_that_comes_with_the_bot_does() -> None:
    assert problem_of("") == ""


def test_an_own_template_is_used(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Our own form: {{ title }} to {{ action }}")
    document.save(str(tmp_path / "own.docx"))
    own = str(tmp_path / "own.docx")
    assert problem_of(own) == ""
    found = Document(io.BytesIO(write(PLAIN, own)))
    assert found.paragraphs[0].text == "Our own form: LS on overlaps to ITU-T SG13"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ titel }}", "'titel' is undefined"),
        ("{{ title", "unexpected"),
        ("{% for x in y %}", "endfor"),
        ("nothing", "does not show the title"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_it_is_said_why_an_own_template_does_not_do(tmp_path: Path, text: str, said: str) -> None:
    document = Document()
    document.add_paragraph(text)
    document.save(str(tmp_path / "own.docx"))
    assert said in problem_of(str(tmp_path / "own.docx"))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
def test_a_file_that_is_no_word_document_is_no_template(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.docx").write_bytes(content)
    with pytest.raises(Unfit):
        write(PLAIN, str(tmp_path / "own.docx"))


def test_a_zip_that_is_no_word_document_is_no_template(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "own.docx", "w") as archive:
        archive.writestr("a.txt", "x")
    assert problem_of(str(tmp_path / "own.docx"))


def test_file_names_are_plain() -> None:
    assert file_name("JCA/QKDN LS 5") == "JCA-QKDN-LS-5.docx"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    (tmp_path / "statement.docx").write_bytes(write(PLAIN))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    line = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "statement.docx"),
    ]
    subprocess.run(line, check=True, capture_output=True, timeout=100)
    assert (tmp_path / "statement.pdf").read_bytes().startswith(b"%PDF")
