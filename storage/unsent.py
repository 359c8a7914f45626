"""Unsent: what waits for a target and is not wanted any more, or not then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, Notice
from storage.words import DeliveryState, SubscriptionKind

FEWER = "fewer"
"""The command, before the kind, of a button that every message has which came because of a subscription."""


async def give_up(session: AsyncSession, target: int, kind: SubscriptionKind | None = None) -> int:
    """Drop what waits for the target because it subscribed to the kind, or to any; gives how many.

    What was sent before is still corrected.
    """
    waiting = (Delivery.target_id == target, Delivery.state == DeliveryState.WAITING, Delivery.edits.is_(None))
    query = select(Delivery.id, Notice.buttons).join(Notice, Notice.id == Delivery.notice_id).where(*waiting)
    unwanted = [row.id for row in await session.execute(query) if _is_of(row.buttons, kind)]
    if not unwanted:
        return 0
    dropped = update(Delivery).where(Delivery.id.in_(unwanted), *waiting).values(state=DeliveryState.DROPPED)
    done = await session.execute(dropped.returning(Delivery.id).execution_options(synchronize_session=False))
    return len(done.all())


async def postpone(
    session: AsyncSession, target: int, old: Callable[[datetime], datetime], due: datetime, now: datetime
) -> int:
    """What was put off when it was put into the outbox, to when the `old` quiet hours end, is due then; gives how many.

    What is meant for a time of its own keeps it.
    """
    waiting = (Delivery.target_id == target, Delivery.state == DeliveryState.WAITING, Delivery.tries == 0)
    query = select(Delivery.id, Delivery.put_at, Delivery.due_at).where(*waiting, Delivery.due_at > now)
    put_off = [row.id for row in await session.execute(query) if old(row.put_at) == row.due_at != row.put_at]
    if not put_off:
        return 0
    moved = update(Delivery).where(Delivery.id.in_(put_off), *waiting).values(due_at=due).returning(Delivery.id)
    return len((await session.execute(moved.execution_options(synchronize_session=False))).all())


def _is_of(buttons: list[list[str | None]], kind: SubscriptionKind | None) -> bool:
    """Whether a message with these buttons came because of a subscription, to that kind if any."""
    commands = [str(button[1] or "").split() for button in buttons]
    return any(words[:1] == [FEWER] and kind in (None, *words[1:]) for words in commands)
