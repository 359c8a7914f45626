"""Rewording: what deliveries say is changed, before they are sent or after."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import outbox
from storage.outbox import Words
from storage.tables import Delivery
from storage.upsert import add_missing
from storage.words import DeliveryState


async def reword(session: AsyncSession, cause: str, words: Words, now: datetime) -> None:
    """Say something else to everybody whom the cause reached or will reach.

    What still waits is sent in the new words; what was sent, or is being sent, is edited.
    """
    notice = await outbox.write(session, words, now)
    waiting = Delivery.state == DeliveryState.WAITING
    is_first = Delivery.edits.is_(None)
    await session.execute(update(Delivery).where(Delivery.cause == cause, waiting).values(notice_id=notice))
    reached = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    query = select(Delivery.id, Delivery.target_id, Delivery.platform, Delivery.priority).where(
        Delivery.cause == cause, is_first, Delivery.state.in_(reached)
    )
    edits = [
        {
            "dedupe_key": f"edit:{row.id}:{notice}",
            "cause": cause,
            "platform": row.platform,
            "target_id": row.target_id,
            "notice_id": notice,
            "edits": row.id,
            "priority": row.priority,
            "due_at": now,
            "expires_at": None,
            "state": DeliveryState.WAITING,
            "tries": 0,
            "doubts": 0,
            "problem": "",
            "receipt": {},
            "put_at": now,
        }
        for row in await session.execute(query)
    ]
    # An older edit that still waits says the new words already.
    waits = set(await session.scalars(select(Delivery.edits).where(Delivery.cause == cause, waiting, ~is_first)))
    await add_missing(session, Delivery, [one for one in edits if one["edits"] not in waits], ["dedupe_key"])
    outbox.note_fuller(session)


async def catch_up(session: AsyncSession, taken_up: Collection[int]) -> None:
    """What is to be sent once more says the newest words at once; the edits that would have said them end with that.

    What was sent before cannot be edited, since its receipt is lost, unless somebody still comes and tells of it.
    """
    edits = (Delivery.edits.in_(taken_up), Delivery.state == DeliveryState.WAITING)
    newest = select(func.max(Delivery.id)).where(*edits).group_by(Delivery.edits)
    query = select(Delivery.edits, Delivery.notice_id).where(Delivery.id.in_(newest))
    for first, notice in (await session.execute(query)).all():
        await session.execute(update(Delivery).where(Delivery.id == first).values(notice_id=notice))
