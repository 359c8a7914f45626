"""Minutes: what was decided in a meeting, and what is to be done since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.meeting import trail
from storage.representing.trail import Actor
from storage.tables import Meeting, MeetingNote
from storage.words import NoteKind

_N = MeetingNote


@dataclass(frozen=True, slots=True)
class Note:
    """A decision or an action. `meeting` is the number of the meeting in which it was noted; `id` its own."""

    id: int
    meeting: int
    kind: NoteKind
    text: str
    owner: str
    due: str
    noted_at: datetime
    done_at: datetime | None


async def note(
    session: AsyncSession,
    meeting: Meeting,
    kind: NoteKind,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    owner: str = "",
    due: str = "",
) -> int:
    """Note a decision or an action; gives its number."""
    made = _N(
        meeting_id=meeting.id,
        kind=kind,
        text=text,
        owner=owner,
        due=due,
        noted_by=actor.person_id,
        noted_at=now,
    )
    session.add(made)
    await session.flush()
    after = {"note": made.id, "kind": kind, "text": text, "owner": owner, "due": due}
    await trail.note(session, actor, "note", meeting.number, {}, after, now)
    return made.id


async def found(session: AsyncSession, id: int) -> Note | None:
    """The note of that number."""
    notes_ = await _read(session, _N.id == id)
    return notes_[0] if notes_ else None


async def notes(session: AsyncSession, meeting: Meeting) -> Sequence[Note]:
    """What was noted in a meeting, in order."""
    return await _read(session, _N.meeting_id == meeting.id)


async def notes_of(
    session: AsyncSession, meeting_ids: Collection[int], kinds: Collection[NoteKind] = tuple(NoteKind)
) -> Sequence[Note]:
    """What was noted in these meetings, in order."""
    return await _read(session, _N.meeting_id.in_(list(meeting_ids)), _N.kind.in_(list(kinds)))


async def open_actions(session: AsyncSession, before: int | None = None) -> Sequence[Note]:
    """What is still to be done; of meetings with a lower number than `before`, where it is given."""
    where: list[ColumnElement[bool]] = [_N.kind == NoteKind.ACTION, _N.done_at.is_(None)]
    if before is not None:
        where.append(Meeting.number < before)
    return await _read(session, *where)


async def finish(session: AsyncSession, one: Note, actor: Actor, now: datetime) -> bool:
    """The action is done. False: it was already."""
    done = update(_N).where(_N.id == one.id, _N.done_at.is_(None)).values(done_at=now).returning(_N.id)
    if (await session.execute(done.execution_options(synchronize_session=False))).first() is None:
        return False
    await trail.note(session, actor, "finish action", one.meeting, {"note": one.id}, {"done": now}, now)
    return True


async def remove(session: AsyncSession, one: Note, actor: Actor, now: datetime) -> bool:
    """Take a note back that was wrong. False: it is gone already."""
    gone = delete(_N).where(_N.id == one.id).returning(_N.id).execution_options(synchronize_session=False)
    if (await session.execute(gone)).first() is None:
        return False
    before = {"note": one.id, "kind": one.kind, "text": one.text, "owner": one.owner, "due": one.due}
    await trail.note(session, actor, "remove note", one.meeting, before, {}, now)
    return True


async def _read(session: AsyncSession, *where: ColumnElement[bool]) -> Sequence[Note]:
    query = (
        select(_N.id, Meeting.number, _N.kind, _N.text, _N.owner, _N.due, _N.noted_at, _N.done_at)
        .join(Meeting, Meeting.id == _N.meeting_id)
        .where(*where)
        .order_by(Meeting.number, _N.kind.desc(), _N.id)
    )
    return [Note(*row) for row in await session.execute(query)]
