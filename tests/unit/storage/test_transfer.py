"""Importing and exporting every kind, on both databases."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from storage import search
from storage.database import Database
from storage.references import core_of
from storage.tables import AuditEntry, Body, CatalogueVersion, FormerName, Group, Meeting, Relation, RoadmapItem
from storage.transfer import FileRefused, Outcome, RowDifference, export_file, import_file, kind_names, load_sample
from storage.transfer.sample import FOLDER, KINDS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROADMAP = "id,body,group,question,reference,title,type,status,date,version,topics,relations,url,verified"
GOOD = "a-1,BODY,G1,,A.1,First thing,Standard,published,2024,1,,,https://example.org/a,yes"


async def brought(database: Database, kind: str, path: Path, dry_run: bool = False) -> Outcome:
    return await import_file(database, kind, path, NOW, dry_run=dry_run)


async def saved(database: Database, kind: str, path: Path) -> bytes:
    async for _ in export_file(database, kind, path):
        pass
    return path.read_bytes()


async def version(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(CatalogueVersion.version)) or 0


async def count(database: Database, table: type) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


async def refusal(database: Database, kind: str, path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        await brought(database, kind, path)
    return caught.value


def test_the_sample_has_every_kind_but_people() -> None:
    assert {*KINDS, "representatives"} == set(kind_names())


@pytest.mark.parametrize("kind", KINDS)
async def test_the_export_of_the_sample_says_what_the_sample_says(sample: Database, tmp_path: Path, kind: str) -> None:
    await saved(sample, kind, tmp_path / f"{kind}.csv")
    with (tmp_path / f"{kind}.csv").open(newline="") as ours, (FOLDER / f"{kind}.csv").open(newline="") as theirs:
        assert sorted(csv.reader(ours)) == sorted(csv.reader(theirs))


@pytest.mark.parametrize("ending", ["csv", "json", "csv.gz", "json.gz"])
async def test_an_export_imported_elsewhere_and_exported_again_is_the_same_file(
    make_database: Callable[[bool], Database], tmp_path: Path, ending: str
) -> None:
    full, empty = make_database(True), make_database(False)
    for kind in KINDS:
        first = await saved(full, kind, tmp_path / f"{kind}.{ending}")
        await brought(empty, kind, tmp_path / f"{kind}.{ending}")
        assert await saved(empty, kind, tmp_path / f"again-{kind}.{ending}") == first
    await full.close()
    await empty.close()


async def test_an_export_imported_into_the_same_database_changes_nothing(sample: Database, tmp_path: Path) -> None:
    before, audits = await version(sample), await count(sample, AuditEntry)
    for kind in KINDS:
        await saved(sample, kind, tmp_path / f"{kind}.csv")
        assert (await brought(sample, kind, tmp_path / f"{kind}.csv")).is_nothing
    assert (await version(sample), await count(sample, AuditEntry)) == (before, audits)


async def test_loading_the_sample_again_changes_nothing(sample: Database) -> None:
    before = await version(sample)
    assert all(outcome.is_nothing for outcome in await load_sample(sample, NOW))
    assert await version(sample) == before


async def test_an_import_raises_the_version_once_and_is_recorded(
    database: Database, written: Callable[..., Path]
) -> None:
    await brought(database, "roadmap", written(ROADMAP, GOOD))
    async with database.reading() as session:
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (entry.action, entry.subject, entry.role, entry.place) == ("import", "roadmap", "administrator", "terminal")
    assert entry.after["added"] == 1
    assert await version(database) == 1


async def test_bodies_groups_and_questions_that_a_row_mentions_are_made(
    database: Database, written: Callable[..., Path]
) -> None:
    row = "a-1,BODY,G1,Q1/1,A.1,First thing,Standard,published,2024,1,,,,yes"
    outcome = await brought(database, "roadmap", written(ROADMAP, row))
    assert outcome.made == ["body BODY", "group BODY G1", "Question Q1/1"]
    async with database.reading() as session:
        assert (await session.execute(select(Body.code, Group.name).join(Group))).all() == [("BODY", "G1")]


async def test_a_dry_run_says_field_by_field_what_it_would_do_and_does_nothing(
    sample: Database, tmp_path: Path
) -> None:
    path = tmp_path / "topics.csv"
    path.write_text("code,name,aliases\nqkd,Keys from photons,QKD\nnew,New topic,\n")
    before, found = await version(sample), list[RowDifference]()
    outcome = await import_file(sample, "topics", path, NOW, dry_run=True, on_difference=found.append)
    assert (outcome.added, outcome.changed) == (1, 1)
    assert [(one.row, one.key, one.added) for one in found] == [(2, "qkd", False), (3, "new", True)]
    assert ("name", "Quantum key distribution (links, modules, protocols)", "Keys from photons") in found[0].fields
    assert await version(sample) == before
    assert (await brought(sample, "topics", path)).changed == 1


async def test_all_problems_are_told_at_once_and_nothing_is_written(
    database: Database, written: Callable[..., Path]
) -> None:
    rows = [
        GOOD,
        "a-2,BODY,,,A.2,Title,Standard,done,2025-02-30,,,,ftp://x,maybe",
        "a-1,BODY,,,A.1,Title,Standard,published,,,nosuch,loves:a-1,,yes",
        "a-4,BODY,,Q1,,Title,Standard,published,,,,related:a-9;related:a-2,,yes",
        "a-5,BODY,,,A.5,Title,Standard,published,,,,related:a-9,,yes",
        "short,row",
    ]
    refused = await refusal(database, "roadmap", written(ROADMAP, *rows))
    assert {(problem.row, problem.column) for problem in refused.problems} >= {
        (3, "status"), (3, "date"), (3, "url"), (3, "verified"), (4, "relations"), (5, "question"),
        (5, "reference"), (6, "relations"), (7, ""),
    }  # fmt: skip
    assert "under-development" in next(one.allowed for one in refused.problems if one.column == "status")
    assert await count(database, RoadmapItem) == 0
    assert await count(database, Body) == 0


async def test_the_same_id_or_reference_twice_is_refused(database: Database, written: Callable[..., Path]) -> None:
    other = GOOD.replace("a-1", "a-2")
    refused = await refusal(database, "roadmap", written(ROADMAP, GOOD, GOOD, other))
    assert [(one.row, one.column) for one in refused.problems] == [
        (3, "id"),
        (3, "body and reference"),
        (4, "body and reference"),
    ]


async def test_a_reference_that_another_item_of_the_database_has_is_noted(
    database: Database, written: Callable[..., Path]
) -> None:
    assert (await brought(database, "roadmap", written(ROADMAP, GOOD))).notes == []
    outcome = await brought(database, "roadmap", written(ROADMAP, GOOD.replace("a-1", "a-2")))
    assert outcome.notes == ["another item has the same reference: A.1 (1)"]


async def test_a_thousand_problems_are_listed_and_all_are_counted(
    database: Database, written: Callable[..., Path]
) -> None:
    refused = await refusal(database, "topics", written("code,name,aliases", *(f"c{n},," for n in range(2_500))))
    assert (len(refused.problems), refused.count) == (1_000, 2_500)


async def test_a_relation_may_point_to_a_later_row(database: Database, written: Callable[..., Path]) -> None:
    first = "a-1,BODY,,,A.1,Title,Standard,superseded,,,,replaced-by:a-2,,yes"
    second = "a-2,BODY,,,A.2,Title,Standard,published,,,,replaces:a-1;related:a-1,,yes"
    await brought(database, "roadmap", written(ROADMAP, first, second))
    assert await count(database, Relation) == 3


async def test_changed_topics_and_relations_take_the_place_of_the_old_ones(sample: Database, tmp_path: Path) -> None:
    text_before = (await saved(sample, "roadmap", tmp_path / "roadmap.csv")).decode()
    text_after = text_before.replace("qkdn;protocols,,", "protocols;sdn,related:itu-t-q.4161,", 1)
    assert text_after != text_before
    (tmp_path / "roadmap.csv").write_text(text_after, newline="")
    outcome = await brought(sample, "roadmap", tmp_path / "roadmap.csv")
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 238)
    assert (await saved(sample, "roadmap", tmp_path / "again.csv")).decode() == text_after


async def test_a_changed_title_is_found_by_its_new_words(sample: Database, tmp_path: Path) -> None:
    before = (await saved(sample, "roadmap", tmp_path / "roadmap.csv")).decode()
    after = before.replace("Quantum key distribution networks – Protocol framework", "Zebra crossings", 1)
    (tmp_path / "roadmap.csv").write_text(after, newline="")
    await brought(sample, "roadmap", tmp_path / "roadmap.csv")
    assert await found_by(sample, "zebra") == ["itu-t-q.4160"]


async def found_by(database: Database, word: str) -> list[str]:
    async with database.reading() as session:
        dialect = session.get_bind().dialect.name
        found = search.matching(dialect, [[(search.stem(word),)]])
        return list(
            await session.scalars(select(RoadmapItem.key).where(RoadmapItem.id.in_(found)).order_by(RoadmapItem.id))
        )


async def test_many_rows_are_indexed_as_few_rows_are(database: Database, written: Callable[..., Path]) -> None:
    rows = [f"k-{n},BODY,G{n % 7},,R.{n},Thing number{n} of networks,Standard,published,,,,,," for n in range(2_345)]
    await brought(database, "roadmap", written(ROADMAP, *(row + "no" for row in rows)))
    assert await found_by(database, "number2301") == ["k-2301"]
    assert len(await found_by(database, "network")) == 2_345
    # The triggers are there again: a later row is found, too.
    await brought(database, "roadmap", written(ROADMAP, GOOD))
    assert await found_by(database, "first") == ["a-1"]
    if database.is_sqlite:
        async with database.writing() as session:
            await session.execute(
                text("INSERT INTO roadmap_search(roadmap_search, rank) VALUES ('integrity-check', 1)")
            )


async def test_a_large_file_that_is_refused_or_rehearsed_leaves_the_index_as_it_was(
    sample: Database, written: Callable[..., Path]
) -> None:
    rows = [f"k-{n},BODY,,,R.{n},Zebra thing,Standard,published,,,,,,no" for n in range(1_500)]
    await brought(sample, "roadmap", written(ROADMAP, *rows), dry_run=True)
    await refusal(sample, "roadmap", written(ROADMAP, *rows, "bad"))
    assert await count(sample, RoadmapItem) == 239
    assert await found_by(sample, "zebra") == []
    await brought(sample, "roadmap", written(ROADMAP, rows[7]))
    assert await found_by(sample, "zebra") == ["k-7"]


async def test_one_large_file_may_add_and_change(sample: Database, tmp_path: Path) -> None:
    before = (await saved(sample, "roadmap", tmp_path / "roadmap.csv")).decode()
    changed = before.replace("Quantum key distribution networks – Protocol framework", "Zebra crossings", 1)
    rows = [f"k-{n},BODY,,,R.{n},Thing,Standard,published,,,qkd,related:k-{n + 1},,no" for n in range(2_400)]
    last = "k-2400,BODY,,,R.2400,Giraffe,Standard,published,,,,,,no"
    (tmp_path / "large.csv").write_text(changed + "\n".join([*rows, last]) + "\n", newline="")
    outcome = await brought(sample, "roadmap", tmp_path / "large.csv")
    assert (outcome.added, outcome.changed, outcome.unchanged) == (2_401, 1, 238)
    assert await found_by(sample, "zebra") == ["itu-t-q.4160"]
    assert await found_by(sample, "giraffe") == ["k-2400"]
    assert (await saved(sample, "roadmap", tmp_path / "again.csv")) == (tmp_path / "large.csv").read_bytes()


async def test_cores_and_stems_are_those_of_references_and_search(sample: Database) -> None:
    async with sample.reading() as session:
        for item in await session.scalars(select(RoadmapItem)):
            assert item.core == core_of(item.reference)
            assert item.stems == " ".join(search.stems(item.title))


async def test_a_former_name_in_a_liaison_statement_is_known(sample: Database) -> None:
    async with sample.reading() as session:
        found = select(RoadmapItem.reference, FormerName.name).join(FormerName)
        assert (await session.execute(found)).all() == [("Q.4165", "Q.QKDNi_profr")]


async def test_a_meeting_gets_its_instant_from_local_time_and_zone(sample: Database) -> None:
    async with sample.reading() as session:
        rows = (await session.execute(select(Meeting.starts_at, Meeting.begins_on).order_by(Meeting.number))).all()
    assert rows[0] == (datetime(2023, 3, 22, 12, tzinfo=UTC), "2023-03-22")
    assert [begins_on for _, begins_on in rows[2:]] == ["2023-12-14", "2024-05-17", "2025-07", ""]


async def test_a_group_cannot_be_its_own_ancestor(database: Database, written: Callable[..., Path]) -> None:
    head = "code,body,name,scope,questions,parent,ended,homepage"
    refused = await refusal(database, "groups", written(head, "A,B,a,,,C,,", "C,B,c,,,A,,", "D,B,d,,,E,,"))
    assert {(one.row, one.column) for one in refused.problems} == {(4, "parent")}
    refused = await refusal(database, "groups", written(head, "A,B,a,,,C,,", "C,B,c,,,A,,"))
    assert {one.row for one in refused.problems} == {2, 3}


async def test_questions_that_a_file_does_not_list_stay(sample: Database, written: Callable[..., Path]) -> None:
    head = "code,body,name,scope,questions,parent,ended,homepage"
    path = written(head, "SG11,ITU-T,Study Group 11,,Q5/11,,,")
    await brought(sample, "groups", path)
    assert (await brought(sample, "groups", path)).is_nothing


async def test_an_overlap_is_the_same_the_other_way_round(sample: Database, written: Callable[..., Path]) -> None:
    outcome = await brought(sample, "overlaps", written("a,b,overlap", "GS QKD 014,Q.4161,0"))
    assert (outcome.added, outcome.changed) == (0, 1)


async def test_gzip_and_a_byte_order_mark_are_read(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    path.write_bytes(gzip.compress("\ufeffcode,name,aliases\nqkd,Keys,\n".encode()))
    assert (await brought(database, "topics", path)).added == 1


async def test_json_may_have_its_own_types(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "topics.json"
    path.write_text(
        json.dumps(
            [{"code": "qkd", "name": "Keys", "aliases": ["a;b", "c"]}, {"code": 5, "name": "Five", "aliases": None}]
        )
    )
    assert (await brought(database, "topics", path)).added == 2
    assert (await brought(database, "topics", path)).is_nothing
