"""Liaison statements: which there are, from whom, to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Liaison, LiaisonAddressee
from storage.words import Purpose


@dataclass(frozen=True, slots=True)
class Statement:
    """A liaison statement with its addressees."""

    liaison: Liaison
    for_action: tuple[str, ...]
    for_comment: tuple[str, ...]
    for_information: tuple[str, ...]

    @property
    def addressees(self) -> tuple[str, ...]:
        return (*self.for_action, *self.for_comment, *self.for_information)


async def all_statements(session: AsyncSession) -> Sequence[Statement]:
    """Every liaison statement, newest first."""
    query = select(Liaison).order_by(Liaison.date.desc(), Liaison.id.desc())
    return await _with_addressees(session, (await session.scalars(query)).all())


async def numbered(session: AsyncSession, number: str) -> Statement | None:
    """The statement with that number, whatever its case."""
    found = (await session.scalars(select(Liaison).where(Liaison.number.ilike(number, escape="\\")))).all()
    return (await _with_addressees(session, found[:1]))[0] if found else None


async def _with_addressees(session: AsyncSession, liaisons: Sequence[Liaison]) -> Sequence[Statement]:
    query = select(LiaisonAddressee).where(LiaisonAddressee.liaison_id.in_([liaison.id for liaison in liaisons]))
    addressees = (await session.scalars(query.order_by(LiaisonAddressee.position))).all()

    def names(liaison: Liaison, purpose: Purpose) -> tuple[str, ...]:
        return tuple(one.name for one in addressees if one.liaison_id == liaison.id and one.purpose is purpose)

    return [
        Statement(
            liaison,
            names(liaison, Purpose.ACTION),
            names(liaison, Purpose.COMMENT),
            names(liaison, Purpose.INFORMATION),
        )
        for liaison in liaisons
    ]
