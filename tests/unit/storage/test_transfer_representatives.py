"""Importing and exporting representatives: the spreadsheet of today, and a round trip that changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from storage.database import Database
from storage.tables import Account, Person, Representative
from storage.transfer import FileRefused, Outcome, export_file, import_file
from storage.words import RepresentativeStatus

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADER = "group,name,kind,status,email,affiliation,since,until,liaison"
ROWS = (
    "SG17,Kim Lee,representative,confirmed,Kim@Example.org,KAIST,2023-03,,SG17-LS4",
    "SG15,Kim Lee,alternate,confirmed,kim@example.org,KAIST,2024,,",
    "SG17,Pierre Dubois,representative,ended,pierre@example.org,,2021,2023-02,",
    "SG17,Pierre Dubois,representative,ended,,,2015,2016,",
    "SG17,,representative,ended,,,2017,2020,",
    "SG17,,representative,ended,,,2017,2020,",
    "JTC 1/SC 27,Ольга Петрова,representative,confirmed,,,,,",
    "SG13,Bob Waiting,representative,pending,bob@example.org,,,,",
    "SG99 to be founded,Bob Waiting,representative,pending,bob@example.org,,,,",
    "SG13,Carl Declined,representative,declined,,,,,",
    "SG13,Carl Declined,representative,declined,,,,,",
)


class Files:
    """Files of representatives in a folder, brought into a database and saved from it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    async def brought(self, *rows: str, dry_run: bool = False) -> Outcome:
        path = self.folder / "rows.csv"
        path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
        return await import_file(self.database, "representatives", path, NOW, dry_run=dry_run)

    async def refused(self, *rows: str) -> list[tuple[int, str]]:
        with pytest.raises(FileRefused) as caught:
            await self.brought(*rows)
        return [(problem.row, problem.column) for problem in caught.value.problems]

    async def saved(self, name: str = "saved.csv") -> Path:
        async for _ in export_file(self.database, "representatives", self.folder / name):
            pass
        return self.folder / name

    async def exported(self) -> list[str]:
        return (await self.saved()).read_text(encoding="utf-8").splitlines()[1:]

    async def persons(self) -> dict[str, int]:
        """How many persons there are of each name."""
        async with self.database.reading() as session:
            names = list(await session.scalars(select(Person.name)))
        return {name: names.count(name) for name in names}

    async def all(self) -> list[Representative]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Representative).order_by(Representative.id)))


@pytest.fixture
def files(sample: Database, tmp_path: Path) -> Files:
    return Files(sample, tmp_path)


async def test_the_spreadsheet_of_today_becomes_confirmed_representatives(files: Files) -> None:
    outcome = await files.brought(ROWS[0])
    one = (await files.all())[0]
    assert (outcome.added, one.status, one.email) == (1, RepresentativeStatus.CONFIRMED, "kim@example.org")
    assert one.decided_at is not None


async def test_rows_with_one_address_are_one_person(files: Files) -> None:
    await files.brought(*ROWS)
    persons = await files.persons()
    assert (persons["Kim Lee"], persons["Pierre Dubois"], persons["Bob Waiting"]) == (1, 1, 1)


@pytest.mark.parametrize("name", ["saved.csv", "saved.json", "saved.csv.gz"])
async def test_an_export_imported_again_changes_nothing(files: Files, name: str) -> None:
    await files.brought(*ROWS)
    before = await files.persons()
    again = await import_file(files.database, "representatives", await files.saved(name), NOW)
    assert again.is_nothing
    assert again.unchanged == len(ROWS)
    assert await files.persons() == before


async def test_the_file_imported_twice_changes_nothing(files: Files) -> None:
    await files.brought(*ROWS)
    assert (await files.brought(*ROWS)).is_nothing


