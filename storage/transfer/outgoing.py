"""Exporting a kind: CSV or JSON, compressed or not, a whole file or none."""

from __future__ import annotations

import gzip
import io
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database, unfit
from storage.transfer import csv_file, json_file
from storage.transfer.kind import Kind, kind_named
from storage.transfer.problems import FileRefused

Counted = tuple[int, int]
"""Rows written, and rows there are."""


async def export_file(database: Database, kind: str, path: Path) -> AsyncIterator[Counted]:
    """Write all rows of a kind to a file named `.csv` or `.json`, either with `.gz`; tells how far it is.

    The file is there when the iteration ends, and not before. Raises `FileRefused`, and `DatabaseUnfit`.
    """
    is_json = _is_json(path)
    with _whole_file(path) as raw, _text(raw, path.name.lower().endswith(".gz")) as out:
        async for counted in write(database, kind, out, is_json):
            yield counted


async def write(database: Database, kind: str, out: TextIO, is_json: bool = False) -> AsyncIterator[Counted]:
    """Write all rows of a kind; tells how far it is."""
    try:
        async with database.reading() as session:
            connection = await session.connection(execution_options=_one_state(database))
            async for counted in _rows(connection, kind_named(kind), out, is_json):
                yield counted
    except DBAPIError as error:
        raise unfit(error, database.url) from error


async def _rows(connection: AsyncConnection, kind: type[Kind], out: TextIO, is_json: bool) -> AsyncIterator[Counted]:
    rows = kind(connection)
    await rows.begin()
    total, written = await rows.count(), 0
    columns = await rows.columns()
    out.write("[" if is_json else csv_file.header(columns))
    async for page in rows.pages():
        cells = [row.cells for row in page]
        if is_json:
            json_file.write(columns, cells, out, first=not written)
        else:
            csv_file.write(columns, cells, out)
        written += len(page)
        yield written, total
    if is_json:
        out.write("\n]\n" if written else "]\n")


def _one_state(database: Database) -> dict[str, str]:
    # PostgreSQL would else show each page the state of its own moment.
    return {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}


def _is_json(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith((".csv", ".json")):
        raise FileRefused(f"{path.name} says no format", "the name must end with .csv, .json, .csv.gz or .json.gz")
    return name.endswith(".json")


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file in the same folder that takes the name at the end, or goes."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise FileRefused(f"{path} is not a regular file", "name another file")
    part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(target)
    except OSError as error:
        raise FileRefused(
            f"{path} cannot be written: {error.strerror or error}", "check the folder and its rights"
        ) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _text(raw: BinaryIO, is_gzip: bool) -> Iterator[TextIO]:
    # Without name and time in its head, the same rows make the same file.
    inner = cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0)) if is_gzip else raw
    out = io.TextIOWrapper(inner, encoding="utf-8", newline="")
    try:
        yield out
        out.flush()
    finally:
        out.detach()
        if is_gzip:
            inner.close()
