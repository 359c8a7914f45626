"""The porter: fetches the files of an arrival before it is handled, and keeps what may be kept."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bot.arrival import Arrival, Enclosed
from bot.dispatch import Dispatcher, new_reference
from bot.file_names import safe_name
from bot.platforms import Platform, PlatformError, RateLimited, Unavailable
from bot.platforms.fetching import MOST, Fetcher, Gone, TooLarge, Withheld
from bot.reader import Reader
from handlers.dropping import MOST as MOST_FILES
from handlers.dropping import Brought, in_words
from handlers.drops import reads_files, takes_files
from handlers.liaison.readings import Wanted, Way
from handlers.sniffing import is_program, media_type
from storage import drops
from storage.database import Database

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Files that are in memory at once."""

MOST_A_DAY = 300 * 1024 * 1024
"""Bytes that one person may send in a day."""

_PAUSES = (0.5, 2.0)  # seconds before a platform that is away is asked again
_LONGEST_WAIT = 10.0
_DAY = timedelta(days=1)
_READ = frozenset(
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/pdf", "message/rfc822"}
)
_OURS = f"I take files up to {in_words(MOST)}"
_TODAY = f"I take {in_words(MOST_A_DAY)} a day from one person, and that is full"

Cuttable = Callable[[], AbstractContextManager[None]]


class Porter:
    """Each file is fetched outside of any transaction, and kept in one of its own."""

    def __init__(self, database: Database, dispatcher: Dispatcher, now: Callable[[], datetime], reader: Reader) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._now = now
        self._reader = reader
        self._room = asyncio.Semaphore(AT_ONCE)

    async def bring(self, platform: Platform, arrival: Arrival, cuttable: Cuttable) -> Sequence[Brought]:
        """What became of each file of the arrival. Raises what the database raises.

        `cuttable` goes round what may be cancelled at any time.
        """
        if not arrival.files:
            return ()
        refusal, left, are_read = await self._admitted(arrival)
        if refusal:
            return [Brought(_name(one), problem=refusal) for one in arrival.files]
        brought: list[Brought] = []
        for index, file in enumerate(arrival.files):
            if index >= MOST_FILES:
                brought.append(
                    Brought(_name(file), problem=f"I take {MOST_FILES} files at once; {_name(file)} is one more.")
                )
                continue
            one = await self._bring(platform, file, left, cuttable)
            left -= one.size
            brought.append(one)
            if are_read and one.media_type in _READ:
                self._reader.foresee(Wanted(Way.STATEMENT, one.digest, one.name))
        return brought

    async def _admitted(self, arrival: Arrival) -> tuple[str, int, bool]:
        """Why nothing is taken from whoever sent it, how many bytes they may still send today, and whether what
        stands in them may be needed soon.
        """
        async with self._database.writing() as session:
            now = self._now()
            caller = await self._dispatcher.caller(session, arrival, now)
            request = await self._dispatcher.request(session, arrival, caller, now)
            sent = await drops.size_since(session, caller.person_id, now - _DAY)
            if not takes_files(request):
                return "There is nothing that I can do with a file from you.", 0, False
            return "", MOST_A_DAY - sent, reads_files(request)

    async def _bring(self, platform: Platform, file: Enclosed, left: int, cuttable: Cuttable) -> Brought:
        name = _name(file)
        if file.problem:
            return Brought(name, problem=f"{name}: {file.problem}")
        if not isinstance(platform, Fetcher):
            return Brought(name, problem=f"{name}: I cannot fetch files from here.")
        if file.size > min(MOST, left):
            return _too_large(name, file.size, platform.file_limit if file.size > MOST else _TODAY)
        try:
            async with self._room:
                with cuttable():
                    content = await self._fetched(platform, file, min(MOST, left))
                return await self._kept(name, content)
        except TooLarge:
            return _too_large(name, file.size, _TODAY if left < MOST else platform.file_limit)
        except Gone:
            return Brought(name, problem=f"{name} is not there any more.", hint="Send it again.")
        except Withheld as error:
            log.warning("%s did not give a file: %s", platform.name, error)
            return Brought(name, problem=f"I did not get {name}: {error}.", hint=error.hint)
        except PlatformError as error:
            log.warning("%s did not give a file: %s", platform.name, error)
            return Brought(name, problem=f"I could not get {name} just now.", hint="Please send it once more.")

    async def _fetched(self, platform: Fetcher, file: Enclosed, most: int) -> bytes:
        for pause in (*_PAUSES, None):
            try:
                return await platform.fetch(file, most)
            except RateLimited as limited:
                if pause is None or limited.retry_after > _LONGEST_WAIT:
                    raise
                await asyncio.sleep(limited.retry_after)
            except Unavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            except PlatformError:
                raise
            except Exception as error:
                # Its own words may hold an address with a token in it.
                reference = new_reference()
                log.error("reference %s: a file could not be fetched: %s", reference, type(error).__name__)
                raise Withheld("something broke", f"Reference: {reference}") from None
        raise AssertionError("unreachable")

    async def _kept(self, name: str, content: bytes) -> Brought:
        if not content:
            return Brought(name, problem=f"{name} is empty.", hint="Look whether it is the right file.")
        kind, is_bad = await asyncio.to_thread(_looked_at, content, name)
        if is_bad:
            hint = "Send a document instead, or put it where others can fetch it."
            return Brought(name, problem=f"{name} is a program, and I pass on no programs.", hint=hint)
        async with self._database.writing() as session:
            digest = await drops.keep_content(session, content, self._now())
        return Brought(_with_suffix(name, kind), kind, len(content), digest)


def _looked_at(content: bytes, name: str) -> tuple[str, bool]:
    return media_type(content, name), is_program(content, name)


def _too_large(name: str, size: int, limit: str) -> Brought:
    is_telling = size > MOST and in_words(size) != in_words(MOST)
    said = f"{name} has {in_words(size)}" if is_telling else f"{name} is too large"
    return Brought(name, problem=f"{said}. {limit or _OURS}:", hint="send a link instead.")


def _name(file: Enclosed) -> str:
    return safe_name(file.name)


def _with_suffix(name: str, kind: str) -> str:
    """A name that came without any suffix gets that of what the file is."""
    return name if "." in name else f"{name}{mimetypes.guess_extension(kind) or ''}"
