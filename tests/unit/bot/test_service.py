"""The service's parts: the link to a platform, the turn, the ticker, and what the desk leaves for later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot import answers
from bot import link as links
from bot.arrival import Arrival, Message, Outcome
from bot.clock import Ticker
from bot.core import Core, make_core
from bot.link import Link, State
from bot.platforms import PlatformError, RateLimited, Reception, Rejected, Unavailable, Unreachable
from bot.roster import Entry
from bot.settings import Settings
from bot.turn import TTL, Turn, Turns
from handlers.command import Place
from storage.database import Database
from storage.tables import InboxEvent
from storage.words import InboxState

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, span: timedelta) -> None:
        self.now += span


class Stage:
    """A platform that records what happens; `troubles` are raised one after the other by whatever is tried."""

    name = "stage"

    def __init__(self, *troubles: PlatformError) -> None:
        self.troubles = list(troubles)
        self.happened: list[str] = []
        self.answers: list[Message] = []
        self.hangs = False
        self._changed = asyncio.Condition()

    async def connect(self, reception: Reception) -> None:
        await self._does("connect")

    async def start(self, reception: Reception) -> None:
        await self._does("start")

    async def stop(self) -> None:
        await self._does("stop")

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        if self.hangs:
            await self._does("hang")
            await asyncio.Event().wait()
        await self._does("answer")
        assert isinstance(outcome, Message)
        self.answers.append(outcome)

    async def _does(self, what: str) -> None:
        self.happened.append(what)
        async with self._changed:
            self._changed.notify_all()
        if self.troubles and what != "stop":
            raise self.troubles.pop(0)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(condition)


class Fragile(Stage):
    """Breaks the first time that it is stopped."""

    async def stop(self) -> None:
        await super().stop()
        if self.happened.count("stop") == 1:
            raise RuntimeError("broken")


class Stubborn(Stage):
    """Is not to be interrupted while it connects."""

    async def start(self, reception: Reception) -> None:
        await super().start(reception)
        try:
            await asyncio.Event().wait()
        finally:
            await self._does("stays")
            await asyncio.Event().wait()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def core(sample: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Core]:
    """Everything but platforms, on the sample; what is away is tried again at once."""
    monkeypatch.setattr(links, "_WAITS", (0.0,))
    monkeypatch.setattr(answers, "_PAUSES", (0.0, 0.0))
    made = make_core(Settings(), sample, clock)
    yield made
    await made.desk.abandon()


def link_of(core: Core, stage: Stage, turn: Turn | None = None) -> Link:
    core.desk.add(stage)
    entry = Entry(stage, (), stage.connect if turn else None)
    return Link(entry, core.desk, turn or Turns(core.database, core.desk._clock).add("other"), lambda _name: None)


def turn_of(core: Core, clock: Clock) -> tuple[Turns, Turn]:
    """A process's turns, and the one of them that this is about."""
    turns = Turns(core.database, clock)
    return turns, turns.add("stage-poller")


def question(event_id: str = "1", text: str = "roadmap show rfc 9340") -> Arrival:
    place = Place("stage", "here", "", True)
    return Arrival(platform="stage", event_id=event_id, account="anna", place=place, kind="command", text=text)


async def states(core: Core) -> list[InboxState]:
    async with core.database.reading() as session:
        return list(await session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))


# The link


async def test_a_platform_that_is_away_is_tried_until_it_is_there(core: Core) -> None:
    stage = Stage(Unavailable("no network"), RateLimited(0), Rejected("bad webhook"))
    link = link_of(core, stage)
    link.start()
    await stage.until(lambda: len(stage.happened) == 4)
    await asyncio.sleep(0)
    assert (stage.happened, link.state) == (["start"] * 4, State.CONNECTED)
    await link.stop()
    assert (stage.happened[-1], link.state) == ("stop", State.STOPPED)


