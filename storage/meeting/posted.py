"""What was posted of a meeting: under which causes it is in the outbox, and what of that is not needed any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, Meeting
from storage.targets import EMAIL
from storage.words import DeliveryState


def announcement(meeting: Meeting) -> str:
    """The cause of its announcement."""
    return f"meeting:{meeting.number}:announcement"


def change(meeting: Meeting) -> str:
    """The cause of what is said of its newest change."""
    return f"meeting:{meeting.number}:change:{meeting.sequence}"


def earlier(meeting: Meeting) -> Sequence[str]:
    """The causes of all that may have been said before its newest change."""
    return [announcement(meeting), *(f"meeting:{meeting.number}:change:{one}" for one in range(1, meeting.sequence))]


async def reached(session: AsyncSession, causes: Collection[str]) -> Sequence[str]:
    """Those of the causes for which something was put into the outbox."""
    query = select(Delivery.cause).where(Delivery.cause.in_(list(causes))).distinct().order_by(Delivery.cause)
    return list(await session.scalars(query))


async def spare_mail(session: AsyncSession, causes: Collection[str]) -> None:
    """What was sent by mail is not sent again in new words: a mail about the change goes there anyway."""
    spared = update(Delivery).where(
        Delivery.cause.in_(list(causes)),
        Delivery.platform == EMAIL,
        Delivery.edits.is_not(None),
        Delivery.state == DeliveryState.WAITING,
    )
    dropped = spared.values(state=DeliveryState.DROPPED)
    await session.execute(dropped.execution_options(synchronize_session=False))
