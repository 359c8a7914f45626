"""Lines that are read from standard input, when that is a file, a pipe, or a dumb terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Protocol, TextIO

from bot.background import in_background

LONGEST = 1_000_000
"""Bytes of a line that are read; what follows is left out, and the line is far too long anyway."""


class Lines(Protocol):
    """Where the person's lines come from."""

    async def next(self) -> str | None:
        """The next line; None at the end."""

    async def agrees(self, question: str) -> bool:
        """Whether the person says yes. Nobody is asked where nobody sits."""

    async def meanwhile(self, show: Callable[[], None]) -> None:
        """Show something, above the line that is being typed if there is one."""

    @property
    def how_to_write(self) -> str:
        """How a text of several lines is given."""

    @property
    def is_choosing(self) -> bool:
        """Whether the person has typed a number and not sent it: what it means must not change now."""


class PipedLines:
    """Lines of a stream that nobody closes: a reader may hang in it until the process ends.

    `prompt` goes before each where somebody sits at a terminal that can do no more.
    """

    def __init__(self, stream: BinaryIO, out: TextIO, prompt: str = "") -> None:
        self._stream = stream
        self._out = out
        self._prompt = prompt

    async def next(self) -> str | None:
        if self._prompt:
            self._out.write(self._prompt)
            self._out.flush()
        # So that a stop is noticed while nobody types, and does not wait until somebody does.
        raw = await in_background(self._read)
        return raw.decode(errors="replace").rstrip("\r\n") if raw else None

    async def agrees(self, question: str) -> bool:
        return False

    async def meanwhile(self, show: Callable[[], None]) -> None:
        show()

    @property
    def how_to_write(self) -> str:
        return "Type it on one line, or @notes.md for the text of a file, or cancel."

    @property
    def is_choosing(self) -> bool:
        return False

    def _read(self) -> bytes:
        raw = rest = self._stream.readline(LONGEST)
        while rest and not rest.endswith(b"\n"):
            rest = self._stream.readline(LONGEST)
        return raw
