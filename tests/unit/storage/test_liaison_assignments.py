"""Assignments stay right when the person behind them changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from storage import forgetting, merging
from storage.database import Database
from storage.liaison import assignments, due, told
from storage.liaison.assignments import Assignment
from storage.representing.trail import BOT
from storage.tables import Account, Liaison, LiaisonEvent, Person
from storage.words import AssignmentState, Direction, LiaisonStatus

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
