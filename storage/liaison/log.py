"""Logging: a liaison statement is numbered and kept, once, however many log it at the same time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison import events, files, mentions, numbers, texts
from storage.liaison.events import Deed
from storage.liaison.files import Enclosed
from storage.liaison.mentions import Mentioned
from storage.representing.trail import Actor
from storage.tables import Liaison, LiaisonAddressee
from storage.words import DeadlineKind, Direction, LiaisonFileKind, LiaisonStatus, Purpose


@dataclass(frozen=True, slots=True)
class Addressee:
    """A group that a statement is sent to; see `LiaisonAddressee`."""

    purpose: Purpose
    name: str
    group_id: int | None = None
    asked: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement to be logged; see `Liaison`."""

    direction: Direction
    source: str
    title: str
    number: str = ""
    source_id: int | None = None
    date: str = ""
    deadline: str = ""
    deadline_kind: DeadlineKind = DeadlineKind.UNSTATED
    in_response_to: str = ""
    questions: str = ""
    contact: str = ""
    contact_email: str = ""
    url: str = ""
    abstract: str = ""
    body: str = ""
    addressees: Sequence[Addressee] = ()
    mentions: Sequence[Mentioned] = ()
    files: Sequence[Enclosed] = ()


class Logged(Exception):
    """The statement `id` has that content, or that number of that sender, already."""

    def __init__(self, id: int, *, is_same_content: bool) -> None:
        super().__init__(f"liaison {id}")
        self.id = id
        self.is_same_content = is_same_content


async def log(session: AsyncSession, entry: Entry, pattern: str, host: str, actor: Actor, now: datetime) -> Liaison:
    """Keep a statement with all that belongs to it; `pattern` is that of our numbers. Raises `Logged`."""
    await _check_new(session, entry)
    try:
        async with session.begin_nested():
            return await _kept(session, entry, pattern, host, actor, now)
    except IntegrityError:
        # What has a number already waited for nobody's.
        await _check_new(session, entry)
        raise


async def _kept(session: AsyncSession, entry: Entry, pattern: str, host: str, actor: Actor, now: datetime) -> Liaison:
    # Whoever waited for the number sees here what was logged meanwhile, and gives it back.
    own = await numbers.ours(session, entry.direction, pattern, host) if _is_ours(entry) else None
    await _check_new(session, entry)
    number = await numbers.called(session, entry.number, entry.source, own or "")
    liaison = _row(entry, number, own, actor, now)
    session.add(liaison)
    await session.flush()
    await address(session, liaison.id, entry.addressees)
    await texts.write(session, liaison.id, entry.abstract, entry.body)
    await mentions.write(session, liaison.id, entry.mentions)
    await files.add(session, liaison.id, entry.files, actor, now)
    after = {"number": number, "ours": own, "source": entry.source, "status": liaison.status.value}
    await events.note(session, liaison.id, Deed.LOGGED, actor, now, after=after)
    return liaison


async def address(session: AsyncSession, liaison_id: int, addressees: Collection[Addressee]) -> None:
    """Add addressees, each once for a purpose."""
    once = {(one.purpose, one.name): one for one in addressees}.values()
    rows = [
        {
            "liaison_id": liaison_id,
            "purpose": one.purpose,
            "name": one.name,
            "position": position,
            "group_id": one.group_id,
            "asked": one.asked,
            "due": one.due,
        }
        for position, one in enumerate(once)
    ]
    if rows:
        await session.execute(insert(LiaisonAddressee), rows)


async def addressees_of(session: AsyncSession, liaison_id: int) -> Sequence[Addressee]:
    """Whom a statement is sent to, in the order in which it names them."""
    a = LiaisonAddressee
    query = select(a.purpose, a.name, a.group_id, a.asked, a.due).where(a.liaison_id == liaison_id)
    return [Addressee(*row) for row in await session.execute(query.order_by(a.purpose, a.position))]


async def same(session: AsyncSession, number: str, source: str, source_id: int | None) -> int | None:
    """The statement that has that number of that sender, if there is one."""
    if not number:
        return None
    called = [number.lower(), f"{source} {number}".lower()]
    query = select(Liaison.id).where(func.lower(Liaison.number).in_(called), _is_from(source, source_id))
    return await session.scalar(query.limit(1))


async def alike(session: AsyncSession, title: str, date: str, source: str, source_id: int | None) -> int | None:
    """The statement of that sender with that title and date: what has no number may be logged already, too."""
    if not title or not date:
        return None
    is_called = func.lower(Liaison.title) == title.lower()
    query = select(Liaison.id).where(is_called, Liaison.date == date, _is_from(source, source_id))
    return await session.scalar(query.limit(1))


def _is_from(source: str, source_id: int | None) -> ColumnElement[bool]:
    is_sender = func.lower(Liaison.source) == source.lower()
    return is_sender if source_id is None else or_(is_sender, Liaison.source_id == source_id)


def _is_ours(entry: Entry) -> bool:
    """Whether it gets a number of ours: what we sent elsewhere may have one."""
    return entry.direction is Direction.INCOMING or not entry.number


async def _check_new(session: AsyncSession, entry: Entry) -> None:
    digests = [one.content.digest for one in entry.files if one.kind is LiaisonFileKind.STATEMENT]
    if digests and (has_it := await files.having(session, digests)):
        raise Logged(has_it, is_same_content=True)
    if known := await same(session, entry.number, entry.source, entry.source_id):
        raise Logged(known, is_same_content=False)


def _row(entry: Entry, number: str, own: str | None, actor: Actor, now: datetime) -> Liaison:
    is_incoming = entry.direction is Direction.INCOMING
    return Liaison(
        number=number,
        ours=own,
        direction=entry.direction,
        date=entry.date,
        source=entry.source,
        source_id=entry.source_id,
        title=entry.title,
        deadline=entry.deadline,
        deadline_kind=entry.deadline_kind,
        in_response_to=entry.in_response_to,
        questions=entry.questions,
        contact=entry.contact,
        contact_email=entry.contact_email,
        status=LiaisonStatus.RECEIVED if is_incoming else LiaisonStatus.SENT,
        url=entry.url,
        logged_by=actor.person_id,
        logged_at=now,
        sent_at=None if is_incoming else now,
    )
