"""Dialogues: forms that people are filling in by steps. They outlive the process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Account, Dialogue, Person
from storage.upsert import upsert

KEPT = timedelta(days=7)
"""A dialogue that nobody went on with for so long is over."""


_OPEN = (
    select(Dialogue.command, Dialogue.values, Dialogue.awaiting, Dialogue.updated_at)
    .where(
        Dialogue.account_id == bindparam("account"),
        Dialogue.place == bindparam("place"),
        Dialogue.updated_at > bindparam("since"),
    )
    .order_by((Dialogue.awaiting == "").asc(), Dialogue.updated_at.desc(), Dialogue.id.desc())
)


@dataclass(frozen=True, slots=True)
class Open:
    """A form half-way: the command's words, what was filled in, and the field that is asked for; "": it rests."""

    command: str
    values: Mapping[str, str]
    awaiting: str
    updated_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Expired:
    """A dialogue that nobody went on with. `address` is its place's conversation, which `is_private` or not."""

    id: int
    person_id: int
    person: str
    command: str
    values: Mapping[str, str]
    updated_at: datetime
    platform: str
    address: str
    thread: str
    is_private: bool


async def opened(session: AsyncSession, account_id: int, place: str, now: datetime) -> Sequence[Open]:
    """The dialogues of an account in a place: the one that asks, then those that rest, the latest first."""
    rows = await session.execute(_OPEN, {"account": account_id, "place": place, "since": now - KEPT})
    return [Open(row.command, row.values, row.awaiting, row.updated_at) for row in rows]


async def find(session: AsyncSession, account_id: int, place: str, now: datetime) -> Open | None:
    """The first of the dialogues of an account in a place, if one is open."""
    found = await opened(session, account_id, place, now)
    return found[0] if found else None


async def keep(session: AsyncSession, account_id: int, place: str, dialogue: Open, now: datetime) -> None:
    """Open a dialogue, or go on with it. There is one for a command; when it asks for something, the others rest."""
    await end(session, account_id, place, dialogue.command)
    if dialogue.awaiting:
        await rest(session, account_id, place)
    row = {
        "account_id": account_id,
        "place": place,
        "command": dialogue.command,
        "values": dict(dialogue.values),
        "awaiting": dialogue.awaiting,
        "updated_at": now,
    }
    # Whoever presses twice may be opening it in another transaction just now.
    await upsert(session, Dialogue, row, ["account_id", "place", "command"])


async def rest(session: AsyncSession, account_id: int, place: str) -> None:
    """No dialogue asks for anything there any more; what was filled in is kept."""
    here = (Dialogue.account_id == account_id, Dialogue.place == place, Dialogue.awaiting != "")
    await session.execute(update(Dialogue).where(*here).values(awaiting=""))


async def end(session: AsyncSession, account_id: int, place: str, command: str | None = None) -> bool:
    """Close the dialogue of a command, or all of them; whether one was open."""
    gone = delete(Dialogue).where(Dialogue.account_id == account_id, Dialogue.place == place)
    if command is not None:
        gone = gone.where(Dialogue.command == command)
    return (await session.execute(gone.returning(Dialogue.id))).first() is not None


async def expire(session: AsyncSession, now: datetime) -> Sequence[Expired]:
    """Close the dialogues that are over; each is given to one transaction only."""
    query = (
        select(Dialogue, Account, Person.name)
        .join(Account, Account.id == Dialogue.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Dialogue.updated_at <= now - KEPT)
        .order_by(Dialogue.id)
    )
    over = [_expired(dialogue, account, name) for dialogue, account, name in await session.execute(query)]
    gone = delete(Dialogue).where(Dialogue.id.in_([one.id for one in over])).returning(Dialogue.id)
    closed = set(await session.scalars(gone, execution_options={"synchronize_session": False}))
    return [one for one in over if one.id in closed]


def _expired(dialogue: Dialogue, account: Account, name: str) -> Expired:
    platform, _, rest_of_key = dialogue.place.partition(":")
    conversation, _, thread = rest_of_key.rpartition(":")
    return Expired(
        id=dialogue.id,
        person_id=account.person_id,
        person=name or account.name,
        command=dialogue.command,
        values=dialogue.values,
        updated_at=dialogue.updated_at,
        platform=platform,
        address=conversation,
        thread=thread,
        # A conversation with the bot alone has the name of the account.
        is_private=(platform, conversation) == (account.platform, account.external_id),
    )
