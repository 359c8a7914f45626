"""Officers: who chairs which group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Group, Officer


@dataclass(frozen=True, slots=True)
class Office:
    """An officer with the group's code."""

    group: str
    role: str
    name: str
    affiliation: str
    since: str
    until: str


async def all_officers(session: AsyncSession) -> Sequence[Office]:
    """Every officer, by group, in the order in which they were entered."""
    query = (
        select(Group.code, Officer.role, Officer.name, Officer.affiliation, Officer.since, Officer.until)
        .join(Group, Group.id == Officer.group_id)
        .order_by(Officer.group_id, Officer.id)
    )
    return [Office(*row) for row in (await session.execute(query))]
