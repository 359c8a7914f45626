"""A `liaison-bot` process that is forked off a server which has imported everything: a start costs no second for that.

Otherwise it is as if it had been started from a shell. What the imports themselves do is tested where the terminal is.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["tests.end_to_end.broadcasting", "bot.command_line", "bot.cli.run_command", "bot.cli.chat_command", "bot.roster"]
)


class Forked:
    """One process, with what it writes, wherever it writes it, in `stdout`. `returncode` is None while it runs."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.returncode: int | None = None
        self.stdout = asyncio.StreamReader(limit=2**20)
        self._ended = asyncio.Event()
        stdin, self._stdin = Pipe(duplex=False)
        self._stdout, stdout = Pipe(duplex=False)
        run = (list(arguments), dict(environment), str(folder), stdin, stdout)
        self._process = CONTEXT.Process(target=_run, args=run, daemon=True)
        self._process.start()
        stdin.close()
        stdout.close()
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._end)

    async def opened(self) -> Forked:
        """Itself, once what it writes can be read."""
        pipe = os.fdopen(os.dup(self._stdout.fileno()), "rb", buffering=0)
        self._stdout.close()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(self.stdout), pipe)
        return self

    async def communicate(self, typed: bytes) -> bytes:
        """Have this typed, and then nothing more; gives all that it writes until it ends."""
        descriptor = os.dup(self._stdin.fileno())
        self._stdin.close()
        with os.fdopen(descriptor, "wb") as pipe:
            await asyncio.to_thread(pipe.write, typed)
        written = await self.stdout.read()
        await self.wait()
        return written

    async def wait(self) -> int:
        """The exit status, negative for the signal that ended it, once it has ended."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        if self.returncode is None and self._process.pid:
            os.kill(self._process.pid, number)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self.returncode = self._process.exitcode
        self._ended.set()


def _run(
    arguments: Sequence[str], environment: Mapping[str, str], folder: str, stdin: Connection, stdout: Connection
) -> None:
    for connection, descriptors in ((stdin, (0,)), (stdout, (1, 2))):
        for descriptor in descriptors:
            os.dup2(connection.fileno(), descriptor)
        connection.close()
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False, errors="backslashreplace")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["liaison-bot", *arguments]
    from bot.main import main

    sys.exit(main())
