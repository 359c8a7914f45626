"""Proposed groups: put into the list when the secretariat says where they belong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.catalogue import raise_version
from storage.tables import Group
from storage.upsert import add_missing


async def add_group(session: AsyncSession, body_id: int, name: str, now: datetime) -> int:
    """The group of that name in a body, which is made when it is new; gives its id."""
    added = await add_missing(session, Group, [{"body_id": body_id, "code": name, "name": name}], ["body_id", "code"])
    if added:
        await raise_version(session, now)
    return (await session.scalars(select(Group.id).where(Group.body_id == body_id, Group.code == name))).one()
