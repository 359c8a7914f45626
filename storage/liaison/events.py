"""Events: the history of a liaison statement, which is only ever added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit
from storage.representing.trail import CHANGED, Actor
from storage.tables import LiaisonEvent, Person

SUBJECT = "liaison"
"""The audit's word for a liaison statement; its `subject_id` is the statement's id."""

_TEXTS = ("abstract", "body")


class Deed(StrEnum):
    """What was done with a liaison statement."""

    LOGGED = "logged"
    CORRECTED = "corrected"
    ATTACHED = "attached"
    ROUTED = "routed"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PASSED = "passed"
    OFFERED = "offered"
    RAISED = "raised"
    NOTED = "noted"
    ANSWERED = "answered"
    HELD = "held"
    CLOSED = "closed"
    REOPENED = "reopened"
    FORWARDED = "forwarded"
    WITHDRAWN = "withdrawn"
    DRAFTED = "drafted"
    PROPOSED = "proposed"
    DECLINED = "declined"
    EDITED = "edited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SENT = "sent"


DRAFTING = (Deed.DRAFTED, Deed.PROPOSED, Deed.EDITED, Deed.SUBMITTED, Deed.RETURNED)
"""Steps of a draft, of which those who may not see drafts learn nothing afterwards either."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step, with the name of who took it: empty for the bot itself and for one who was forgotten."""

    id: int
    at: datetime
    deed: Deed
    person_id: int | None
    name: str
    acting_as: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]


async def note(
    session: AsyncSession,
    liaison_id: int,
    deed: Deed,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    on_behalf_of: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add a step to the history and to the audit trail; part of the transaction that takes it.

    `on_behalf_of`: for whom a proxy acts. What was and what is, `before` and `after`, can be written as JSON; of texts,
    which may name anybody, the audit trail says only that they changed.
    """
    was, now_is = dict(before or {}), dict(after or {})
    role = actor.caller.role.word if actor.caller else "bot"
    row = {
        "liaison_id": liaison_id,
        "at": now,
        "deed": deed.value,
        "person_id": actor.person_id,
        "acting_as": f"{role} for {on_behalf_of}" if on_behalf_of else role,
        "reason": reason,
        "before": was,
        "after": now_is,
    }
    await session.execute(insert(LiaisonEvent).values(row))
    old, new = _without_texts(was), _without_texts(now_is)
    if actor.caller:
        await audit.note(session, actor.caller, actor.place, deed.value, SUBJECT, str(liaison_id), old, new, now)
    else:
        await audit.note_of_bot(session, deed.value, SUBJECT, liaison_id, old, new, now, actor.place)


def _without_texts(values: Mapping[str, object]) -> dict[str, object]:
    return {name: CHANGED if name in _TEXTS and value else value for name, value in values.items()}


async def history(session: AsyncSession, liaison_id: int) -> Sequence[Event]:
    """Every step, oldest first."""
    query = (
        select(
            LiaisonEvent.id,
            LiaisonEvent.at,
            LiaisonEvent.deed,
            LiaisonEvent.person_id,
            func.coalesce(Person.name, ""),
            LiaisonEvent.acting_as,
            LiaisonEvent.reason,
            LiaisonEvent.before,
            LiaisonEvent.after,
        )
        .join(Person, Person.id == LiaisonEvent.person_id, isouter=True)
        .where(LiaisonEvent.liaison_id == liaison_id)
        .order_by(LiaisonEvent.id)
    )
    return [Event(id, at, Deed(deed), *rest) for id, at, deed, *rest in await session.execute(query)]
