"""Full-text search: the same words find the same items on both databases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import search
from storage.database import Database
from storage.search import Phrase
from storage.tables import RoadmapItem
from storage.transfer import import_file

NOW = datetime(2026, 11, 1, tzinfo=UTC)


async def found(session: AsyncSession, dialect: str, clauses: Sequence[Collection[Phrase]]) -> set[int]:
    return set((await session.execute(search.matching(dialect, clauses))).scalars())


async def titles(session: AsyncSession) -> dict[int, tuple[str, ...]]:
    rows = (await session.execute(select(RoadmapItem.id, RoadmapItem.title))).all()
    return {one: tuple(search.stems(title)) for one, title in rows}


def has(stems: tuple[str, ...], phrase: Phrase) -> bool:
    return any(stems[at : at + len(phrase)] == phrase for at in range(len(stems)))


async def test_words_and_phrases_find_the_titles_that_have_them(sample: Database) -> None:
    random = Random(11)
    async with sample.reading() as session:
        dialect = session.get_bind().dialect.name
        known = await titles(session)
        for _ in range(200):
            clauses = []
            for _clause in range(random.randint(1, 2)):
                stems = random.choice(list(known.values()))
                at = random.randrange(len(stems))
                clauses.append([stems[at : at + length] for length in range(1, random.randint(2, 4))])
            wanted = {
                one
                for one, stems in known.items()
                if all(any(has(stems, phrase) for phrase in clause) for clause in clauses)
            }
            assert await found(session, dialect, clauses) == wanted, clauses


async def test_every_stem_of_a_title_is_known_and_no_other(sample: Database) -> None:
    async with sample.reading() as session:
        every = {stem for stems in (await titles(session)).values() for stem in stems}
        assert await search.known(session, every | {"zebra", "or", "near", "and not"}) - {"or", "near"} == every - {
            "or",
            "near",
        }
        assert await search.known(session, []) == set()


async def test_no_stem_is_an_operator(sample: Database) -> None:
    for stem in ("'", '"', "a'b", "*", "near(", "a | b", "\\", "&", "!", "(", "<->", ":*"):
        async with sample.reading() as session:
            assert await search.known(session, [stem]) == set(), stem


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_stems_are_words_of_letters_and_digits(text: str) -> None:
    stems = search.stems(text)
    assert len(stems) == len(search.words(text))
    assert all(stem and all(one.isalnum() for one in stem) for stem in stems), stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("networks", "networking"),
        ("Network", "network"),
        ("résumé", "resume"),
        ("architectures", "architecture"),
        ("interfaces", "interface"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert search.stems(one) == search.stems(other)


STRANGE = {
    "accents": "Réseaux à clés quantiques: vue d’ensemble",
    "numbers": "10e3 keys at 1.5 Gbit/s over 5G-NR, 3rd release 2024-01-02",
    "hyphens": "Post-quantum X.509/CMS e2e_test foo@example.org http://example.org/a?b=c",
    "scripts": "量子密钥分发网络 квантовое распределение ключей",
    "operators": "a & b | c ! d <-> e ' f \" g * h: (i)",
    "ligatures": "ﬁnite ﬂow ２０２４ ß İstanbul",
    "long": "x" * 300 + " end",
}


async def test_strange_titles_are_found_by_each_of_their_words(database: Database, tmp_path: Path) -> None:
    head = "id,body,group,question,reference,title,type,status,date,version,topics,relations,url,verified"
    rows = [
        f'{name},BODY,,,S.{number},"{title.replace(chr(34), chr(34) * 2)}",Standard,published,,,,,,no'
        for number, (name, title) in enumerate(STRANGE.items(), start=1)
    ]
    path = tmp_path / "roadmap.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    await import_file(database, "roadmap", path, NOW)
    async with database.reading() as session:
        dialect = session.get_bind().dialect.name
        for one, stems in (await titles(session)).items():
            for stem in stems:
                assert one in await found(session, dialect, [[(stem,)]]), stem
            assert await search.known(session, stems) == set(stems)
            for pair in pairwise(stems):
                assert one in await found(session, dialect, [[pair]]), pair
