"""The command line: what is said of settings that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.command_line import run_line


@pytest.mark.parametrize(
    "written", [b'host_group = "Z\xfcrich"\n', b"host_group = \n"], ids=["not in UTF-8", "not in TOML"]
)
def test_a_settings_file_that_cannot_be_read_is_told_in_one_line(
    written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "liaison-bot.toml").write_bytes(written)
    monkeypatch.chdir(tmp_path)
    assert run_line(["migrate"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("liaison-bot: liaison-bot.toml cannot be read: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("given", ["bot.example.org", "bot.example.org:8443", "https://", "mailto:bot@example.org"])
def test_a_public_url_that_no_browser_opens_is_told_in_one_line(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIAISON_BOT_PUBLIC_URL", given)
    assert run_line(["migrate"]) == 2
    said = capsys.readouterr().err
    assert "LIAISON_BOT_PUBLIC_URL is wrong" in said
    assert said.count("\n") == 1
