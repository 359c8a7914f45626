"""A target that has another address: nothing that was for it is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import announcements, broadcasts, outbox, people, subscriptions, targets
from storage.announcements import Draft
from storage.audiences import Recipient, Sort
from storage.database import Database
from storage.outbox import Words
from storage.people import Household, Newcomer
from storage.subscriptions import Interest
from storage.tables import Announcement, Delivery
from storage.tables import Recipient as Row
from storage.targets import Destination
from storage.words import SubscriptionKind
from tests.talk import ZONE

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KINDS = (SubscriptionKind.ANNOUNCEMENTS, SubscriptionKind.MEETINGS)


async def place(session: AsyncSession, address: str, *kinds: SubscriptionKind) -> int:
    target = await targets.kept(session, Destination("telegram", address))
    if kinds:
        wanted = [Interest(kind) for kind in kinds]
        await subscriptions.subscribe(session, target, wanted, zone="UTC", by=None, now=NOW)
    return target


async def heard(session: AsyncSession, target: int) -> set[SubscriptionKind]:
    one = await subscriptions.of_target(session, target)
    return {interest.kind for interest in one.interests} if one else set()


@pytest.mark.parametrize(
    ("old_kinds", "new_kinds"), [(KINDS, ()), (KINDS[:1], KINDS[1:]), (KINDS, KINDS), (KINDS[:1], KINDS)]
)
async def test_the_new_place_hears_all_that_either_heard(
    database: Database, old_kinds: tuple[SubscriptionKind, ...], new_kinds: tuple[SubscriptionKind, ...]
) -> None:
    async with database.writing() as session:
        old, new = await place(session, "-1", *old_kinds), await place(session, "-1001", *new_kinds)
        await targets.move(session, old, "-1001", NOW)
        assert (await heard(session, old), await heard(session, new)) == (set(), set(KINDS))
        assert len(await subscriptions.listeners(session, SubscriptionKind.ANNOUNCEMENTS)) == 1


async def test_a_subscription_that_ended_there_does_not_stand_in_the_way(database: Database) -> None:
    async with database.writing() as session:
        old, new = await place(session, "-1", *KINDS), await place(session, "-1001", *KINDS)
        one = await subscriptions.of_target(session, new)
        assert one
        await subscriptions.end(session, one.number, NOW)
        await targets.move(session, old, "-1001", NOW)
        assert await heard(session, new) == set(KINDS)


async def test_what_was_announced_there_belongs_to_the_new_place(database: Database) -> None:
    household = Household(ZONE)
    async with database.writing() as session:
        old, new = await place(session, "-1", *KINDS), await place(session, "-1001")
        author = (await people.identify(session, Newcomer("slack", "U1", "Ada"), household, NOW)).person_id
        sent = await announcements.draft(session, Draft("Hello", f"place {old}"), author, NOW)
        draft = await announcements.draft(session, Draft("Later", f"place {old} + everybody"), author, NOW)
        words = Words("subscriptions/none")
        recipients = [Recipient(Sort.CHANNEL, "Members", old, "telegram", due=NOW)]
        await broadcasts.send(session, sent, recipients, words, words, NOW)
        await targets.move(session, old, "-1001", NOW)
        audience = await session.scalar(select(Announcement.audience).where(Announcement.id == draft))
        assert audience == f"place {new} + everybody"
        assert [await session.scalar(select(column)) for column in (Row.target_id, Delivery.target_id)] == [new, new]


async def test_what_waits_because_of_a_subscription_goes_with_it_and_nothing_else(database: Database) -> None:
    async with database.writing() as session:
        target = await place(session, "-1", *KINDS)
        for name in ("announcements", "meetings", ""):
            buttons = [("Fewer of these", f"fewer {name}", None, "plain")] if name else []
            notice = await outbox.write(session, Words("subscriptions/none", buttons=buttons), NOW)
            post = outbox.Post(target, f"{name}:1")
            await outbox.put(session, notice, [post], cause=name or "else", now=NOW)
        one = await subscriptions.of_target(session, target)
        assert one
        await subscriptions.drop(session, one.number, SubscriptionKind.MEETINGS, NOW)
        assert await waiting(session) == {"announcements", "else"}
        await subscriptions.end(session, one.number, NOW)
        assert await waiting(session) == {"else"}


async def waiting(session: AsyncSession) -> set[str]:
    return set(await session.scalars(select(Delivery.cause).where(Delivery.state == "waiting")))
