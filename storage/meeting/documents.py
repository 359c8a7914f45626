"""Meeting documents: numbered over all meetings, in versions, received, reviewed or deferred."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import numbering
from storage.drops import Content, Dropped
from storage.meeting import trail
from storage.meetings import PLANNED
from storage.representing.trail import Actor
from storage.tables import DocumentVersion, File, Meeting, MeetingDocument
from storage.words import DocumentStatus

_COUNTER = "document"
_NUMBER = re.compile(r"\bDoc\.?\s?(\d{1,6})\b", re.IGNORECASE)
_D, _V = MeetingDocument, DocumentVersion
_Later = aliased(Meeting)


class Known(Exception):
    """That content is the document `number` already, in its version `version`."""

    def __init__(self, number: int, version: int) -> None:
        super().__init__(f"Doc. {number}v{version}")
        self.number = number
        self.version = version


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in its newest version. `meeting` and `deferred_to` are numbers of meetings."""

    id: int
    number: int
    meeting: int
    title: str
    source: str
    group_id: int | None
    status: DocumentStatus
    deferred_to: int | None
    submitted_by: int | None
    submitted_at: datetime
    version: int
    name: str
    media_type: str
    size: int
    digest: str
    revised_at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """A document to be."""

    title: str
    source: str
    group_id: int | None = None


async def submit(
    session: AsyncSession,
    meeting: Meeting,
    submission: Submission,
    file: Content | Dropped,
    actor: Actor,
    now: datetime,
) -> int:
    """A new document for the meeting; gives its number, the next one. Raises `Known`."""
    await _check_new(session, file)
    try:
        # Who loses the race for one content gives the number back.
        async with session.begin_nested():
            number = await numbering.take(session, _COUNTER, await _last_known(session))
            document = _D(
                number=number,
                meeting_id=meeting.id,
                title=submission.title,
                source=submission.source,
                group_id=submission.group_id,
                status=DocumentStatus.RECEIVED,
                submitted_by=actor.person_id,
                submitted_at=now,
            )
            session.add(document)
            await session.flush()
            session.add(_version(document.id, 1, file, actor, now))
            await session.flush()
    except IntegrityError:
        await _check_new(session, file)
        raise
    after = {"meeting": meeting.number, "source": submission.source, "version": 1}
    await trail.note(session, actor, "submit", number, {}, after, now, trail.DOCUMENT)
    return number


async def replace(
    session: AsyncSession, number: int, file: Content | Dropped, actor: Actor, now: datetime
) -> tuple[int, DocumentStatus]:
    """A new version of a document, which is to be looked at again; gives which. Raises `Known`.

    One that is deferred stays so: it is the newest version that waits.
    """
    document = await _locked(session, number)
    await _check_new(session, file)
    newest = await session.scalar(select(func.max(_V.version)).where(_V.document_id == document.id)) or 0
    try:
        async with session.begin_nested():
            session.add(_version(document.id, newest + 1, file, actor, now))
            await session.flush()
    except IntegrityError:
        await _check_new(session, file)
        raise
    before = document.status
    if before is DocumentStatus.REVIEWED:
        document.status = DocumentStatus.RECEIVED
        await session.flush()
    old, new = ({"version": newest, "status": before}, {"version": newest + 1, "status": document.status})
    await trail.note(session, actor, "replace", number, old, new, now, trail.DOCUMENT)
    return newest + 1, document.status


async def review(session: AsyncSession, number: int, actor: Actor, now: datetime) -> bool:
    """The meeting looked at it. False: it was reviewed already."""
    document = await _locked(session, number)
    at = document.deferred_to
    if document.status is DocumentStatus.DEFERRED and at is None:
        # Whichever meeting was to be the next one, it is known now.
        found = await next_planned(session, now)
        at = found if found != document.meeting_id else None
    return await _turn(session, document, DocumentStatus.REVIEWED, at, actor, "review", now)


async def defer(session: AsyncSession, number: int, to: Meeting | None, actor: Actor, now: datetime) -> bool:
    """It waits for that meeting, or for the next one, whichever it will be. False: it did so already."""
    document = await _locked(session, number)
    return await _turn(session, document, DocumentStatus.DEFERRED, to.id if to else None, actor, "defer", now)


async def take_back(session: AsyncSession, number: int, actor: Actor, now: datetime) -> bool:
    """It was neither reviewed nor deferred after all. False: nobody had said so."""
    document = await _locked(session, number)
    at = None if document.status is DocumentStatus.DEFERRED else document.deferred_to
    return await _turn(session, document, DocumentStatus.RECEIVED, at, actor, "take back", now)


async def defer_all(session: AsyncSession, meeting: Meeting, actor: Actor, now: datetime) -> int:
    """What waits for a meeting that will not be waits for the next one; gives how many."""
    waiting = await for_meeting(session, meeting, now)
    numbers = [one.number for one in waiting if one.status is not DocumentStatus.REVIEWED]
    for number in numbers:
        await defer(session, number, None, actor, now)
    return len(numbers)