async def test_a_refused_token_is_not_tried_again(core: Core, caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(Unreachable("token_revoked"))
    link = link_of(core, stage)
    link.start()
    await stage.until(lambda: stage.happened == ["start", "stop"])
    assert link.state is State.REFUSED
    assert [record.levelno for record in caplog.records if record.name == "bot.link"] == [logging.ERROR]
    await link.stop()


async def test_a_process_without_its_turn_answers_and_does_not_receive(core: Core, clock: Clock) -> None:
    (holder, _), stage = turn_of(core, clock), Stage()
    await holder.beat()
    turns, turn = turn_of(core, clock)
    await turns.beat()
    link = link_of(core, stage, turn)
    link.start()
    await stage.until(lambda: stage.happened == ["connect"])
    await core.desk.receive(question())
    await core.desk.settled()
    assert (stage.happened, len(stage.answers)) == (["connect", "answer"], 1)
    await link.stop()


async def test_a_turn_that_was_lost_ends_receiving_and_one_that_comes_begins_it(core: Core, clock: Clock) -> None:
    (first, turn), (second, _), stage = turn_of(core, clock), turn_of(core, clock), Stage()
    await first.beat()
    link = link_of(core, stage, turn)
    link.start()
    await stage.until(lambda: stage.happened == ["connect", "start"])
    clock.passes(TTL + timedelta(seconds=1))
    await second.beat()
    await first.beat()
    await stage.until(lambda: stage.happened[2:] == ["stop", "connect"])
    await second.release()
    await first.beat()
    await stage.until(lambda: stage.happened[-1] == "start")
    await link.stop()


async def test_a_turn_that_cannot_be_kept_is_lost_when_it_is_over(core: Core, clock: Clock) -> None:
    turns, turn = turn_of(core, clock)
    await turns.beat()
    ended = asyncio.create_task(turn.ended())
    away = Database("sqlite:////nowhere/at/all.db")
    turns._database = away
    for is_lost in (False, True):
        with pytest.raises(OperationalError):
            await turns.beat()
        await asyncio.sleep(0)
        assert ended.done() is is_lost
        clock.passes(TTL)
    await away.close()


async def test_a_platform_that_breaks_while_it_stops_receiving_is_connected_again(core: Core, clock: Clock) -> None:
    (first, turn), (second, _), stage = turn_of(core, clock), turn_of(core, clock), Fragile()
    await first.beat()
    link = link_of(core, stage, turn)
    link.start()
    await stage.until(lambda: stage.happened == ["connect", "start"])
    clock.passes(TTL + timedelta(seconds=1))
    await second.beat()
    await first.beat()
    await stage.until(lambda: stage.happened[2:] == ["stop", "connect"])
    await link.stop()


async def test_whoever_waits_no_longer_for_the_end_of_a_link_is_let_go(core: Core) -> None:
    stage = Stubborn()
    link = link_of(core, stage)
    link.start()
    await stage.until(lambda: stage.happened == ["start"])
    stopping = asyncio.create_task(link.stop())
    await stage.until(lambda: stage.happened == ["start", "stays"])
    stopping.cancel()
    await asyncio.wait({stopping})
    assert (stopping.cancelled(), stage.happened) == (True, ["start", "stays"])


# The desk


async def test_an_answer_waits_for_a_platform_that_is_away(core: Core, clock: Clock) -> None:
    stage = Stage(*[Unavailable("no network")] * 3)
    core.desk.add(stage)
    await core.desk.receive(question())
    await core.desk.settled()
    assert (await states(core), stage.answers) == ([InboxState.HANDLED], [])
    assert await core.desk.recover() == 0
    clock.passes(timedelta(seconds=15))
    assert await core.desk.recover() == 1
    await core.desk.settled()
    assert (await states(core), len(stage.answers)) == ([InboxState.ANSWERED], 1)
    assert "RFC 9340" in stage.answers[0].markdown


@pytest.mark.parametrize("error", [Unavailable("lost", uncertain=True), Unreachable("blocked"), Rejected("no")])
async def test_an_answer_that_may_have_arrived_or_was_refused_is_not_repeated(
    core: Core, clock: Clock, error: PlatformError
) -> None:
    stage = Stage(error)
    core.desk.add(stage)
    await core.desk.receive(question())
    await core.desk.settled()
    clock.passes(timedelta(minutes=5))
    assert (await core.desk.recover(), await states(core), stage.answers) == (0, [InboxState.FAILED], [])


async def test_what_this_process_works_on_is_not_taken_up_again_however_long_it_takes(core: Core, clock: Clock) -> None:
    stage = Stage()
    stage.hangs = True
    core.desk.add(stage)
    await core.desk.receive(question())
    await stage.until(lambda: stage.happened == ["hang"])
    for _ in range(3):
        clock.passes(timedelta(seconds=50))
        assert await core.desk.recover() == 0
    assert await core.desk.recover(unclaimed=True) == 0
    await core.desk.abandon()
    assert await states(core) == [InboxState.HANDLED]
    stage.hangs = False
    assert await core.desk.recover(unclaimed=True) == 1
    await core.desk.settled()
    assert len(stage.answers) == 1


async def test_a_closed_desk_keeps_what_arrives_for_another_one(core: Core, clock: Clock) -> None:
    stage = Stage()
    core.desk.add(stage)
    core.desk.close()
    assert await core.desk.receive(question())
    await core.desk.settled()
    assert (await states(core), stage.answers) == ([InboxState.RECEIVED], [])
    other = make_core(Settings(), core.database, clock).desk
    other.add(stage)
    assert await other.recover() == 1
    await other.settled()
    assert len(stage.answers) == 1


async def test_an_event_that_arrives_many_times_at_once_is_answered_once(core: Core) -> None:
    stage = Stage()
    core.desk.add(stage)
    kept = await asyncio.gather(*(core.desk.receive(question()) for _ in range(8)))
    await core.desk.settled()
    assert (kept.count(True), len(stage.answers)) == (1, 1)


async def test_half_a_character_and_control_characters_are_answered_as_anything_else(core: Core) -> None:
    stage = Stage()
    core.desk.add(stage)
    for event, text in enumerate(("half \ud800 of one", "nothing \x00 there", "\x1b[2J\u202e")):
        assert await core.desk.receive(question(str(event), f"ask {text}"))
    await core.desk.settled()
    assert await states(core) == [InboxState.ANSWERED] * 3
    assert not any("reference" in answer.markdown for answer in stage.answers)


async def test_a_question_older_than_an_hour_gets_no_answer_any_more(core: Core, clock: Clock) -> None:
    stage = Stage()
    core.desk.add(stage)
    core.desk.close()
    await core.desk.receive(question())
    clock.passes(timedelta(hours=1, seconds=1))
    assert (await core.desk.recover(), await states(core)) == (0, [InboxState.EXPIRED])


async def test_an_event_kept_in_an_unknown_form_does_not_hold_up_the_others(core: Core) -> None:
    stage = Stage()
    core.desk.add(stage)
    core.desk.close()
    for event in ("1", "2"):
        await core.desk.receive(question(event))
    async with core.database.writing() as session:
        await session.execute(update(InboxEvent).where(InboxEvent.event_id == "1").values(arrival='{"old": 1}'))
    assert await core.desk.recover() == 2
    await core.desk.settled()
    assert (await states(core), len(stage.answers)) == ([InboxState.FAILED, InboxState.ANSWERED], 1)


# The ticker


async def test_a_job_that_fails_is_tried_again_and_its_trouble_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.clock")
    ticker, times, done = Ticker(), 0, asyncio.Event()

    async def deed() -> None:
        nonlocal times
        times += 1
        if times < 3:
            raise OSError("the database is away")
        done.set()

    ticker.every(0.01, "the deed", deed)
    ticker.start()
    async with asyncio.timeout(60):
        await done.wait()
    await ticker.stop()
    said = [record.getMessage() for record in caplog.records if record.name == "bot.clock"]
    assert said == ["the deed: the database failed: OSError; trying on", "the deed: the database is there again"]


async def test_a_stop_of_the_clock_waits_for_what_it_began() -> None:
    ticker, begun, ended = Ticker(), asyncio.Event(), False

    async def deed() -> None:
        nonlocal ended
        begun.set()
        for _ in range(5):
            await asyncio.sleep(0)
        ended = True

    ticker.every(60, "the deed", deed)
    ticker.start()
    async with asyncio.timeout(60):
        await begun.wait()
    await ticker.stop()
    assert ended
