"""Searching in 10,000 liaison statements: the command and questions, against the bare full-text query."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import TextClause, insert, select, text

from handlers.asking.ask import ask
from handlers.command import Place, Reply, Request
from handlers.liaison_lists import Searching, search
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Caller, Household, Newcomer, identify
from storage.search import stems
from storage.tables import Group, Liaison, LiaisonAddressee, LiaisonText
from storage.transfer import load_sample
from storage.words import DeadlineKind, Direction, LiaisonStatus, Purpose
from tests.benchmarks import databases
from tests.benchmarks.databases import NOW
from tests.benchmarks.figures import INFORMATION, Figure, Lap, in_milliseconds, medians, report
from tests.benchmarks.outbox import postgresql

BAR = 3.0
STATEMENTS, ROUNDS, WARM_UP = 10_000, 30, 3
WORDS_OF_A_BODY = 250
_PART = 1_000

SUBJECTS = (
    *("interfaces", "resilience", "routing", "benchmarks", "migration", "interworking", "orchestration", "terminology"),
    *("evaluation", "testing", "timing", "satellites", "relays", "storage", "certification", "roadmaps"),
)
_COMMON = (
    *("network", "key", "quantum", "work", "progress", "group", "standard", "meeting", "review", "comments", "study"),
    *("request", "status", "information", "text", "attached", "agreed", "document", "activity", "question", "delivery"),
)


@dataclass(frozen=True, slots=True)
class Search:
    """What a person types; and what somebody who knows the tables would ask the database."""

    words: str
    match: tuple[str, ...]
    where: str = "true"
    is_question: bool = False


SEARCHES = (
    Search("routing", ("rout",)),
    Search("certification relays", ("certif", "relay")),
    Search("key delivery", ("key", "deliveri")),
)
QUESTIONS = (
    Search("liaisons from SG13 about certification", ("certif",), "l.source = 'SG13'", is_question=True),
    Search("open liaisons about routing", ("rout",), "l.status IN ('received', 'assigned', 'open')", is_question=True),
)

_COLUMNS = "l.id, l.number, l.date, l.source, l.title, l.status, l.deadline, l.summary, l.url, count(*) OVER () AS n"
_BARE = {
    "sqlite": """
SELECT {columns} FROM liaison_search f JOIN liaisons l ON l.id = f.rowid
WHERE liaison_search MATCH :match AND l.status NOT IN ('draft', 'in-review', 'approved') AND {where}
ORDER BY {order} LIMIT 6
""",
    "postgresql": """
SELECT {columns} FROM liaison_texts t JOIN liaisons l ON l.id = t.liaison_id
WHERE to_tsvector('simple', t.stems) @@ to_tsquery('simple', :match)
    AND l.status NOT IN ('draft', 'in-review', 'approved') AND {where}
