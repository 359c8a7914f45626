"""Full-text search over stems: the same words find the same rows on SQLite (FTS5) and PostgreSQL (tsvector).

Words are stemmed here, in Python, so that neither engine's own language rules come into it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    bindparam,
    column,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from Stemmer import Stemmer

from storage.tables import LiaisonText, RoadmapItem

_WORD = re.compile(r"[^\W_]+")
_STEMS_KEPT = 50_000  # words of statements and questions come for years


def sqlite_index(search: str, table: str, key: str) -> tuple[str, ...]:
    """What makes an index over a table's `stems` on SQLite; the triggers keep it in step with the table."""
    added = f"INSERT INTO {search}(rowid, stems) VALUES (new.{key}, new.stems)"
    removed = f"INSERT INTO {search}({search}, rowid, stems) VALUES ('delete', old.{key}, old.stems)"
    return (
        f"CREATE VIRTUAL TABLE {search} USING fts5("
        f"stems, content='{table}', content_rowid='{key}', tokenize='unicode61 remove_diacritics 2')",
        f"CREATE VIRTUAL TABLE {search}_words USING fts5vocab('{search}', 'row')",
        f"CREATE TRIGGER {search}_added AFTER INSERT ON {table} BEGIN {added}; END",
        f"CREATE TRIGGER {search}_removed AFTER DELETE ON {table} BEGIN {removed}; END",
        f"CREATE TRIGGER {search}_changed AFTER UPDATE OF stems ON {table} BEGIN {removed}; {added}; END",
    )


def postgres_index(search: str, table: str) -> tuple[str, ...]:
    """What makes an index over a table's `stems` on PostgreSQL."""
    return (f"CREATE INDEX {search}_stems ON {table} USING gin (to_tsvector('simple', stems))",)


SQLITE_INDEX = sqlite_index("roadmap_search", "roadmap_items", "id")
POSTGRES_INDEX = postgres_index("roadmap_search", "roadmap_items")

Phrase = tuple[str, ...]
"""Stems that must follow each other in a title; one stem is a word."""


@dataclass(frozen=True, slots=True)
class Index:
    """What is searched: the name of its index on SQLite, and the columns of its table."""

    name: str
    key: SQLColumnExpression[int]
    stems: SQLColumnExpression[str]


TITLES = Index("roadmap_search", RoadmapItem.id, RoadmapItem.stems)
LIAISONS = Index("liaison_search", LiaisonText.liaison_id, LiaisonText.stems)


@cache
def _stemmer() -> Stemmer:
    return Stemmer("english", 100_000)


@lru_cache(maxsize=_STEMS_KEPT)
def stem(word: str) -> str:
    """The stem of one lower-case word without accents: `networks` and `networking` are both `network`."""
    return str(_stemmer().stemWord(word))


def words(value: str) -> list[str]:
    """The words of a text: lower case, accents gone, split at everything that is no letter or digit."""
    if not value.isascii():
        decomposed = unicodedata.normalize("NFKD", value)
        value = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _WORD.findall(value.lower())


def stems(value: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [stem(word) for word in words(value)]


def matching(dialect: str, clauses: Sequence[Collection[Phrase]], index: Index = TITLES) -> Select[int]:
    """The ids of items whose title has at least one phrase of every clause, in a column `id`."""
    if dialect == "sqlite":
        return select(_ROWID.label("id")).select_from(text(index.name)).where(_matches(clauses, index))
    vector, wanted = _vector(index), _wanted(clauses)
    return select(index.key.label("id")).where(vector.op("@@")(wanted)).correlate(None)


async def known(session: AsyncSession, wanted: Iterable[str]) -> set[str]:
    """Those of the stems that occur in some title."""
    asked = sorted(set(wanted))
    if not asked:
        return set()
    if session.get_bind().dialect.name == "sqlite":
        term: ColumnElement[str] = column("term")
        query: Select[str] = select(term).select_from(text("roadmap_search_words")).where(term.in_(asked))
        return set((await session.execute(query)).scalars())
    found = set()
    for one in asked:
        if (await session.execute(matching("postgresql", [[(one,)]]).limit(1))).first():
            found.add(one)
    return found


async def vocabulary(session: AsyncSession) -> list[str]:
    """Every stem that occurs in some title; read it once per state of the catalogue."""
    if session.get_bind().dialect.name == "sqlite":
        rows = await session.execute(text("SELECT term FROM roadmap_search_words"))
    else:
        rows = await session.execute(
            text("SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', stems) FROM roadmap_items')")
        )
    return list(rows.scalars())


_ROWID: ColumnElement[int] = literal_column("rowid", Integer)


def _matches(clauses: Sequence[Collection[Phrase]], index: Index) -> ColumnElement[bool]:
    return literal_column(index.name).op("MATCH")(bindparam("fts", _fts5(clauses), unique=True))


def _vector(index: Index) -> ColumnElement[Any]:
    return func.to_tsvector(literal_column("'simple'"), index.stems)


def _wanted(clauses: Sequence[Collection[Phrase]]) -> ColumnElement[Any]:
    return func.to_tsquery(literal_column("'simple'"), _tsquery(clauses))


def _fts5(clauses: Sequence[Collection[Phrase]]) -> str:
    return " AND ".join("(" + " OR ".join(f'"{" ".join(phrase)}"' for phrase in clause) + ")" for clause in clauses)


def _tsquery(clauses: Sequence[Collection[Phrase]]) -> str:
    def quoted(phrase: Phrase) -> str:
        return "(" + " <-> ".join(map(_lexeme, phrase)) + ")"

    return " & ".join("(" + " | ".join(quoted(phrase) for phrase in clause) + ")" for clause in clauses)


def _lexeme(stem_: str) -> str:
    escaped = stem_.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
