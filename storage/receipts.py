"""Receipts: what the link of a mail carries, by which whoever reads an announcement there acknowledges it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import announcements, audit
from storage.tables import Announcement, Person, Recipient, Target
from storage.targets import EMAIL

_TOKEN_BYTES = 24


async def prepare(session: AsyncSession, number: int) -> None:
    """Give each person a token to whom the announcement comes by mail, if it is to be acknowledged.

    An address that is nobody's has none, since nobody would be known to have read it.
    """
    query = (
        select(Recipient.id)
        .join(Target, Target.id == Recipient.target_id)
        .join(Announcement, Announcement.id == Recipient.announcement_id)
        .where(Recipient.announcement_id == number, Announcement.needs_acknowledgement.is_(True))
        .where(Target.platform == EMAIL, Recipient.person_id.is_not(None), Recipient.token.is_(None))
    )
    rows = [{"id": id_, "token": secrets.token_urlsafe(_TOKEN_BYTES)} for id_ in await session.scalars(query)]
    if rows:
        await session.execute(update(Recipient), rows)


async def of_announcement(session: AsyncSession, number: int) -> Mapping[int, str]:
    """The tokens by target, of those that have one."""
    query = select(Recipient.target_id, Recipient.token).where(
        Recipient.announcement_id == number, Recipient.token.is_not(None), Recipient.target_id.is_not(None)
    )
    return {row.target_id: row.token for row in await session.execute(query)}


async def is_known(session: AsyncSession, token: str) -> bool:
    """Whether a mail carried this token."""
    return await session.scalar(select(Recipient.id).where(Recipient.token == token)) is not None


async def acknowledge(session: AsyncSession, token: str, now: datetime) -> bool:
    """Who was told at the token's address has read it, with an entry in the audit trail. False: they had said so."""
    mailed = aliased(Recipient)
    query = (
        select(Recipient.announcement_id, func.coalesce(Person.merged_into, Person.id))
        .join(Person, Person.id == Recipient.person_id)
        .join(mailed, (mailed.announcement_id == Recipient.announcement_id) & (mailed.target_id == Recipient.target_id))
        .where(mailed.token == token)
    )
    is_new = False
    for number, person in (await session.execute(query)).all():
        if await announcements.acknowledge(session, number, person, now):
            is_new = True
            after = {"person": person}
            await audit.note_of_bot(
                session, "acknowledge", announcements.SUBJECT, number, {}, after, now, "the link of a mail"
            )
    return is_new