async def found(session: AsyncSession, number: int) -> Paper | None:
    """The document of that number."""
    papers = await _read(session, _D.number == number)
    return papers[0] if papers else None


async def numbered(session: AsyncSession, numbers: Collection[int]) -> Sequence[Paper]:
    """Those documents, in the order of their numbers."""
    return await _read(session, _D.number.in_(list(numbers)))


async def of_meeting(session: AsyncSession, meeting: Meeting) -> Sequence[Paper]:
    """What was submitted for it, whatever became of that."""
    return await _read(session, _D.meeting_id == meeting.id)


async def for_meeting(session: AsyncSession, meeting: Meeting, now: datetime) -> Sequence[Paper]:
    """What it is to look at, or looked at: what came for it and was not deferred, and what was deferred to it."""
    is_deferred = _D.status == DocumentStatus.DEFERRED
    chosen = [_D.deferred_to == meeting.id, and_(_D.meeting_id == meeting.id, _D.deferred_to.is_(None), ~is_deferred)]
    if meeting.id == await next_planned(session, now):
        chosen.append(and_(is_deferred, _D.deferred_to.is_(None), _D.meeting_id != meeting.id))
    return await _read(session, or_(*chosen))


async def deferred(session: AsyncSession) -> Sequence[Paper]:
    """What waits for a later meeting."""
    return await _read(session, _D.status == DocumentStatus.DEFERRED)


async def of_groups(session: AsyncSession, group_ids: Collection[int]) -> Sequence[Paper]:
    """What came from these groups."""
    return await _read(session, _D.group_id.in_(list(group_ids)))


async def every(session: AsyncSession, statuses: Collection[DocumentStatus] = tuple(DocumentStatus)) -> Sequence[Paper]:
    """All documents with one of these statuses."""
    return await _read(session, _D.status.in_(list(statuses)))


async def content(session: AsyncSession, paper: Paper) -> bytes:
    """What is in its newest version."""
    query = select(File.content).join(_V, _V.digest == File.digest)
    return (await session.execute(query.where(_V.document_id == paper.id, _V.version == paper.version))).scalar_one()


async def next_planned(session: AsyncSession, now: datetime) -> int | None:
    """The id of the meeting that is held next, as far as anybody knows; one of this month may be going on."""
    is_to_come = or_(Meeting.begins_on == "", Meeting.begins_on >= f"{now:%Y-%m}")
    order = (Meeting.begins_on == "", Meeting.begins_on, Meeting.number)
    query = select(Meeting.id).where(Meeting.status.in_(PLANNED), is_to_come).order_by(*order)
    return await session.scalar(query.limit(1))


async def _turn(
    session: AsyncSession,
    document: MeetingDocument,
    status: DocumentStatus,
    at: int | None,
    actor: Actor,
    action: str,
    now: datetime,
) -> bool:
    if document.status is status and (document.deferred_to == at or status is not DocumentStatus.DEFERRED):
        return False
    before = {"status": document.status}
    document.status, document.deferred_to = status, at
    await session.flush()
    await trail.note(session, actor, action, document.number, before, {"status": status}, now, trail.DOCUMENT)
    return True


async def _locked(session: AsyncSession, number: int) -> MeetingDocument:
    query = select(_D).where(_D.number == number).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one()


async def _read(session: AsyncSession, where: ColumnElement[bool]) -> Sequence[Paper]:
    return [Paper(*row) for row in await session.execute(_PAPERS.where(where).order_by(_D.number))]


async def _check_new(session: AsyncSession, file: Content | Dropped) -> None:
    query = select(_D.number, _V.version).join(_V, _V.document_id == _D.id).where(_V.digest == file.digest)
    same = (await session.execute(query)).first()
    if same:
        raise Known(same.number, same.version)


async def _last_known(session: AsyncSession) -> int:
    """The highest number that the meetings' results name: documents from before the bot have no row."""
    rows = await session.execute(select(Meeting.report, Meeting.executive_summary))
    return max((int(one) for row in rows for text in row for one in _NUMBER.findall(text)), default=0)


def _version(document: int, version: int, file: Content | Dropped, actor: Actor, now: datetime) -> DocumentVersion:
    return _V(
        document_id=document,
        version=version,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        digest=file.digest,
        submitted_by=actor.person_id,
        submitted_at=now,
    )


def _papers() -> Select[*tuple[Any, ...]]:
    of_it = aliased(_V)
    newest = select(func.max(of_it.version)).where(of_it.document_id == _D.id).scalar_subquery()
    return (
        select(
            _D.id,
            _D.number,
            Meeting.number,
            _D.title,
            _D.source,
            _D.group_id,
            _D.status,
            _Later.number,
            _D.submitted_by,
            _D.submitted_at,
            _V.version,
            _V.name,
            _V.media_type,
            _V.size,
            _V.digest,
            _V.submitted_at,
        )
        .join(Meeting, Meeting.id == _D.meeting_id)
        .join(_V, and_(_V.document_id == _D.id, _V.version == newest))
        .outerjoin(_Later, _Later.id == _D.deferred_to)
    )


_PAPERS = _papers()
