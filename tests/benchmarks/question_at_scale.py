"""One question in process: among 43,000 items against the bare full-text query, and against the sample."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import text

from handlers.asking.ask import ask
from handlers.command import Place, Request
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Caller, Household, Newcomer, identify
from tests.benchmarks import databases
from tests.benchmarks.figures import INFORMATION, Figure, Lap, in_milliseconds, medians, report

BAR = 3.0
ROUNDS, WARM_UP = 60, 5
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_BARE = """
SELECT i.id, i.key, i.reference, i.title, i.type, i.status, i.date, i.version, i.url, i.verified, b.code,
    coalesce(g.code, ''), coalesce(q.code, ''), count(*) OVER () AS total
FROM roadmap_items i JOIN bodies b ON b.id = i.body_id
    LEFT JOIN groups g ON g.id = i.group_id LEFT JOIN questions q ON q.id = i.question_id
WHERE i.id IN (SELECT rowid FROM roadmap_search WHERE roadmap_search MATCH :match)
    AND i.status NOT IN ('superseded', 'withdrawn') AND i.type NOT IN ('Amendment', 'Corrigendum') AND {where}
ORDER BY i.date DESC, i.id DESC LIMIT 8
"""
_PUBLISHED = "i.status IN ('published', 'in-force')"


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks; and what somebody who knows the tables would ask the database."""

    words: str
    match: str
    where: str = "1"


QUESTIONS = (
    Question(
        "What has ETSI published on QKD interfaces since 2020?",
        '("qkd" OR "quantum key") AND ("interfac" OR "api" OR "protocol")',
        f"b.code = 'ETSI' AND {_PUBLISHED} AND i.date >= '2020'",
    ),
    Question("Which standards are about security protocols?", '"secur" AND "protocol"'),
    Question(
        "How many ITU-T Recommendations on network management are there?", '"network" AND "manag"', "b.code = 'ITU-T'"
    ),
    Question("latest ETSI publications on protocols", '"protocol"', f"b.code = 'ETSI' AND {_PUBLISHED}"),
    Question("What is being drafted on quantum key distribution networks?", '"quantum key" AND "network"'),
)


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder:
        return asyncio.run(_measured(databases.large(Path(folder)), databases.sample(Path(folder))))


async def _measured(large: Path, sample: Path) -> list[Figure]:
    against_bare: list[tuple[float, float]] = []
    against_sample: list[tuple[float, float]] = []
    async with _opened(large) as many, _opened(sample) as few:
        for question in QUESTIONS:
            laps = {"many": _asked(many, question), "bare": _bare(many, question), "few": _asked(few, question)}
            taken = await medians(laps, ROUNDS, WARM_UP)
            against_bare.append((taken["many"], taken["bare"]))
            against_sample.append((taken["many"], taken["few"]))
    return [
        *_typical_and_worst("a question among 43,000 items / the bare full-text query", against_bare),
        *_typical_and_worst("a question among 43,000 items / the same among the sample", against_sample),
    ]


def _typical_and_worst(what: str, pairs: list[tuple[float, float]]) -> list[Figure]:
    ratios = {ours / base: in_milliseconds(ours, base) for ours, base in pairs}
    worst = max(ratios)
    typical = median(ratios)
    return [
        (f"{what}, typical ({ratios[typical]})", typical, BAR),
        (f"{what}, worst ({ratios[worst]})", worst, INFORMATION),
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    database: Database
    keeper: CatalogueKeeper
    caller: Caller


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[_Place]:
    database = Database(f"sqlite:///{path}")
    async with database.writing() as session:
        caller = await identify(session, Newcomer("telegram", "1"), Household(ZoneInfo("Europe/Zurich")), NOW)
    yield _Place(database, CatalogueKeeper(), caller)
    await database.close()


def _asked(place: _Place, question: Question) -> Lap:
    async def lap() -> float:
        async with place.database.reading() as session:
            request = Request(
                session=session,
                catalogue=await place.keeper.current(session),
                commands=(),
                caller=place.caller,
                place=Place("telegram", "1"),
                now=NOW,
                host="JCA-QKDN",
                household=Household(place.caller.zone),
            )
            start = time.perf_counter()
            await ask(request, question.words)
            return time.perf_counter() - start

    return lap


def _bare(place: _Place, question: Question) -> Lap:
    query = text(_BARE.format(where=question.where))

    async def lap() -> float:
        async with place.database.reading() as session:
            await place.keeper.current(session)
            start = time.perf_counter()
            (await session.execute(query, {"match": question.match})).all()
            return time.perf_counter() - start

    return lap


if __name__ == "__main__":
    sys.exit(report(measure))
