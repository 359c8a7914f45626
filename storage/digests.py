"""Digests: what waits to be told to a subscription in one message, once a day or a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.subscriptions import Listener
from storage.tables import DigestEntry, Subscription, Target
from storage.upsert import add_missing
from storage.words import SubscriptionKind

AT_ONCE = 200
"""Digests that are made in one transaction."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A line of a digest, and the command line that shows the whole."""

    kind: SubscriptionKind
    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """What is due to be told to one subscription. `key` tells it from all its other digests."""

    subscription: int
    target: int
    key: int
    headlines: tuple[Headline, ...]


async def add(
    session: AsyncSession, listeners: Iterable[Listener], headline: Headline, *, cause: str, moment: datetime
) -> int:
    """Keep a line for the next digest of each; one of the same cause is not kept twice. Gives how many were new."""
    rows: list[dict[str, object]] = [
        {
            "subscription_id": one.subscription,
            "cause": cause,
            "kind": headline.kind,
            "headline": headline.text,
            "command": headline.command,
            "due_at": one.due(moment),
            "told_at": None,
        }
        for one in listeners
    ]
    return await add_missing(session, DigestEntry, rows, ["subscription_id", "cause"])


async def withdraw(session: AsyncSession, cause: str) -> None:
    """Leave out of digests what was not told yet."""
    await session.execute(delete(DigestEntry).where(DigestEntry.cause == cause, DigestEntry.told_at.is_(None)))


async def take(session: AsyncSession, now: datetime) -> Sequence[Digest]:
    """Some of the digests that are due, about `AT_ONCE`, which are told from now on: nobody else gets them.

    What a subscription that ended or a target that is closed would have been told is passed over.
    """
    is_due = (DigestEntry.told_at.is_(None), DigestEntry.due_at <= now)
    some = select(DigestEntry.subscription_id).where(*is_due).distinct().order_by(DigestEntry.subscription_id)
    while chosen := list(await session.scalars(some.limit(AT_ONCE))):
        taken = update(DigestEntry).where(*is_due, DigestEntry.subscription_id.in_(chosen)).values(told_at=now)
        found = await _digests(session, taken)
        if found:
            return found
    return []


async def _digests(session: AsyncSession, taking: Update) -> Sequence[Digest]:
    columns = (DigestEntry.id, DigestEntry.subscription_id, DigestEntry.kind, DigestEntry.headline, DigestEntry.command)
    taken = taking.returning(*columns).execution_options(synchronize_session=False)
    lines: dict[int, list[tuple[int, Headline]]] = {}
    for row in sorted(await session.execute(taken), key=lambda row: row.id):
        lines.setdefault(row.subscription_id, []).append((row.id, Headline(row.kind, row.headline, row.command)))
    places = (
        select(Subscription.id, Subscription.target_id)
        .join(Target, Target.id == Subscription.target_id)
        .where(Subscription.id.in_(list(lines)), Subscription.ended_at.is_(None), Target.closed_at.is_(None))
        .order_by(Subscription.id)
    )
    return [
        Digest(row.id, row.target_id, lines[row.id][0][0], tuple(headline for _id, headline in lines[row.id]))
        for row in await session.execute(places)
    ]
