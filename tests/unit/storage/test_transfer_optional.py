"""Columns that a file may lack: the link and the document deadline of meetings, the mail address of groups."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from storage.database import Database
from storage.tables import Group, Meeting
from storage.transfer import FileRefused, export_file, import_file

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LINK, DUE, ADDRESS = "https://meet.example.org/6", "2026-01-09T18:00", "tsbsg13@example.org"
DUE_AT = datetime(2026, 1, 9, 10, 0, tzinfo=UTC)
"""18:00 in Singapore."""


async def saved(database: Database, kind: str, path: Path) -> Path:
    async for _ in export_file(database, kind, path):
        pass
    return path


async def filled_in(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(update(Meeting).where(Meeting.number == 6).values(link=LINK, documents_due=DUE))
        await session.execute(update(Group).where(Group.code == "SG13").values(email=ADDRESS))


async def kept(database: Database) -> tuple[object, ...]:
    meeting = select(Meeting.link, Meeting.documents_due, Meeting.documents_due_at).where(Meeting.number == 6)
    async with database.reading() as session:
        address = await session.scalar(select(Group.email).where(Group.code == "SG13"))
        return (*(await session.execute(meeting)).one(), address)


@pytest.mark.parametrize("ending", ["csv", "json"])
async def test_what_stands_in_them_moves_to_another_database(
    make_database: Callable[[bool], Database], tmp_path: Path, ending: str
) -> None:
    first, second = make_database(True), make_database(True)
    await filled_in(first)
    for kind in ("meetings", "groups"):
        await import_file(second, kind, await saved(first, kind, tmp_path / f"{kind}.{ending}"), NOW)
    assert await kept(second) == (LINK, DUE, DUE_AT, ADDRESS)
    await first.close()
    await second.close()


async def test_a_file_that_lacks_them_leaves_what_is_kept(sample: Database, tmp_path: Path) -> None:
    plain = await saved(sample, "meetings", tmp_path / "meetings.csv")
    groups = await saved(sample, "groups", tmp_path / "groups.json")
    assert "link" not in plain.read_text().splitlines()[0]
    assert "email" not in json.loads(groups.read_text())[0]
    await filled_in(sample)
    plain.write_text(plain.read_text().replace("Meeting in Singapore", "Sixth meeting"))
    assert (await import_file(sample, "meetings", plain, NOW)).changed == 1
    assert (await import_file(sample, "groups", groups, NOW)).is_nothing
    assert await kept(sample) == (LINK, DUE, DUE_AT, ADDRESS)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("link", "javascript:alert(1)", "an address that begins with https"),
        ("documents_due", "January 2026", "a day YYYY-MM-DD"),
        ("documents_due", "2099-01-01", "not after the start"),
    ],
)
async def test_what_cannot_stand_there_is_refused_with_its_column(
    sample: Database, tmp_path: Path, column: str, cell: str, says: str
) -> None:
    await filled_in(sample)
    path = await saved(sample, "meetings", tmp_path / "meetings.csv")
    with path.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    rows[0][column] = cell
    with path.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(FileRefused) as caught:
        await import_file(sample, "meetings", path, NOW)
    assert [(one.column, says in one.allowed) for one in caught.value.problems] == [(column, True)]


async def test_objects_have_a_name_that_may_be_lacking_all_or_none(sample: Database, tmp_path: Path) -> None:
    await filled_in(sample)
    groups = await saved(sample, "groups", tmp_path / "groups.json")
    rows = json.loads(groups.read_text())
    del rows[1]["email"]
    groups.write_text(json.dumps(rows))
    with pytest.raises(FileRefused) as caught:
        await import_file(sample, "groups", groups, NOW)
    assert [(one.row, one.column) for one in caught.value.problems] == [(2, "email")]
