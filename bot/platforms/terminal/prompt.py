"""The prompt: lines that a person types, with history and completion. Importing this imports prompt_toolkit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.platforms.terminal.choices import looks_like_choice
from bot.platforms.terminal.completion import CommandCompleter
from bot.render.escape import visible
from handlers.command import AnyCommand

LONGEST_KEPT = 1_000
"""Characters of a line that is kept in the history; a longer one was pasted by mistake."""

_PROMPT = FormattedText([("bold fg:ansicyan", "> ")])


class PromptLines:
    """Lines of a person at a terminal. Ctrl-C drops the line, Ctrl-D on an empty one ends."""

    def __init__(self, commands: Sequence[AnyCommand], history: Path | None) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=CommandCompleter(commands),
            complete_while_typing=False,
            auto_suggest=AutoSuggestFromHistory(),
            reserve_space_for_menu=6,
            enable_open_in_editor=True,
        )

    async def next(self) -> str | None:
        while True:
            try:
                return await self._session.prompt_async(_PROMPT)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return None

    async def agrees(self, question: str) -> bool:
        try:
            said = await PromptSession[str]().prompt_async(f"{question} [y/N] ")
        except (KeyboardInterrupt, EOFError):
            return False
        return said.strip().lower() in ("y", "yes")

    async def meanwhile(self, show: Callable[[], None]) -> None:
        # Takes the prompt away and puts it back below, with what was typed so far.
        async with in_terminal():
            show()

    @property
    def how_to_write(self) -> str:
        return "Paste it, or Ctrl-X Ctrl-E for your editor, or @notes.md for the text of a file, or cancel."

    @property
    def is_choosing(self) -> bool:
        return self._session.app.is_running and looks_like_choice(self._session.default_buffer.text) is not None


class _ShortHistory(FileHistory):
    def store_string(self, string: str) -> None:
        if len(string) <= LONGEST_KEPT:
            with suppress(OSError):  # a full disk is no reason to end the talk
                super().store_string(visible(string))


def _history(path: Path | None) -> History:
    """The kept history; where it cannot be kept, one for this session."""
    if path is None:
        return InMemoryHistory()
    try:
        path.touch(mode=0o600)
        with path.open("ab"):
            return _ShortHistory(str(path))
    except OSError:
        return InMemoryHistory()
