"""Announcements as they are kept: titles, states that one person changes, files, figures."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import announcements, broadcasts, drops, targets
from storage.announcements import UNSENT, Draft, title_of
from storage.audiences import Recipient, Sort
from storage.database import Database
from storage.drops import Dropped
from storage.outbox import Words
from storage.tables import Delivery, Person
from storage.targets import Destination
from storage.words import AnnouncementState, DeliveryState

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def drafted(database: Database) -> int:
    async with database.writing() as session:
        await session.execute(insert(Person).values(id=1, name="Kim", created_at=NOW))
        return await announcements.draft(session, Draft("Hello", "everybody"), 1, NOW)


async def dropped(session: AsyncSession, name: str, content: bytes) -> Dropped:
    return Dropped(1, name, "text/plain", len(content), await drops.keep_content(session, content, NOW))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("\n\n## **Seventh** meeting\n\nIt is on", "Seventh meeting"),
        ("[The report](https://example.org/a_b) is out", "The report is out"),
        ("> *quoted* snake_case", "quoted snake_case"),
        ("---\n***\n", "Announcement"),
        ("word " * 40, "word " * 14 + "word word…"),
    ],
)
def test_the_title_is_the_first_line_that_says_something(text: str, title: str) -> None:
    assert title_of(text)[:20] == title[:20]
    assert len(title_of(text)) <= 80


async def test_of_two_who_send_at_once_one_is_first(database: Database) -> None:
    number = await drafted(database)

    async def turn() -> bool:
        async with database.writing() as session:
            return await announcements.turn(session, number, UNSENT, {"state": AnnouncementState.SENDING})

    assert sorted(await asyncio.gather(turn(), turn(), turn())) == [False, False, True]


async def test_of_two_who_remind_at_once_one_is_first(database: Database) -> None:
    number = await drafted(database)

    async def claim() -> bool:
        async with database.writing() as session:
            return await announcements.claim_nudge(session, number, NOW, NOW - timedelta(days=1))

    assert sorted(await asyncio.gather(claim(), claim())) == [False, True]


async def test_a_file_of_the_same_name_takes_the_place_of_the_older_one(database: Database) -> None:
    number = await drafted(database)
    async with database.writing() as session:
        for content in (b"old", b"new"):
            await announcements.attach(session, number, [await dropped(session, "a.txt", content)])
        await announcements.attach(session, number, [await dropped(session, "b.txt", b"b")])
        found = await announcements.files(session, number)
    assert [(file.name, file.content) for file in found] == [("a.txt", b"new"), ("b.txt", b"b")]


async def test_figures_say_how_all_stand(database: Database) -> None:
    number = await drafted(database)
    async with database.writing() as session:
        ids = [await targets.kept(session, Destination("slack", f"C{n}")) for n in range(4)]
        dues = [NOW, NOW, NOW + timedelta(hours=1), NOW]
        found = [
            Recipient(Sort.CHANNEL, "x", id_, "slack", due=due, is_subscriber=n % 2 == 0)
            for n, (id_, due) in enumerate(zip(ids, dues, strict=True))
        ]
        lost = Recipient(Sort.PERSON, "Kim", person=1, because="has no address yet")
        words = Words("subscriptions/none")
        assert await broadcasts.send(session, number, [*found, *found[:1], lost], words, words, NOW) == 4
        for target, state, problem in ((ids[0], "sent", ""), (ids[1], "failed", "too long")):
            row = update(Delivery).where(Delivery.target_id == target)
            await session.execute(row.values(state=DeliveryState(state), problem=problem))
        figures = await broadcasts.figures(session, number, NOW)
    assert (figures.total, figures.sent, figures.failed, figures.open, figures.later) == (4, 1, 1, 2, 1)
    assert figures.reasons == (("has no address yet", 1), ("too long", 1))
