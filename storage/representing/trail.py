"""The audit trail of representatives: nothing personal is written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit
from storage.people import Caller

SUBJECT = "representative"
CHANGED = "changed"
PERSONAL = ("name", "email", "affiliation")
"""Fields of which the trail says only that they changed: whoever is forgotten must be so here too."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change, and from where; without a caller it is the bot itself."""

    caller: Caller | None
    place: str

    @property
    def person_id(self) -> int | None:
        return self.caller.person_id if self.caller else None


BOT = Actor(None, "chore")


async def note(
    session: AsyncSession,
    actor: Actor,
    action: str,
    id: int,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    """Add an entry about the representative `id`; part of the transaction that makes the change."""
    old, new = _impersonal(before), _impersonal(after)
    if actor.caller:
        await audit.note(session, actor.caller, actor.place, action, SUBJECT, str(id), old, new, now)
    else:
        await audit.note_of_bot(session, action, SUBJECT, id, old, new, now, actor.place)


def _impersonal(values: Mapping[str, object]) -> dict[str, object]:
    return {name: CHANGED if name in PERSONAL and value else value for name, value in values.items()}
