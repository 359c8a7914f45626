"""The inbox: an event is handled once, however often and wherever it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import inbox
from storage.database import Database
from storage.tables import InboxEvent
from storage.words import InboxState

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = NOW + inbox.CLAIM
BOTH = ("slack", "telegram")


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    made = Database(database.url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def put(database: Database, event: str, now: datetime = NOW, platform: str = "slack") -> int | None:
    async with database.writing() as session:
        return await inbox.put(session, platform, event, f"arrival of {event}", now)


async def new(database: Database, event: str, now: datetime = NOW, platform: str = "slack") -> int:
    made = await put(database, event, now, platform)
    assert made is not None
    return made


async def left(database: Database, now: datetime, platforms: tuple[str, ...] = BOTH) -> list[inbox.Event]:
    async with database.writing() as session:
        return await inbox.claim_left(session, platforms, now)


async def states(database: Database) -> list[InboxState]:
    async with database.reading() as session:
        return list(await session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))


async def test_an_event_that_comes_again_is_known(database: Database) -> None:
    assert await put(database, "a") is not None
    assert await put(database, "a") is None
    assert await put(database, "a", platform="telegram") is not None


async def test_an_event_that_comes_to_two_processes_at_once_is_one_event(database: Database, other: Database) -> None:
    for number in range(5):
        made = await asyncio.gather(*(put(one, f"event {number}") for one in (database, other, database, other)))
        assert len([one for one in made if one is not None]) == 1
    assert await states(database) == [InboxState.RECEIVED] * 5


async def test_an_event_is_left_to_whoever_received_it(database: Database, other: Database) -> None:
    await new(database, "a")
    assert await left(other, NOW + inbox.CLAIM / 2) == []


async def test_an_event_whose_claim_ran_out_is_taken_over_once(database: Database, other: Database) -> None:
    events = [await new(database, f"event {number}") for number in range(20)]
    found = await asyncio.gather(*(left(one, LATER) for one in (database, other, database, other)))
    taken = [event.id for events in found for event in events]
    assert sorted(taken) == events
    assert await left(database, LATER) == []


async def test_events_are_taken_over_oldest_first_with_what_they_said(database: Database) -> None:
    first, second = await new(database, "a"), await new(database, "b", platform="telegram")
    assert await left(database, LATER) == [
        inbox.Event(first, "slack", "arrival of a", "", InboxState.RECEIVED),
        inbox.Event(second, "telegram", "arrival of b", "", InboxState.RECEIVED),
    ]


async def test_events_of_other_platforms_stay(database: Database) -> None:
    await new(database, "a", platform="telegram")
    assert await left(database, LATER, ("slack",)) == []
    assert len(await left(database, LATER)) == 1


async def test_an_event_that_was_handled_keeps_its_answer_until_it_is_sent(database: Database) -> None:
    event = await new(database, "a")
    async with database.writing() as session:
        await inbox.handled(session, event, "the answer")
    assert [(one.outcome, one.state) for one in await left(database, LATER)] == [("the answer", InboxState.HANDLED)]


@pytest.mark.parametrize("state", [InboxState.ANSWERED, InboxState.FAILED, InboxState.EXPIRED])
async def test_an_event_that_is_done_with_is_not_taken_over_and_says_no_more(
    database: Database, state: InboxState
) -> None:
    event = await new(database, "a")
    async with database.writing() as session:
        await inbox.close(session, [event], state)
    assert await left(database, LATER) == []
    assert await put(database, "a") is None
    async with database.reading() as session:
        row = (await session.execute(select(InboxEvent.arrival, InboxEvent.outcome, InboxEvent.state))).one()
        assert tuple(row) == ("", "", state)
        assert await inbox.waiting(session) == 0


async def test_an_old_question_gets_no_answer_any_more(database: Database) -> None:
    await new(database, "old")
    young = await new(database, "young", NOW + timedelta(minutes=5))
    found = await left(database, NOW + inbox.WORTH_ANSWERING + timedelta(seconds=1))
    assert [one.id for one in found] == [young]
    assert await states(database) == [InboxState.EXPIRED, InboxState.RECEIVED]


async def test_an_event_that_is_held_stays_with_its_holder(database: Database, other: Database) -> None:
    event = await new(database, "a")
    async with database.writing() as session:
        await inbox.hold(session, [event], LATER + timedelta(minutes=1))
    assert await left(other, LATER) == []
    assert len(await left(other, LATER + timedelta(minutes=1))) == 1


async def test_a_process_that_is_alone_takes_over_at_once(database: Database) -> None:
    mine, gone = await new(database, "a"), await new(database, "b")
    async with database.writing() as session:
        await inbox.unclaim(session, NOW, [mine])
    assert [one.id for one in await left(database, NOW)] == [gone]


async def test_what_fails_in_between_leaves_the_event_as_it_was(database: Database) -> None:
    event = await new(database, "a")

    async def fail() -> None:
        async with database.writing() as session:
            await inbox.handled(session, event, "never sent")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert [(one.outcome, one.state) for one in await left(database, LATER)] == [("", InboxState.RECEIVED)]


async def test_events_are_forgotten_when_no_platform_repeats_them_any_more(database: Database) -> None:
    done, waiting = await new(database, "done"), await new(database, "waiting")
    async with database.writing() as session:
        await inbox.close(session, [done], InboxState.ANSWERED)
        assert await inbox.forget(session, NOW + inbox.KEPT) == 0
        assert await inbox.forget(session, NOW + inbox.KEPT + timedelta(seconds=1)) == 1
    async with database.reading() as session:
        assert list(await session.scalars(select(InboxEvent.id))) == [waiting]


async def test_what_is_told_by_another_event_is_done_with_before_it_comes(database: Database) -> None:
    async with database.writing() as session:
        await inbox.cover(session, "slack", ["a", "b", "a"], NOW)
    assert await put(database, "a") is None
    assert await put(database, "c") is not None


async def test_what_is_told_by_another_event_waits_no_longer(database: Database) -> None:
    event = await new(database, "a")
    async with database.writing() as session:
        assert await inbox.is_waiting(session, event)
        await inbox.cover(session, "slack", ["a"], NOW)
        assert not await inbox.is_waiting(session, event)
    assert await left(database, LATER) == []


async def test_what_is_handled_is_answered_though_another_event_tells_it(database: Database) -> None:
    event = await new(database, "a")
    async with database.writing() as session:
        await inbox.handled(session, event, "the answer")
        await inbox.cover(session, "slack", ["a"], NOW)
    assert await states(database) == [InboxState.HANDLED]


async def test_an_event_and_what_tells_it_too_may_come_at_once(database: Database, other: Database) -> None:
    async def cover(event: str) -> None:
        async with other.writing() as session:
            await inbox.cover(session, "slack", [event], NOW)

    for number in range(5):
        await asyncio.gather(put(database, f"event {number}"), cover(f"event {number}"))
    assert await states(database) == [InboxState.ANSWERED] * 5
