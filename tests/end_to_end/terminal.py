"""A pseudo-terminal with `liaison-bot chat` in it."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.end_to_end.forked import forked

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x1b\x07]*(?:\x07|\x1b\\)|\x1b[=>]|\r")
_PATIENCE = 30.0


class Terminal:
    """One session; `anew`: of an interpreter that starts from nothing, as a person's does."""

    def __init__(
        self, environment: dict[str, str], *arguments: str, folder: Path | None = None, anew: bool = False
    ) -> None:
        self._master, slave = pty.openpty()
        self._shown = ""
        size = {**environment, "COLUMNS": "80", "LINES": "24"}
        self._process = (_started if anew else _forked)(slave, size, arguments, folder or Path.cwd())

    def types(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def sees(self, text: str, seconds: float = _PATIENCE) -> None:
        """Wait until the text is shown after what was seen before."""
        until = time.monotonic() + seconds
        while text not in self._shown:
            ready, _, _ = select.select([self._master], [], [], max(0, until - time.monotonic()))
            assert ready, f"no {text!r} in:\n{self._shown}"
            assert self._read(), f"it ended without {text!r} in:\n{self._shown}"
        self._shown = self._shown.partition(text)[2]

    def ends(self) -> int | None:
        """Wait until it ends by itself; gives the exit status."""
        while self._read():
            pass
        return self._ended()

    def close(self) -> None:
        self._process.kill()
        self._ended()
        os.close(self._master)

    def _ended(self) -> int | None:
        if isinstance(self._process, subprocess.Popen):
            return self._process.wait(_PATIENCE)
        self._process.join(_PATIENCE)
        return self._process.exitcode

    def _read(self) -> bool:
        try:
            read = os.read(self._master, 65_536).decode(errors="replace")
        except OSError:  # the other end is closed
            return False
        if "\x1b[6n" in read:  # the prompt asks where the cursor is
            self.types("\x1b[1;1R")
        self._shown += _ESCAPES.sub("", read)
        return bool(read)


def _started(
    slave: int, environment: dict[str, str], arguments: tuple[str, ...], folder: Path
) -> subprocess.Popen[bytes] | ForkServerProcess:
    command = [sys.executable, "-m", "bot", "chat", *arguments]
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True, cwd=folder
    )
    os.close(slave)
    return process


def _forked(
    slave: int, environment: dict[str, str], arguments: tuple[str, ...], folder: Path
) -> subprocess.Popen[bytes] | ForkServerProcess:
    return forked(("chat", *arguments), environment, folder, [Connection(slave)] * 3)
