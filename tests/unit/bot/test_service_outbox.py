"""The service as a sender: it sends what is put, one process does the chores, refusals are seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot import service as services
from bot.chores import Chores
from bot.core import make_core
from bot.metrics import Metrics
from bot.platforms import Revoked
from bot.service import Service
from bot.settings import Settings
from handlers.chore import Chore, Errand
from handlers.command import Reply
from handlers.outgoing import tell
from storage import leases, targets
from storage.database import Database
from storage.targets import Destination
from tests.unit.bot.delivery.scripted import Bench, Scripted
from tests.unit.bot.delivery.test_sharing import LiveBench, until

Begin = Callable[..., Awaitable[Service]]


@pytest.fixture
def live(database: Database) -> LiveBench:
    return LiveBench(database)


@pytest.fixture
async def begin(live: LiveBench, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Begin]:
    """Starts services on the bench's database with these senders, and with these chores alone."""
    running: list[Service] = []

    async def begun(*senders: Scripted, chores: tuple[Chore, ...] = ()) -> Service:
        monkeypatch.setattr(services, "declared_chores", lambda: chores)
        url = live.database.url.render_as_string(hide_password=False)
        settings = Settings(database_url=SecretStr(url), http_bind="127.0.0.1:0")
        made = Service(make_core(settings, live.database), (), Metrics(), senders=senders)
        running.append(made)
        await made.start()
        return made

    yield begun
    for one in running:
        await one.stop()


async def test_a_sender_that_nobody_speaks_through_sends_and_is_counted(live: LiveBench, begin: Begin) -> None:
    stage = Scripted(live)
    await live.tell(["ann"], due=live.clock())
    service = await begin(stage)
    await until(lambda: stage.received == ["ann"])
    await service.stop()
    page = (await service.metrics())[0].decode()
    assert 'liaison_bot_deliveries_total{outcome="sent",platform="stage"} 1.0' in page
    assert 'liaison_bot_outbox_waiting{platform="stage"} 0.0' in page


async def test_what_waits_is_counted_until_it_is_sent(live: LiveBench, begin: Begin) -> None:
    stage = Scripted(live)
    stage.is_ready = False
    await live.tell(["ann", "bob"], due=live.clock() - timedelta(minutes=5))
    service = await begin(stage)
    page = (await service.metrics())[0].decode()
    assert 'liaison_bot_outbox_waiting{platform="stage"} 2.0' in page
    late = next(line for line in page.splitlines() if line.startswith("liaison_bot_outbox_oldest_due_seconds{"))
    assert 300 <= float(late.split()[1]) < 400


async def test_a_sender_that_is_refused_is_shown_as_refused_and_the_others_as_connected(
    live: LiveBench, begin: Begin
) -> None:
    stage, other = Scripted(live), Scripted(live, name="other")
    stage.raises("ann", Revoked("no login"))
    await live.tell(["ann"], due=live.clock())
    service = await begin(stage, other)
    await until(lambda: service._mailroom.pumps["stage"].is_revoked)
    assert (await service.health()).platforms == {"stage": "refused", "other": "connected"}


async def test_a_chore_is_done_where_the_clock_is_held_and_what_it_says_is_sent_at_once(
    live: LiveBench, begin: Begin
) -> None:
    stage = Scripted(live)
    stage.is_ready = True

    async def remind(errand: Errand) -> None:
        place = await targets.kept(errand.session, Destination("stage", "ann"))
        await tell(errand, [place], Reply("dialogue/refused", message="Remember", hint=""), cause="reminder:1")

    await begin(stage, chores=(Chore("remind", timedelta(hours=1), remind),))
    await until(lambda: stage.received == ["ann"])


async def test_a_process_without_the_clock_does_no_chores(live: LiveBench, begin: Begin) -> None:
    if live.database.is_sqlite:
        pytest.skip("there is one process on SQLite: its start ends all leases")
    async with live.database.writing() as session:
        await leases.take(session, "clock", "another", live.clock(), timedelta(minutes=1))
    done = asyncio.Event()

    async def deed(errand: Errand) -> None:
        done.set()

    service = await begin(chores=(Chore("deed", timedelta(hours=1), deed),))
    await service._turns.beat()
    await service._do_chores()
    assert not done.is_set()
    assert not service._chief.is_mine


async def test_a_chore_that_fails_does_not_hold_up_the_others(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def fails(errand: Errand) -> None:
        raise ZeroDivisionError

    async def works(errand: Errand) -> None:
        done.append("works")

    dispatcher = make_core(Settings(), bench.database).dispatcher
    hourly = timedelta(hours=1)
    chores = Chores(bench.database, dispatcher, (Chore("a", hourly, fails), Chore("b", hourly, works)), bench.clock)
    await chores.do_due()
    await chores.do_due()
    assert (done, sum("the chore a failed" in record.getMessage() for record in caplog.records)) == (["works"], 1)
    bench.passes(hours=1)
    await chores.do_due()
    assert done == ["works", "works"]


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)
