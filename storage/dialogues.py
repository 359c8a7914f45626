"""Dialogues: forms that people are filling in by steps. They outlive the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Dialogue

KEPT = timedelta(days=7)
"""A dialogue that nobody went on with for so long is over."""


_OPEN = select(Dialogue.command, Dialogue.values, Dialogue.awaiting).where(
    Dialogue.account_id == bindparam("account"),
    Dialogue.place == bindparam("place"),
    Dialogue.updated_at > bindparam("since"),
)


@dataclass(frozen=True, slots=True)
class Open:
    """A form half-way: the command's words, what was filled in, and the field that is asked for."""

    command: str
    values: Mapping[str, str]
    awaiting: str


async def find(session: AsyncSession, account_id: int, place: str, now: datetime) -> Open | None:
    """The dialogue of an account in a place, if one is open."""
    row = (await session.execute(_OPEN, {"account": account_id, "place": place, "since": now - KEPT})).first()
    return Open(row.command, row.values, row.awaiting) if row else None


async def keep(session: AsyncSession, account_id: int, place: str, dialogue: Open, now: datetime) -> None:
    """Open a dialogue, or go on with it; there is one at a time for an account in a place."""
    await end(session, account_id, place)
    await session.execute(
        insert(Dialogue).values(
            account_id=account_id,
            place=place,
            command=dialogue.command,
            values=dict(dialogue.values),
            awaiting=dialogue.awaiting,
            updated_at=now,
        )
    )


async def end(session: AsyncSession, account_id: int, place: str) -> bool:
    """Close the dialogue; whether one was open."""
    gone = delete(Dialogue).where(Dialogue.account_id == account_id, Dialogue.place == place)
    return (await session.execute(gone.returning(Dialogue.id))).first() is not None
