"""`liaison-bot export`: write a file from the database."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from bot.cli.import_command import expect_kind, in_words
from bot.cli.progress import ProgressBar
from bot.command_line import Failure
from bot.settings import Settings
from storage.database import Database
from storage.transfer import FileRefused, export_file, kind_names, write

_STANDARD_OUTPUT = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(kind_names()))
    parser.add_argument("file", metavar="FILE", help=".csv, .json, either with .gz; - is standard output, as CSV")


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    expect_kind(chosen.kind)
    database = Database(settings.database_url.get_secret_value())
    try:
        await database.check()
        if chosen.file == _STANDARD_OUTPUT:
            await _print(database, chosen.kind)
        else:
            written = await _save(database, chosen.kind, Path(chosen.file))
            sys.stdout.write(f"{chosen.kind}: {written} written to {chosen.file}\n")
    except FileRefused as refused:
        raise Failure(in_words(refused)) from refused
    finally:
        await database.close()
    return 0


async def _save(database: Database, kind: str, path: Path) -> int:
    written = 0
    with ProgressBar(f"exporting {kind}") as bar:
        async for done, total in export_file(database, kind, path):
            written = done
            bar(done, total)
    return written


async def _print(database: Database, kind: str) -> None:
    # Files are UTF-8 with plain line ends, whatever the terminal likes.
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        async for _ in write(database, kind, out):
            pass
        out.flush()
    finally:
        out.detach()