ORDER BY {order} LIMIT 6
""",
}


_BEST = {"sqlite": "f.rank", "postgresql": "l.date DESC, l.id DESC"}
"""How a search puts the best first. PostgreSQL takes seconds to rank a common word: its quick query is taken."""


def measure() -> list[Figure]:
    with TemporaryDirectory() as folder, postgresql() as url:
        return asyncio.run(_both(databases.sample(Path(folder)), url))


async def _both(path: Path, url: str) -> list[Figure]:
    return [
        *await _measured("SQLite", Database(f"sqlite:///{path}"), is_made=True),
        *await _measured("PostgreSQL", Database(url), is_made=False),
    ]


async def _measured(engine: str, database: Database, *, is_made: bool) -> list[Figure]:
    async with _filled(database, is_made=is_made) as place:
        return [
            *await _compared(f"searching {STATEMENTS:,} liaison statements on {engine}", place, SEARCHES, BAR),
            *await _compared(f"asking about {STATEMENTS:,} of them on {engine}", place, QUESTIONS, INFORMATION),
        ]


async def _compared(what: str, place: _Place, searches: Sequence[Search], bar: float) -> list[Figure]:
    pairs = []
    for one in searches:
        taken = await medians({"ours": place.ours(one), "bare": place.bare(one)}, ROUNDS, WARM_UP)
        pairs.append((taken["ours"] / taken["bare"], in_milliseconds(taken["ours"], taken["bare"])))
    worst, typical = max(pairs), sorted(pairs)[len(pairs) // 2]
    return [
        (f"{what} / the bare full-text query, typical ({typical[1]})", typical[0], bar),
        (f"{what} / the bare full-text query, worst ({worst[1]})", worst[0], INFORMATION),
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    database: Database
    keeper: CatalogueKeeper
    caller: Caller

    def ours(self, one: Search) -> Lap:
        async def lap() -> float:
            async with self.database.reading() as session:
                request = Request(
                    session=session,
                    catalogue=await self.keeper.current(session),
                    commands=(),
                    caller=self.caller,
                    place=Place("telegram", "1"),
                    now=NOW,
                    host="JCA-QKDN",
                    household=Household(self.caller.zone),
                )
                start = time.perf_counter()
                if one.is_question:
                    assert (await ask(request, one.words)).count, one.words
                else:
                    reply = await search(request, Searching(words=one.words))
                    assert isinstance(reply, Reply)
                    assert reply.data["total"], one.words
                return time.perf_counter() - start

        return lap

    def bare(self, one: Search) -> Lap:
        query, given = _bare(self.database, one)

        async def lap() -> float:
            async with self.database.reading() as session:
                start = time.perf_counter()
                assert (await session.execute(query, given)).all(), one.words
                return time.perf_counter() - start

        return lap


def _bare(database: Database, one: Search) -> tuple[TextClause, dict[str, str]]:
    engine = "sqlite" if database.is_sqlite else "postgresql"
    order = "l.date DESC, l.id DESC" if one.is_question else _BEST[engine]
    query = _BARE[engine].format(columns=_COLUMNS, where=one.where, order=order)
    match = " AND ".join(f'"{word}"' for word in one.match) if database.is_sqlite else " & ".join(one.match)
    return text(query), {"match": match}


@asynccontextmanager
async def _filled(database: Database, *, is_made: bool) -> AsyncIterator[_Place]:
    try:
        if not is_made:
            await load_sample(database, NOW)
        async with database.writing() as session:
            groups = dict((await session.execute(select(Group.code, Group.id))).all())
            rows = list(_statements(groups))
            for start in range(0, len(rows), _PART):
                part = rows[start : start + _PART]
                await session.execute(insert(Liaison), [one.liaison for one in part])
                await session.execute(insert(LiaisonAddressee), [each for one in part for each in one.addressees])
                await session.execute(insert(LiaisonText), [one.said for one in part])
            caller = await identify(session, Newcomer("telegram", "1"), Household(ZoneInfo("Europe/Zurich")), NOW)
        async with database.writing() as session:
            if not database.is_sqlite:
                await session.execute(text("ANALYZE"))
        yield _Place(database, CatalogueKeeper(), caller)
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class _Statement:
    liaison: dict[str, object]
    addressees: Sequence[dict[str, object]]
    said: dict[str, object]


def _statements(groups: dict[str, int]) -> Iterator[_Statement]:
    """Statements between the groups of the sample over twenty years; the same ones every time."""
    chance = random.Random(1)
    codes = sorted(groups)
    statuses = (LiaisonStatus.NOTED, LiaisonStatus.CLOSED, LiaisonStatus.ANSWERED, LiaisonStatus.RECEIVED)
    for number in range(STATEMENTS):
        id, source = 1_000 + number, codes[number % len(codes)]
        day = (date(2006, 1, 1) + timedelta(days=number * 20 * 365 // STATEMENTS)).isoformat()
        title = f"LS on {chance.choice(SUBJECTS)} of {chance.choice(_COMMON)}s and {chance.choice(_COMMON)}"
        body = " ".join(chance.choice(_COMMON) for _ in range(WORDS_OF_A_BODY)) + f" {chance.choice(SUBJECTS)}"
        to = chance.sample(codes, 3)
        purposes = (Purpose.ACTION, Purpose.COMMENT, Purpose.INFORMATION)
        yield _Statement(
            {
                "id": id,
                "number": f"{source}-LS{id}",
                "direction": Direction.INCOMING,
                "date": day,
                "source": source,
                "source_id": groups[source],
                "title": title,
                "status": chance.choice(statuses),
                "deadline": day,
                "deadline_kind": DeadlineKind.DATE,
            },
            [
                {"liaison_id": id, "purpose": purpose, "name": name, "position": 0, "group_id": groups[name]}
                for purpose, name in zip(purposes, to, strict=True)
            ],
            {"liaison_id": id, "abstract": "", "body": body, "stems": " ".join(stems(f"{title} {body}"))},
        )


if __name__ == "__main__":
    sys.exit(report(measure))
