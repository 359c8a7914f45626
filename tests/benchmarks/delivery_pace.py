"""How near to Telegram's limit of 30 messages a second the outbox sends, without ever exceeding it.

It takes 100 seconds, since 3,000 people cannot be told faster; `python -m tests.benchmarks.delivery_pace 300` tells as
many as one likes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import databases
from tests.benchmarks.fake_servers import served
from tests.benchmarks.figures import Figure, report
from tests.benchmarks.outbox import opened

BAR = 1.03
PEOPLE, PER_SECOND = 3_000, 30


def measure(people: int = PEOPLE) -> list[Figure]:
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(f"sqlite:///{databases.sample(Path(folder))}", people))


async def _measured(url: str, people: int) -> list[Figure]:
    async with served(people) as (servers, seen), opened(url, servers, limits=None) as outbox:
        await outbox.put("telegram", "bench")
        start = time.perf_counter()
        await outbox.sent("telegram")
        took = time.perf_counter() - start
    floor = people / PER_SECOND
    return [
        (
            f"{people:,} people told at {PER_SECOND} a second / the floor ({took:.1f} s / {floor:.0f} s)",
            took / floor,
            BAR,
        ),
        ("sends that were refused or came too early, and one / one", 1.0 + seen.refused + seen.excesses, 1.0),
    ]


if __name__ == "__main__":
    chosen = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    sys.exit(report(partial(measure, chosen)))
