"""The census: how much of each kind the shared database holds."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Group, Liaison, Meeting, RoadmapItem, Term
from storage.tables.base import Base

_SAMPLE = Path(__file__).parent / "sample" / "roadmap.csv"


@dataclass(frozen=True, slots=True)
class Census:
    """Numbers of rows; `sampled` are the roadmap items that the sample has too."""

    items: int
    sampled: int
    groups: int
    terms: int
    meetings: int
    liaisons: int


async def census(session: AsyncSession) -> Census:
    with _SAMPLE.open(newline="", encoding="utf-8") as file:
        keys = [row["id"] for row in csv.DictReader(file)]
    sampled = select(func.count()).select_from(RoadmapItem).where(RoadmapItem.key.in_(keys))

    async def count(table: type[Base]) -> int:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()

    return Census(
        items=await count(RoadmapItem),
        sampled=(await session.execute(sampled)).scalar_one(),
        groups=await count(Group),
        terms=await count(Term),
        meetings=await count(Meeting),
        liaisons=await count(Liaison),
    )


async def has_group(session: AsyncSession, code: str) -> bool:
    """Whether a group of that code, in whatever case, is known."""
    return await session.scalar(select(Group.id).where(func.lower(Group.code) == code.lower()).limit(1)) is not None
