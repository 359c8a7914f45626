"""Merging two persons keeps what both had."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from storage import announcements, audit, drops, forgetting, merging, receipts, targets
from storage.announcements import Draft
from storage.database import Database
from storage.drops import Content
from storage.meeting import documents
from storage.meeting.documents import Submission
from storage.people import Caller, Household, Newcomer, identify
from storage.representing.trail import BOT, Actor
from storage.roles import Role
from storage.tables import Account, AuditEntry, Base, Grant, Meeting, Person, Recipient, Representative
from storage.tables import Group as GroupRow
from storage.targets import Destination
from storage.words import RepresentativeKind, RepresentativeStatus

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
HOUSEHOLD = Household(ZoneInfo("Europe/Zurich"))
PENDING, CONFIRMED, ENDED = (
    RepresentativeStatus.PENDING,
    RepresentativeStatus.CONFIRMED,
    RepresentativeStatus.ENDED,
)


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    made = Database(database.url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def caller(database: Database, name: str, platform: str = "slack") -> Caller:
    async with database.writing() as session:
        return await identify(session, Newcomer(platform, name, name), HOUSEHOLD, NOW)


async def represents(
    database: Database, person: int, status: RepresentativeStatus, group: str = "SG17", days: int = 0
) -> int:
    async with database.writing() as session:
        row = {
            "person_id": person,
            "group_id": await session.scalar(select(GroupRow.id).where(GroupRow.code == group)),
            "kind": RepresentativeKind.REPRESENTATIVE,
            "status": status,
            "requested_at": NOW + timedelta(days=days),
        }
        made = insert(Representative).values(row).returning(Representative.id)
        return (await session.execute(made)).scalar_one()


async def statuses(database: Database) -> dict[int, tuple[int, RepresentativeStatus]]:
    async with database.reading() as session:
        query = select(Representative.id, Representative.person_id, Representative.status)
        return {row.id: (row.person_id, row.status) for row in await session.execute(query)}


async def merge(database: Database, stays: int, goes: int) -> None:
    async with database.writing() as session:
        await merging.merge(session, stays, goes, NOW)


async def test_accounts_roles_and_entries_go_over(sample: Database) -> None:
    stays, goes = await caller(sample, "kim"), await caller(sample, "42", "telegram")
    entry = await represents(sample, goes.person_id, CONFIRMED)
    async with sample.writing() as session:
        row = {"person_id": goes.person_id, "role": int(Role.SECRETARIAT), "granted_at": NOW}
        await session.execute(insert(Grant).values(row))
    await merge(sample, stays.person_id, goes.person_id)
    again = await caller(sample, "42", "telegram")
    assert (again.person_id, again.role) == (stays.person_id, Role.SECRETARIAT)
    assert await statuses(sample) == {entry: (stays.person_id, CONFIRMED)}


@pytest.mark.parametrize(
    ("mine", "other", "stays"),
    [(CONFIRMED, CONFIRMED, "mine"), (PENDING, PENDING, "mine"), (PENDING, CONFIRMED, "other")],
)
async def test_of_two_open_entries_for_one_group_the_confirmed_or_older_one_stays(
    sample: Database, mine: RepresentativeStatus, other: RepresentativeStatus, stays: str
) -> None:
    kim, lee = await caller(sample, "kim"), await caller(sample, "lee")
    first = await represents(sample, kim.person_id, mine)
    second = await represents(sample, lee.person_id, other, days=1)
    await merge(sample, kim.person_id, lee.person_id)
    kept = {"mine": first, "other": second}[stays]
    found = await statuses(sample)
    assert {one for one, (_, status) in found.items() if status is not ENDED} == {kept}
    assert {person for person, _ in found.values()} == {kim.person_id}


async def test_whoever_was_merged_before_follows(sample: Database) -> None:
    three = [(await caller(sample, name)).person_id for name in ("kim", "lee", "ann")]
    await merge(sample, three[1], three[0])
    await merge(sample, three[2], three[1])
    async with sample.reading() as session:
        rows = (await session.execute(select(Person.id, Person.merged_into))).all()
        accounts = set(await session.scalars(select(Account.person_id)))
    assert {row.id: row.merged_into for row in rows} == {three[0]: three[2], three[1]: three[2], three[2]: None}
    assert accounts == {three[2]}


async def test_the_settings_of_the_one_who_goes_fill_what_the_other_never_said(database: Database) -> None:
    kim, lee = await caller(database, "kim"), await caller(database, "lee")
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == lee.person_id).values(timezone="Asia/Seoul"))
    await merge(database, kim.person_id, lee.person_id)
    assert (await caller(database, "kim")).zone.key == "Asia/Seoul"


async def test_a_document_stays_its_senders_own(sample: Database) -> None:
    kim, lee = await caller(sample, "kim"), await caller(sample, "lee")
    async with sample.writing() as session:
        meeting = (await session.scalars(select(Meeting).limit(1))).one()
        file = Content("d.txt", "text/plain", 1, await drops.keep_content(session, b"d", NOW))
        actor = Actor(lee, "slack")
        number = await documents.submit(session, meeting, Submission("Title", "ETSI"), file, actor, NOW)
    await merge(sample, kim.person_id, lee.person_id)
    async with sample.reading() as session:
        paper = await documents.found(session, number)
    assert paper
    assert paper.submitted_by == kim.person_id


async def test_who_acknowledged_an_announcement_is_asked_under_no_other_name(database: Database) -> None:
    kim, lee = await caller(database, "kim"), await caller(database, "lee")
    async with database.writing() as session:
        number = await announcements.draft(session, Draft("Read this", "everybody"), kim.person_id, NOW)
        for one in (kim, lee):
            target = await targets.kept(session, Destination("slack", one.external_id))
            row = {"announcement_id": number, "person_id": one.person_id, "target_id": target, "token": one.name}
            await session.execute(insert(Recipient).values(row))
        await announcements.acknowledge(session, number, kim.person_id, NOW)
    await merge(database, kim.person_id, lee.person_id)
    async with database.writing() as session:
        assert [each.person for each in await announcements.readers(session, number)] == [kim.person_id]
        assert not await receipts.acknowledge(session, "lee", NOW)


def test_of_every_column_that_refers_to_a_person_it_is_known_what_a_merge_does() -> None:
    """Where it only says who once did something it stays: the one who goes is a pointer to the other."""
    says_who = {
        "announcements.author_id",
        "document_versions.submitted_by",
        "grants.granted_by",
        "liaison_files.added_by",
        "liaison_proposals.decided_by",
        "liaisons.logged_by",
        "meeting_notes.noted_by",
        "reminders.cancelled_by",
        "representatives.decided_by",
        "subscriptions.made_by",
    }
    goes_over = {
        "accounts.person_id",
        "acknowledgements.person_id",
        "announcement_recipients.person_id",
        "attendances.person_id",
        "codes.person_id",
        "grants.person_id",
        "liaison_assignments.person_id",
        "meeting_documents.submitted_by",
        "persons.merged_into",
        "reminders.person_id",
        "representatives.person_id",
    }
    columns = (column for table in Base.metadata.tables.values() for column in table.columns)
    found = {str(one) for one in columns if any(key.column.table.name == "persons" for key in one.foreign_keys)}
    assert found == says_who | goes_over


async def test_who_confirmed_a_representative_is_one_until_the_end(sample: Database) -> None:
    kim = await caller(sample, "kim")
    entry = await represents(sample, kim.person_id, CONFIRMED)
    assert (await caller(sample, "kim")).role is Role.REPRESENTATIVE
    async with sample.writing() as session:
        await session.execute(update(Representative).where(Representative.id == entry).values(status=ENDED))
    assert (await caller(sample, "kim")).role is Role.MEMBER


async def test_a_representative_who_was_made_a_guest_is_shut_out(sample: Database) -> None:
    kim = await caller(sample, "kim")
    await represents(sample, kim.person_id, CONFIRMED)
    async with sample.writing() as session:
        row = {"person_id": kim.person_id, "role": int(Role.GUEST), "granted_at": NOW}
        await session.execute(insert(Grant).values(row))
    assert (await caller(sample, "kim")).role is Role.GUEST


async def noted(database: Database) -> None:
    kim = await caller(database, "kim")
    async with database.writing() as session:
        await audit.note(session, kim, "slack:D1:", "set zone", "person", "1", {"zone": "A"}, {"zone": "B"}, NOW)


@pytest.mark.parametrize("change", [{"action": "x"}, {"before": {}}, {"person_id": None}, {"place": "elsewhere"}])
async def test_the_database_refuses_to_change_the_audit_trail(database: Database, change: dict[str, object]) -> None:
    await noted(database)
    with pytest.raises(DBAPIError, match="only added to"):
        async with database.writing() as session:
            await session.execute(update(AuditEntry).values(change))


async def test_the_database_refuses_to_remove_from_the_audit_trail(database: Database) -> None:
    await noted(database)
    with pytest.raises(DBAPIError, match="only added to"):
        async with database.writing() as session:
            await session.execute(delete(AuditEntry))


async def test_of_where_a_forgotten_person_spoke_the_platform_stays(database: Database) -> None:
    await noted(database)
    async with database.writing() as session:
        person = await session.scalar(select(AuditEntry.person_id))
        assert person
        await audit.blur(session, [person])
        assert await session.scalar(select(AuditEntry.place)) == "slack"


async def test_those_of_whom_nothing_was_heard_are_found(sample: Database) -> None:
    silent, serving, merged = [(await caller(sample, name)).person_id for name in ("silent", "serving", "merged")]
    await represents(sample, serving, CONFIRMED)
    await merge(sample, serving, merged)
    async with sample.writing() as session:
        assert await forgetting.long_gone(session, HOUSEHOLD, NOW) == []
        later = NOW + timedelta(days=1)
        assert await forgetting.long_gone(session, HOUSEHOLD, later) == [silent]
        await forgetting.forget(session, silent, "gone", BOT, later)
        assert await forgetting.long_gone(session, HOUSEHOLD, later) == []


async def test_one_who_asked_something_lately_is_not_gone(sample: Database) -> None:
    kim = await caller(sample, "kim")
    async with sample.writing() as session:
        await audit.note(session, kim, "slack:D1:", "set zone", "person", "1", {}, {}, NOW + timedelta(days=2))
        assert await forgetting.long_gone(session, HOUSEHOLD, NOW + timedelta(days=1)) == []


async def test_of_two_decisions_about_two_persons_at_once_one_counts(database: Database, other: Database) -> None:
    kim, lee = await caller(database, "kim"), await caller(database, "lee")

    async def decide(one: Database, action: str) -> bool:
        async with one.writing() as session:
            state = await merging.locked(session, kim.person_id, lee.person_id)
            if state is not merging.State.UNASKED:
                return False
            if action == merging.MERGE:
                await merging.merge(session, kim.person_id, lee.person_id, NOW)
            pair = merging.pair(kim.person_id, lee.person_id)
            await audit.note(session, kim, "slack:D1:", action, merging.SUBJECT, pair, {}, {}, NOW)
            return True

    done = await asyncio.gather(decide(database, merging.MERGE), decide(other, merging.KEEP))
    assert sorted(done) == [False, True]
