"""First use: a database with the sample, where there is none."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from storage.database import Database, DatabaseUnfit
from storage.transfer import load_sample
from storage.upgrade import upgrade


async def make_sample(path: Path, now: datetime) -> None:
    """Make a database with the sample at a path. It is there whole or not at all; one that is there stays.

    Raises `DatabaseUnfit`.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        await _fill(unfinished, now)
        _put(unfinished, path)
    except OSError as error:
        raise DatabaseUnfit(
            f"no database can be made at {path}: {error.strerror}", "name another file in LIAISON_BOT_DATABASE_URL"
        ) from error
    finally:
        for left in path.parent.glob(f"{unfinished.name}*"):
            left.unlink(missing_ok=True)


async def _fill(path: Path, now: datetime) -> None:
    made = Database(f"sqlite:///{path}")
    try:
        await upgrade(made)
        await load_sample(made, now)
    finally:
        await made.close()


def _put(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)
    except FileExistsError:
        return  # another session was first
    except OSError:
        unfinished.rename(path)  # a file system without links
