"""How long 43,000 roadmap rows take to go in, against reading them and a bare `executemany`.

`python -m tests.benchmarks.import_large [FILE]`; without a file, and without one that LIAISON_BOT_BENCHMARK_ROADMAP
names, it makes its own.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from storage.database import Database
from storage.transfer import import_file
from storage.transfer.columns import names
from storage.transfer.kinds.roadmap import Row
from storage.upgrade import upgrade
from tests.benchmarks.figures import Figure, report

BAR = 5.0
MEMORY_BAR = 2.0
ROWS = 43_000
ROUNDS = 5
COLUMNS = names(Row)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def measure() -> list[Figure]:
    """The figures; the best of several rounds each, taken in turn."""
    with tempfile.TemporaryDirectory() as folder:
        large = _file(Path(folder))
        bare, imported = [], []
        for number in range(ROUNDS):
            bare.append(_bare(large, Path(folder) / f"bare{number}.db"))
            imported.append(_import(large, Path(folder) / f"import{number}.db"))
        ratio = min(imported) / min(bare)
        growth = _peak(large, Path(folder) / "large.db") / _peak(_part(large, Path(folder)), Path(folder) / "part.db")
    return [
        ("import of 43,000 rows, checked and indexed / reading and a bare executemany", ratio, BAR),
        ("peak memory of importing 43,000 rows / of a tenth of them", growth, MEMORY_BAR),
    ]


def made_rows(count: int) -> Iterator[list[str]]:
    """Rows as a large standards body has them: many editions, long titles, few words."""
    chance = random.Random(4)  # the same file every time
    words = ["".join(chance.choices("bcdfglmnprst", k=2)) + chance.choice(_ENDINGS) for _ in range(6_000)]
    weights = [1 / (place + 10) for place in range(len(words))]
    title = ""
    for number in range(count):
        edition = number % 3
        if not edition:
            named = [word for word in _NAMED if chance.random() < 0.06]
            title = " ".join([*named, *chance.choices(words, weights, k=chance.randint(9, 24))]).capitalize()
        base, date = f"{100 + number // 3000} {number // 3 % 1000:03}", f"{1995 + edition * 9}-0{1 + number % 9}"
        version = f"{edition + 1}.1.1"
        yield [
            f"etsi-ts-{base.replace(' ', '-')}-v{version}", "ETSI", f"ISG G{number % 40}" if number % 3 == 1 else "",
            "", f"TS {base} V{version} ({date})", title, "Technical Specification", "published", date, version, "", "",
            f"https://standards.example.org/deliverables/item?number={number}", "yes",
        ]  # fmt: skip


_ENDINGS = ("ation", "ing", "ed", "s", "al", "ement", "work", "ity", "er", "ional", "90", "ology")
_NAMED = ("quantum", "key", "security", "network", "management", "protocols", "interface", "requirements", "mobile")


def _file(folder: Path) -> Path:
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("LIAISON_BOT_BENCHMARK_ROADMAP")
    if named:
        return Path(named)
    return saved(folder / "large.csv.gz", made_rows(ROWS))


def _part(large: Path, folder: Path) -> Path:
    with gzip.open(large, "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        return saved(folder / "part.csv.gz", (row for _, row in zip(range(ROWS // 10), rows, strict=False)))


def saved(path: Path, rows: Iterator[list[str]]) -> Path:
    """Write a gzipped CSV file with these rows."""
    with gzip.open(path, "wt", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _bare(large: Path, path: Path) -> float:
    def work() -> None:
        with gzip.open(large, "rt", encoding="utf-8", newline="") as text:
            head, *rows = csv.reader(text)
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE bare (" + ", ".join(f'"{name}" TEXT' for name in head) + ")")
        connection.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(head))})", rows)
        connection.commit()
        connection.close()

    return _timed(work)


def _import(large: Path, path: Path) -> float:
    async def work() -> float:
        database = Database(f"sqlite:///{path}")
        await upgrade(database)
        start = time.perf_counter()
        await import_file(database, "roadmap", large, NOW)
        took = time.perf_counter() - start
        await database.close()
        return took

    return asyncio.run(work())


def _peak(large: Path, path: Path) -> float:
    """The highest resident memory, in MB, of a process that imports the file."""
    command = [sys.executable, "-c", _CHILD, str(large), str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


_CHILD = """
import sys
from pathlib import Path
from tests.benchmarks.import_large import import_alone
print(import_alone(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def import_alone(large: Path, path: Path) -> float:
    """Import the file; gives the process's highest resident memory in MB."""
    _import(large, path)
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage tells on Linux begins with the memory of the parent process.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return psutil.Process().memory_info().rss / 1024 / 1024


if __name__ == "__main__":
    sys.exit(report(measure))
