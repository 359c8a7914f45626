"""The intake: what becomes of each mail, once, in one transaction with the note that it was taken."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.dispatch import Dispatcher
from bot.file_names import safe_name
from bot.mailbox.letter import Letter, Origin
from bot.reception import Clock
from handlers.chore import Errand
from handlers.liaison import mailed
from handlers.liaison.reading.apart import read_apart
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable
from storage import mails, outbox
from storage.database import Database

log = logging.getLogger(__name__)

MOST = 25 * 1024 * 1024
"""Bytes of a mail that is taken."""

MOST_A_DAY = 500 * 1024 * 1024
"""Bytes that are taken in a day; what comes after that waits in the mailbox."""

_DAY = timedelta(days=1)
_SLASHES = re.compile(r"\s*[/\\]+\s*")


class Intake:
    """`own` is the address that we send from. `put` is called when something was put into the outbox.

    The note and all that follows from a mail are one transaction: after a crash, or when another process takes the
    same mail, it is either taken or it is not.
    """

    def __init__(
        self, database: Database, dispatcher: Dispatcher, clock: Clock, own: str, put: Callable[[], None]
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._clock = clock
        self._own = own
        self._put = put

    @property
    def own(self) -> str:
        return self._own

    async def is_known(self, letter: Letter) -> bool:
        """Whether it was taken or passed over before."""
        async with self._database.writing() as session:
            return await mails.is_known(session, letter.event, self._clock())

    async def has_room(self, size: int) -> bool:
        """Whether so many bytes more are taken today."""
        async with self._database.reading() as session:
            return await mails.size_since(session, self._clock() - _DAY) + size <= MOST_A_DAY

    async def pass_over(self, letter: Letter) -> None:
        """Tell nobody of it."""
        async with self._errand() as errand:
            await mails.admit(errand.session, letter.event, errand.now)

    async def refuse(self, letter: Letter) -> None:
        """It is too large: the secretariat looks into the mailbox."""
        async with self._errand() as errand:
            if await mails.admit(errand.session, letter.event, errand.now):
                await mailed.tell_of_large(errand, letter.event, letter.subject, letter.domain, letter.size, MOST)

    async def take(self, letter: Letter, content: bytes) -> bool:
        """Keep it and tell the secretariat, at once or with the day's others; whether it is a statement."""
        name = safe_name(f"{_SLASHES.sub('-', letter.subject) or 'mail'}.eml")
        read = await _read(name, content)
        async with self._errand() as errand:
            if not await mails.admit(errand.session, letter.event, errand.now):
                return read is not None
            if read is not None:
                drop = await mails.keep(errand.session, name, content, mails.STATEMENTS, errand.now)
                await mailed.tell_of_statement(errand, drop, letter.domain, read)
            elif letter.origin is Origin.PERSON:
                await mails.keep(errand.session, name, content, mails.OTHERS, errand.now)
        return read is not None

    async def tell_of_outage(self, why: str) -> None:
        """The secretariat is told, once a day, that nothing arrives from the mailbox."""
        async with self._errand() as errand:
            await mailed.tell_of_outage(errand, why)

    @asynccontextmanager
    async def _errand(self) -> AsyncIterator[Errand]:
        async with self._database.writing() as session:
            yield Errand(
                session=session,
                catalogue=await self._dispatcher.catalogues.current(session),
                now=self._clock(),
                host=self._dispatcher.host,
                household=self._dispatcher.household,
            )
        if outbox.is_fuller(session):
            self._put()


async def _read(name: str, content: bytes) -> ReadStatement | None:
    try:
        return await read_apart(name, content)
    except Unreadable:
        return None
