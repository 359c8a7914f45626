"""The audit trail of meetings: no name and no address is written into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit
from storage.representing.trail import CHANGED, Actor

MEETING = "meeting"
DOCUMENT = "document"
_PERSONAL = ("presenter", "owner", "link", "names", "text")
"""What people write freely may name somebody: the trail says only that it changed."""


async def note(
    session: AsyncSession,
    actor: Actor,
    action: str,
    number: int,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
    subject: str = MEETING,
) -> None:
    """Add an entry about a meeting, or a document; part of the transaction that makes the change."""
    old, new = _kept(before), _kept(after)
    if actor.caller:
        await audit.note(session, actor.caller, actor.place, action, subject, str(number), old, new, now)
    else:
        await audit.note_of_bot(session, action, subject, number, old, new, now, actor.place)


def _kept(values: Mapping[str, object]) -> dict[str, object]:
    return {name: CHANGED if name in _PERSONAL and value else _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
