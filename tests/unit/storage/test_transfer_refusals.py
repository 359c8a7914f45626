"""Files that cannot be read at all are refused in words."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.transfer import FileRefused, export_file, import_file

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = b"code,name,aliases\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.csv", b"code,name\nx,y\n", "missing: aliases"),
        ("a.csv", b"code,name,aliases,colour\n", "unknown: colour"),
        ("a.csv", b"code,name,aliases,name\n", "twice: name"),
        ("a.csv", b"code;name;aliases\n", "missing: code"),
        ("a.csv", HEAD + b"caf\xe9,x,\n", "not UTF-8 text: it holds the byte 0xE9"),
        ("a.csv", HEAD + b"a\x00b,x,\n", "NUL"),
        ("a.csv", (HEAD + b"x,y,\n").decode().encode("utf-16"), "UTF-16"),
        ("a.csv", HEAD + b'x,"y,\n', "well-formed CSV"),
        ("a.csv", HEAD + b'x,"y"z,\n', "well-formed CSV"),
        ("a.csv", HEAD + b"x," + b"y" * 200_000 + b",\n", "well-formed CSV"),
        ("a.csv", HEAD + b"x," + b"y" * 20_001 + b",\n", "1 problem"),
        ("a.csv", b"PK\x03\x04rest", "spreadsheet"),
        ("a.csv.gz", gzip.compress(HEAD + os.urandom(999).hex().encode(), mtime=0)[:-300], "cut off"),
        ("a.csv.gz", gzip.compress(gzip.compress(HEAD, mtime=0), mtime=0), "twice"),
        ("a.csv.gz", gzip.compress(HEAD + b"x,y,\n" * 400_000, mtime=0), "more than 1,000,000 bytes"),
        ("a.json", b"", "empty"),
        ("a.json", b"{}", "not a list"),
        ("a.json", b"[1, [2], null]", "3 problems"),
        ("a.json", b'[{"code": "a", "name": "b"}]', "1 problem"),
        ("a.json", b'[{"code": "a", "code": "a", "name": "b", "aliases": ""}]', "1 problem"),
        ("a.json", b'[{"code": "a", "name": "b\\u0000", "aliases": ""}]', "1 problem"),
        ("a.json", b'[{"code": "a", "name": "\\ud800", "aliases": ""}]', "1 problem"),
        ("a.json", b'[{"code": "a", "name": 1.5, "aliases": {}}]', "2 problems"),
        ("a.json", b'[{"code": "a", "name": "b", "aliases": ""}', "cut off"),
        ("a.json", b'[{"code": "a", "name": "b", "aliases": ""}] x', "after the end"),
        ("a.json", b"[" * 100_000, "well-formed JSON"),
        ("a.json", b"[" + b"9" * 10_000 + b"]", "well-formed JSON"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_in_words(
    database: Database, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=says):
        await import_file(database, "topics", path, NOW, largest=1_000_000)


async def test_what_is_no_file_is_refused(database: Database, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path, says in ((tmp_path, "folder"), (tmp_path / "none.csv", "no file"), (tmp_path / "pipe.csv", "regular")):
        with pytest.raises(FileRefused, match=says):
            await import_file(database, "topics", path, NOW)


async def test_problems_found_before_a_file_breaks_off_are_told(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    path.write_bytes(HEAD + b"x,,\n" * 1_000 + b'x,"y"z,\n')
    with pytest.raises(FileRefused) as caught:
        await import_file(database, "topics", path, NOW)
    assert caught.value.count >= 1_000


@pytest.mark.parametrize("name", ["topics", "topics.txt", "folder/topics.csv", "taken.csv"])
async def test_an_export_that_cannot_be_written_leaves_nothing(sample: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / "taken.csv").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileRefused):
        async for _ in export_file(sample, "topics", tmp_path / name):
            pass
    assert sorted(tmp_path.iterdir()) == before
