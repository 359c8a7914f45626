"""Importing liaison statements: their groups, deadlines, words and what they reply to are found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from sqlalchemy import select, update

from storage.database import Database
from storage.liaison import drafts, naming, texts
from storage.liaison.drafts import Origin, Wording
from storage.representing.trail import BOT
from storage.tables import Group, Liaison, LiaisonAddressee, LiaisonText
from storage.transfer import export_file, import_file
from storage.words import DeadlineKind

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADER = (
    "number,direction,date,source,title,for_action,for_comment,for_information,"
    "deadline,in_response_to,status,summary,url"
)


async def brings(database: Database, path: Path, *rows: str) -> None:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    await import_file(database, "liaisons", path, NOW)


async def one(database: Database, number: str) -> Liaison:
    async with database.reading() as session:
        return (await session.scalars(select(Liaison).where(Liaison.number == number))).one()


def row(number: str, *, source: str = "SG13", to: str = "", deadline: str = "", reply: str = "") -> str:
    return f"{number},incoming,2024-01-01,{source},LS on {number},{to},,,{deadline},{reply},received,,"


async def test_the_groups_of_the_sample_are_found(sample: Database) -> None:
    async with sample.reading() as session:
        query = select(LiaisonAddressee.name, Group.code).join(Group, Group.id == LiaisonAddressee.group_id)
        found = {name for name, _code in await session.execute(query)}
        sources = set(await session.scalars(select(Liaison.source).where(Liaison.source_id.is_(None))))
    assert not sources
    assert {"JTC 1/SC 27", "TSAG"} <= found


@pytest.mark.parametrize("name", ["SG13", "sg 13", "ITU-T SG13", "Q16/13", "ITU-T Q16/13"])
async def test_a_group_is_found_by_all_that_is_plainly_its_name(sample: Database, name: str) -> None:
    async with sample.engine.connect() as connection:
        meant = (await naming.read(connection)).meant(name)
        code = await connection.scalar(select(Group.code).where(Group.id == meant))
    assert code == "SG13"


async def test_a_name_of_nobody_stays_as_it_is_written(sample: Database, tmp_path: Path) -> None:
    await brings(sample, tmp_path / "l.csv", row("1", source="Quantum Guild"))
    assert (await one(sample, "1")).source_id is None


async def test_a_changed_source_is_looked_for_again(sample: Database, tmp_path: Path) -> None:
    await brings(sample, tmp_path / "l.csv", row("1", source="SG13"))
    before = (await one(sample, "1")).source_id
    await brings(sample, tmp_path / "l.csv", row("1", source="SG17"))
    assert (await one(sample, "1")).source_id not in (None, before)


@pytest.mark.parametrize(
    ("deadline", "kind"),
    [("", "unstated"), ("none", "none"), ("2024-05-01", "date"), ("next meeting of SG13", "vague")],
)
async def test_every_kind_of_deadline_goes_in_and_comes_out_again(
    sample: Database, tmp_path: Path, deadline: str, kind: str
) -> None:
    await brings(sample, tmp_path / "l.csv", row("1", deadline=deadline))
    assert (await one(sample, "1")).deadline_kind is DeadlineKind(kind)
    async for _ in export_file(sample, "liaisons", tmp_path / "out.csv"):
        pass
    outcome = await import_file(sample, "liaisons", tmp_path / "out.csv", NOW)
    assert outcome.changed == outcome.added == 0
    assert (await one(sample, "1")).deadline_kind is DeadlineKind(kind)


async def test_a_reply_is_linked_to_what_it_answers(sample: Database, tmp_path: Path) -> None:
    await brings(
        sample, tmp_path / "l.csv", row("SG13-LS2", reply="SG13-LS1"), row("SG13-LS1"), row("SG13-LS3", reply="X")
    )
    original = await one(sample, "SG13-LS1")
    assert (await one(sample, "SG13-LS2")).response_to_id == original.id
    assert (await one(sample, "SG13-LS3")).response_to_id is None
    await brings(sample, tmp_path / "l.csv", row("SG13-LS2", reply="SG13-LS3"))
    assert (await one(sample, "SG13-LS2")).response_to_id == (await one(sample, "SG13-LS3")).id


async def test_who_stays_an_addressee_keeps_what_they_are_asked(sample: Database, tmp_path: Path) -> None:
    await brings(sample, tmp_path / "l.csv", row("1", to="SG13; SG11"))
    id = (await one(sample, "1")).id
    async with sample.writing() as session:
        asked = {"asked": "send your comments", "due": "2024-05-01"}
        chosen = update(LiaisonAddressee).where(LiaisonAddressee.liaison_id == id, LiaisonAddressee.name == "SG13")
        await session.execute(chosen.values(asked))
    await brings(sample, tmp_path / "l.csv", row("1", to="SG17; SG13"))
    async with sample.reading() as session:
        query = select(LiaisonAddressee.name, LiaisonAddressee.asked, LiaisonAddressee.due, Group.code)
        query = query.join(Group, Group.id == LiaisonAddressee.group_id).where(LiaisonAddressee.liaison_id == id)
        found = {tuple(each) for each in await session.execute(query)}
    assert found == {("SG17", "", "", "SG17"), ("SG13", "send your comments", "2024-05-01", "SG13")}


async def test_a_draft_is_linked_to_what_it_answers_when_it_is_sent_and_not_before(
    sample: Database, tmp_path: Path
) -> None:
    await brings(sample, tmp_path / "l.csv", row("SG13-LS1"))
    async with sample.writing() as session:
        original = (await session.scalars(select(Liaison).where(Liaison.number == "SG13-LS1"))).one()
        draft = await drafts.begin(session, Wording("LS/r"), {}, Origin("JCA", None, original), BOT, NOW)
    await brings(sample, tmp_path / "l.csv", row("SG13-LS2"))
    assert (await one(sample, draft.number)).response_to_id is None


async def test_its_words_can_be_found_and_follow_a_change(sample: Database, tmp_path: Path) -> None:
    await brings(sample, tmp_path / "l.csv", row("1"))
    id = (await one(sample, "1")).id
    async with sample.writing() as session:
        await texts.write(session, id, "About trusted nodes", "")
    await brings(sample, tmp_path / "l.csv", row("1").replace("LS on 1", "LS on satellites"))
    async with sample.reading() as session:
        stems = await session.scalar(select(LiaisonText.stems).where(LiaisonText.liaison_id == id))
    assert {"satellit", "trust", "node"} <= set((stems or "").split())


async def test_two_thousand_statements_go_in_quickly(database: Database, tmp_path: Path) -> None:
    rows = [
        row(f"SG13-LS{one}", source=f"SG{one % 20}", to="SG13; ISG QKD", reply=f"SG13-LS{one - 1}")
        for one in range(2_000)
    ]
    began = process_time()
    await brings(database, tmp_path / "l.csv", *rows)
    assert process_time() - began < 10
    assert (await one(database, "SG13-LS1999")).response_to_id is not None
