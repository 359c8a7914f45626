"""Mails that arrived: each taken once, its file kept for the secretariat until it is used or forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import drops, inbox
from storage.drops import Dropped
from storage.tables import Delivery, Drop, InboxEvent
from storage.words import InboxState

PLATFORM = "mailbox"

STATEMENTS, OTHERS, TOLD = "mailbox:statements", "mailbox:others", "mailbox:told"
"""Where a mail lies: it is a liaison statement; it is none, and the secretariat is still to be told; it was told."""

EVERYWHERE = (STATEMENTS, OTHERS, TOLD)

MEDIA_TYPE = "message/rfc822"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that nobody used yet; `number` is that of its file."""

    number: int
    name: str
    arrived_at: datetime


async def is_known(session: AsyncSession, event: str, now: datetime) -> bool:
    """Whether the mail was taken before; while it is seen it is not forgotten."""
    seen = update(InboxEvent).where(InboxEvent.platform == PLATFORM, InboxEvent.event_id == event)
    return (await session.execute(seen.values(received_at=now).returning(InboxEvent.id))).first() is not None


async def admit(session: AsyncSession, event: str, now: datetime) -> bool:
    """Note that the mail is taken; False when it was before, and then the rest of the transaction is lost."""
    admitted = await inbox.put(session, PLATFORM, event, "", now)
    if admitted is None:
        return False
    await inbox.close(session, [admitted], InboxState.ANSWERED)
    return True


async def keep(session: AsyncSession, name: str, content: bytes, place: str, now: datetime) -> Dropped:
    """Keep a mail as a file that nobody dropped: it is the secretariat's."""
    digest = await drops.keep_content(session, content, now)
    row = {
        "account_id": None,
        "place": place,
        "name": name,
        "media_type": MEDIA_TYPE,
        "size": len(content),
        "digest": digest,
        "dropped_at": now,
    }
    number = (await session.execute(insert(Drop).values(row).returning(Drop.id))).scalar_one()
    return Dropped(number, name, MEDIA_TYPE, len(content), digest)


async def unused(session: AsyncSession, *places: str) -> Sequence[Mail]:
    """The mails there that nobody used yet, newest first."""
    query = select(Drop.id, Drop.name, Drop.dropped_at).where(
        Drop.account_id.is_(None), Drop.place.in_(places), Drop.used_at.is_(None)
    )
    return [Mail(*row) for row in await session.execute(query.order_by(Drop.id.desc()))]


async def move(session: AsyncSession, numbers: Sequence[int], place: str) -> None:
    """They lie there from now on."""
    moved = update(Drop).where(Drop.id.in_(numbers)).values(place=place)
    await session.execute(moved.execution_options(synchronize_session=False))


async def size_since(session: AsyncSession, since: datetime) -> int:
    """How many bytes of mails were taken since then."""
    query = select(func.coalesce(func.sum(Drop.size), 0)).where(Drop.account_id.is_(None), Drop.dropped_at >= since)
    return int((await session.execute(query)).scalar_one())


async def messages_since(session: AsyncSession, beginning: str, since: datetime) -> int:
    """How many different things were said since then, of those whose causes begin so."""
    query = select(func.count(Delivery.cause.distinct())).where(
        Delivery.cause.startswith(beginning, autoescape=True), Delivery.put_at >= since
    )
    return int((await session.execute(query)).scalar_one())
