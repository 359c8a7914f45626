"""Told: who was told of a liaison statement, under which cause, read from its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison.events import Deed
from storage.tables import Delivery, LiaisonEvent, Person
from storage.words import DeliveryState

SECRETARIAT = 0
"""Stands for the person where the secretariat as a whole was told."""

TOLD = "told"
"""The field of an event that says who was told: by cause the person's number, and what they were asked."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message: its cause, who got it, and what it asked them: `action SG17`."""

    cause: str
    person: int
    asks: tuple[str, ...]


def entry(person: int, asks: Sequence[str]) -> dict[str, object]:
    """What an event says under `TOLD` and a cause."""
    return {"person": person, "asks": list(asks)}


async def of_statement(session: AsyncSession, liaison_id: int) -> Sequence[Told]:
    """Everything that persons were asked, oldest first. Whoever turned out to be another person is that one."""
    query = select(LiaisonEvent.after).where(LiaisonEvent.liaison_id == liaison_id).order_by(LiaisonEvent.id)
    found: list[Told] = []
    for after in await session.scalars(query):
        told: Mapping[str, Mapping[str, object]] = after.get(TOLD) or {}
        for cause, one in told.items():
            asks = one.get("asks")
            person = int(str(one.get("person", SECRETARIAT)))
            found.append(Told(cause, person, tuple(map(str, asks)) if isinstance(asks, list) else ()))
    merged = select(Person.id, Person.merged_into).where(
        Person.id.in_({one.person for one in found}), Person.merged_into.is_not(None)
    )
    now = {row.id: row.merged_into for row in await session.execute(merged)} if found else {}
    return [Told(one.cause, now.get(one.person, one.person), one.asks) for one in found]


async def rounds(session: AsyncSession, liaison_id: int) -> int:
    """How many events the statement has so far: what is told next has a cause of its own."""
    query = select(func.count()).select_from(LiaisonEvent).where(LiaisonEvent.liaison_id == liaison_id)
    return await session.scalar(query) or 0


async def was_routed(session: AsyncSession, liaison_id: int) -> bool:
    """Whether anybody was told of the statement when it was logged or sent, even if nobody had to be."""
    query = select(LiaisonEvent.id).where(LiaisonEvent.liaison_id == liaison_id, LiaisonEvent.deed == Deed.ROUTED)
    return await session.scalar(query.limit(1)) is not None


async def are_known(session: AsyncSession, causes: Sequence[str]) -> frozenset[str]:
    """Those of the causes for which something was put into the outbox."""
    if not causes:
        return frozenset()
    query = select(Delivery.cause).where(Delivery.cause.in_(list(causes))).distinct()
    return frozenset(await session.scalars(query))


async def causes(session: AsyncSession, beginning: str) -> Sequence[str]:
    """The causes that begin so and under which something was put into the outbox."""
    begins = Delivery.cause.startswith(beginning, autoescape=True)
    return list(await session.scalars(select(Delivery.cause).where(begins).distinct().order_by(Delivery.cause)))


async def waiting(session: AsyncSession, beginning: str) -> Sequence[str]:
    """The causes that begin so and of which something waits to be sent."""
    waits = (Delivery.state == DeliveryState.WAITING, Delivery.cause.startswith(beginning, autoescape=True))
    return list(await session.scalars(select(Delivery.cause).where(*waits).distinct().order_by(Delivery.cause)))
