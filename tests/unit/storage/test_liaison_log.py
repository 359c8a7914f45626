"""Logging liaison statements: numbered without gaps, once, however many do it at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select

from storage import drops
from storage.database import Database
from storage.drops import Content
from storage.liaison import events, files, texts
from storage.liaison.events import Deed
from storage.liaison.files import Enclosed
from storage.liaison.log import Addressee, Entry, Logged, log
from storage.liaison.mentions import Mentioned
from storage.representing.trail import BOT
from storage.tables import File, Liaison, LiaisonAddressee, LiaisonMention, LiaisonText, RoadmapItem
from storage.words import DeadlineKind, Direction, LiaisonFileKind, LiaisonStatus, Purpose
from tests.unit.storage.waiting import somebody_waits

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATTERN, HOST = "{host}-IN{n}", "JCA"
ENTRY = Entry(Direction.INCOMING, "SG99", "LS on keys")


async def logs(database: Database, entry: Entry = ENTRY, pattern: str = PATTERN) -> tuple[str, str | None]:
    """Its number, and ours."""
    async with database.writing() as session:
        liaison = await log(session, entry, pattern, HOST, BOT, NOW)
    return liaison.number, liaison.ours


async def with_file(database: Database, text: str, entry: Entry = ENTRY) -> Entry:
    content = text.encode()
    async with database.writing() as session:
        digest = await drops.keep_content(session, content, NOW)
    one = Content("ls.txt", "text/plain", len(content), digest)
    return replace(entry, files=[Enclosed(one, LiaisonFileKind.STATEMENT, text)])


async def test_fifty_who_log_at_once_get_numbers_without_gaps(database: Database) -> None:
    given = await asyncio.gather(*(logs(database, replace(ENTRY, number=f"SG99-LS{one}")) for one in range(50)))
    assert sorted(ours or "" for _, ours in given) == sorted(f"JCA-IN{one}" for one in range(1, 51))
    assert {number for number, _ in given} == {f"SG99-LS{one}" for one in range(50)}


async def test_a_number_that_was_taken_back_is_given_to_the_next_one(database: Database) -> None:
    async def fails(one: int) -> None:
        async with database.writing() as session:
            await log(session, replace(ENTRY, number=f"bad {one}"), PATTERN, HOST, BOT, NOW)
            raise RuntimeError

    tries = [fails(one) if one % 3 == 0 else logs(database) for one in range(12)]
    outcomes: Sequence[object] = await asyncio.gather(*tries, return_exceptions=True)
    given = [one[1] for one in outcomes if isinstance(one, tuple)]
    assert sorted(map(str, given)) == sorted(f"JCA-IN{one}" for one in range(1, 9))


async def test_of_those_who_log_the_same_at_once_one_does(database: Database) -> None:
    entries = [replace(ENTRY, number="SG99-LS7")] * 4
    outcomes = await asyncio.gather(*(logs(database, one) for one in entries), return_exceptions=True)
    assert sum(isinstance(one, Logged) for one in outcomes) == 3
    assert (await logs(database))[1] == "JCA-IN2"


async def test_of_two_who_log_at_once_what_we_sent_one_does(database: Database) -> None:
    sent = replace(ENTRY, direction=Direction.OUTGOING, source="JCA", number="JCA-LS4")
    async with database.writing() as session:
        await log(session, sent, PATTERN, HOST, BOT, NOW)
        other = asyncio.create_task(logs(database, sent))
        await somebody_waits(database)
    with pytest.raises(Logged):
        await other


async def test_one_content_is_logged_once(database: Database) -> None:
    entry = await with_file(database, "keys are distributed")
    await logs(database, entry)
    with pytest.raises(Logged) as caught:
        await logs(database, replace(entry, number="another"))
    assert caught.value.is_same_content


async def test_another_senders_same_number_is_told_apart(database: Database) -> None:
    await logs(database, replace(ENTRY, number="LS 7"))
    assert await logs(database, replace(ENTRY, number="LS 7", source="SG98")) == ("SG98 LS 7", "JCA-IN2")


async def test_what_has_no_number_is_called_by_ours(database: Database) -> None:
    assert await logs(database) == ("JCA-IN1", "JCA-IN1")


async def test_what_we_sent_elsewhere_keeps_its_number_and_is_passed_over(database: Database) -> None:
    sent = replace(ENTRY, direction=Direction.OUTGOING, source="JCA", number="JCA-LS4")
    assert await logs(database, sent, "{host}-LS{n}") == ("JCA-LS4", None)
    assert await logs(database, replace(sent, number="", title="more"), "{host}-LS{n}") == ("JCA-LS5", "JCA-LS5")


async def test_all_that_a_statement_says_is_kept(database: Database) -> None:
    entry = replace(
        await with_file(database, "entanglement swapping"),
        abstract="About trusted nodes",
        body="We inform you",
        deadline="2026-05-01",
        deadline_kind=DeadlineKind.DATE,
        addressees=[Addressee(Purpose.ACTION, "JCA", asked="comment", due="2026-04-01")],
        mentions=[Mentioned("Y.1", "approved"), Mentioned("Y.1", "approved")],
    )
    async with database.writing() as session:
        liaison = await log(session, entry, PATTERN, HOST, BOT, NOW)
    async with database.reading() as session:
        stems = await session.scalar(select(LiaisonText.stems))
        (addressee,) = await session.scalars(select(LiaisonAddressee))
        (paper,) = await files.of(session, liaison.id)
        (event,) = await events.history(session, liaison.id)
        mentioned = list(await session.scalars(select(LiaisonMention.reference)))
    assert liaison.status is LiaisonStatus.RECEIVED
    assert {"entangl", "trust", "inform", "key"} <= set((stems or "").split())
    assert (addressee.asked, addressee.due, paper.name) == ("comment", "2026-04-01", "ls.txt")
    assert (event.deed, event.after["ours"], mentioned) == (Deed.LOGGED, "JCA-IN1", ["Y.1"])


async def test_what_it_mentions_is_found_in_the_roadmap(sample: Database) -> None:
    entry = replace(ENTRY, mentions=[Mentioned("ITU-T Y.3800", "mentioned"), Mentioned("Y.99999", "mentioned")])
    async with sample.writing() as session:
        await log(session, entry, PATTERN, HOST, BOT, NOW)
    async with sample.reading() as session:
        query = select(LiaisonMention.reference, RoadmapItem.reference)
        rows = (await session.execute(query.outerjoin(RoadmapItem, RoadmapItem.id == LiaisonMention.item_id))).all()
    found = {row[0]: row[1] for row in rows}
    assert "3800" in (found["ITU-T Y.3800"] or "")
    assert found["Y.99999"] is None


async def test_a_statements_file_is_not_cleaned_up(database: Database) -> None:
    entry = await with_file(database, "to be kept")
    await logs(database, entry)
    await with_file(database, "nobody wants this")
    async with database.writing() as session:
        await drops.forget(session, NOW.replace(year=2027))
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(File)) == 1


async def test_very_long_texts_can_be_kept_and_searched(database: Database) -> None:
    words = " ".join(f"word{one}é" for one in range(60_000))
    async with database.writing() as session:
        await session.execute(
            insert(Liaison).values(
                number="1", direction=Direction.INCOMING, source="a", title="b", status=LiaisonStatus.RECEIVED
            )
        )
        id = await session.scalar(select(Liaison.id))
        await texts.write(session, id or 0, "", words)
