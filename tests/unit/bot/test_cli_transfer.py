"""The command line of the shared database: init, migrate, import, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.main import main
from storage.transfer.sample import KINDS


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIAISON_BOT_DATABASE_URL", f"sqlite:///{tmp_path}/own.db")
    return tmp_path


def test_init_makes_a_database_with_the_sample_and_is_harmless_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--sample"]) == 0
    assert "roadmap: 239 added, 0 changed, 0 unchanged" in capsys.readouterr().out
    assert main(["init", "--sample"]) == 0
    assert "sample: nothing to change" in capsys.readouterr().out


def test_migrate_says_from_which_version_to_which(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert "made, version" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert "nothing to change" in capsys.readouterr().out


def test_what_is_exported_goes_in_again_without_a_change(capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", "--sample"])
    for kind in KINDS:
        assert main(["export", kind, f"{kind}.json.gz"]) == 0
        assert main(["import", kind, f"{kind}.json.gz"]) == 0
    assert capsys.readouterr().out.count("; nothing to change\n") == len(KINDS)


def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["init", "--sample"])
    capfdbinary.readouterr()
    assert main(["export", "topics", "-"]) == 0
    out = capfdbinary.readouterr().out
    assert out.startswith(b"code,name,aliases\nqkd,")
    assert out.count(b"\n") == 33


def test_a_dry_run_shows_old_and_new(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", "--sample"])
    topics = [{"code": "sdn", "name": "Controllers\x1b[2J", "aliases": "SDN"}]
    (elsewhere / "topics.json").write_text(json.dumps(topics))
    assert main(["import", "topics", "topics.json", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "row 1, 'sdn': changed" in out
    assert "  name: 'Software-defined networking control' -> 'Controllers\\x1b[2J'" in out
    assert "topics: 0 added, 1 changed, 0 unchanged (dry run: nothing was written)" in out


def test_problems_are_listed_and_the_status_is_1(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init"])
    (elsewhere / "meetings.csv").write_text(
        "number,title,start,end,timezone,place,mode,status,colocated_with,report,executive_summary,note\n"
        "0,First,2025-02-30,,Mars/Base,,physical,held,,,,\n"
    )
    assert main(["import", "meetings", "meetings.csv"]) == 1
    errors = capsys.readouterr().err
    for column in ("number: '0'", "start: '2025-02-30'", "timezone: 'Mars/Base'"):
        assert f"row 2, {column} is not allowed; allowed: " in errors
    assert "the file has 3 problems; nothing was imported" in errors


@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        (["import", "birds", "x.csv"], 2, "there is no kind 'birds'"),
        (["export", "birds", "x.csv"], 2, "there is no kind 'birds'"),
        (["import", "topics"], 2, "FILE"),
        (["import", "topics", "none.csv"], 1, "there is no file none.csv"),
        (["export", "topics", "x.doc"], 1, "must end with .csv"),
    ],
)
def test_a_wrong_use_is_told_in_one_line(
    line: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init"])
    capsys.readouterr()
    assert main(line) == status
    errors = capsys.readouterr().err
    assert says in errors
    assert errors.count("\n") == 1


def test_without_a_database_one_is_told_to_make_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "topics", "x.csv"]) == 1
    assert "liaison-bot init" in capsys.readouterr().err
