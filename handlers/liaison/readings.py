"""Readings: what stands in files that are kept. Each is read once, outside of any transaction, and then remembered.

Whoever needs what was not read yet raises `Unread`: the transaction is given up, the file is read, and all is done
anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files as resources
from pathlib import PurePosixPath

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.liaison.parts import files_of
from handlers.liaison.reading.apart import read_apart, text_apart
from handlers.liaison.reading.record import as_json, from_json
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable
from handlers.outgoing import Occasion
from handlers.sniffing import media_type
from storage import drops
from storage.drops import Content, Dropped
from storage.liaison import readings
from storage.liaison.readings import Key

UNREADABLE_KEPT = timedelta(minutes=10)
"""After so long a file that could not be read is tried again: the machine may only have been busy."""

_PLAIN = "text/plain"
_LONGEST_SUFFIX = 12
_UNREADABLE = '{"unreadable"'


class Way(StrEnum):
    """What is looked for in a file: a liaison statement, its text whatever it is, or what is attached to a mail."""

    STATEMENT = "statement"
    TEXT = "text"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be read in a content that is kept."""

    way: Way
    digest: str
    name: str

    @property
    def key(self) -> Key:
        return Key(self.digest, self.way.value, PurePosixPath(self.name.lower().strip()).suffix[-_LONGEST_SUFFIX:])


@dataclass(frozen=True, slots=True)
class Part:
    """A file attached to a mail, and what can be read in it."""

    content: Content
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was read, as JSON, and the contents that were found in it."""

    text: str
    contents: Sequence[bytes] = ()


class Unread(Exception):
    """These must be read before anything can be said; reading takes time that no transaction may take."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        super().__init__(f"{len(wanted)} files are not read yet")
        self.wanted = tuple(wanted)


@cache
def version() -> str:
    """That of what reads: whenever it changes, everything is read anew."""
    digest = hashlib.sha256()
    for one in sorted(resources("handlers.liaison.reading").iterdir(), key=lambda each: each.name):
        if one.name.endswith(".py"):
            digest.update(one.read_bytes())
    return digest.hexdigest()[:16]


async def statement(occasion: Occasion, one: Content | Dropped) -> ReadStatement:
    """The statement in a file. Raises `Unreadable` and `Unread`."""
    said = await _said(occasion, Wanted(Way.STATEMENT, one.digest, one.name))
    return from_json(said)


async def text(occasion: Occasion, one: Content | Dropped) -> str:
    """What can be read in a file, nothing where nothing can. Raises `Unread`."""
    return str(json.loads(await _said(occasion, Wanted(Way.TEXT, one.digest, one.name))))


async def texts(occasion: Occasion, several: Sequence[Content | Dropped]) -> Sequence[str]:
    """As `text`, of several: what is not read yet is read at once."""
    wanted = [Wanted(Way.TEXT, one.digest, one.name) for one in several]
    unread = [one for one in wanted if await _kept(occasion.session, one, occasion.now) is None]
    if unread:
        raise Unread(unread)
    return [await text(occasion, one) for one in several]


async def parts(occasion: Occasion, mail: Content | Dropped) -> Sequence[Part]:
    """The files that are attached to a mail; their contents are kept. Raises `Unread`."""
    wanted = Wanted(Way.PARTS, mail.digest, mail.name)
    said = json.loads(await _said(occasion, wanted))
    found = [Part(Content(one["name"], one["media_type"], one["size"], one["digest"]), one["text"]) for one in said]
    digests = {one.content.digest for one in found}
    if set(await drops.touch(occasion.session, digests, occasion.now)) != digests:
        raise Unread([wanted])
    return found


async def is_known(session: AsyncSession, wanted: Wanted, now: datetime) -> bool:
    """Whether somebody read it already. Parts may be forgotten before what is known of them."""
    return wanted.way is not Way.PARTS and await _kept(session, wanted, now) is not None


async def read(wanted: Wanted, content: bytes) -> Made:
    """Read it. It may take seconds, so that no transaction may be open."""
    match wanted.way:
        case Way.STATEMENT:
            try:
                return Made(as_json(await read_apart(wanted.name, content)))
            except Unreadable as unreadable:
                return Made(json.dumps({"unreadable": unreadable.message, "hint": unreadable.hint}))
        case Way.TEXT:
            return Made(json.dumps(await _text(wanted.name, content)))
        case Way.PARTS:
            return await _parts(content)


async def keep(session: AsyncSession, wanted: Wanted, made: Made, now: datetime) -> None:
    """Remember what was read, as long as the content is kept."""
    if await readings.keep(session, wanted.key, version(), made.text, now):
        for content in made.contents:
            await drops.keep_content(session, content, now)


async def _said(occasion: Occasion, wanted: Wanted) -> str:
    said = await _kept(occasion.session, wanted, occasion.now)
    if said is None:
        raise Unread([wanted])
    if said.startswith(_UNREADABLE):
        refusal = json.loads(said)
        raise Unreadable(refusal["unreadable"], refusal["hint"])
    return said


async def _kept(session: AsyncSession, wanted: Wanted, now: datetime) -> str | None:
    found = await readings.found(session, wanted.key, version())
    if found is None:
        return None
    is_old = now - found.read_at > UNREADABLE_KEPT
    return None if is_old and found.text.startswith(_UNREADABLE) else found.text


async def _text(name: str, content: bytes) -> str:
    if media_type(content, name) == _PLAIN:
        return content.decode(errors="replace").replace("\x00", "")
    try:
        return await text_apart(name, content)
    except Unreadable:
        return ""


async def _parts(mail: bytes) -> Made:
    found = await asyncio.to_thread(files_of, mail)
    said = [
        {
            "name": name,
            "media_type": media_type(content, name),
            "size": len(content),
            "digest": hashlib.sha256(content).hexdigest(),
            "text": await _text(name, content),
        }
        for name, content in found
    ]
    return Made(json.dumps(said), [content for _, content in found])
