"""Sharing: pumps that run, several processes on one outbox, and the end of one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.delivery import watch
from bot.delivery.mailroom import Mailroom
from bot.platforms import RateLimited
from bot.reception import utc_now
from bot.turn import TTL, Turns
from storage.database import Database
from tests.unit.bot.delivery.scripted import NOW, Bench, Scripted, limits

Start = Callable[[Scripted], Awaitable[tuple[Mailroom, Turns]]]


class LiveBench(Bench):
    """A bench on which time passes."""

    def clock(self) -> datetime:
        return utc_now()


@pytest.fixture
def live(database: Database) -> LiveBench:
    return LiveBench(database)


@pytest.fixture
async def start(live: LiveBench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Starts processes, which stop when the test ends. Nobody keeps their turns, nor do they look without a reason."""
    monkeypatch.setattr("bot.turn.TTL", timedelta(hours=1))
    monkeypatch.setattr(watch, "LOOK", dict.fromkeys(watch.LOOK, timedelta(hours=1)))
    running: list[Mailroom] = []

    async def started(sender: Scripted) -> tuple[Mailroom, Turns]:
        turns = Turns(live.database, live.clock)
        mailroom = live.mailroom(sender, turns=turns)
        mailroom.start()
        running.append(mailroom)
        await turns.beat()
        return mailroom, turns

    yield started
    for mailroom in running:
        await mailroom.abandon()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what it waits for happens in another task
            await asyncio.sleep(0.005)


async def test_a_pump_that_sleeps_is_woken_by_a_nudge(live: LiveBench, start: Start) -> None:
    stage = Scripted(live)
    mailroom, _ = await start(stage)
    await live.tell(["ann"], due=utc_now())
    mailroom.nudge()
    await until(lambda: stage.received == ["ann"])


async def test_a_pump_wakes_when_the_next_one_is_due(live: LiveBench, start: Start) -> None:
    stage = Scripted(live)
    mailroom, _ = await start(stage)
    due = utc_now() + timedelta(milliseconds=300)
    await live.tell(["ann"], due=due)
    mailroom.nudge()
    await until(lambda: stage.received == ["ann"])
    assert utc_now() >= due


async def test_a_limited_platform_is_sent_to_as_fast_as_it_may_be(live: LiveBench, start: Start) -> None:
    stage = Scripted(live, limits(per_second=20))
    await live.tell([f"person {number}" for number in range(50)])
    began = asyncio.get_running_loop().time()
    await start(stage)
    await until(lambda: len(stage.posts) == 50)
    assert 2.0 < asyncio.get_running_loop().time() - began < 40  # how fast exactly is measured in the benchmarks


async def test_what_was_refused_for_a_while_is_sent_as_soon_as_that_is_over(live: LiveBench, start: Start) -> None:
    stage = Scripted(live)
    stage.raises("ann", RateLimited(0.3))
    await live.tell(["ann"], due=NOW)
    began = asyncio.get_running_loop().time()
    await start(stage)
    await until(lambda: stage.received == ["ann"])
    assert asyncio.get_running_loop().time() - began > 0.2


async def test_a_process_without_its_turn_sends_nothing_until_it_comes(live: LiveBench, start: Start) -> None:
    first, second = Scripted(live), Scripted(live)
    _, turns = await start(first)
    mailroom, other = await start(second)
    await live.tell(["ann"], due=NOW)
    for one in (turns, other):
        await one.beat()
    mailroom.nudge()
    await asyncio.sleep(0.05)
    assert second.tried == []
    await turns.release()
    await other.beat()
    first.is_ready = False
    await until(lambda: len(first.posts) + len(second.posts) == 1)


async def test_a_platform_that_is_away_here_is_left_to_a_process_that_reaches_it(live: LiveBench, start: Start) -> None:
    first, second = Scripted(live), Scripted(live)
    _, turns = await start(first)
    _, other = await start(second)
    first.is_ready = False
    await live.tell(["ann"], due=NOW)
    await turns.beat()
    await other.beat()
    await until(lambda: second.received == ["ann"])
    assert first.tried == []


async def test_two_pumps_at_once_send_nothing_twice(bench: Bench) -> None:
    senders = [Scripted(bench) for _ in range(3)]
    names = [f"person {number}" for number in range(60)]
    await bench.tell(names)
    pumps = [bench.pump(sender) for sender in senders]
    for _ in range(3):
        await asyncio.gather(*(pump.drain() for pump in pumps))
    sent = Counter(name for sender in senders for name in sender.received)
    assert sent == Counter(names)
    assert set(await bench.states()) == {"sent"}


async def test_a_turn_whose_holder_died_is_taken_over_within_15_seconds(bench: Bench) -> None:
    dead, heir = Turns(bench.database, bench.clock), Turns(bench.database, bench.clock)
    lost, won = dead.add("sender:stage"), heir.add("sender:stage")
    await dead.beat()
    for _ in range(5):
        await heir.beat()
        if won.is_mine:
            break
        bench.passes(seconds=3)
    assert bench.now - NOW <= timedelta(seconds=15)
    assert (won.is_mine, lost.is_mine, bench.now - NOW > TTL) == (True, False, True)


async def test_a_stop_ends_what_is_in_flight_begins_nothing_more_and_records_it(live: LiveBench, start: Start) -> None:
    stage = Scripted(live, limits(at_once=2))
    stage.gate.clear()
    await live.tell(["ann", "bob", "carl"], due=NOW)
    mailroom, _ = await start(stage)
    await until(lambda: len(stage.tried) == 2)
    stopping = asyncio.create_task(mailroom.stop())
    await asyncio.sleep(0.02)
    stage.gate.set()
    await stopping
    assert await live.states() == ["sent", "sent", "waiting"]


async def test_what_hangs_at_a_stop_is_left_to_the_next_process_as_uncertain(live: LiveBench, start: Start) -> None:
    stage = Scripted(live, limits(at_once=2))
    stage.gate.clear()
    await live.tell(["ann"], due=NOW)
    mailroom, _ = await start(stage)
    await until(lambda: len(stage.tried) == 1)
    stopping = asyncio.create_task(mailroom.stop())
    await mailroom.abandon()
    await stopping
    assert await live.states() == ["sending"]


async def test_a_database_that_is_away_for_a_while_holds_up_the_outbox_and_loses_nothing(
    live: LiveBench, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage, writing, failures = Scripted(live), live.database.writing, 2
    names = [f"person {number}" for number in range(20)]
    await live.tell(names, due=NOW)
    mailroom, _ = await start(stage)

    def away() -> object:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError("the database is away")
        return writing()

    monkeypatch.setattr(live.database, "writing", away)
    mailroom.nudge()
    await until(lambda: len(stage.posts) >= 20 and not failures)
    await mailroom.stop()
    assert (sorted(stage.received), set(await live.states())) == (sorted(names), {"sent"})
