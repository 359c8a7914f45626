"""A broadcast to 2,000 people on both platforms whose process is killed 30 times: who got it, and who got it twice."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database
from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, report
from tests.end_to_end.broadcasting import Broadcast, Options
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

PEOPLE, KILLS = 1_000, 30


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(databases.sample(Path(folder)), Path(folder)))


async def _measured(path: Path, folder: Path) -> list[Figure]:
    database = Database(f"sqlite:///{path}")
    async with SlackFake(check=False) as slack, TelegramFake(check=False) as telegram:
        slack.mode = "socket"
        broadcast = Broadcast(database, slack, telegram, folder)
        await broadcast.put(PEOPLE, PEOPLE)
        options, unrecorded = Options(doubt=30), 0
        for moment in sorted(random.Random(4).sample(range(1, 2 * PEOPLE), KILLS)):
            process = broadcast.start(options)
            await broadcast.reaches(moment)
            await process.kill()
            unrecorded += (await broadcast.states())["sending"]
        broadcast.start(options)
        await broadcast.settles(120)
        copies, deliveries = await broadcast.copies(), await broadcast.deliveries()
        await broadcast.end()
    await database.close()
    doubted = {one.id for one in deliveries if one.doubts}
    missed = sum(not count for count in copies.values())
    repeats = sum(count - 1 for count in copies.values() if count > 1)
    unnoticed = sum(count > 1 and id_ not in doubted for id_, count in copies.items())
    return [
        (f"{KILLS} kills: people of {2 * PEOPLE:,} who got nothing ({missed}), and one / one", 1.0 + missed, 1.0),
        (f"{KILLS} kills: repeats nobody knows of ({unnoticed}), and one / one", 1.0 + unnoticed, 1.0),
        (f"{KILLS} kills: repeats / sends not recorded then ({repeats} / {unrecorded})", repeats / unrecorded, 1.0),
    ]


if __name__ == "__main__":
    sys.exit(report(measure))
