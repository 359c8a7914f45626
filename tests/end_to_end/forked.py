"""A `liaison-bot` process that is forked off a server which has imported everything: a start costs no second for that.

Otherwise it is as if it had been started from a shell. What the imports themselves do is tested where the terminal is.
"""

from __future__ import annotations

import asyncio
import os
import pkgutil
import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO, Literal

import handlers
from tests.end_to_end.patience import be_patient

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "tests.end_to_end.broadcasting",
        "bot.main",
        "bot.command_line",
        "bot.cli.run_command",
        "bot.cli.chat_command",
        "bot.roster",
        "bot.platforms.email",
        "bot.platforms.terminal.first_use",
        "bot.platforms.terminal.prompt",
        "bot.platforms.terminal.rich_screen",
        *(f"handlers.{one.name}" for one in pkgutil.iter_modules(handlers.__path__)),
        "apscheduler.executors.asyncio",
        "jinja2.sandbox",
        "rapidfuzz.fuzz",
    ]
)


class Forked:
    """One process, with what it writes, wherever it writes it, in `stdout`. `returncode` is None while it runs."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.returncode: int | None = None
        self.stdout = asyncio.StreamReader(limit=2**20)
        self._ended = asyncio.Event()
        stdin, self._stdin = Pipe(duplex=False)
        self._stdout, stdout = Pipe(duplex=False)
        self._process = forked(arguments, environment, folder, (stdin, stdout, stdout))
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


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process wrote, and how it ended."""

    returncode: int | None
    stdout: bytes
    stderr: bytes


def ran(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, typed: bytes, patience: float = 60
) -> Ended:
    """Run one to its end, with pipes as a shell would lay them."""
    (stdin, typing), (out, stdout), (err, stderr) = (Pipe(duplex=False) for _ in range(3))
    process = forked(arguments, environment, folder, (stdin, stdout, stderr))
    with ThreadPoolExecutor(3) as threads:
        threads.submit(_write, typing, typed)
        written = [threads.submit(_read, one) for one in (out, err)]
        process.join(patience)
        has_ended = process.exitcode is not None
        process.kill()
    assert has_ended, f"it did not end within {patience} seconds but wrote: {[one.result() for one in written]}"
    return Ended(process.exitcode, *(one.result() for one in written))


def forked(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, streams: Sequence[Connection]
) -> ForkServerProcess:
    """One that runs, with these for its standard input, output and error, which are the caller's no more."""
    process = CONTEXT.Process(
        target=_run, args=(list(arguments), dict(environment), str(folder), *streams), daemon=True
    )
    process.start()
    for stream in streams:
        stream.close()
    return process


def _write(connection: Connection, content: bytes) -> None:
    with suppress(BrokenPipeError), _opened(connection, "wb") as pipe:
        pipe.write(content)


def _read(connection: Connection) -> bytes:
    with _opened(connection, "rb") as pipe:
        return pipe.read()


def _opened(connection: Connection, mode: Literal["rb", "wb"]) -> IO[bytes]:
    descriptor = os.dup(connection.fileno())
    connection.close()
    return os.fdopen(descriptor, mode)


def _run(arguments: Sequence[str], environment: Mapping[str, str], folder: str, *streams: Connection) -> None:
    for descriptor, stream in enumerate(streams):
        os.dup2(stream.fileno(), descriptor)
    for stream in streams:
        stream.close()
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False, errors="backslashreplace")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["liaison-bot", *arguments]
    be_patient()
    from bot.main import main

    sys.exit(main())
