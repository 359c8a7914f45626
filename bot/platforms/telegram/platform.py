"""The Telegram platform: connects, receives and answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.arrival import Arrival, Enclosed, Message, Outcome
from bot.platforms import Address, Envelope, Receipt, Reception, Unavailable
from bot.platforms.telegram import menu
from bot.platforms.telegram.answering import Answers
from bot.platforms.telegram.arrivals import PLATFORM, Reader
from bot.platforms.telegram.deliveries import LIMITS, Deliveries
from bot.platforms.telegram.downloads import FILE_LIMIT, Downloads
from bot.platforms.telegram.errors import platform_error
from bot.platforms.telegram.inline import Inline
from bot.platforms.telegram.library import Requests
from bot.platforms.telegram.logs import silence_libraries
from bot.platforms.telegram.messages import Messages
from bot.platforms.telegram.polling import Poller
from bot.platforms.telegram.receiving import KINDS, Intake
from bot.platforms.telegram.sending import Sender
from bot.platforms.telegram.webhook import PATH, Webhook, checked_secret
from bot.render.renderer import Renderer
from handlers.command import AnyCommand

# Two more than are sent on the bot's own account at once: an answer need not wait for those.
_CONNECTIONS = LIMITS.at_once + 2
_log = logging.getLogger("bot.platforms.telegram")


class TelegramPlatform:
    """Telegram by webhook where there is an address for it, else by polling.

    One token may be polled by one process at a time; several may answer. `poll_seconds` and `timeout` are seconds.
    """

    name = PLATFORM
    limits = LIMITS
    file_limit = FILE_LIMIT

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        webhook_url: str | None,
        webhook_secret: str | None,
        commands: Sequence[AnyCommand],
        render: Renderer,
        poll_seconds: float = 30,
        timeout: float = 15,
    ) -> None:
        secret = checked_secret(webhook_secret) if webhook_url else ""
        base = api_url.rstrip("/")
        silence_libraries()  # a bot writes its address as soon as it is made
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=Requests(_CONNECTIONS, timeout),
            get_updates_request=Requests(1, timeout),
        )
        self._commands = commands
        self._render = render
        self._poll_seconds = poll_seconds
        self._webhook = Webhook(self._bot, webhook_url, secret) if webhook_url else None
        self._downloads = Downloads(self._bot, timeout)
        self._messages = Messages(self._bot)
        self._sender = Sender(self._messages)
        self._answers: Answers | None = None
        self._deliveries: Deliveries | None = None
        self._intake: Intake | None = None
        self._poller: Poller | None = None
        self._menu: asyncio.Task[None] | None = None
        self._answering = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def http_routes(self) -> list[tuple[str, Callable[[web.Request], Awaitable[web.StreamResponse]]]]:
        """What the web endpoint mounts for POST; nothing when polling."""
        return [(PATH, self._webhook.posted)] if self._webhook else []

    async def connect(self, reception: Reception) -> None:
        """Be ready to answer, without receiving: for a process that does not hold the poller's lease."""
        try:
            await self._bot.initialize()
        except TelegramError as error:
            await self._bot.shutdown()
            raise platform_error(error) from None
        self._sender.open()
        self._answers = Answers(self._bot, self._sender, self._render, reception)
        self._deliveries = Deliveries(self._messages, self._render, reception)

    async def start(self, reception: Reception) -> None:
        await self.connect(reception)
        reader = Reader.of(self._bot.id, self._bot.username, self._commands)
        inline = Inline(self._bot, self._render, reception)
        self._intake = Intake(self._bot, reader, reception, inline, self._sender)
        try:
            await self._receive(self._intake)
        except TelegramError as error:
            await self.stop()
            raise platform_error(error) from None
        self._menu = asyncio.create_task(menu.refresh(self._bot, self._commands))
        _log.info("Telegram: @%s receives by %s", self._bot.username, "webhook" if self._webhook else "polling")

    async def stop(self) -> None:
        if self._webhook:
            self._webhook.take = None
        if self._poller:
            await self._poller.stop()
        if self._menu:
            self._menu.cancel()
            await asyncio.gather(self._menu, return_exceptions=True)
        if self._intake:
            await self._intake.settle()
        self._sender.close()
        await self._quiet.wait()
        self._poller = self._menu = self._intake = self._answers = self._deliveries = None
        await self._bot.shutdown()

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        if self._answers is None:
            raise Unavailable("Telegram is not connected")
        async with self._busy():
            await self._answers.answer(arrival, outcome)

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        if self._answers is None:
            raise Unavailable("Telegram is not connected")
        async with self._busy():
            return await self._downloads.fetch(file, most)

    @property
    def is_ready(self) -> bool:
        return self._deliveries is not None

    def is_group(self, address: Address) -> bool:
        """Groups, supergroups and channels have negative numbers."""
        return address.conversation.startswith("-")

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        async with self._busy():
            return await self._sending().send(address, message)

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        async with self._busy():
            return await self._sending().edit(address, receipt, message)

    def _sending(self) -> Deliveries:
        if self._deliveries is None:
            raise Unavailable("Telegram is not connected")
        return self._deliveries

    async def _receive(self, intake: Intake) -> None:
        if self._webhook:
            self._webhook.take = intake.take
            await self._bot.set_webhook(
                self._webhook.url, secret_token=self._webhook.secret, allowed_updates=KINDS, drop_pending_updates=False
            )
        else:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._poller = Poller(self._bot, intake.take, KINDS, self._poll_seconds)
            self._poller.start()

    @contextlib.asynccontextmanager
    async def _busy(self) -> AsyncIterator[None]:
        """A stop waits until nothing is being answered."""
        self._answering += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._answering -= 1
            if not self._answering:
                self._quiet.set()
