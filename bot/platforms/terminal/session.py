"""The session: one line after another, each answered before the next is asked for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.arrival import Asking, Message, Outcome
from bot.dispatch import new_reference
from bot.platforms.terminal import files
from bot.platforms.terminal.choices import Choices, NoSuchChoice, choices_of, message_of
from bot.platforms.terminal.lines import Lines
from bot.platforms.terminal.platform import TerminalPlatform
from bot.platforms.terminal.screen import Screen
from bot.render.escape import visible
from bot.render.renderer import Renderer
from handlers.command import Attachment

LEAVING = ("exit", "quit", "/exit", "/quit")
_BUSY = "The database does not answer just now, and nothing was changed. Ask again in a moment. Reference: {}"
_log = logging.getLogger(__name__)


class Session:
    """A conversation at a terminal. Files are saved in `folder`."""

    def __init__(
        self, platform: TerminalPlatform, render: Renderer, lines: Lines, screen: Screen, folder: Path
    ) -> None:
        self._platform = platform
        self._render = render
        self._lines = lines
        self._screen = screen
        self._folder = folder
        self._choices = Choices()

    async def run(self, greeting: Message | None = None) -> None:
        """Go on until the person leaves or the lines end."""
        if greeting:
            await self._show(greeting)
        while (line := await self._lines.next()) is not None:
            said = visible(line).strip()
            if said.lower() in LEAVING:
                return
            if said:
                await self._answer(said)

    async def _answer(self, said: str) -> None:
        try:
            button = self._choices.pressed(said)
        except NoSuchChoice as wrong:
            self._screen.note(str(wrong))
            return
        if button and button.url:
            self._screen.note(button.url)
            return
        try:
            outcome = await (self._platform.ask(button.command, "button") if button else self._platform.ask(said))
        except (SQLAlchemyError, OSError):
            self._give_up()
            return
        if outcome is None:
            self._give_up()
        else:
            await self._show(outcome)

    def _give_up(self) -> None:
        reference = new_reference()
        _log.error("reference %s: a line from the terminal was not answered", reference, exc_info=True)
        self._screen.note(_BUSY.format(reference))

    async def _show(self, outcome: Outcome) -> None:
        message = message_of(outcome)
        self._choices = choices_of(outcome)
        self._screen.show(self._render.parse(message.markdown), self._choices.buttons)
        if isinstance(outcome, Asking) and not self._choices.buttons:
            self._screen.note("Type your answer, or cancel to leave the form.")
        await self._offer(message.attachments)

    async def _offer(self, attachments: Sequence[Attachment]) -> None:
        for attachment in attachments:
            if not await self._lines.agrees(f"Save {files.described(attachment)} in this folder?"):
                self._screen.note(f"Not saved: {files.described(attachment)}")
                continue
            try:
                self._screen.note(f"Saved: {files.save(attachment, self._folder)}")
            except OSError as error:
                self._screen.note(f"Not saved: {files.safe_name(attachment)}: {error.strerror}")
