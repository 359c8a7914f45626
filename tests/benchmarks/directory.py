"""Who represents whom: a directory of 10,000 representatives against one of 100."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from handlers.asking.ask import ask
from handlers.command import Place, Request
from storage.catalogue import CatalogueKeeper, raise_version
from storage.database import Database
from storage.people import Caller, Household, Newcomer, identify
from storage.tables import Body, Group, Person, Representative
from storage.words import RepresentativeKind, RepresentativeStatus
from tests.benchmarks import databases
from tests.benchmarks.databases import NOW
from tests.benchmarks.figures import INFORMATION, Figure, Lap, in_milliseconds, medians, report

BAR = 2.0
ROUNDS, WARM_UP = 60, 5
FEW, MANY = 100, 10_000
GROUPS = 2_000
"""Groups beside those of the sample, the same in both directories: five representatives each, or one of 20."""

QUESTIONS = (
    "who represents WP40?",
    "who is the representative of SG17",
    "contact of BODY1",
    "which groups does Person 80 represent?",
    "alternates of WP80",
    "who represented WP120 in 2022?",
)
WHOLE = ("how many representatives are there?", "list of representatives", "which groups have no representative?")
"""Questions about the whole directory: for information, as their answers grow with it."""


def measure() -> list[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("few", "many"):
            (folder / part).mkdir()
        return asyncio.run(_measured(databases.sample(folder / "few"), databases.sample(folder / "many")))


async def _measured(few: Path, many: Path) -> list[Figure]:
    directories = [await _Directory.opened(few, FEW), await _Directory.opened(many, MANY)]
    try:
        typical = [await _compared(directories, words) for words in QUESTIONS]
        whole = [await _compared(directories, words) for words in WHOLE]
    finally:
        for one in directories:
            await one.database.close()
    worst = max(typical)
    middle = sorted(typical)[len(typical) // 2]
    return [
        (f"who represents whom of 10,000 / of 100, typical ({middle[1]})", middle[0], BAR),
        (f"who represents whom of 10,000 / of 100, worst ({worst[1]})", worst[0], BAR),
        (f"the whole directory of 10,000 / of 100, worst ({max(whole)[1]})", max(whole)[0], INFORMATION),
    ]


async def _compared(directories: list[_Directory], words: str) -> tuple[float, str]:
    few, many = directories
    taken = await medians({"few": few.asked(words), "many": many.asked(words)}, ROUNDS, WARM_UP)
    return taken["many"] / taken["few"], in_milliseconds(taken["many"], taken["few"])


class _Directory:
    """A directory with so many representatives, and somebody who asks it."""

    def __init__(self, database: Database, caller: Caller) -> None:
        self.database = database
        self._caller = caller
        self._keeper = CatalogueKeeper()

    @classmethod
    async def opened(cls, path: Path, amount: int) -> _Directory:
        database = Database(f"sqlite:///{path}")
        household = Household(ZoneInfo("Europe/Zurich"))
        async with database.writing() as session:
            caller = await identify(session, Newcomer("telegram", "1"), household, NOW)
            body = await session.scalar(insert(Body).values(code="BODY1", name="Body One").returning(Body.id))
            names = [{"code": f"WP{number}", "name": f"Working Party {number}"} for number in range(GROUPS)]
            await session.execute(insert(Group).values(body_id=body), names)
            groups = list(await session.scalars(select(Group.id).order_by(Group.id)))
            first = (await session.scalar(select(func.max(Person.id))) or 0) + 1
            persons = [{"id": first + number, "name": f"Person {number}"} for number in range(amount)]
            await session.execute(insert(Person).values(created_at=NOW), persons)
            await session.execute(insert(Representative), list(_rows(groups, first, amount)))
            await raise_version(session, NOW)
        return cls(database, caller)

    def asked(self, words: str) -> Lap:
        async def lap() -> float:
            async with self.database.reading() as session:
                request = Request(
                    session=session,
                    catalogue=await self._keeper.current(session),
                    commands=(),
                    caller=self._caller,
                    place=Place("telegram", "1"),
                    now=NOW,
                    host="JCA-QKDN",
                    household=Household(self._caller.zone),
                )
                start = time.perf_counter()
                answer = await ask(request, words)
                taken = time.perf_counter() - start
                assert answer.representing is not None, words
                return taken

        return lap


def _rows(groups: list[int], first: int, amount: int) -> Iterator[dict[str, object]]:
    """Representatives spread over all groups; every third is an alternate, every fifth is over."""
    step = max(1, len(groups) // amount)
    for number in range(amount):
        is_over = number % 5 == 4
        yield {
            "person_id": first + number,
            "group_id": groups[number * step % len(groups)],
            "kind": RepresentativeKind.ALTERNATE if number % 3 == 2 else RepresentativeKind.REPRESENTATIVE,
            "status": RepresentativeStatus.ENDED if is_over else RepresentativeStatus.CONFIRMED,
            "email": f"person{number}@example.org",
            "affiliation": f"Company {number % 50}",
            "since": "2021",
            "until": "2023" if is_over else "",
            "requested_at": NOW,
            "decided_at": NOW,
        }


if __name__ == "__main__":
    sys.exit(report(measure))
