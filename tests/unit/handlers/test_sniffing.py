"""Sniffing: a file is what its content says, and programs are known whatever they are called."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.sniffing import UNKNOWN, is_program, media_type


def archive(*names: str, mimetype: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "report.txt", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "photo", "image/png"),
        (DOCX, "a.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive("a.txt"), "a.docx", "application/zip"),
        (
            archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
            "a.odt",
            "application/vnd.oasis.opendocument.text",
        ),
        ("Zürich\n".encode(), "notes", "text/plain"),
        (b"a,b\n1,2\n", "table.csv", "text/csv"),
        ("Zürich".encode("latin-1"), "old.txt", "text/plain"),
        (b" <!DOCTYPE html><html>", "report.pdf", "text/html"),
        (b"\x00\x01\x02", "report.pdf", UNKNOWN),
        (b"MZ is how this text begins", "text.txt", "text/plain"),
    ],
)
def test_the_content_says_what_it_is(content: bytes, name: str, kind: str) -> None:
    assert media_type(content, name) == kind
    assert not is_program(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03\x00", "report.docx"),
        (b"\x7fELF\x02\x01", "report"),
        (b"\xcf\xfa\xed\xfe\x07", "report.pdf"),
        (b"\xca\xfe\xba\xbe\x00\x00", "a.class"),
        (b"#!/bin/sh\nrm -rf ~", "notes.txt"),
        (b"\xef\xbb\xbf#!/usr/bin/env python3", "notes.md"),
        (archive("META-INF/MANIFEST.MF", "A.class"), "a.docx"),
        (b"start calc", "report.pdf.BAT"),
    ],
)
def test_programs_are_known_whatever_they_are_called(content: bytes, name: str) -> None:
    assert is_program(content, name)


@given(st.binary(max_size=600), st.sampled_from([b"", b"PK\x03\x04", DOCX[:60], b"MZ", b"RIFF"]), st.text(max_size=20))
def test_whatever_comes_is_something(rest: bytes, head: bytes, name: str) -> None:
    assert "/" in media_type(head + rest, name)
    is_program(head + rest, name)
