"""What an idle `run` with both platforms takes of a processor, over 30 seconds."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, report
from tests.benchmarks.idle_memory import BOT, idling

BAR = 1.0
SHARE = 0.005
SECONDS = 30


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        share = asyncio.run(_share(databases.sample(Path(folder))))
    return [(f"processor time of an idle run / {SHARE:.1%} of it ({share:.2%})", share / SHARE, BAR)]


async def _share(database: Path) -> float:
    async with idling(BOT, database) as process:
        before, start = process.cpu_times(), time.perf_counter()
        await asyncio.sleep(SECONDS)
        after = process.cpu_times()
        return (after.user + after.system - before.user - before.system) / (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(report(measure))
