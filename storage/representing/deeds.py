"""What is done to representatives: asked for, decided, changed, ended. Each deed is noted in the audit trail.

Two who do the same at once are told apart here: a deed that came too late says so and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.representing import trail
from storage.representing.trail import Actor
from storage.tables import Person, Representative
from storage.words import OPEN, RepresentativeKind, RepresentativeStatus

_R = Representative
_PENDING, _CONFIRMED = RepresentativeStatus.PENDING, RepresentativeStatus.CONFIRMED


class Taken(Exception):
    """The person, or the address, is in the list for this group already, under the number `id`."""

    def __init__(self, id: int | None) -> None:
        super().__init__(f"representative {id}")
        self.id = id


@dataclass(frozen=True, slots=True)
class Wanted:
    """A representative to be. Either `group_id` or `proposed` says for which group."""

    person_id: int
    kind: RepresentativeKind
    group_id: int | None = None
    proposed: str = ""
    email: str = ""
    email_proved_at: datetime | None = None
    affiliation: str = ""
    since: str = ""
    until: str = ""
    liaison: str = ""
    follows: int | None = None


async def ask(session: AsyncSession, wanted: Wanted, actor: Actor, now: datetime) -> int:
    """Somebody asks to be a representative; gives the number. Raises `Taken`."""
    return await _add(session, wanted, actor, "request", now, status=_PENDING)


async def appoint(session: AsyncSession, wanted: Wanted, actor: Actor, now: datetime) -> int:
    """The secretariat enters a representative whom it need not be asked about. Raises `Taken`."""
    return await _add(
        session, wanted, actor, "appoint", now, status=_CONFIRMED, decided_at=now, decided_by=actor.person_id
    )


async def confirm(session: AsyncSession, id: int, actor: Actor, now: datetime, group_id: int | None = None) -> bool:
    """Confirm a request; `group_id` says which group a proposed one is. False: it was decided already.

    Raises `Taken` when the person is in that group's list.
    """
    values: dict[str, object] = {"status": _CONFIRMED, "decided_at": now, "decided_by": actor.person_id}
    if group_id is not None:
        values |= {"group_id": group_id, "proposed": ""}
    return await _turn(session, id, (_PENDING,), values, actor, "confirm", now)


async def decline(session: AsyncSession, id: int, reason: str, actor: Actor, now: datetime) -> bool:
    """Decline a request. False: it was decided already."""
    values = {
        "status": RepresentativeStatus.DECLINED,
        "decided_at": now,
        "decided_by": actor.person_id,
        "reason": reason,
    }
    return await _turn(session, id, (_PENDING,), values, actor, "decline", now)


async def end(session: AsyncSession, id: int, reason: str, actor: Actor, now: datetime) -> bool:
    """End an appointment, or take a request back. False: it was over already."""
    values = {"status": RepresentativeStatus.ENDED, "ended_at": now, "reason": reason}
    return await _turn(session, id, OPEN, values, actor, "end", now)


async def change(session: AsyncSession, id: int, changes: Mapping[str, object], actor: Actor, now: datetime) -> bool:
    """Change an entry that is open. False: it is over. Raises `Taken`."""
    return await _turn(session, id, OPEN, changes, actor, "change", now)


async def say_still(session: AsyncSession, id: int, actor: Actor, now: datetime) -> bool:
    """Note that somebody still is a representative. False: they are not."""
    return await _turn(session, id, (_CONFIRMED,), {"answered_at": now}, actor, "still", now)


async def rename(session: AsyncSession, person_id: int, name: str) -> None:
    """From now on the person is called so. The caller notes it: not everybody who is renamed is a representative."""
    await session.execute(update(Person).where(Person.id == person_id).values(name=name))


async def note_rename(session: AsyncSession, id: int, actor: Actor, now: datetime) -> None:
    """Note that a representative has another name."""
    await trail.note(session, actor, "change", id, {"name": trail.CHANGED}, {"name": trail.CHANGED}, now)


async def _add(
    session: AsyncSession, wanted: Wanted, actor: Actor, action: str, now: datetime, **values: object
) -> int:
    # One person's requests wait for each other: no index can tell apart two groups that are only proposed.
    await session.execute(select(Person.id).where(Person.id == wanted.person_id).with_for_update())
    if wanted.group_id is None and (same := await _proposing(session, wanted)) is not None:
        raise Taken(same)
    asked = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    try:
        async with session.begin_nested():
            made = Representative(**asked, **values, requested_at=now)
            session.add(made)
            await session.flush()
    except IntegrityError:
        raise Taken(await _holder(session, wanted.group_id, wanted.person_id, wanted.email)) from None
    shown = {name: _plain(value) for name, value in asked.items() if value and name != "email_proved_at"}
    await trail.note(session, actor, action, made.id, {}, {**shown, "status": made.status.value}, now)
    return made.id


async def _turn(
    session: AsyncSession,
    id: int,
    statuses: Sequence[RepresentativeStatus],
    values: Mapping[str, object],
    actor: Actor,
    action: str,
    now: datetime,
) -> bool:
    """Change the row if it has one of the statuses: whoever comes second finds that it has not."""
    columns = [getattr(_R, name) for name in values]
    query = select(_R.person_id, _R.group_id, _R.email, *columns).where(_R.id == id).with_for_update()
    before = (await session.execute(query)).mappings().first()
    if before is None:
        return False
    try:
        async with session.begin_nested():
            turned = update(_R).where(_R.id == id, _R.status.in_(list(statuses))).values(dict(values))
            done = (await session.execute(turned.returning(_R.id))).first() is not None
    except IntegrityError:
        group_id, email = values.get("group_id", before["group_id"]), values.get("email", before["email"])
        raise Taken(await _holder(session, group_id, before["person_id"], str(email), id)) from None
    if done:
        old = {name: _plain(before[name]) for name in values if before[name]}
        await trail.note(session, actor, action, id, old, {name: _plain(one) for name, one in values.items()}, now)
    return done


async def _holder(
    session: AsyncSession, group_id: object, person_id: int, email: str, but: int | None = None
) -> int | None:
    is_same = (_R.person_id == person_id) | ((_R.email == email) & (_R.email != ""))
    query = select(_R.id).where(_R.group_id == group_id, _R.status.in_(OPEN), is_same, _R.id != (but or 0))
    return (await session.scalars(query.order_by(_R.id).limit(1))).first()


async def _proposing(session: AsyncSession, wanted: Wanted) -> int | None:
    query = select(_R.id).where(
        _R.person_id == wanted.person_id,
        _R.group_id.is_(None),
        _R.proposed == wanted.proposed,
        _R.status.in_(OPEN),
    )
    return (await session.scalars(query.limit(1))).first()


def _plain(value: object) -> object:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value
