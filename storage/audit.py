"""The audit trail: who changed what, acting as what, from where. Entries are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import Caller
from storage.tables import AuditEntry


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
    """Add an entry; part of the transaction that makes the change."""
    await session.execute(
        insert(AuditEntry).values(
            at=now,
            person_id=caller.person_id,
            role=caller.role.word,
            place=place,
            action=action,
            subject=subject,
            subject_id=subject_id,
            before=dict(before),
            after=dict(after),
        )
    )
