"""The server that tests start: Telegram on a loopback port."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from .acting import Acting
from .http import application
from .limits import Limits
from .misbehaviour import EVERY, Kind, Misbehaviour
from .people import Person
from .records import Call, Violation
from .webhook import Post
from .world import World


class TelegramFake(Acting):
    """A loopback Bot API server with people in it.

    `rich`: knows sendRichMessage (Bot API 10.1). `check=False`: refuses no content, for benchmarks.
    `privacy=False`: the bot hears everything in groups. `clock` (seconds) dates messages and ages queries.
    """

    def __init__(
        self,
        *,
        rich: bool = True,
        check: bool = True,
        privacy: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = World(rich=rich, check=check, privacy=privacy, clock=clock)
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        # A client that goes away cancels its handler: so a slow answer ends when nobody waits for it.
        self._runner = web.AppRunner(
            application(self.world), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.updates.interrupt()
        await self.world.updates.poster.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as `base_url`."""
        return f"{self.api_url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.api_url}/file/bot"

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def bot(self) -> Person:
        """The bot as people see it."""
        return self.world.bot

    @property
    def calls(self) -> list[Call]:
        return self.world.calls

    @property
    def violations(self) -> list[Violation]:
        """Sends that came before a `retry_after` was over."""
        return self.world.violations

    @property
    def limits(self) -> Limits:
        """What was sent beyond the documented limits."""
        return self.world.limits

    @property
    def posts(self) -> list[Post]:
        """Every attempt to deliver an update to the webhook."""
        return self.world.updates.poster.posts

    @property
    def pending_updates(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.world.updates.pending)

    def revoke(self) -> None:
        """From now on every call is answered with 401."""
        self.world.revoked = True

    def restore(self) -> None:
        self.world.revoked = False

    def misbehave(
        self,
        kind: Kind | str,
        method: str = EVERY,
        *,
        times: float = 1,
        probability: float = 1.0,
        seed: int = 0,
        retry_after: float = 1,
        status: int = 500,
        chat_id: int | None = None,
        delay: float = float("inf"),
        whole_bot: bool = False,
    ) -> Misbehaviour:
        """Makes something go wrong the next `times` that it can (`math.inf`: until stopped).

        `method` is a method's name; for `duplicated` it is a kind of update (`message`). `*` means all but getUpdates.
        `rate_limited` covers the chat, or the `whole_bot`. `slow` answers after `delay` seconds, by default not before
        the client has given up.
        """
        one = Misbehaviour(
            Kind(kind), method, times, probability, seed, retry_after, status, chat_id, delay, 0, whole_bot
        )
        self.world.misbehaviours.planned.append(one)
        return one
