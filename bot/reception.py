"""The reception: keeps what arrives, has it handled once, and sees that it is answered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import outcome as outcomes
from bot import overhearing
from bot.answers import Answers
from bot.arrival import Arrival, Message, Outcome
from bot.dispatch import Dispatcher, new_reference
from bot.overhearing import Covered
from bot.platforms import Platform, Suggestion
from bot.porter import Porter
from bot.reader import Reader
from bot.witness import Nobody, Witness
from handlers.command import Place, Request
from handlers.dropping import Brought
from handlers.form import Choice
from handlers.liaison.readings import Unread
from handlers.suggesting import suggestions
from storage import inbox, outbox, shortcuts
from storage.database import Database
from storage.words import InboxState

log = logging.getLogger(__name__)

TRIES = 3
"""So often a busy database is asked before an event is left to a later sweep."""

MOST_READINGS = 50
"""So often what arrived may need another file to be read."""

HANDLED_AT_ONCE = 8
"""More would only wait for each other at the database."""

_LATER = timedelta(seconds=10)
_TOKENS = 200  # command lines whose tokens are at hand

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """Implements `bot.platforms.Reception` for all platforms of a process."""

    def __init__(
        self, database: Database, dispatcher: Dispatcher, clock: Clock = utc_now, witness: Witness | None = None
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._clock = clock
        self._witness = witness or Nobody()
        self._platforms: dict[str, Platform] = {}
        self._put: Callable[[], None] = lambda: None
        self._answers = Answers()
        self._reader = Reader(database, clock)
        self._porter = Porter(database, dispatcher, clock, self._reader)
        self._tokens: dict[str, str] = {}
        self._working: dict[int, asyncio.Task[None]] = {}
        # Of these only the sending and the fetching may be cut short: a transaction may not.
        self._sending: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(HANDLED_AT_ONCE)
        self._closed = False

    @property
    def platforms(self) -> Mapping[str, Platform]:
        return self._platforms

    @property
    def refused(self) -> Collection[str]:
        """The platforms that refused the bot itself when it answered there last."""
        return self._answers.refused

    def add(self, platform: Platform) -> None:
        """From now on this platform's arrivals are answered through it."""
        self._platforms[platform.name] = platform

    def on_put(self, listener: Callable[[], None]) -> None:
        """Have this called when an event put something into the outbox."""
        self._put = listener

    def close(self) -> None:
        """From now on what arrives is kept, and left to another process or the next start."""
        self._closed = True

    async def receive(self, arrival: Arrival) -> bool:
        """Keep the arrival; return when it is committed. False: it was there already."""
        arrival = _whole(arrival)
        claim = timedelta(0) if self._closed else inbox.CLAIM
        async with self._database.writing() as session:
            kept = arrival.model_dump_json()
            event = await inbox.put(session, arrival.platform, arrival.event_id, kept, self._clock(), claim)
            if event is not None:
                await inbox.cover(session, arrival.platform, arrival.covers, self._clock())
        if event is None:
            return False
        self._witness.received(arrival.platform)
        if not self._closed:
            self._start(event, self._finish(event, arrival, None))
        return True

    async def recover(self, *, unclaimed: bool = False, platforms: Collection[str] | None = None) -> int:
        """Take over what another process left half-done; gives how many events.

        `unclaimed`: claims are void, as after a restart of the only process. `platforms`: these only. What this
        process works on itself is held for longer.
        """
        now = self._clock()
        names = sorted(self._platforms if platforms is None else platforms)
        async with self._database.writing() as session:
            in_hand = tuple(self._working)
            await inbox.hold(session, in_hand, now + inbox.CLAIM)
            if unclaimed:
                await inbox.unclaim(session, now, in_hand)
            left = await inbox.claim_left(session, names, now)
        for event in left:
            self._start(event.id, self._resume(event))
        return len(left)

    async def forget(self) -> int:
        """Remove old events from the inbox."""
        async with self._database.writing() as session:
            return await inbox.forget(session, self._clock())

    async def suggest(self, platform: str, account: str, text: str, limit: int = 20) -> Sequence[Suggestion]:
        """Roadmap items for what somebody is typing."""
        arrival = Arrival(
            platform=platform, event_id="", account=account, place=Place(platform, "inline"), kind="message", text=text
        )
        async with self._database.writing() as session:
            request = await self._request(session, arrival)
            if not request.may(self._dispatcher.commands.plain):
                return []
            return [
                Suggestion(entry.key, entry.title, entry.description, self._dispatcher.message(request, entry.reply))
                for entry in await suggestions(request, text, limit)
            ]

    async def offer(self, platform: str, account: str, words: str, field: str, typed: str) -> Sequence[Choice]:
        """What may be meant by what somebody types into a searched field."""
        arrival = Arrival(
            platform=platform, event_id="", account=account, place=Place(platform, "offer"), kind="form", text=words
        )
        async with self._database.writing() as session:
            return await self._dispatcher.offers(await self._request(session, arrival), words, field, typed)

    async def hears(self, account: str, place: Place) -> bool:
        """Whether what this account drops there is to be received."""
        return await overhearing.is_heard(self._database, self._dispatcher, account, place, self._clock())

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        """The start page of an account."""
        arrival = Arrival(
            platform=platform,
            event_id="",
            account=account,
            name=name,
            place=Place(platform, "home"),
            kind="command",
            text="start",
        )
        async with self._database.writing() as session:
            outcome = await self._dispatcher.handle(session, arrival, self._clock())
        return outcome if isinstance(outcome, Message) else outcome.question

    async def _request(self, session: AsyncSession, arrival: Arrival) -> Request:
        caller = await self._dispatcher.caller(session, arrival, self._clock())
        return await self._dispatcher.request(session, arrival, caller, self._clock())

    async def shorten(self, command: str) -> str:
        if command not in self._tokens:
            async with self._database.writing() as session:
                token = await shortcuts.shorten(session, command)
            # What goes to thousands has one command line behind its buttons, and is written down once.
            self._tokens = {**dict(list(self._tokens.items())[-_TOKENS:]), command: token}
        return self._tokens[command]

    async def lengthen(self, token: str) -> str | None:
        async with self._database.reading() as session:
            return await shortcuts.lengthen(session, token)

    async def settled(self) -> None:
        """Return when everything received so far is answered or given up."""
        while work := {*self._working.values(), *self._reader.reading}:
            await asyncio.wait(work)

    async def abandon(self) -> None:
        """Drop the answers that hang; their events stay in the inbox, as after a crash."""
        for task in self._sending:
            task.cancel()
        await self.settled()

    def _start(self, event: int, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(self._guarded(event, work))
        self._working[event] = task
        task.add_done_callback(lambda _done: self._working.pop(event, None))

    async def _guarded(self, event: int, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except SQLAlchemyError:
            # The event stays in the inbox, and a later sweep takes it up.
            log.exception("the database failed; event %d waits", event)
        except Exception:
            log.exception("reference %s: event %d waits", new_reference(), event)

    async def _resume(self, event: inbox.Event) -> None:
        """Go on with what another process began."""
        try:
            arrival = Arrival.model_validate_json(event.arrival)
            known = outcomes.read(event.outcome, self._dispatcher.commands) if event.outcome else None
        except (ValidationError, ValueError, KeyError, TypeError):
            log.exception("reference %s: event %d was kept in an unknown form", new_reference(), event.id)
            await self._close(event.id, event.platform, InboxState.FAILED)
            return
        await self._finish(event.id, arrival, known)

    async def _finish(self, event: int, arrival: Arrival, known: Outcome | None) -> None:
        """Handle an event unless that is done, answer it, and close it."""
        began = time.monotonic()
        try:
            outcome = known or await self._handled(event, arrival)
        except Covered:
            return
        with self._cuttable(event):
            state = await self._answers.give(self._platforms[arrival.platform], arrival, outcome)
        if state is InboxState.HANDLED:
            async with self._database.writing() as session:
                await inbox.hold(session, [event], self._clock() + _LATER)
            return
        await self._close(event, arrival.platform, state)
        if state is InboxState.ANSWERED:
            self._witness.answered(arrival.platform, time.monotonic() - began)

    async def _close(self, event: int, platform: str, state: InboxState) -> None:
        if state is InboxState.FAILED:
            self._witness.failed(platform)
        async with self._database.writing() as session:
            await inbox.close(session, [event], state)

    async def _handled(self, event: int, arrival: Arrival) -> Outcome:
        try:
            if arrival.unaddressed:
                await self._wait_for_words(event)
            platform = self._platforms[arrival.platform]
            brought = await self._porter.bring(platform, arrival, lambda: self._cuttable(event))
            return await self._handled_with(event, arrival, brought)
        except (Covered, OperationalError, InterfaceError):
            raise
        except Exception:
            reference = new_reference()
            log.exception("reference %s: event %d of %s could not be handled", reference, event, arrival.platform)
            apology = self._dispatcher.apology(reference)
            async with self._database.writing() as session:
                await inbox.handled(session, event, outcomes.written(apology))
            return apology

    async def _wait_for_words(self, event: int) -> None:
        with self._cuttable(event):
            await overhearing.grace()
        async with self._database.writing() as session:
            await overhearing.check(session, event)

    async def _handled_with(self, event: int, arrival: Arrival, brought: Sequence[Brought]) -> Outcome:
        """Handle it; what must be read for that is read between two tries, while others write to the database."""
        for _ in range(MOST_READINGS):
            try:
                async with self._room:
                    return await self._handle_once(event, arrival, brought)
            except Unread as unread:
                with self._cuttable(event):
                    await self._reader.read(unread.wanted)
        raise RuntimeError("what was read is never there")

    @contextmanager
    def _cuttable(self, event: int) -> Iterator[None]:
        """What is cut short here leaves the event in the inbox, as after a crash."""
        work = self._working[event]
        self._sending.add(work)
        try:
            yield
        finally:
            self._sending.discard(work)

    async def _handle_once(self, event: int, arrival: Arrival, brought: Sequence[Brought]) -> Outcome:
        """Handle in one transaction with the note that it is handled: it takes effect once."""
        for remaining in reversed(range(TRIES)):
            try:
                async with self._database.writing() as session:
                    if arrival.unaddressed:
                        await overhearing.check(session, event)
                    outcome = await self._dispatcher.handle(session, arrival, self._clock(), brought)
                    await inbox.handled(session, event, outcomes.written(outcome))
                if outbox.is_fuller(session):
                    self._put()
                return outcome
            except DBAPIError:
                if not remaining:
                    raise
        raise AssertionError("unreachable")


def _whole(arrival: Arrival) -> Arrival:
    """Half a character, which JSON can carry and no database can keep, becomes a question mark."""

    def whole(text: str) -> str:
        return text.encode(errors="replace").decode()

    values = {whole(name): whole(value) for name, value in arrival.values.items()}
    files = tuple(one.model_copy(update={"name": whole(one.name)}) for one in arrival.files)
    return arrival.model_copy(
        update={"text": whole(arrival.text), "name": whole(arrival.name), "values": values, "files": files}
    )
