"""The poller: looks into the mailbox every minute, where it is this process's turn to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.background import in_background
from bot.dispatch import new_reference
from bot.imap_server import ImapServer
from bot.link import State
from bot.mailbox.connection import FLAGGED, PATIENCE, SEEN, Connection
from bot.mailbox.intake import MOST, Intake
from bot.mailbox.letter import Origin, letter_of
from bot.mailbox.trouble import MailboxTrouble
from bot.reception import Clock
from bot.turn import Turn

log = logging.getLogger(__name__)

EVERY: Final = 60.0
"""Seconds between two looks."""

LONGEST: Final = 300.0
"""Seconds that one thing may take, however slowly a server goes on answering."""

_WAITS = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_LASTING_WAIT = 900.0  # a server shuts out who tries a wrong password too often
_OUTAGE = timedelta(hours=1)  # so long the secretariat is not troubled
_AGAIN = timedelta(hours=1)  # until a mail that could not be taken is tried once more
_TRIES = 3  # of a mail over which the connection breaks

T = TypeVar("T")


class Poller:
    """`start`, then `stop`. A mail is marked as read when what follows from it is committed, and never deleted."""

    name = "mailbox"

    def __init__(
        self, server: ImapServer, intake: Intake, turn: Turn, clock: Clock, patience: float = PATIENCE
    ) -> None:
        self._server = server
        self._intake = intake
        self._turn = turn
        self._clock = clock
        self._patience = patience
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._since: datetime | None = None
        self._later: dict[int, datetime] = {}
        self._broken: dict[int, int] = {}
        self.state = State.STANDING_BY

    def start(self) -> None:
        """Look in the background."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish what is being kept, drop what is being fetched: the mail is still unread."""
        self._closing.set()
        if self._task:
            await self._task
        self.state = State.STOPPED

    async def _run(self) -> None:
        while not self._closing.is_set():
            if not self._turn.is_mine:
                self.state = State.STANDING_BY
                await self._unless_closing(self._turn.begun())
                # It may be held and lapsed, for a moment.
                await self._pause(0 if self._turn.is_mine else 1)
                continue
            await self._pause(await self._look_guarded())

    async def _look_guarded(self) -> float:
        """Look once; gives the seconds until the next time."""
        try:
            await self.look()
        except _Closing:
            return 0
        except MailboxTrouble as trouble:
            if self._closing.is_set():  # what is closed under a look is no trouble of the server's
                return 0
            return await self._failed(trouble)
        except (SQLAlchemyError, OSError) as error:
            log.error("the mailbox: %s; trying on", type(error).__name__)
            return EVERY
        except Exception:
            log.exception("reference %s: the mailbox could not be read", new_reference())
            return _WAITS[-1]
        if self.state is not State.CONNECTED:
            log.info("mailbox is %s: the folder %s at %s", State.CONNECTED, self._server.folder, self._server.name)
        self.state, self._failures, self._since = State.CONNECTED, 0, None
        return EVERY

    async def look(self) -> int:
        """Take every mail that nobody read; gives how many. Raises `MailboxTrouble` and what the database raises."""
        connection = Connection(self._server, self._patience)
        try:
            await self._blocking(connection, connection.open)
            uids = await self._blocking(connection, connection.unseen)
            taken = 0
            for uid in uids:
                if self._closing.is_set() or not self._turn.is_mine:
                    break
                if self._later.get(uid, self._clock()) <= self._clock():
                    taken += await self._take_guarded(connection, uid)
            await self._blocking(connection, connection.leave)
            return taken
        finally:
            connection.close()

    async def _take_guarded(self, connection: Connection, uid: int) -> bool:
        """One mail that cannot be taken does not hold up the others."""
        try:
            taken = await self._take(connection, uid)
        except MailboxTrouble:
            self._broken[uid] = self._broken.get(uid, 0) + 1
            if self._broken[uid] >= _TRIES:
                self._put_off(uid)
            raise
        except (_Closing, SQLAlchemyError, OSError):
            raise
        except Exception:
            log.exception("reference %s: a mail could not be taken; again in an hour", new_reference())
            self._put_off(uid)
            return False
        self._broken.pop(uid, None)
        return taken

    def _put_off(self, uid: int) -> None:
        self._later[uid] = self._clock() + _AGAIN

    async def _take(self, connection: Connection, uid: int) -> bool:
        head = await self._blocking(connection, lambda: connection.head(uid))
        if head is None:
            return False
        letter = letter_of(head, self._intake.own)
        flags: tuple[str, ...] = (SEEN,)
        if await self._intake.is_known(letter):
            log.info("mailbox: a mail was taken before")
        elif letter.origin in (Origin.ECHO, Origin.OURSELVES):
            await self._intake.pass_over(letter)
        elif letter.size > MOST:
            log.warning("mailbox: a mail of %d bytes is too large", letter.size)
            await self._intake.refuse(letter)
            flags = (SEEN, FLAGGED)
        elif not await self._intake.has_room(letter.size):
            log.warning("mailbox: what is taken in a day is full; a mail waits")
            self._put_off(uid)
            return False
        else:
            content = await self._blocking(connection, lambda: connection.content(uid, MOST + 1))
            if content is None:
                return False
            is_statement = await self._intake.take(letter, content)
            log.info("mailbox: a mail was taken, %s", "a liaison statement" if is_statement else "no statement")
            is_plain = not is_statement and letter.origin is Origin.PERSON
            flags = (SEEN, FLAGGED) if is_plain else (SEEN,)
        await self._blocking(connection, lambda: connection.mark(uid, *flags))
        return True

    async def _failed(self, trouble: MailboxTrouble) -> float:
        wait = _LASTING_WAIT if trouble.is_lasting else _WAITS[min(self._failures, len(_WAITS) - 1)]
        self._failures += 1
        self._since = self._since or self._clock()
        self.state = State.REFUSED if trouble.is_lasting else State.CONNECTING
        log.error("the mailbox cannot be read: %s; again in %g s; do: liaison-bot doctor", trouble, wait)
        if trouble.is_lasting or self._clock() - self._since >= _OUTAGE:
            await self._tell(trouble)
        return wait

    async def _tell(self, trouble: MailboxTrouble) -> None:
        try:
            await self._intake.tell_of_outage(trouble.message)
        except (SQLAlchemyError, OSError):
            return  # the next look tells, if it is still so
        except Exception:
            log.exception("reference %s: an outage of the mailbox could not be told", new_reference())

    async def _blocking(self, connection: Connection, work: Callable[[], T]) -> T:
        """What the work gives, done in a thread. Raises `_Closing` when this is stopped first."""
        try:
            async with asyncio.timeout(LONGEST):
                return await self._unless_closing(in_background(work))
        except TimeoutError:
            raise MailboxTrouble(f"{self._server.name} takes longer than {LONGEST:g} s") from None
        finally:
            if self._closing.is_set():
                connection.close()

    async def _unless_closing(self, work: Coroutine[object, object, T]) -> T:
        doing, closing = asyncio.create_task(work), asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({doing, closing}, return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise _Closing
            return doing.result()
        finally:
            doing.cancel()
            closing.cancel()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)


class _Closing(Exception):
    """This is being stopped."""
