"""What was read in files: kept by content, so that each is read once, and anew where another version reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import File, Reading
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Key:
    """Which content, what is looked for in it, and what its name ends in."""

    digest: str
    way: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was read, as JSON, and when."""

    text: str
    read_at: datetime


async def found(session: AsyncSession, key: Key, version: str) -> Result | None:
    """What that version read; None: it has read nothing there."""
    row = await session.get(Reading, (key.digest, key.way, key.suffix), populate_existing=True)
    return Result(row.result, row.read_at) if row and row.version == version else None


async def keep(session: AsyncSession, key: Key, version: str, text: str, now: datetime) -> bool:
    """Keep what was read. False: the content is not kept any more."""
    is_there = await session.scalar(
        select(File.digest).where(File.digest == key.digest).with_for_update(key_share=True)
    )
    if is_there is None:
        return False
    row = {**asdict(key), "version": version, "result": text, "read_at": now}
    await upsert(session, Reading, row, ("digest", "way", "suffix"))
    return True
