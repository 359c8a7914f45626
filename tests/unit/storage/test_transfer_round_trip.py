"""Whatever text stands in a cell comes back as it was."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import search
from storage.database import Database
from storage.references import core_of
from storage.transfer import export_file, import_file
from storage.transfer.cells import join, split
from storage.transfer.csv_file import header, read, write
from storage.transfer.formula import neutralise, restore
from storage.transfer.problems import Problems
from storage.transfer.stemming import cores_of, stems_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
AWKWARD = st.sampled_from(
    ["'", "''", '"', "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", ",", ";", "\\", "\u202e", "א", "🦓", "\ufeff"]
)
CELL = st.lists(AWKWARD | st.characters(exclude_characters="\0", codec="utf-8"), max_size=12).map("".join)


@given(CELL)
def test_a_neutralised_cell_is_restored(cell: str) -> None:
    assert restore(neutralise(cell)) == cell


@given(CELL)
def test_no_exported_cell_begins_like_a_formula(cell: str) -> None:
    assert neutralise(cell)[:1] not in tuple("=+-@\t\r")


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_csv_rows_come_back_as_they_were(rows: list[tuple[str, str, str]]) -> None:
    columns = ("a", "b", "c")
    out = io.StringIO(newline="")
    out.write(header(columns))
    write(columns, [dict(zip(columns, row, strict=True)) for row in rows], out)
    problems = Problems()
    back = [
        tuple(cells.values())
        for batch in read(io.StringIO(out.getvalue(), newline=""), columns, problems)
        for _, cells in batch.rows()
    ]
    assert not problems
    assert back == [row for row in rows if any(row)]
    assert all(len(row) in (0, 3) for row in csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True))


@given(st.lists(CELL.map(str.strip).filter(bool), unique=True))
def test_the_parts_of_a_list_come_back_as_they_were(parts: list[str]) -> None:
    assert split(join(parts, "; ")) == parts


@given(st.lists(st.text(), max_size=5))
def test_stems_of_many_titles_are_those_of_each(titles: list[str]) -> None:
    assert stems_of(titles) == [" ".join(search.stems(title)) for title in titles]


@given(
    st.from_regex(
        r"[A-Z]{1,5}[ .][0-9][0-9 -]{0,8}( V[0-9.]{1,5}|) \((20[0-9][0-9]-[01][0-9]|[01][0-9]/19[0-9][0-9])\)",
        fullmatch=True,
    )
)
def test_cores_of_many_references_are_those_of_each(reference: str) -> None:
    assert cores_of([reference]) == [core_of(reference)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(CELL.filter(lambda cell: bool(cell.strip())), min_size=1, max_size=4),
    ending=st.sampled_from(["csv", "json", "csv.gz"]),
)
async def test_an_export_imported_and_exported_again_is_the_same(
    sqlite_templates: dict[bool, Path], names: list[str], ending: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.{ending}" for name in ("one", "two")]
        databases = []
        for number in (1, 2):
            shutil.copy(sqlite_templates[False], Path(folder) / f"{number}.db")
            databases.append(Database(f"sqlite:///{folder}/{number}.db"))
        rows = [{"code": f"c{place}", "name": name, "aliases": ""} for place, name in enumerate(names)]
        source = Path(folder) / "source.csv"
        with source.open("w", encoding="utf-8", newline="") as out:
            out.write(header(("code", "name", "aliases")))
            write(("code", "name", "aliases"), rows, out)
        await import_file(databases[0], "topics", source, NOW)
        async for _ in export_file(databases[0], "topics", files[0]):
            pass
        await import_file(databases[1], "topics", files[0], NOW)
        async for _ in export_file(databases[1], "topics", files[1]):
            pass
        for one in databases:
            await one.close()
        assert files[0].read_bytes() == files[1].read_bytes()
