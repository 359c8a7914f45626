"""The reception: keeps what arrives, has it handled once, and sees that it is answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError

from bot import outcome as outcomes
from bot.arrival import Arrival, Message, Outcome
from bot.dispatch import Dispatcher, new_reference
from bot.platforms import Platform, PlatformError, RateLimited, Suggestion
from handlers.command import Place
from handlers.suggesting import suggestions
from storage import inbox, shortcuts
from storage.database import Database
from storage.words import InboxState

log = logging.getLogger(__name__)

TRIES = 3
"""So often an answer is sent, or a busy database asked, before it is left to the next sweep."""

LONGEST_WAIT = 30.0
"""Seconds that an answer waits for a platform's rate limit."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """Implements `bot.platforms.Reception` for all platforms of a process."""

    def __init__(self, database: Database, dispatcher: Dispatcher, clock: Clock = utc_now) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._clock = clock
        self._platforms: dict[str, Platform] = {}
        self._working: set[asyncio.Task[None]] = set()

    @property
    def platforms(self) -> Mapping[str, Platform]:
        return self._platforms

    def add(self, platform: Platform) -> None:
        """From now on this platform's arrivals are answered through it."""
        self._platforms[platform.name] = platform

    async def receive(self, arrival: Arrival) -> bool:
        """Keep the arrival; return when it is committed. False: it was there already."""
        async with self._database.writing() as session:
            kept = arrival.model_dump_json()
            event = await inbox.put(session, arrival.platform, arrival.event_id, kept, self._clock())
        if event is None:
            return False
        self._start(self._finish(event, arrival, None))
        return True

    async def recover(self, *, unclaimed: bool = False) -> int:
        """Take over what another process left half-done; gives how many events.

        `unclaimed`: claims are void, as after a restart of the only process.
        """
        now = self._clock()
        moment = now + inbox.CLAIM if unclaimed else now
        async with self._database.writing() as session:
            left = await inbox.claim_left(session, sorted(self._platforms), moment)
        for event in left:
            arrival = Arrival.model_validate_json(event.arrival)
            known = outcomes.read(event.outcome, self._dispatcher.commands) if event.outcome else None
            self._start(self._finish(event.id, arrival, known))
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
            caller = await self._dispatcher.caller(session, arrival, self._clock())
            request = await self._dispatcher.request(session, arrival, caller, self._clock())
            return [
                Suggestion(entry.key, entry.title, entry.description, self._dispatcher.message(request, entry.reply))
                for entry in await suggestions(request, text, limit)
            ]

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        """The start page of an account."""
        arrival = Arrival(
            platform=platform, event_id="", account=account, name=name, place=Place(platform, "home"), kind="command",
            text="start",
        )
        async with self._database.writing() as session:
            outcome = await self._dispatcher.handle(session, arrival, self._clock())
        return outcome if isinstance(outcome, Message) else outcome.question

    async def shorten(self, command: str) -> str:
        async with self._database.writing() as session:
            return await shortcuts.shorten(session, command)

    async def lengthen(self, token: str) -> str | None:
        async with self._database.reading() as session:
            return await shortcuts.lengthen(session, token)

    async def settled(self) -> None:
        """Return when everything received so far is answered or given up."""
        while self._working:
            await asyncio.gather(*self._working, return_exceptions=True)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _finish(self, event: int, arrival: Arrival, known: Outcome | None) -> None:
        """Handle an event unless that is done, answer it, and close it."""
        try:
            outcome = known or await self._handled(event, arrival)
            done = await self._answered(arrival, outcome)
            async with self._database.writing() as session:
                await inbox.close(session, [event], InboxState.ANSWERED if done else InboxState.FAILED)
        except DBAPIError:
            # The event stays in the inbox, and the next sweep takes it up.
            log.exception("the database failed; event %s of %s waits", event, arrival.platform)

    async def _handled(self, event: int, arrival: Arrival) -> Outcome:
        try:
            return await self._handle_once(event, arrival)
        except DBAPIError:
            raise
        except Exception:
            reference = new_reference()
            log.exception("reference %s: event %s of %s could not be handled", reference, event, arrival.platform)
            apology = self._dispatcher.apology(reference)
            async with self._database.writing() as session:
                await inbox.handled(session, event, outcomes.written(apology))
            return apology

    async def _handle_once(self, event: int, arrival: Arrival) -> Outcome:
        """Handle in one transaction with the note that it is handled: it takes effect once."""
        for remaining in reversed(range(TRIES)):
            try:
                async with self._database.writing() as session:
                    outcome = await self._dispatcher.handle(session, arrival, self._clock())
                    await inbox.handled(session, event, outcomes.written(outcome))
                return outcome
            except DBAPIError:
                if not remaining:
                    raise
        raise AssertionError("unreachable")

    async def _answered(self, arrival: Arrival, outcome: Outcome) -> bool:
        """Whether the answer was sent; a failure is logged with what the platform said."""
        platform = self._platforms[arrival.platform]
        for _try in range(TRIES):
            try:
                await platform.answer(arrival, outcome)
                return True
            except RateLimited as limited:
                if limited.retry_after > LONGEST_WAIT:
                    log.warning("%s: no answer to %s: %s", platform.name, arrival.event_id, limited)
                    return False
                await asyncio.sleep(limited.retry_after)
            except PlatformError as error:
                log.warning("%s: no answer to %s: %s", platform.name, arrival.event_id, error)
                return False
            except Exception:
                log.exception("reference %s: %s failed to answer", new_reference(), platform.name)
                return False
        return False
