"""Forms that wait: submissions whose acknowledgement is still open, so that errors can be shown in place."""

from __future__ import annotations

import asyncio

from bot.render.slack_text import Json

ACCEPTED: Json = {"response_action": "clear"}

_PATIENCE = 2.5


class Forms:
    def __init__(self) -> None:
        self._open: dict[str, asyncio.Future[Json]] = {}

    def opened(self, event_id: str) -> asyncio.Future[Json] | None:
        """To be called before the arrival is handed on: the answer may come at once. None when it waits already."""
        if event_id in self._open:
            return None
        future = self._open[event_id] = asyncio.get_running_loop().create_future()
        return future

    def answered(self, event_id: str, answer: Json) -> bool:
        """Whether somebody still waited for this answer."""
        future = self._open.pop(event_id, None)
        if future is None or future.done():
            return False
        future.set_result(answer)
        return True

    async def answer(self, waiting: asyncio.Future[Json], elapsed: float) -> Json:
        """What to acknowledge with; after two and a half seconds the form is closed, and the answer comes later."""
        try:
            async with asyncio.timeout(max(_PATIENCE - elapsed, 0)):
                return await waiting
        except TimeoutError:
            return ACCEPTED

    def forget(self, event_id: str) -> None:
        self._open.pop(event_id, None)
