"""`liaison-bot read-liaison`: prints what a statement says, and logs nothing."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from bot.main import main

SAMPLES = Path(__file__).parents[2] / "data" / "liaisons"


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without settings and without a database."""
    monkeypatch.chdir(tmp_path)


def test_a_statement_is_printed_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["read-liaison", str(SAMPLES / "sg13-ls136.docx"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    expected = json.loads((SAMPLES / "sg13-ls136.docx.json").read_text("utf-8"))
    assert {key: said[key] for key in expected} == expected
    assert said["deadline_kind"] == "none"
    assert said["found"]["deadline"] == {"where": "header table, row “Deadline”", "sure": "certain"}
    assert list(tmp_path.iterdir()) == []


def test_a_statement_is_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read-liaison", str(SAMPLES / "sg15-reply.docx")]) == 0
    said = capsys.readouterr().out
    assert "Deadline:         2018-01-22" in said
    assert "For action:       Q11/17" in said
    assert "In reply to:" in said


def test_a_text_is_read_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (SAMPLES / "sg11-2025-12.txt").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    assert main(["read-liaison", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["deadline"] == "unknown"


def test_what_is_no_statement_fails_with_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Jane,\nplease pay.\n", "utf-8")
    assert main(["read-liaison", str(letter)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("liaison-bot: This is no liaison statement")
    assert captured.err.count("\n") == 1


def test_a_file_that_is_too_large_is_not_even_opened(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    large = tmp_path / "large.docx"
    with large.open("wb") as file:
        file.truncate(100 * 2**20)
    assert main(["read-liaison", str(large)]) == 1
    assert "100 MB" in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["missing.docx"], ["."]])
def test_a_wrong_use_says_what_to_type(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read-liaison", *given]) == 2
    assert "read-liaison" in capsys.readouterr().err
