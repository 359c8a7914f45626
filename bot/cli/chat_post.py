"""The post of a chat: what waits for the person at the terminal; on a local database e-mail and reminders, too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot import roster
from bot.chores import Chores
from bot.core import Core
from bot.delivery.mailroom import Mailroom
from bot.delivery.pump import Pump
from bot.delivery.surroundings import Surroundings
from bot.delivery.wording import Words
from bot.dispatch import new_reference
from bot.platforms.terminal.platform import TerminalPlatform
from bot.reception import utc_now
from bot.turn import BEAT, Turns
from bot.witness import Nobody
from handlers.reminders import send_reminders
from storage import deliveries
from storage.database import Database

if TYPE_CHECKING:
    from bot.platforms.email import EmailSender

LOOK = 1.0
"""Seconds between two looks for something new while the person types."""

PATIENCE = 10.0
"""Seconds that the end of a chat waits for e-mail."""

HELD_BACK = 1.1
"""Seconds after which the pace has let go of whom it held back: an address gets one mail a second."""

ROUNDS = 3
"""Times that the end of a chat hands in e-mail, with such a pause between."""

log = logging.getLogger(__name__)


class ChatPost:
    """Shows what waits for one account, beside a `run` on the same database; hands in e-mail unless that does.

    While a person sits there, reminders are looked after too: who asks for one in a chat need not have a `run`. Of the
    chores they alone are, and two processes that look after them remind once.
    """

    def __init__(self, core: Core, platform: TerminalPlatform) -> None:
        words = Words(core.renderer, core.dispatcher.host, core.dispatcher.household.zone)
        around = Surroundings(core.database, core.dispatcher.household, words, utc_now, Nobody())
        self._platform = platform
        self._database = core.database
        self._own = Pump(platform, around, only=platform.account)
        self._turn = asyncio.Lock()
        # On a shared database a `run` sends, with its own settings.
        mail = roster.senders(core) if core.database.is_sqlite else []
        self._mailings = [_Mailing(core, sender) for sender in mail]
        reminding = [send_reminders] if core.database.is_sqlite else []
        self._chores = Chores(core.database, core.dispatcher, reminding, utc_now)

    async def look(self) -> None:
        """Show what is due now. E-mail goes out meanwhile."""
        for mailing in self._mailings:
            mailing.begin()
        await self._show()

    async def finish(self) -> None:
        """Return when e-mail that is due now is handed in, or cannot be."""
        for mailing in self._mailings:
            await mailing.finish()

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look every second, as long as this is entered."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            # Not in the midst of a transaction, nor of a message.
            async with self._turn:
                watching.cancel()
            await asyncio.wait([watching])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            async with self._turn:
                await self._chores.do_due()
            await self.look()

    async def _show(self) -> None:
        try:
            async with self._turn:
                if await self._is_due():
                    await self._own.drain()
        except Exception:
            # Whatever it is: the person wants to go on, and the next look may do.
            log.exception("reference %s: the outbox was not looked at", new_reference())

    async def _is_due(self) -> bool:
        """Whether something waits; what looks every second only reads."""
        if not self._platform.is_ready:
            return False
        return await _due(self._database, self._platform.name, self._platform.account)


class _Mailing:
    """E-mail, while no other process of this database sends it."""

    def __init__(self, core: Core, sender: EmailSender) -> None:
        self._sender = sender
        self._database = core.database
        self._turns = Turns(core.database, utc_now)
        public_url = core.settings.public_url or ""
        self._room = Mailroom(core.database, core.dispatcher, [sender], turns=self._turns, public_url=public_url)
        self._task: asyncio.Task[None] | None = None
        self._next_beat = 0.0

    def begin(self) -> None:
        """Hand in what is due, in the background."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())

    async def finish(self) -> None:
        """Hand in what is due; what hangs is left to the next process."""
        await self._ended()
        for _ in range(ROUNDS):
            self.begin()
            await self._ended()
            if not await self._is_held_back():
                break
            await asyncio.sleep(HELD_BACK)
        await self._sender.stop()
        try:
            await self._turns.release()
        except (SQLAlchemyError, OSError):
            log.warning("reference %s: the lease was not given back", new_reference(), exc_info=True)

    async def _ended(self) -> None:
        if self._task is None or (await asyncio.wait({self._task}, timeout=PATIENCE))[0]:
            return
        log.warning("e-mail is still on its way: nobody knows whether it arrives")
        await self._room.stop()
        await self._room.abandon()
        await asyncio.wait({self._task})

    async def _is_held_back(self) -> bool:
        """Whether this process could send more, but for the pace."""
        try:
            return self._room.pumps[self._sender.name].can_send and await _due(self._database, self._sender.name)
        except (SQLAlchemyError, OSError):
            return False

    async def _drain(self) -> None:
        try:
            if not await _due(self._database, self._sender.name):
                return
            now = asyncio.get_running_loop().time()
            if now >= self._next_beat:
                await self._turns.beat()
                self._next_beat = now + BEAT
            await self._room.drain()
        except Exception:
            log.exception("reference %s: e-mail was not handed in", new_reference())


async def _due(database: Database, platform: str, only: str | None = None) -> bool:
    async with database.reading() as session:
        found = await deliveries.outlook(session, platform, (), (), only)
    return any(moment is not None and moment <= utc_now() for moment in (found.due, found.stale))
