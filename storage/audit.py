"""The audit trail: who changed what, acting as what, from where. Entries are only ever added."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import Caller
from storage.tables import AuditEntry, Person


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with the name of who made it: empty for the bot itself and for one who was forgotten."""

    id: int
    at: datetime
    person_id: int | None
    name: str
    role: str
    place: str
    action: str
    before: Mapping[str, object]
    after: Mapping[str, object]


async def entries(
    session: AsyncSession, subject: str, subject_id: str, limit: int, offset: int = 0
) -> tuple[int, Sequence[Entry]]:
    """How many entries there are about the subject, and some of them, newest first."""
    of_it = (AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
    total = await session.scalar(select(func.count()).select_from(AuditEntry).where(*of_it)) or 0
    query = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.person_id,
            func.coalesce(Person.name, ""),
            AuditEntry.role,
            AuditEntry.place,
            AuditEntry.action,
            AuditEntry.before,
            AuditEntry.after,
        )
        .join(Person, Person.id == AuditEntry.person_id, isouter=True)
        .where(*of_it)
        .order_by(AuditEntry.id.desc())
    )
    rows = await session.execute(query.limit(limit).offset(offset))
    return total, [Entry(*row) for row in rows]


async def subjects(session: AsyncSession) -> Sequence[str]:
    """What there are entries about."""
    return list(await session.scalars(select(AuditEntry.subject).distinct().order_by(AuditEntry.subject)))


async def blur(session: AsyncSession, persons: Collection[int]) -> None:
    """Of where these persons spoke only the platform stays: a private conversation is named after them.

    It is the one change that the database allows in the trail.
    """
    colon = func.strpos(AuditEntry.place, ":") if _is_postgresql(session) else func.instr(AuditEntry.place, ":")
    platform = case((colon > 0, func.substr(AuditEntry.place, 1, colon - 1)), else_=AuditEntry.place)
    blurred = update(AuditEntry).where(AuditEntry.person_id.in_(persons)).values(place=platform)
    await session.execute(blurred.execution_options(synchronize_session=False))


def _is_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


async def note(
    session: AsyncSession,
    caller: Caller,
    place: str,
    action: str,
    subject: str,
    subject_id: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    """Add an entry; part of the transaction that makes the change. No name and no address may stand in it."""
    who = {"person_id": caller.person_id, "role": caller.role.word, "place": place}
    what = {"action": action, "subject": subject, "subject_id": subject_id}
    await _add(session, {**who, **what, "before": dict(before), "after": dict(after), "at": now})


async def note_of_bot(
    session: AsyncSession,
    action: str,
    subject: str,
    subject_id: str | int,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
    place: str = "chore",
) -> None:
    """As `note`, of what the bot did by itself: no person is behind it. `place` says what made it do so."""
    who = {"person_id": None, "role": "bot", "place": place}
    what = {"action": action, "subject": subject, "subject_id": str(subject_id)}
    await _add(session, {**who, **what, "before": dict(before), "after": dict(after), "at": now})


async def _add(session: AsyncSession, row: Mapping[str, object]) -> None:
    await session.execute(insert(AuditEntry).values(row))
