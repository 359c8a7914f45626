"""Announcements: drafted, changed, sent, corrected, and confirmed by those who read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.drops import Dropped
from storage.outbox import Enclosure
from storage.tables import Acknowledgement, Announcement, AnnouncementFile, File, Person, Recipient
from storage.upsert import add_missing
from storage.words import AnnouncementState

SUBJECT = "announcement"
UNSENT = (AnnouncementState.DRAFT, AnnouncementState.SCHEDULED)
"""States in which nobody was told yet."""

OUT = (AnnouncementState.SENDING, AnnouncementState.SENT)
"""States in which people were told."""

_TITLE = 80
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_FULL_STOP = re.compile(r"(?<=[^\s.])\.$")
_MARKS = re.compile(r"[*`~\\]+|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the secretariat wants to say, and to whom. `due` is when, if not when they press Send."""

    text: str
    audience: str
    needs_acknowledgement: bool = False
    due: datetime | None = None


def was_sent(one: Announcement) -> bool:
    """Whether people were told, all of them or some before it was cancelled."""
    return one.sent_at is not None


async def draft(session: AsyncSession, wanted: Draft, author: int, now: datetime) -> int:
    """Keep a draft; gives its number."""
    made = Announcement(
        title=title_of(wanted.text),
        text=wanted.text,
        audience=wanted.audience,
        state=AnnouncementState.DRAFT,
        needs_acknowledgement=wanted.needs_acknowledgement,
        author_id=author,
        drafted_at=now,
        due_at=wanted.due,
    )
    session.add(made)
    await session.flush()
    return made.id


async def numbered(session: AsyncSession, number: int) -> Announcement | None:
    """The announcement of that number as it stands in the database now."""
    query = select(Announcement).where(Announcement.id == number).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def newest(session: AsyncSession, first: int, count: int) -> tuple[Sequence[Announcement], int]:
    """A page of all announcements, newest first, and how many there are."""
    total = await session.scalar(select(func.count()).select_from(Announcement)) or 0
    query = select(Announcement).order_by(Announcement.id.desc()).offset(first).limit(count)
    return list(await session.scalars(query)), total


async def turn(
    session: AsyncSession, number: int, states: Collection[AnnouncementState], changes: Mapping[str, object]
) -> bool:
    """Change an announcement that is in one of these states. False: it is not, since somebody else was first."""
    turned = update(Announcement).where(Announcement.id == number, Announcement.state.in_(list(states)))
    turned = turned.values(dict(changes)).returning(Announcement.id)
    done = await session.execute(turned.execution_options(synchronize_session=False))
    return done.first() is not None


async def due(session: AsyncSession, now: datetime) -> Sequence[int]:
    """The numbers of those that are scheduled for now or before."""
    query = select(Announcement.id).where(Announcement.state == AnnouncementState.SCHEDULED, Announcement.due_at <= now)
    return list(await session.scalars(query.order_by(Announcement.due_at)))


async def going_out(session: AsyncSession) -> Sequence[Announcement]:
    """Those that are being sent."""
    query = select(Announcement).where(Announcement.state == AnnouncementState.SENDING).order_by(Announcement.id)
    return list(await session.scalars(query.execution_options(populate_existing=True)))


async def attach(session: AsyncSession, number: int, files: Sequence[Dropped]) -> None:
    """Add files to an announcement; one of the same name takes the place of the older one."""
    query = select(AnnouncementFile).where(AnnouncementFile.announcement_id == number)
    known = {one.name: one for one in await session.scalars(query)}
    position = max((one.position for one in known.values()), default=-1) + 1
    for file in files:
        if file.name in known:
            known[file.name].digest, known[file.name].media_type = file.digest, file.media_type
            continue
        row = AnnouncementFile(
            announcement_id=number, position=position, name=file.name, media_type=file.media_type, digest=file.digest
        )
        session.add(row)
        known[file.name] = row
        position += 1
    await session.flush()


async def detach(session: AsyncSession, number: int, name: str) -> bool:
    """Remove a file from an announcement. False: it has none of that name."""
    ours = (AnnouncementFile.announcement_id == number, AnnouncementFile.name == name)
    gone = delete(AnnouncementFile).where(*ours).returning(AnnouncementFile.name)
    return (await session.execute(gone.execution_options(synchronize_session=False))).first() is not None


async def file_names(session: AsyncSession, number: int) -> Sequence[str]:
    """The names of an announcement's files."""
    query = select(AnnouncementFile.name).where(AnnouncementFile.announcement_id == number)
    return list(await session.scalars(query.order_by(AnnouncementFile.position)))


async def files(session: AsyncSession, number: int) -> Sequence[Enclosure]:
    """An announcement's files."""
    query = (
        select(AnnouncementFile.name, AnnouncementFile.media_type, File.content)
        .join(File, File.digest == AnnouncementFile.digest)
        .where(AnnouncementFile.announcement_id == number)
        .order_by(AnnouncementFile.position)
    )
    return [Enclosure(row.name, row.media_type, row.content) for row in await session.execute(query)]


async def acknowledge(session: AsyncSession, number: int, person: int, now: datetime) -> bool:
    """A person says that they read it. False: they had said so."""
    row = {"announcement_id": number, "person_id": person, "at": now}
    return await add_missing(session, Acknowledgement, [row], ["announcement_id", "person_id"]) == 1


async def claim_nudge(session: AsyncSession, number: int, now: datetime, before: datetime) -> bool:
    """Be the one who reminds people. False: they were reminded after `before`."""
    is_long_ago = or_(Announcement.nudged_at.is_(None), Announcement.nudged_at <= before)
    claimed = update(Announcement).where(Announcement.id == number, is_long_ago).values(nudged_at=now)
    done = await session.execute(claimed.returning(Announcement.id).execution_options(synchronize_session=False))
    return done.first() is not None


@dataclass(frozen=True, slots=True)
class Reader:
    """A person and when they acknowledged an announcement; None: they have not. `target` is where they were told."""

    person: int
    name: str
    at: datetime | None
    target: int | None


async def readers(session: AsyncSession, number: int) -> Sequence[Reader]:
    """All persons who got an announcement, and those who acknowledged it without being asked, in order of names.

    Who turned out to be another person is none of them.
    """
    is_one = Person.merged_into.is_(None)
    acknowledged = select(Acknowledgement.person_id, Acknowledgement.at, Person.name)
    acknowledged = acknowledged.join(Person, Person.id == Acknowledgement.person_id).where(is_one)
    found = {
        row.person_id: Reader(row.person_id, row.name or "somebody", row.at, None)
        for row in await session.execute(acknowledged.where(Acknowledgement.announcement_id == number))
    }
    told = select(Recipient.person_id, Recipient.target_id, Person.name).join(Person, Person.id == Recipient.person_id)
    told = told.where(Recipient.announcement_id == number, Recipient.target_id.is_not(None), is_one)
    for row in await session.execute(told):
        if row.person_id not in found:
            found[row.person_id] = Reader(row.person_id, row.name or "somebody", None, row.target_id)
    return sorted(found.values(), key=lambda one: (one.name.lower(), one.person))


def title_of(text: str) -> str:
    """The first line that says something, without its Markdown and full stop, cut after a word."""
    lines = (_MARKS.sub("", _LINK.sub(r"\1", line)).strip("#>-=| \t") for line in text.splitlines())
    first = " ".join(next((line for line in lines if line), "Announcement").split())
    if len(first) <= _TITLE:
        return first[:-1] if _FULL_STOP.search(first) else first
    return first[: _TITLE - 1].rsplit(None, 1)[0].rstrip(",;:") + "…"
