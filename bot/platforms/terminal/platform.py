"""The terminal platform: hands over what is typed, gives back what is answered, and shows what the bot has to tell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from bot.arrival import Arrival, Enclosed, Kind, Message, Outcome
from bot.platforms import Address, Envelope, Limits, Receipt, Reception, Unavailable, Unreachable
from bot.platforms.fetching import read_file
from bot.platforms.parts import corrected, noted_files
from bot.platforms.terminal.files import problem_of
from handlers.command import Place

PLATFORM = "terminal"


class Eyes(Protocol):
    """Where the person looks: shows what the bot tells on its own account."""

    @property
    def are_free(self) -> bool:
        """Whether something may be shown now."""

    async def see(self, message: Message) -> None:
        """Show it. Returns when it can be read."""


class TerminalPlatform:
    """One account in one terminal. `settled` returns when all that arrived is answered or given up.

    It is the sender for that account alone.
    """

    name = PLATFORM
    file_limit = ""
    # One after the other, so that each is whole on the screen; and nobody has to be spared.
    limits = Limits(per_second=float("inf"), target_seconds=0, at_once=1)

    def __init__(self, account: str, settled: Callable[[], Awaitable[None]]) -> None:
        self.account = account
        self._settled = settled
        self._reception: Reception | None = None
        self._eyes: Eyes | None = None
        self._answers: dict[str, Outcome | None] = {}

    async def start(self, reception: Reception) -> None:
        self._reception = reception

    async def stop(self) -> None:
        await self._settled()
        self._reception = self._eyes = None

    async def ask(self, text: str, kind: Kind = "message", files: Sequence[Path] = ()) -> Outcome | None:
        """What the bot answers to a line, which comes with files; None if it could not be handled now.

        Raises whatever the database raises when the line could not be kept.
        """
        if self._reception is None:
            raise Unavailable("the terminal is not connected")
        problems = await asyncio.to_thread(lambda: [problem_of(one) for one in files])
        enclosed = [
            Enclosed(reference=str(path), name=path.name, problem=problem)
            for path, problem in zip(files, problems, strict=True)
        ]
        arrival = Arrival(
            platform=PLATFORM,
            event_id=str(uuid4()),
            account=self.account,
            name=self.account,
            place=Place(PLATFORM, self.account),
            kind=kind,
            text=text,
            files=tuple(enclosed),
        )
        self._answers[arrival.event_id] = None
        try:
            await self._reception.receive(arrival)
            await self._settled()
        finally:
            outcome = self._answers.pop(arrival.event_id)
        return outcome

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        if arrival.event_id not in self._answers:
            raise Unreachable("whoever typed this left the terminal")
        self._answers[arrival.event_id] = outcome

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        return await asyncio.to_thread(read_file, Path(file.reference), most)

    def watch(self, eyes: Eyes) -> None:
        """From now on there is somebody who sees what is sent."""
        self._eyes = eyes

    @property
    def is_ready(self) -> bool:
        return self._eyes is not None and self._eyes.are_free

    def is_group(self, address: Address) -> bool:
        return False

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        if self._eyes is None or not self._eyes.are_free or address.conversation != self.account:
            raise Unavailable("nobody looks at that terminal")
        await self._eyes.see(message)
        return self._noted(message)

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        await self.send(address, corrected(message, receipt), envelope)
        return self._noted(message, receipt)

    def _noted(self, message: Message, before: Receipt | None = None) -> Receipt:
        # An empty receipt would say that nothing was sent.
        return {"account": self.account, **noted_files(message.attachments, before)}
