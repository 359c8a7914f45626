"""`liaison-bot read-liaison`: what would be logged of a liaison statement, without logging it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.command_line import Failure, Usage
from bot.settings import Settings
from handlers.liaison.reading.apart import read_apart
from handlers.liaison.reading.flat import flat, lines
from handlers.liaison.reading.reader import LARGEST, too_large
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a .docx, .pdf, .eml or .txt file; - reads a text from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


async def run(chosen: argparse.Namespace, _settings: Settings) -> int:
    """Print what was read. Fails where the file is no statement."""
    try:
        statement = await read_apart(*_content(chosen.file))
    except Unreadable as unreadable:
        raise Failure(f"{unreadable.message} {unreadable.hint}".strip()) from unreadable
    sys.stdout.write("\n".join(_said(statement, as_json=chosen.json)) + "\n")
    return 0


def _said(statement: ReadStatement, *, as_json: bool) -> Iterator[str]:
    if as_json:
        yield json.dumps(flat(statement), ensure_ascii=False)
    else:
        yield from lines(statement)


def _content(given: str) -> tuple[str, bytes]:
    """The name and the content of a file, of which no more is read than a statement may have."""
    if given == "-":
        return "text.txt", sys.stdin.buffer.read(LARGEST + 1)
    path = Path(given)
    if not path.exists():
        raise Usage(f"there is no file {given!r}; type liaison-bot read-liaison FILE")
    if not path.is_file():
        raise Usage(f"{given!r} is no file; type liaison-bot read-liaison FILE")
    try:
        size = os.stat(path).st_size
        if size > LARGEST:
            raise too_large(size)
        with path.open("rb") as file:
            return path.name, file.read(LARGEST + 1)
    except OSError as error:
        raise Failure(f"{given} cannot be read: {error.strerror}") from error
