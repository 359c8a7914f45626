"""That `liaison-bot run` ends when it is told to, whatever hangs."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe

import pytest

from bot.cli import run_command
from tests.end_to_end.forked import CONTEXT
from tests.end_to_end.patience import LONG
from tests.end_to_end.running import running


@dataclass
class Deaf:
    """A server that takes connections and never says a word."""

    port: int = 0
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.called.set()
        await reader.read()
        writer.close()


@pytest.fixture
async def deaf() -> AsyncIterator[Deaf]:
    made = Deaf()
    server = await asyncio.start_server(made.take, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


async def test_a_stop_does_not_wait_for_a_database_that_hangs_at_the_start(deaf: Deaf) -> None:
    settings = {"DATABASE_URL": f"postgresql://127.0.0.1:{deaf.port}/bot", "TELEGRAM_TOKEN": "1:x"}
    async with running(settings) as bot:
        async with asyncio.timeout(LONG):
            await deaf.called.wait()
        assert await bot.stop() == 0


def test_a_process_that_does_nothing_but_hang_ends_all_the_same() -> None:
    ours, theirs = Pipe()
    process = CONTEXT.Process(target=_hang, args=(theirs,), daemon=True)
    process.start()
    assert ours.poll(LONG)
    process.terminate()
    process.join(LONG)
    assert process.exitcode == -signal.SIGALRM


def _hang(begun: Connection) -> None:
    async def hang() -> None:
        run_command._told_to_stop()
        begun.send("hanging")
        time.sleep(2 * LONG)  # noqa: ASYNC251 - it is the loop that hangs

    run_command._LONGEST_STOP = 0.05
    asyncio.run(hang())
