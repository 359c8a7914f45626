"""Owners of addresses: which person an e-mail address belongs to, proved or only entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.representing import trail
from storage.representing.trail import Actor
from storage.tables import Account, Person, Representative
from storage.targets import EMAIL
from storage.words import OPEN

_R = Representative
_is_absent = ~exists().where(Account.person_id == _R.person_id)
"""The person was entered by somebody else and has never spoken to the bot."""


async def owner(session: AsyncSession, email: str) -> int | None:
    """The person who proved the address to be theirs."""
    query = select(Account.person_id).where(Account.platform == EMAIL, Account.external_id == email)
    return (await session.scalars(query)).first()


async def proved_address(session: AsyncSession, person_id: int) -> str:
    """The address that the person proved, the oldest of several; empty when there is none."""
    query = select(Account.external_id).where(Account.person_id == person_id, Account.platform == EMAIL)
    return (await session.scalars(query.order_by(Account.id).limit(1))).first() or ""


async def entered(session: AsyncSession, email: str, group_id: int | None = None) -> tuple[int, int] | None:
    """Number and person of an open entry with this address whose person has no account yet."""
    query = select(_R.id, _R.person_id).where(_R.email == email, _R.status.in_(OPEN), _is_absent)
    if group_id is not None:
        query = query.where(_R.group_id == group_id)
    row = (await session.execute(query.order_by(_R.id).limit(1))).first()
    return (row.id, row.person_id) if row else None


async def person_behind(session: AsyncSession, email: str, name: str, now: datetime) -> int:
    """The person whom the secretariat means by an address: who proved it, was entered with it, or is new."""
    known = await owner(session, email)
    if known is None and (before := await entered(session, email)) is not None:
        known = before[1]
    if known is not None:
        return known
    made = insert(Person).values(name=name, created_at=now).returning(Person.id)
    return (await session.execute(made)).scalar_one()


async def prove(session: AsyncSession, person_id: int, email: str, actor: Actor, now: datetime) -> Sequence[int]:
    """Note that the address is the person's; gives the numbers of the entries that it now stands proved in.

    Entries that were made with the address for somebody without any account become this person's.
    """
    query = select(_R.id, _R.person_id, _R.email_proved_at).where(
        _R.email == email, _R.status.in_(OPEN), (_R.person_id == person_id) | _is_absent
    )
    proved = []
    for row in (await session.execute(query.order_by(_R.id).with_for_update())).all():
        if row.person_id == person_id and row.email_proved_at is not None:
            continue
        try:
            async with session.begin_nested():
                marked = update(_R).where(_R.id == row.id).values(person_id=person_id, email_proved_at=now)
                await session.execute(marked)
        except IntegrityError:
            continue  # the person is in that group's list under another address
        after: dict[str, object] = {"email_proved_at": now.isoformat()}
        if row.person_id != person_id:
            after["person_id"] = person_id
        await trail.note(session, actor, "prove address", row.id, {}, after, now)
        proved.append(row.id)
    return proved
