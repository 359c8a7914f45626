"""Files at a terminal: `file PATH` sends one, with a command line behind it or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.arrival import Message
from bot.platforms.terminal.files import sent
from bot.platforms.terminal.platform import TerminalPlatform
from storage.database import Database
from tests.end_to_end.papers import add_paper
from tests.talk import Talk


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("file /a/report.pdf", "report.pdf", ""),
        ("file 'my report.pdf' paper add title=\"It's here\"", "my report.pdf", 'paper add title="It\'s here"'),
        ("FILE ./x announce Hello", "x", "announce Hello"),
    ],
)
def test_a_line_sends_a_file(line: str, name: str, rest: str) -> None:
    found = sent(line)
    assert found is not None
    assert (found[0].name, found[1]) == (name, rest)


@pytest.mark.parametrize("line", ["file sharing rules", "files", "what is a file?", "file a\x00.b"])
def test_a_sentence_sends_none(line: str) -> None:
    found = sent(line)
    assert found is None or "\x00" in line


async def test_a_file_of_this_machine_is_kept_and_used(sample: Database, tmp_path: Path) -> None:
    talk = Talk(sample, add_paper)
    platform = TerminalPlatform("ada", talk.desk.settled)
    talk.desk.add(platform)
    await platform.start(talk.desk)
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7")
    done = await platform.ask("paper add title=Here", files=[path])
    assert isinstance(done, Message)
    assert "Here: report.pdf application/pdf 8" in talk.plain(done)
    gone = await platform.ask("", files=[tmp_path / "nothing.pdf"])
    assert isinstance(gone, Message)
    assert "nothing.pdf: there is no such file. Type file and the right path" in talk.plain(gone)
    folder = await platform.ask("", files=[tmp_path])
    assert isinstance(folder, Message)
    assert "this is a folder" in talk.plain(folder)
