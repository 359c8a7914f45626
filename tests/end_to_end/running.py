"""A `liaison-bot run` in a process of its own, with its log."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from tests.end_to_end.forked import Forked
from tests.end_to_end.patience import LONG

ROOT = Path(__file__).parents[2]
LISTENING = re.compile(r"listening on (http://\S+)")


class Running:
    """One process. `output` is all that it wrote so far, wherever it wrote it."""

    def __init__(self, process: Forked) -> None:
        self.process = process
        self.output = ""
        self._changed = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while line := await self.process.stdout.readline():
            self.output += line.decode()
            async with self._changed:
                self._changed.notify_all()

    async def says(self, pattern: str | re.Pattern[str], timeout: float = LONG) -> re.Match[str]:
        """Wait until the log has it."""
        try:
            async with asyncio.timeout(timeout), self._changed:
                while not (found := re.search(pattern, self.output)):
                    await self._changed.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"it did not say {pattern!r} but:\n{self.output}") from None

    async def address(self) -> str:
        """Where its web endpoint listens."""
        return (await self.says(LISTENING))[1]

    async def gets(self, path: str) -> tuple[int, str]:
        """Status and body of a GET."""
        async with ClientSession() as session, session.get(await self.address() + path) as answer:
            return answer.status, await answer.text()

    async def kill(self) -> None:
        """As a crash: nothing is finished."""
        self.process.kill()
        await self.process.wait()
        await self._reading

    async def stop(self, timeout: float = LONG) -> int:
        """SIGTERM; gives the exit status."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(timeout):
            status = await self.process.wait()
        await self._reading
        return status

    async def ends(self, timeout: float = LONG) -> int:
        """Wait until it ends by itself; gives the exit status."""
        async with asyncio.timeout(timeout):
            status = await self.process.wait()
        await self._reading
        return status


async def start(settings: Mapping[str, str], *arguments: str) -> Running:
    """Start `liaison-bot run` (or another command) with these settings, written without their prefix."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_BOT_")}
    environment |= {f"LIAISON_BOT_{name}": value for name, value in settings.items()}
    return Running(await Forked(arguments or ("run",), environment, ROOT).opened())


@asynccontextmanager
async def running(settings: Mapping[str, str]) -> AsyncIterator[Running]:
    """A process that is killed at the end, unless it ended before."""
    process = await start(settings)
    try:
        yield process
    finally:
        if process.process.returncode is None:
            await process.kill()


def free_port() -> int:
    """A port that nobody listens at, of those that no system gives to whoever asks for any."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
