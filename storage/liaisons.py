"""Liaison statements: which there are, from whom, to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison.unsent import are_unsent
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

    def of(self, purpose: Purpose) -> tuple[str, ...]:
        """Those who are asked this."""
        names: tuple[str, ...] = getattr(self, f"for_{purpose.value}")
        return names


async def numbered(session: AsyncSession, number: str) -> Statement | None:
    """The statement with that number, its own or ours, or what it was drafted as, whatever its case."""
    wanted = number.strip().lower()
    called = (Liaison.number, Liaison.ours, Liaison.drafted_as)
    is_it = or_(*(func.lower(column) == wanted for column in called))
    # The number by which everybody calls it comes first.
    query = select(Liaison).where(is_it).order_by((func.lower(Liaison.number) == wanted).desc()).limit(1)
    return await _one(session, (await session.scalars(query)).first())


async def ending(session: AsyncSession, end: str, most: int = 8) -> Sequence[Statement]:
    """The statements whose number, their own or ours, ends so, the newest first."""
    ends = or_(*(column.iendswith(end, autoescape=True) for column in (Liaison.number, Liaison.ours)))
    query = select(Liaison).where(ends).order_by(Liaison.date.desc(), Liaison.id.desc()).limit(most)
    return await _with_addressees(session, (await session.scalars(query)).all())


async def newest(session: AsyncSession, limit: int, *, drafts: bool = False) -> Sequence[Statement]:
    """The newest ones; drafts among them only where they are wanted."""
    query = select(Liaison).where(*(() if drafts else (_is_public(),)))
    query = query.order_by(Liaison.date.desc(), Liaison.id.desc()).limit(limit)
    return await _with_addressees(session, (await session.scalars(query)).all())


async def found(session: AsyncSession, id: int) -> Statement | None:
    return await _one(session, await session.get(Liaison, id))


async def known(session: AsyncSession, id: int) -> Statement:
    """The statement `id`, which is there."""
    return (await _with_addressees(session, [await session.get_one(Liaison, id)]))[0]


async def locked(session: AsyncSession, id: int) -> Liaison:
    """The statement `id` as it is now, for whoever changes it."""
    return await session.get_one(Liaison, id, with_for_update=True, populate_existing=True)


def _is_public() -> ColumnElement[bool]:
    return ~are_unsent()


async def _one(session: AsyncSession, liaison: Liaison | None) -> Statement | None:
    return (await _with_addressees(session, [liaison]))[0] if liaison else None


async def _with_addressees(session: AsyncSession, liaisons: Sequence[Liaison]) -> Sequence[Statement]:
    if not liaisons:
        return []
    query = select(LiaisonAddressee).where(LiaisonAddressee.liaison_id.in_([liaison.id for liaison in liaisons]))
    names: dict[tuple[int, Purpose], list[str]] = {}
    for one in await session.scalars(query.order_by(LiaisonAddressee.position)):
        names.setdefault((one.liaison_id, one.purpose), []).append(one.name)
    return [
        Statement(liaison, *(tuple(names.get((liaison.id, purpose), ())) for purpose in Purpose))
        for liaison in liaisons
    ]
