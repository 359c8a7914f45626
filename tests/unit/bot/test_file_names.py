"""File names from people: plain names that keep what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.file_names import LONGEST, safe_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("report.docx", "report.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("re\x00po\nrt.pdf", "repo rt.pdf"),
        ("量子鍵配送の報告.docx", "量子鍵配送の報告.docx"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("отчёт.pdf", "отчёт.pdf"),
        ("fdp.\u202eexe", "fdp.exe"),
        ("..", "file"),
        ("", "file"),
        ("con.txt", "_con.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("\ud800.txt", "_.txt"),
    ],
)
def test_a_name_is_made_plain(name: str, plain: str) -> None:
    assert safe_name(name) == plain


def test_a_long_name_keeps_its_suffix() -> None:
    name = safe_name("a" * 300 + ".docx")
    assert len(name) <= LONGEST
    assert name.endswith("….docx")


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_empty(name: str) -> None:
    plain = safe_name(name)
    assert plain.strip()
    assert not {"/", "\\", "\x00", "\n"} & set(plain)
    assert plain not in (".", "..")
    assert len(plain.encode()) <= 255
    assert safe_name(plain)
