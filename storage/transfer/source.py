"""The text of a file to import: gzip undone, sizes limited, encoding checked."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from storage.transfer.problems import FileRefused

LARGEST = 1_000_000_000
"""Bytes of text that a file may hold, after decompression."""

Progress = Callable[[int, int], None]
"""Is told how many bytes of the file are read, and how many it has."""

_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 18
_FOREIGN = {
    b"PK\x03\x04": ("a spreadsheet or a zip archive", "save the sheet as 'CSV UTF-8'"),
    b"\xff\xfe": ("UTF-16 text", "save it as UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "save it as UTF-8"),
    b"%PDF": ("a PDF document", "a CSV or JSON file is needed"),
    b"SQLi": ("an SQLite database", "a CSV or JSON file is needed"),
}


class _Bytes(io.RawIOBase):
    """The bytes of the text; says on the way what cannot be text."""

    def __init__(self, inner: BinaryIO, largest: int) -> None:
        self._inner = inner
        self._largest = largest
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(cast(bytearray, target))
        block = self._inner.read(len(view))
        self._count += len(block)
        if self._count > self._largest:
            raise FileRefused(f"the file holds more than {self._largest:,} bytes of text", "split it into several")
        if b"\0" in block:
            raise FileRefused("the file holds NUL bytes: it is not UTF-8 text", "save it as UTF-8 text")
        view[: len(block)] = block
        return len(block)


class Source:
    """An open file: `text`, and how far it is read."""

    def __init__(self, raw: BinaryIO, text: TextIO, size: int, progress: Progress | None) -> None:
        self.text = text
        self._raw = raw
        self._size = size
        self._progress = progress

    def tell_progress(self) -> None:
        if self._progress:
            self._progress(self._raw.tell(), self._size)


@contextmanager
def opened(path: Path, progress: Progress | None = None, largest: int = LARGEST) -> Iterator[Source]:
    """The text of the file, UTF-8 with or without a byte order mark, gzip or not. Raises `FileRefused`."""
    _expect_file(path)
    try:
        with path.open("rb") as raw:
            text = _text(raw, largest)
            yield Source(raw, text, path.stat().st_size, progress)
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        raise FileRefused(f"the file is not UTF-8 text: it holds the byte 0x{wrong:02X}", "save it as UTF-8") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused("the compressed file is damaged or cut off", "make or fetch it again") from error
    except OSError as error:
        raise FileRefused(
            f"{path} cannot be read: {error.strerror or error}", "check the name and its rights"
        ) from error


def _expect_file(path: Path) -> None:
    try:
        exists, is_folder, is_file = path.exists(), path.is_dir(), path.is_file()
    except (OSError, ValueError) as error:
        raise FileRefused(f"{str(path)!r} is no name of a file", "check the name") from error
    if not exists:
        raise FileRefused(f"there is no file {path}", "check the name")
    if is_folder:
        raise FileRefused(f"{path} is a folder, not a file", "name a CSV or JSON file in it")
    if not is_file:
        raise FileRefused(f"{path} is not a regular file", "name a CSV or JSON file")


def _text(raw: BinaryIO, largest: int) -> TextIO:
    inner: BinaryIO = raw
    start = _peek(raw)
    if start.startswith(_GZIP):
        with gzip.GzipFile(fileobj=raw) as first_look:
            start = first_look.read(4)
        raw.seek(0)
        inner = cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        if start.startswith(_GZIP):
            raise FileRefused("the file is compressed twice", "decompress it once")
    for beginning, (what, hint) in _FOREIGN.items():
        if start.startswith(beginning):
            raise FileRefused(f"the file is {what}", hint)
    buffered = io.BufferedReader(_Bytes(inner, largest), _BLOCK)
    return io.TextIOWrapper(buffered, encoding="utf-8-sig", newline="")


def _peek(raw: BinaryIO) -> bytes:
    start = raw.read(4)
    raw.seek(0)
    return start
