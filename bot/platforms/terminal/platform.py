"""The terminal platform: hands over what is typed, and gives back what is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

from bot.arrival import Arrival, Kind, Outcome
from bot.platforms import Reception, Unavailable, Unreachable
from handlers.command import Place

PLATFORM = "terminal"


class TerminalPlatform:
    """One account in one terminal. `settled` returns when all that arrived is answered or given up."""

    name = PLATFORM

    def __init__(self, account: str, settled: Callable[[], Awaitable[None]]) -> None:
        self.account = account
        self._settled = settled
        self._reception: Reception | None = None
        self._answers: dict[str, Outcome | None] = {}

    async def start(self, reception: Reception) -> None:
        self._reception = reception

    async def stop(self) -> None:
        await self._settled()
        self._reception = None

    async def ask(self, text: str, kind: Kind = "message") -> Outcome | None:
        """What the bot answers to a line; None if it could not be handled now.

        Raises whatever the database raises when the line could not be kept.
        """
        if self._reception is None:
            raise Unavailable("the terminal is not connected")
        arrival = Arrival(
            platform=PLATFORM,
            event_id=str(uuid4()),
            account=self.account,
            name=self.account,
            place=Place(PLATFORM, self.account),
            kind=kind,
            text=text,
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
