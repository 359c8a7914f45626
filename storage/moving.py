"""Moving: what belonged to a target and goes to the one that takes its place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.announcements import UNSENT
from storage.audience import Audience, Part, Place, as_audience
from storage.tables import Announcement, Delivery, Recipient, SubscribedKind, Subscription


async def follow(session: AsyncSession, old: int, new: int, now: datetime) -> None:
    """Whatever was for the old target is for the new one: what waits or was sent, what it hears, what it was told."""
    for moved in (
        update(Delivery).where(Delivery.target_id == old).values(target_id=new),
        update(Recipient).where(Recipient.target_id == old).values(target_id=new),
        update(Announcement).where(Announcement.status_target_id == old).values(status_target_id=new),
    ):
        await session.execute(moved.execution_options(synchronize_session=False))
    await _subscription(session, old, new, now)
    await _audiences(session, old, new)


async def _subscription(session: AsyncSession, old: int, new: int, now: datetime) -> None:
    """The new one hears what it heard, and what only the old one heard, which ends."""
    query = select(Subscription.target_id, Subscription.id, Subscription.ended_at)
    query = query.where(Subscription.target_id.in_([old, new])).with_for_update()
    rows = {row.target_id: row for row in await session.execute(query)}
    if old not in rows or rows[old].ended_at is not None:
        return
    if new in rows and rows[new].ended_at is None:
        heard = select(SubscribedKind.kind).where(SubscribedKind.subscription_id == rows[new].id)
        joins = update(SubscribedKind).where(
            SubscribedKind.subscription_id == rows[old].id,
            SubscribedKind.kind.not_in(list(await session.scalars(heard))),
        )
        await session.execute(joins.values(subscription_id=rows[new].id).execution_options(synchronize_session=False))
        over = update(Subscription).where(Subscription.id == rows[old].id).values(ended_at=now)
        await session.execute(over.execution_options(synchronize_session=False))
        return
    if new in rows:
        await session.execute(delete(Subscription).where(Subscription.id == rows[new].id))
    moved = update(Subscription).where(Subscription.id == rows[old].id).values(target_id=new)
    await session.execute(moved.execution_options(synchronize_session=False))


async def _audiences(session: AsyncSession, old: int, new: int) -> None:
    """Announcements that are still to be sent to the place go to where it is."""
    query = select(Announcement.id, Announcement.audience)
    query = query.where(Announcement.state.in_(UNSENT), Announcement.audience.contains(f"place {old}", autoescape=True))
    for row in (await session.execute(query)).all():
        audience = as_audience(row.audience)
        moved = Audience(_moved(audience.parts, old, new), _moved(audience.without, old, new))
        changed = update(Announcement).where(Announcement.id == row.id).values(audience=str(moved))
        await session.execute(changed.execution_options(synchronize_session=False))


def _moved(parts: tuple[Part, ...], old: int, new: int) -> tuple[Part, ...]:
    return tuple(dict.fromkeys(Place(new) if part == Place(old) else part for part in parts))
