"""Mailboxes: where a group as a whole takes liaison statements by mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Group, Liaison
from storage.words import Direction


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address of a group; `said_in` is the statement of the group that names it, empty where it was entered."""

    address: str
    said_in: str = ""


async def of_groups(session: AsyncSession, group_ids: Collection[int]) -> Mapping[int, Mailbox]:
    """The address of each of the groups: the one that was entered, else the contact of its newest statement."""
    entered = select(Group.id, Group.email).where(Group.id.in_(group_ids), Group.email != "")
    found = {row.id: Mailbox(row.email) for row in await session.execute(entered)}
    said = (
        select(Liaison.source_id, Liaison.contact_email, Liaison.number)
        .where(
            Liaison.source_id.in_([one for one in group_ids if one not in found]),
            Liaison.direction == Direction.INCOMING,
            Liaison.contact_email != "",
        )
        .order_by(Liaison.date.desc(), Liaison.id.desc())
    )
    for row in await session.execute(said):
        if row.source_id is not None:
            found.setdefault(row.source_id, Mailbox(row.contact_email, row.number))
    return found


async def enter(session: AsyncSession, group_id: int, address: str) -> str:
    """From now on the group takes statements there; empty: nowhere. Gives the address that was entered before."""
    before = await session.scalar(select(Group.email).where(Group.id == group_id).with_for_update())
    await session.execute(update(Group).where(Group.id == group_id).values(email=address))
    return before or ""
