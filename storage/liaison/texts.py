"""Texts of liaison statements: what they say at length, and the stems by which they are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.search import stems
from storage.tables import Liaison, LiaisonFile, LiaisonText

LONGEST = 500_000
"""Characters of a text that are kept of a file."""

_MOST_BYTES = 400_000  # PostgreSQL: what it keeps to search in is less than a megabyte


async def write(session: AsyncSession, liaison_id: int, abstract: str, body: str) -> None:
    """Keep what a statement says at length, instead of what was kept, with the stems of all of its words."""
    await session.execute(delete(LiaisonText).where(LiaisonText.liaison_id == liaison_id))
    row = {"liaison_id": liaison_id, "abstract": abstract[:LONGEST], "body": body[:LONGEST], "stems": ""}
    await session.execute(insert(LiaisonText).values(row))
    await refresh(session, [liaison_id])


async def read(session: AsyncSession, liaison_id: int) -> tuple[str, str]:
    """Its abstract and its body."""
    query = select(LiaisonText.abstract, LiaisonText.body).where(LiaisonText.liaison_id == liaison_id)
    row = (await session.execute(query)).first()
    return (row.abstract, row.body) if row else ("", "")


async def refresh(session: AsyncSession | AsyncConnection, liaison_ids: Collection[int]) -> None:
    """Bring the stems in step with what the statements and their files say."""
    query = (
        select(Liaison.id, Liaison.title, Liaison.summary, LiaisonText.abstract, LiaisonText.body)
        .join(LiaisonText, LiaisonText.liaison_id == Liaison.id)
        .where(Liaison.id.in_(liaison_ids))
    )
    for id, *said in (await session.execute(query)).all():
        of_files = select(LiaisonFile.text).where(LiaisonFile.liaison_id == id).order_by(LiaisonFile.id)
        found = stems_of([*said, *await session.scalars(of_files)])
        changed = update(LiaisonText).where(LiaisonText.liaison_id == id).values(stems=found)
        await session.execute(changed.execution_options(synchronize_session=False))


def stems_of(said: Sequence[str]) -> str:
    """The stems of these texts, with spaces between them; of very long ones only the beginning."""
    found = " ".join(stems("\n".join(dict.fromkeys(filter(None, said)))))
    if len(found) * 4 <= _MOST_BYTES or len(found.encode()) <= _MOST_BYTES:
        return found
    return found.encode()[:_MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
