"""How long it takes to put 10,000 deliveries into the outbox, against a bare `executemany` of the same rows."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
import tracemalloc
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from storage.database import Database
from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, in_milliseconds, report
from tests.benchmarks.outbox import made_targets, put

BAR, MEMORY_BAR = 3.0, 2.0
PEOPLE, ROUNDS, WARM_UP = 10_000, 7, 2


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(databases.sample(Path(folder))))


async def _measured(path: Path) -> list[Figure]:
    database = Database(f"sqlite:///{path}")
    targets = await made_targets(database, "slack", [f"T1/U{number}" for number in range(PEOPLE)])
    taken: list[tuple[float, float]] = []
    for number in range(WARM_UP + ROUNDS):
        start = time.perf_counter()
        await put(database, targets, f"bench:{number}")
        ours = time.perf_counter() - start
        bare = await asyncio.to_thread(_bare, path)
        if number >= WARM_UP:
            taken.append((ours, bare))
    many, few = await _peak(database, targets, "many"), await _peak(database, targets[: PEOPLE // 10], "few")
    await database.close()
    ours, bare = (median(one) for one in zip(*taken, strict=True))
    what = f"putting {PEOPLE:,} deliveries into the outbox / a bare executemany ({in_milliseconds(ours, bare)})"
    return [
        (what, ours / bare, BAR),
        (f"peak memory of putting {PEOPLE:,} deliveries / of a tenth of them", many / few, MEMORY_BAR),
    ]


def _bare(path: Path) -> float:
    """Take the rows out again and put them back; gives the seconds of the latter."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = NORMAL")
        names = [row[1] for row in connection.execute("PRAGMA table_info(deliveries)") if row[1] != "id"]
        rows: Sequence[Any] = connection.execute(f"SELECT {', '.join(names)} FROM deliveries").fetchall()
        _empty(connection)
        start = time.perf_counter()
        places = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO deliveries ({', '.join(names)}) VALUES ({places})", rows)
        connection.commit()
        took = time.perf_counter() - start
        _empty(connection)
        return took


def _empty(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM deliveries")
    connection.commit()


async def _peak(database: Database, targets: Sequence[int], cause: str) -> float:
    tracemalloc.start()
    await put(database, targets, cause)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak)


if __name__ == "__main__":
    sys.exit(report(measure))
