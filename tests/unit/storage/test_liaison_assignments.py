"""Assignments stay right when the person behind them changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import forgetting, merging, outbox, targets
from storage.database import Database
from storage.liaison import assignments, due, told
from storage.liaison.assignments import Assignment
from storage.liaison.events import Deed
from storage.outbox import Post, Words
from storage.representing.trail import BOT
from storage.tables import Account, Delivery, Liaison, LiaisonAddressee, LiaisonEvent, Notice, Person
from storage.targets import Destination
from storage.words import AssignmentState, DeliveryState, Direction, LiaisonStatus, Purpose

NOW = datetime(2024, 9, 2, 9, tzinfo=UTC)
ZURICH = ZoneInfo("Europe/Zurich")


async def person(session: AsyncSession, name: str, zone: str = "", account_zone: str = "") -> int:
    one = Person(name=name, timezone=zone, reached_on="", created_at=NOW)
    session.add(one)
    await session.flush()
    account = Account(person_id=one.id, platform="slack", external_id=name, timezone=account_zone, created_at=NOW)
    session.add(account)
    await session.flush()
    return one.id


async def owned(session: AsyncSession, owner: int) -> int:
    """A statement that asks SG17 to act, to which this person sees."""
    made = Liaison(number="LS5", direction=Direction.INCOMING, source="SG11", title="LS", status=LiaisonStatus.RECEIVED)
    session.add(made)
    await session.flush()
    await assignments.offer(session, made.id, {"SG17": None}, [], NOW)
    (one,) = await assignments.of_statement(session, made.id)
    assert await assignments.pass_on(session, one, owner, BOT, NOW, said={})
    return made.id


async def of(session: AsyncSession, liaison_id: int) -> Assignment:
    found: Sequence[Assignment] = await assignments.of_statement(session, liaison_id)
    return found[0]


async def test_what_somebody_sees_to_goes_with_them_when_two_become_one(sample: Database) -> None:
    async with sample.writing() as session:
        stays, goes = await person(session, "Kim"), await person(session, "Kim too")
        liaison_id = await owned(session, goes)
        await merging.merge(session, stays, goes, NOW)
        assert (await of(session, liaison_id)).person_id == stays


async def test_what_a_forgotten_person_saw_to_is_open_again(sample: Database) -> None:
    async with sample.writing() as session:
        gone = await person(session, "Kim")
        liaison_id = await owned(session, gone)
        await forgetting.forget(session, gone, "asked to be", BOT, NOW)
        one = await of(session, liaison_id)
        assert (one.person_id, one.state) == (None, AssignmentState.OFFERED)


@pytest.mark.parametrize("kind", ["review", "reviewed"])
async def test_what_was_said_of_a_forgotten_person_who_approved_is_not_kept(sample: Database, kind: str) -> None:
    async with sample.writing() as session:
        gone = await person(session, "Kim")
        liaison_id = await owned(session, await person(session, "Ana"))
        row = {"liaison_id": liaison_id, "at": NOW, "deed": Deed.APPROVED.value, "person_id": gone}
        await session.execute(insert(LiaisonEvent).values(row | {"before": {}, "after": {}}))
        notice = await outbox.write(session, Words("liaisons/review", {"over": "approved by Kim"}), NOW)
        target = await targets.kept(session, Destination("slack", "T1/C1"))
        cause = f"liaison:{liaison_id}:{kind}:1"
        await outbox.put(session, notice, [Post(target, cause)], cause=cause, now=NOW)
        await session.execute(update(Delivery).values(state=DeliveryState.SENT))
        await forgetting.forget(session, gone, "gone", BOT, NOW)
        assert await session.scalar(select(Notice.data).where(Notice.id == notice)) == {}


async def test_whoever_turned_out_to_be_another_person_is_told_where_that_one_is(sample: Database) -> None:
    async with sample.writing() as session:
        stays, goes = await person(session, "Kim"), await person(session, "Kim too")
        before = await targets.of_person(session, stays)
        await merging.merge(session, stays, goes, NOW)
        assert await targets.of_person(session, goes) == before


async def test_who_was_told_is_found_under_the_person_that_they_turned_out_to_be(sample: Database) -> None:
    async with sample.writing() as session:
        stays, goes = await person(session, "Kim"), await person(session, "Kim too")
        liaison_id = await owned(session, goes)
        after = {told.TOLD: {"liaison:1:ask:2:0": told.entry(goes, ["action SG17"])}}
        note = {"liaison_id": liaison_id, "at": NOW, "deed": "routed", "person_id": None, "before": {}, "after": after}
        session.add(LiaisonEvent(**note))
        await merging.merge(session, stays, goes, NOW)
        (one,) = await told.of_statement(session, liaison_id)
        assert (one.person, one.asks) == (stays, ("action SG17",))


async def test_an_offer_that_is_passed_on_twice_is_passed_on_once(sample: Database) -> None:
    async with sample.writing() as session:
        ana, kim = await person(session, "Ana"), await person(session, "Kim")
        one = await of(session, await owned(session, ana))
        assert await assignments.pass_on(session, one, kim, BOT, NOW, said={})
        assert not await assignments.pass_on(session, one, ana, BOT, NOW, said={})


async def test_a_group_that_is_asked_no_more_is_not_asked_again_when_the_statement_is_reopened(
    sample: Database,
) -> None:
    async with sample.writing() as session:
        liaison_id = await owned(session, await person(session, "Kim"))
        session.add(LiaisonAddressee(liaison_id=liaison_id, purpose=Purpose.ACTION, name="SG11"))
        await assignments.offer(session, liaison_id, {"SG11": None, "SG13": None}, [], NOW)
        await assignments.drop(session, liaison_id, but=["SG11"])
        await assignments.settle(session, liaison_id)
        await assignments.resume(session, liaison_id, NOW)
        found = {one.name: one.is_offered for one in await assignments.of_statement(session, liaison_id)}
    assert found == {"SG17": True, "SG11": True, "SG13": False}


async def test_a_group_that_is_asked_after_all_is_looked_for_again(sample: Database) -> None:
    async with sample.writing() as session:
        liaison_id = await owned(session, await person(session, "Kim"))
        await assignments.offer(session, liaison_id, {"SG13": None}, [], NOW)
        await assignments.drop(session, liaison_id, but=[])
        await assignments.offer(session, liaison_id, {"SG13": None}, ["SG13"], NOW)
        found = [one for one in await assignments.of_statement(session, liaison_id) if one.name == "SG13"]
    assert [(one.is_offered, one.raised_at) for one in found] == [(True, NOW)]


async def test_the_clock_of_a_person_is_their_own_else_their_accounts_else_ours(sample: Database) -> None:
    async with sample.writing() as session:
        own = await person(session, "Kim", zone="Asia/Seoul", account_zone="Europe/Paris")
        of_account = await person(session, "Ana", account_zone="America/Lima")
        neither = await person(session, "Bob")
        zones = await due.zones(session, [own, of_account, neither, 999_999], ZURICH)
        assert [zones[one].key for one in (own, of_account, neither, 999_999)] == [
            "Asia/Seoul",
            "America/Lima",
            "Europe/Zurich",
            "Europe/Zurich",
        ]
