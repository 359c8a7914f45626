"""Databases to measure against: the sample, and the sample among 43,000 more items. Kept in `.bench/`."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from storage.database import Database, head
from storage.transfer import import_file, load_sample
from storage.upgrade import upgrade
from tests.benchmarks.import_large import ROWS, made_rows, saved

FOLDER = Path(__file__).parents[2] / ".bench"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def sample(folder: Path) -> Path:
    """A fresh database with the sample, in that folder."""
    return Path(shutil.copy(_kept("sample", None), folder / "sample.db"))


def large(folder: Path) -> Path:
    """A fresh database with the sample and 43,000 items, in that folder."""
    named = os.environ.get("LIAISON_BOT_BENCHMARK_ROADMAP")
    rows = Path(named) if named else _made_file()
    return Path(shutil.copy(_kept(f"large-{rows.name.partition('.')[0]}", rows), folder / "large.db"))


def _made_file() -> Path:
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / "made.csv.gz"
    return path if path.exists() else saved(path, made_rows(ROWS))


def _kept(name: str, rows: Path | None) -> Path:
    """The database, made when it is not there yet; a new revision of the tables makes it anew."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}-{head()}.db"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        asyncio.run(_make(unfinished, rows))
        unfinished.rename(path)
    return path


async def _make(path: Path, rows: Path | None) -> None:
    database = Database(f"sqlite:///{path}")
    await upgrade(database)
    await load_sample(database, NOW)
    if rows:
        await import_file(database, "roadmap", rows, NOW)
    await database.close()
