"""The screen: where answers are shown, plainly here, with colour in `rich_screen`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TextIO

from bot.render.document import Document
from bot.render.plain import choices, plain
from handlers.command import Button


class Screen(Protocol):
    """Shows what is said to the person."""

    def show(self, document: Document, buttons: Sequence[Button]) -> None:
        """An answer, with its buttons numbered from 1."""

    def note(self, line: str) -> None:
        """A remark of the terminal itself."""


class PlainScreen:
    """Text without colour: for a pipe, a file, a dumb terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show(self, document: Document, buttons: Sequence[Button]) -> None:
        parts = [plain(document), choices(buttons)]
        self._write("\n\n".join(part for part in parts if part))

    def note(self, line: str) -> None:
        self._write(line)

    def _write(self, text: str) -> None:
        self._out.write(f"{text}\n\n")
        self._out.flush()
