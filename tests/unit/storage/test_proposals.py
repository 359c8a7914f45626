"""What liaison statements propose to change of the roadmap: never a step backwards, nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import roadmap
from storage.database import Database
from storage.liaison import deciding, proposals
from storage.liaison.deciding import Outcome
from storage.liaison.sayings import Saying, Standing, changes, gathered
from storage.liaison.sources import sources
from storage.references import core_of
from storage.representing.trail import BOT
from storage.tables import AuditEntry, CatalogueVersion, FormerName, Group, Liaison, LiaisonMention, RoadmapItem
from storage.transfer import export_file, import_file
from storage.words import DeadlineKind, Direction, ItemStatus, LiaisonStatus

NOW = datetime(2026, 2, 1, tzinfo=UTC)
STATUS = ItemStatus
LS136 = (
    ("Y.3815", "approved", "", "2023-09-29", "Y.3815 “Overview of resilience” was approved on 29 September 2023."),
    ("Y.3816", "approved", "Y.QKDN-qos-ml-fa", "", "Y.3816 (ex Y.QKDN-qos-ml-fa) “Quality of service” was approved."),
    ("Y.3819", "consented", "Y.QKDN-amc", "2023-11-03", "Y.3819 (ex Y.QKDN-amc) “Autonomic” was consented."),
    ("Y.QKDN-rsrq", "new-work-item", "", "", "Y.QKDN-rsrq “Requirements for resilience” (Q16/13)."),
    ("Y.3800", "mentioned", "", "", "See Y.3800."),
)


def standing(status: ItemStatus, date: str = "", reference: str = "Y.3819", *, in_force: bool = True) -> Standing:
    return Standing(reference, status, date, (core_of("Y.QKDN-old"),), in_force)


@pytest.mark.parametrize(
    ("was", "said", "wanted"),
    [
        (
            standing(STATUS.UNDER_DEVELOPMENT),
            Saying("Y.3819", STATUS.CONSENTED, "", "2023-11-03"),
            {"status": "consented"},
        ),
        (
            standing(STATUS.UNDER_DEVELOPMENT, "2024"),
            Saying("Y.3819", STATUS.APPROVED, "", "2023-11-03"),
            {"status": "approved", "date": "2023-11-03"},
        ),
        (standing(STATUS.CONSENTED, "2024"), Saying("Y.3819", STATUS.APPROVED), {"status": "approved", "date": ""}),
        (standing(STATUS.CONSENTED), Saying("Y.3819", STATUS.DETERMINED), {}),
        (standing(STATUS.APPROVED, "2023-11-03"), Saying("Y.3819", STATUS.CONSENTED, "", "2023-11-03"), {}),
        (
            standing(STATUS.APPROVED, "2023"),
            Saying("Y.3819", STATUS.APPROVED, "", "2023-11-03"),
            {"date": "2023-11-03"},
        ),
        (standing(STATUS.APPROVED, "2023-11-02"), Saying("Y.3819", STATUS.APPROVED, "", "2023-11-03"), {}),
        (
            standing(STATUS.APPROVED, "2023-11-03"),
            Saying("Y.3819", STATUS.PUBLISHED, "", "2023-12-20"),
            {"status": "in-force"},
        ),
        (
            standing(STATUS.APPROVED, "2023-11-03", in_force=False),
            Saying("Y.3819", STATUS.PUBLISHED, "", "2023-12-20"),
            {"status": "published", "date": "2023-12-20"},
        ),
        (standing(STATUS.IN_FORCE, "2023"), Saying("Y.3819", STATUS.APPROVED, "", "2023-11-03"), {}),
        (standing(STATUS.IN_FORCE), Saying("Y.3819", STATUS.PUBLISHED), {}),
        (standing(STATUS.PUBLISHED, in_force=False), Saying("Y.3819", STATUS.PUBLISHED), {}),
        (standing(STATUS.SUPERSEDED), Saying("Y.3819", STATUS.APPROVED), {}),
        (standing(STATUS.WITHDRAWN), Saying("Y.3819", STATUS.PUBLISHED), {}),
        (standing(STATUS.UNDER_DEVELOPMENT), Saying("Y.3819", STATUS.UNDER_DEVELOPMENT), {}),
        (standing(STATUS.IN_FORCE), Saying("Y.3819", None, "Y.QKDN-amc"), {"former": "Y.QKDN-amc"}),
        (standing(STATUS.IN_FORCE), Saying("Y.3819", None, "Y.QKDN-old"), {}),
        (
            standing(STATUS.UNDER_DEVELOPMENT, reference="Y.QKDN-amc"),
            Saying("Y.3819", STATUS.CONSENTED, "Y.QKDN-amc"),
            {"status": "consented", "reference": "Y.3819", "former": "Y.QKDN-amc"},
        ),
        (standing(STATUS.IN_FORCE), Saying("Y.3819", None, "Y.3819"), {}),
    ],
)
def test_a_saying_changes_only_what_is_new(was: Standing, said: Saying, wanted: Mapping[str, str]) -> None:
    assert {name: pair[1] for name, pair in changes(was, said).items()} == wanted


def mention(said: str, *, former: str = "", date: str = "", reference: str = "Y.3819") -> LiaisonMention:
    return LiaisonMention(liaison_id=1, reference=reference, said=said, former=former, date=date, quote="")


def test_mere_mentions_say_nothing() -> None:
    assert gathered([mention("mentioned")], "2026-02-01") == []


def test_of_several_sayings_the_furthest_counts_and_no_name_is_lost() -> None:
    said = gathered([mention("renamed", former="Y.old"), mention("approved", date="2023-11-03")], "2026-02-01")
    assert [(one.status, one.former, one.date) for one in said] == [(STATUS.APPROVED, "Y.old", "2023-11-03")]


@pytest.mark.parametrize("date", ["2033-11-03", "2023-13-01", "soon"])
def test_a_day_that_cannot_be_is_no_day(date: str) -> None:
    assert [one.date for one in gathered([mention("approved", date=date)], "2026-02-01")] == [""]


@pytest.mark.parametrize(
    ("quote", "title"),
    [
        ("Y.9 “A  title” was approved.", "A title"),
        ('Y.9 (ex Y.foo) "A title" was approved.', "A title"),
        ("Y.8 and Y.9 were approved.", ""),
        ("Y.9, Y.10 “Another one”.", ""),
        ("“Before” Y.9", ""),
    ],
)
def test_the_title_is_what_stands_after_the_reference_in_quotation_marks(quote: str, title: str) -> None:
    assert Saying("Y.9", former="Y.foo", quote=quote).title == title


async def logged(
    session: AsyncSession, mentions: tuple[tuple[str, str, str, str, str], ...], number: str = "LS-A"
) -> int:
    """A statement of SG13 that says this."""
    source = await session.scalar(select(Group.id).where(Group.code == "SG13"))
    liaison = Liaison(
        number=number,
        direction=Direction.INCOMING,
        source="SG13",
        source_id=source,
        title="LS on work progress",
        status=LiaisonStatus.RECEIVED,
        deadline_kind=DeadlineKind.UNSTATED,
    )
    session.add(liaison)
    await session.flush()
    for reference, said, former, date, quote in mentions:
        row = LiaisonMention(reference=reference, said=said, former=former, date=date, quote=quote)
        row.liaison_id = liaison.id
        session.add(row)
    await session.flush()
    return liaison.id


async def set_back(session: AsyncSession, status: ItemStatus = STATUS.UNDER_DEVELOPMENT) -> None:
    """Y.3819 as it was before it got its number."""
    values = {"reference": "Y.QKDN-amc", "core": core_of("Y.QKDN-amc"), "status": status, "date": "2024"}
    await session.execute(update(RoadmapItem).where(RoadmapItem.key == "itu-t-y.3819").values(values))


async def item(session: AsyncSession, written: str) -> roadmap.Item:
    (one,) = (await roadmap.by_cores(session, [core_of(written)]))[core_of(written)]
    return one


async def test_a_statement_proposes_what_the_roadmap_does_not_say_yet(sample: Database) -> None:
    async with sample.writing() as session:
        await set_back(session)
        liaison = await logged(session, LS136)
        made = await proposals.derive(session, liaison, NOW)
        found = await proposals.of_statement(session, liaison)
    assert [one.id for one in found] == list(made)
    wanted = {one.reference: {name: pair[1] for name, pair in one.changes.items()} for one in found}
    assert wanted == {
        "Y.3816": {"former": "Y.QKDN-qos-ml-fa"},
        "Y.3819": {"status": "consented", "reference": "Y.3819", "former": "Y.QKDN-amc"},
        "Y.QKDN-rsrq": {
            "body": "ITU-T",
            "group": "SG13",
            "question": "Q16/13",
            "reference": "Y.QKDN-rsrq",
            "title": "Requirements for resilience",
            "type": "Recommendation",
            "status": "under-development",
        },
    }


async def test_deriving_again_proposes_nothing_more(sample: Database) -> None:
    async with sample.writing() as session:
        liaison = await logged(session, LS136)
        first = await proposals.derive(session, liaison, NOW)
        assert first
        assert not await proposals.derive(session, liaison, NOW)


async def test_a_later_statement_does_not_propose_what_waits_already(sample: Database) -> None:
    async with sample.writing() as session:
        await set_back(session)
        await proposals.derive(session, await logged(session, LS136), NOW)
        later = (*LS136[:2], ("Y.3819", "approved", "Y.QKDN-amc", "2023-12-14", ""), LS136[3])
        again = await logged(session, later, "LS-B")
        made = await proposals.derive(session, again, NOW)
        assert [one.reference for one in await proposals.of_statement(session, again)] == ["Y.3819"]
        assert len(made) == 1


async def test_an_outgoing_statement_proposes_nothing(sample: Database) -> None:
    async with sample.writing() as session:
        liaison = await logged(session, LS136)
        await session.execute(update(Liaison).where(Liaison.id == liaison).values(direction=Direction.OUTGOING))
        session.expire_all()
        assert not await proposals.derive(session, liaison, NOW)


async def test_another_edition_is_new_only_when_it_is_newer(sample: Database) -> None:
    said = ("published", "", "", "")
    async with sample.writing() as session:
        liaison = await logged(session, (("Y.3820 (09/2030)", *said), ("Y.3800 (01/2001)", *said)))
        await proposals.derive(session, liaison, NOW)
        found = await proposals.of_statement(session, liaison)
    assert [(one.reference, one.is_addition) for one in found] == [("Y.3820 (09/2030)", True)]


async def test_an_item_of_the_same_title_was_called_so_before(sample: Database) -> None:
    title = "Quantum key distribution networks - Requirements for resilience"
    said = ("Y.QKDN-rsrq", "new-work-item", "", "", f"Y.QKDN-rsrq “{title}” (Q16/13).")
    async with sample.writing() as session:
        liaison = await logged(session, (said,))
        await proposals.derive(session, liaison, NOW)
        (one,) = await proposals.of_statement(session, liaison)
    assert (one.item_reference, one.changes) == ("Y.3821", {"former": ["", "Y.QKDN-rsrq"]})


async def test_what_is_accepted_stands_in_the_roadmap_with_its_statement(sample: Database) -> None:
    async with sample.writing() as session:
        await set_back(session)
        version = await session.scalar(select(CatalogueVersion.version)) or 0
        made = await proposals.derive(session, await logged(session, LS136), NOW)
        assert [await deciding.accept(session, one, BOT, NOW) for one in made] == [Outcome.DONE] * 3
    async with sample.reading() as session:
        renamed, new = await item(session, "Y.QKDN-amc"), await item(session, "Y.QKDN-rsrq")
        assert (renamed.reference, renamed.key, renamed.status) == ("Y.3819", "itu-t-y.3819", "consented")
        assert (new.key, new.group, new.question, new.verified) == ("itu-t-y.qkdn-rsrq", "SG13", "Q16/13", False)
        assert [(one.statement, one.words, one.former) for one in await sources(session, renamed)] == [
            ("LS-A", "reference, status and earlier name", "Y.QKDN-amc")
        ]
        assert (await session.scalar(select(CatalogueVersion.version)) or 0) == version + 3
        audited = select(AuditEntry).where(AuditEntry.subject == "roadmap", AuditEntry.subject_id == renamed.key)
        (entry,) = await session.scalars(audited)
        assert (entry.before["status"], entry.after["status"], entry.after["source"]) == (
            "under-development",
            "consented",
            "LS-A",
        )
        linked = select(LiaisonMention.item_id).where(LiaisonMention.reference == "Y.QKDN-rsrq")
        assert await session.scalar(linked) == new.id


async def test_a_new_item_is_found_by_the_words_of_its_title(sample: Database) -> None:
    async with sample.writing() as session:
        said = ("Y.QKDN-x", "new-work-item", "", "", "Y.QKDN-x “Zebra crossing of photons”")
        for one in await proposals.derive(session, await logged(session, (said,)), NOW):
            await deciding.accept(session, one, BOT, NOW)
    async with sample.reading() as session:
        clause = roadmap.Clause(phrases=frozenset({("zebra",)}))
        found = await roadmap.find(session, roadmap.Selection(clauses=(clause,)))
        assert [one.reference for one in found.items] == ["Y.QKDN-x"]


async def test_an_item_that_moved_on_is_not_taken_back(sample: Database) -> None:
    async with sample.writing() as session:
        await set_back(session)
        liaison = await logged(session, LS136)
        await proposals.derive(session, liaison, NOW)
        one = next(one for one in await proposals.of_statement(session, liaison) if one.reference == "Y.3819")
        await set_back(session, STATUS.APPROVED)
        assert await deciding.accept(session, one.id, BOT, NOW) is Outcome.STALE
        now_is = await proposals.found(session, one.id)
        assert now_is is not None
        assert {name: pair[1] for name, pair in now_is.changes.items()} == {
            "reference": "Y.3819",
            "former": "Y.QKDN-amc",
        }
        assert (await item(session, "Y.QKDN-amc")).reference == "Y.QKDN-amc"
        assert await deciding.accept(session, one.id, BOT, NOW) is Outcome.DONE
        assert (await item(session, "Y.3819")).status is STATUS.APPROVED


async def test_a_new_item_that_somebody_added_meanwhile_is_not_added_twice(sample: Database) -> None:
    async with sample.writing() as session:
        first = await proposals.derive(session, await logged(session, LS136[3:4]), NOW)
        said = ("Y.QKDN-rsrq", "consented", "", "", LS136[3][4])
        second = await proposals.derive(session, await logged(session, (said,), "LS-B"), NOW)
        assert await deciding.accept(session, first[0], BOT, NOW) is Outcome.DONE
        assert await deciding.accept(session, second[0], BOT, NOW) is Outcome.STALE
        assert await deciding.accept(session, second[0], BOT, NOW) is Outcome.DONE
        assert (await item(session, "Y.QKDN-rsrq")).status is STATUS.CONSENTED


async def test_a_proposal_that_the_roadmap_overtook_is_settled(sample: Database) -> None:
    async with sample.writing() as session:
        await set_back(session)
        (first,) = await proposals.derive(session, await logged(session, LS136[2:3]), NOW)
        further = ("Y.3819", "approved", "Y.QKDN-amc", "2023-12-14", "")
        (second,) = await proposals.derive(session, await logged(session, (further,), "LS-B"), NOW)
        assert await deciding.accept(session, second, BOT, NOW) is Outcome.DONE
        assert await deciding.accept(session, first, BOT, NOW) is Outcome.SETTLED
        assert await deciding.accept(session, first, BOT, NOW) is Outcome.LATE
        one = await item(session, "Y.3819")
        assert (one.status, one.date) == (STATUS.APPROVED, "2023-12-14")


async def test_an_item_without_a_title_waits_for_one(sample: Database) -> None:
    async with sample.writing() as session:
        (one,) = await proposals.derive(session, await logged(session, (("Y.new", "consented", "", "", ""),)), NOW)
        assert await deciding.accept(session, one, BOT, NOW, {"date": "2027"}) is Outcome.INCOMPLETE
        assert await deciding.accept(session, one, BOT, NOW, {"title": "A title"}) is Outcome.DONE
        new = await item(session, "Y.new")
        assert (new.title, new.date) == ("A title", "2027")


async def exported(database: Database, path: Path) -> None:
    async for _ in export_file(database, "roadmap", path):
        pass


async def test_the_roadmap_goes_out_and_in_again_without_a_change(sample: Database, tmp_path: Path) -> None:
    async with sample.writing() as session:
        await set_back(session)
        for one in await proposals.derive(session, await logged(session, LS136), NOW):
            await deciding.accept(session, one, BOT, NOW)
        before = set(await session.scalars(select(FormerName.name)))
    path = tmp_path / "roadmap.csv"
    await exported(sample, path)
    outcome = await import_file(sample, "roadmap", path, NOW)
    assert (outcome.added, outcome.changed) == (0, 0)
    async with sample.reading() as session:
        assert set(await session.scalars(select(FormerName.name))) == before >= {"Y.QKDN-amc", "Y.QKDN-qos-ml-fa"}


async def test_a_file_that_says_otherwise_wins_and_says_so(sample: Database, tmp_path: Path) -> None:
    path = tmp_path / "roadmap.csv"
    async with sample.writing() as session:
        await set_back(session)
    await exported(sample, path)
    async with sample.writing() as session:
        for one in await proposals.derive(session, await logged(session, LS136), NOW):
            await deciding.accept(session, one, BOT, NOW)
    outcome = await import_file(sample, "roadmap", path, NOW)
    assert "itu-t-y.3819: the status consented came from LS-A" in outcome.notes
    async with sample.reading() as session:
        back = await item(session, "Y.QKDN-amc")
        assert back.status is STATUS.UNDER_DEVELOPMENT
        assert [one.words for one in await sources(session, back)] == ["earlier name"]
        assert await session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "import"))
