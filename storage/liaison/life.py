"""The life of a liaison statement: which step may follow which, each taken once however many people press at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison import events
from storage.liaison.events import Deed
from storage.representing.trail import Actor
from storage.tables import Liaison
from storage.words import UNSENT, UNSETTLED, LiaisonStatus

FROM: dict[LiaisonStatus, Collection[LiaisonStatus]] = {
    LiaisonStatus.ASSIGNED: (LiaisonStatus.RECEIVED, LiaisonStatus.OPEN),
    LiaisonStatus.NOTED: UNSETTLED,
    LiaisonStatus.ANSWERED: (*UNSETTLED, LiaisonStatus.SENT, LiaisonStatus.NOTED),
    LiaisonStatus.CLOSED: (*UNSETTLED, LiaisonStatus.NOTED, LiaisonStatus.ANSWERED, LiaisonStatus.SENT),
    LiaisonStatus.MISDIRECTED: UNSETTLED,
    LiaisonStatus.RECEIVED: (LiaisonStatus.NOTED, LiaisonStatus.CLOSED, LiaisonStatus.MISDIRECTED),
    LiaisonStatus.IN_REVIEW: (LiaisonStatus.DRAFT,),
    LiaisonStatus.DRAFT: (LiaisonStatus.IN_REVIEW, LiaisonStatus.APPROVED),
    LiaisonStatus.APPROVED: (LiaisonStatus.IN_REVIEW, LiaisonStatus.DRAFT),
    LiaisonStatus.SENT: (LiaisonStatus.APPROVED,),
    LiaisonStatus.WITHDRAWN: (*UNSENT, *UNSETTLED, LiaisonStatus.SENT),
}
"""The statuses that each may follow. `received` again is a statement that was closed too soon."""


async def move(
    session: AsyncSession,
    liaison_id: int,
    status: LiaisonStatus,
    deed: Deed,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    on_behalf_of: str = "",
    back_from: LiaisonStatus | None = None,
) -> LiaisonStatus | None:
    """Take a step, with its event; gives the status before, None when the statement is not where the step begins.

    Of two who take it at once the second one waits for the first and then gets None. `back_from`: it is a step back,
    from that status alone, as the step to it was a mistake.
    """
    query = await session.get(Liaison, liaison_id, with_for_update=True, populate_existing=True)
    if query is None or query.status not in ((back_from,) if back_from else FROM[status]):
        return None
    before = query.status
    # The condition holds on SQLite as well, which knows no lock of a row.
    moved = update(Liaison).where(Liaison.id == liaison_id, Liaison.status == before).values(status=status)
    if (await session.execute(moved.returning(Liaison.id))).first() is None:
        return None
    changes = {"before": {"status": before.value}, "after": {"status": status.value}}
    await events.note(session, liaison_id, deed, actor, now, reason=reason, on_behalf_of=on_behalf_of, **changes)
    return before
