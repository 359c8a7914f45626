"""The session: one line after another, each answered before the next is asked for; and what the bot tells meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
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
_FILES = "To send a file, type: file PATH"
_TOLD = "The bot has something to tell you:"
_log = logging.getLogger(__name__)


class Session:
    """A conversation at a terminal. Files are saved in `folder`.

    `look` has what waits for this person shown, before each line is asked for.
    """

    def __init__(
        self,
        platform: TerminalPlatform,
        render: Renderer,
        lines: Lines,
        screen: Screen,
        folder: Path,
        look: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._platform = platform
        self._render = render
        self._lines = lines
        self._screen = screen
        self._folder = folder
        self._choices = Choices()
        self._look = look
        self._is_asked = False
        self._is_answering = False
        self._unoffered: list[Attachment] = []

    async def run(self, greeting: Message | None = None) -> None:
        """Go on until the person leaves or the lines end."""
        self._platform.watch(self)
        if greeting:
            await self._show(greeting)
            self._screen.note(_FILES)
        await self._look_round()
        while (line := await self._lines.next()) is not None:
            said = visible(line).strip()
            if said.lower() in LEAVING:
                return
            self._is_answering = True
            await self._offer_late()
            if said:
                await self._answer(said)
            self._is_answering = False
            await self._look_round()

    @property
    def are_free(self) -> bool:
        """What is told waits for the end of a form, whose numbers and answers it would mix up, and for a number."""
        return not (self._is_asked or self._is_answering or self._lines.is_choosing)

    async def see(self, message: Message) -> None:
        """Show what the bot tells on its own account."""
        await self._lines.meanwhile(lambda: self._tell(message))

    def _tell(self, message: Message) -> None:
        self._screen.note(_TOLD)
        self._choices = choices_of(message)
        self._screen.show(self._render.parse(message.markdown), self._choices.buttons)
        for attachment in message.attachments:
            self._screen.note(f"With it comes {files.described(attachment)}.")
        # Nobody can be asked while a line is being typed.
        self._unoffered += message.attachments

    async def _look_round(self) -> None:
        if self._look:
            await self._look()
        await self._offer_late()

    async def _offer_late(self) -> None:
        waiting, self._unoffered = self._unoffered, []
        await self._offer(waiting)

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
            outcome = await (self._platform.ask(button.command, "button") if button else self._ask(said))
        except files.NoText as problem:
            self._screen.note(str(problem))
            return
        except (SQLAlchemyError, OSError):
            self._give_up()
            return
        if outcome is None:
            self._give_up()
        else:
            await self._show(outcome)

    async def _ask(self, said: str) -> Outcome | None:
        said = files.with_texts(said)
        sent = files.sent(said)
        return await (self._platform.ask(sent[1], files=[sent[0]]) if sent else self._platform.ask(said))

    def _give_up(self) -> None:
        reference = new_reference()
        _log.error("reference %s: a line from the terminal was not answered", reference, exc_info=True)
        self._screen.note(_BUSY.format(reference))

    async def _show(self, outcome: Outcome) -> None:
        message = message_of(outcome)
        self._is_asked = isinstance(outcome, Asking)
        self._choices = choices_of(outcome)
        self._screen.show(self._render.parse(message.markdown), self._choices.buttons)
        if isinstance(outcome, Asking) and _asks_for_text(outcome):
            self._screen.note(self._lines.how_to_write)
        elif isinstance(outcome, Asking) and not self._choices.buttons:
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


def _asks_for_text(asking: Asking) -> bool:
    """Whether several lines are wanted next."""
    empty = [one for one in asking.command.form.fields() if one.required and not asking.values.get(one.name)]
    return bool(empty) and empty[0].multiline