async def test_an_export_imported_elsewhere_and_exported_again_is_the_same_file(
    make_database: Callable[[bool], Database], tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    one, two = (Files(make_database(True), folder) for folder in folders)
    await one.brought(*ROWS)
    first = await one.saved()
    await import_file(two.database, "representatives", first, NOW)
    assert (await two.saved()).read_bytes() == first.read_bytes()
    await one.database.close()
    await two.database.close()


async def test_whoever_was_forgotten_is_exported_without_a_name(files: Files) -> None:
    await files.brought(ROWS[0], ROWS[2])
    async with files.database.writing() as session:
        await session.execute(update(Person).where(Person.name == "Pierre Dubois").values(name="", forgotten_at=NOW))
        await session.execute(update(Representative).where(Representative.since == "2021").values(email=""))
    assert (await files.exported())[1] == "SG17,,representative,ended,,,2021,2023-02,"
    assert (await import_file(files.database, "representatives", await files.saved(), NOW)).is_nothing


async def test_a_person_who_proved_the_address_is_that_person(files: Files) -> None:
    async with files.database.writing() as session:
        person = Person(name="Kim Lee", created_at=NOW)
        session.add(person)
        await session.flush()
        session.add(
            Account(person_id=person.id, platform="email", external_id="kim@example.org", name="", created_at=NOW)
        )
        known = person.id
    await files.brought("SG17,Lee Kim,representative,confirmed,kim@example.org,,,,")
    assert [one.person_id for one in await files.all()] == [known]
    assert (await files.exported())[0].startswith("SG17,Kim Lee,")


async def test_a_person_without_an_address_is_known_by_name_and_group(files: Files) -> None:
    await files.brought("SG17,Kim Lee,representative,confirmed,,,2023,,")
    outcome = await files.brought("SG17,kim lee,representative,confirmed,kim@example.org,KAIST,2023,,")
    assert (outcome.added, outcome.changed) == (0, 1)
    assert await files.exported() == ["SG17,Kim Lee,representative,confirmed,kim@example.org,KAIST,2023,,"]


async def test_the_same_name_in_another_group_is_another_person_without_an_address(files: Files) -> None:
    await files.brought("SG17,Kim Lee,representative,confirmed,,,,,", "SG13,Kim Lee,representative,confirmed,,,,,")
    assert (await files.persons())["Kim Lee"] == 2


async def test_two_persons_of_one_name_in_one_group_are_told_apart_by_their_addresses(files: Files) -> None:
    rows = (
        "SG17,Kim Lee,representative,confirmed,a@example.org,,,,",
        "SG17,Kim Lee,alternate,confirmed,b@example.org,,,,",
    )
    await files.brought(*rows)
    assert (await files.persons())["Kim Lee"] == 2
    assert (await files.brought(*rows)).is_nothing


async def test_an_empty_cell_takes_no_address_away(files: Files) -> None:
    await files.brought(ROWS[0])
    assert (await files.brought("SG17,Kim Lee,representative,confirmed,,KAIST,2023-03,,SG17-LS4")).is_nothing


async def test_a_new_address_is_not_a_proved_one(files: Files) -> None:
    await files.brought(ROWS[0])
    async with files.database.writing() as session:
        await session.execute(update(Representative).values(email_proved_at=NOW))
    await files.brought("SG17,Kim Lee,representative,confirmed,new@example.org,KAIST,2023-03,,SG17-LS4")
    one = (await files.all())[0]
    assert (one.email, one.email_proved_at) == ("new@example.org", None)


async def test_a_row_that_is_over_ends_the_open_one(files: Files) -> None:
    await files.brought(ROWS[0])
    outcome = await files.brought("SG17,Kim Lee,representative,ended,kim@example.org,KAIST,2023-03,2026-10,SG17-LS4")
    one = (await files.all())[0]
    assert (outcome.changed, one.status, one.until) == (1, RepresentativeStatus.ENDED, "2026-10")
    assert one.ended_at is not None


async def test_a_term_that_was_over_stays_beside_a_new_one(files: Files) -> None:
    await files.brought("SG17,Kim Lee,representative,ended,kim@example.org,,2019,2021,")
    outcome = await files.brought("SG17,Kim Lee,representative,confirmed,kim@example.org,,2024,,")
    assert (outcome.added, len(await files.all())) == (1, 2)


async def test_a_dry_run_makes_nobody(files: Files) -> None:
    before = await files.persons()
    assert (await files.brought(*ROWS, dry_run=True)).added == len(ROWS)
    assert (await files.persons(), await files.all()) == (before, [])


async def test_every_problem_has_its_row_and_nothing_is_imported(files: Files) -> None:
    problems = await files.refused(
        ROWS[0],
        "SG999,Kim Lee,representative,confirmed,kim@example.org,,,,",
        "SG17,Ann,delegate,confirmed,,,,,",
        "SG17,Ann,representative,active,,,,,",
        "SG17,Ann,representative,confirmed,ann at example,,,,",
        "SG17,,representative,confirmed,,,,,",
        "SG17,Ann,representative,ended,,,2024,2023-05,",
        "SG17,Ann,representative,confirmed,,,mid-May,,",
    )
    assert sorted(problems) == [
        (3, "group"),
        (4, "kind"),
        (5, "status"),
        (6, "email"),
        (7, "name"),
        (8, "until"),
        (9, "since"),
    ]
    assert await files.all() == []


async def test_a_person_is_in_a_group_once(files: Files) -> None:
    problems = await files.refused(ROWS[0], "ITU-T SG17,K. Lee,alternate,confirmed,kim@example.org,,,,")
    assert problems == [(3, "group and name")]
