"""Corrections of liaison statements; what was before is kept in their history, but for what is personal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison import events, log, texts
from storage.liaison.events import Deed
from storage.liaison.log import Addressee
from storage.representing.trail import CHANGED, Actor
from storage.tables import Liaison, LiaisonAddressee
from storage.words import Purpose

PERSONAL = ("contact", "contact_email")
"""Fields of which the history says only that they changed."""

_OF_TEXT = ("abstract",)


async def correct(
    session: AsyncSession,
    liaison: Liaison,
    values: Mapping[str, object],
    addressees: Mapping[Purpose, Sequence[Addressee]],
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Collection[str]:
    """Give columns, the abstract and all addressees of some purposes other values; gives the names of what changed.

    The statement must be locked. Addressees are called `for_action` and so on.
    """
    abstract, body = await texts.read(session, liaison.id)
    current = {name: abstract if name in _OF_TEXT else getattr(liaison, name) for name in values}
    changed = {name: value for name, value in values.items() if value != current[name]}
    before, after = {name: current[name] for name in changed}, dict(changed)
    for purpose, some in addressees.items():
        was = [one for one in await log.addressees_of(session, liaison.id) if one.purpose is purpose]
        names = [one.name for one in some]
        if names == [one.name for one in was]:
            continue
        await _readdress(session, liaison.id, purpose, was, some)
        before[f"for_{purpose.value}"], after[f"for_{purpose.value}"] = (
            "; ".join(one.name for one in was),
            "; ".join(names),
        )
    if not after:
        return ()
    columns = {name: value for name, value in changed.items() if name not in _OF_TEXT}
    if columns:
        await session.execute(update(Liaison).where(Liaison.id == liaison.id).values(columns))
    await texts.write(session, liaison.id, str(changed.get("abstract", abstract)), body)
    await session.refresh(liaison)
    old, new = _kept(before), _kept(after)
    await events.note(session, liaison.id, Deed.CORRECTED, actor, now, reason=reason, before=old, after=new)
    return list(after)


async def is_taken(session: AsyncSession, number: str, but: int) -> bool:
    """Whether another statement is called so."""
    same = func.lower(Liaison.number) == number.lower()
    return await session.scalar(select(Liaison.id).where(same, Liaison.id != but).limit(1)) is not None


async def _readdress(
    session: AsyncSession, liaison_id: int, purpose: Purpose, was: Sequence[Addressee], some: Sequence[Addressee]
) -> None:
    """Who stays keeps what they are asked."""
    kept = {one.name: one for one in was}
    gone = delete(LiaisonAddressee).where(
        LiaisonAddressee.liaison_id == liaison_id, LiaisonAddressee.purpose == purpose
    )
    await session.execute(gone.execution_options(synchronize_session=False))
    await log.address(session, liaison_id, [kept.get(one.name, one) for one in some])


def _kept(values: Mapping[str, object]) -> dict[str, object]:
    return {name: (CHANGED if value else "") if name in PERSONAL else _as_json(value) for name, value in values.items()}


def _as_json(value: object) -> object:
    return value if value is None or isinstance(value, int | bool) else str(value)
