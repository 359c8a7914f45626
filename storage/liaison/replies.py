"""Replies: a statement that answers another one closes it; one that asks for more time moves its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison import concerned, events, life
from storage.liaison.events import Deed
from storage.representing.trail import Actor
from storage.tables import Liaison, LiaisonAddressee
from storage.words import UNSENT, DeadlineKind, Direction, LiaisonStatus, Purpose

_A = LiaisonAddressee


@dataclass(frozen=True, slots=True)
class Linked:
    """What became of the statement that was replied to.

    `answered`: it is answered now. `held_until` is its new deadline where the reply only asked for more time.
    `waits_for` are those who were asked too and have not answered yet.
    """

    id: int
    number: str
    title: str
    answered: bool = False
    held_until: str = ""
    waits_for: Sequence[str] = ()


async def link(
    session: AsyncSession, reply: Liaison, original_id: int, actor: Actor, now: datetime, *, whole: bool = False
) -> Linked:
    """The reply answers that statement, unless others were asked too and it is not said to be the `whole` answer.

    A draft must not be given.
    """
    original = await _locked(session, original_id)
    await _point(session, reply.id, original_id)
    waiting = [] if whole else await _still_asked(session, original, reply)
    if waiting:
        return Linked(original.id, original.number, original.title, waits_for=waiting)
    by = f"by {reply.number}"
    before = await life.move(session, original_id, LiaisonStatus.ANSWERED, Deed.ANSWERED, actor, now, reason=by)
    return Linked(original.id, original.number, original.title, answered=before is not None)


async def reopen(
    session: AsyncSession, reply: Liaison, original_id: int, actor: Actor, now: datetime
) -> Liaison | None:
    """The reply does not answer it any more; gives the statement where nothing else does, so that it waits again."""
    original = await _locked(session, original_id)
    if await concerned.answering(session, original_id):
        return None
    before = LiaisonStatus.SENT if original.direction is Direction.OUTGOING else LiaisonStatus.RECEIVED
    reason = f"{reply.number} does not answer it"
    step = (session, original_id, before, Deed.REOPENED, actor, now)
    moved = await life.move(*step, reason=reason, back_from=LiaisonStatus.ANSWERED)
    return original if moved else None


async def hold(
    session: AsyncSession, reply: Liaison, original_id: int, until: str, actor: Actor, now: datetime
) -> Linked:
    """The reply asks for more time: the statement that it replies to is due on that day, YYYY-MM-DD."""
    original = await _locked(session, original_id)
    await _point(session, reply.id, original_id, is_holding=True)
    await postpone(session, original, until, f"{reply.number} asks for more time", actor, now)
    return Linked(original.id, original.number, original.title, held_until=until)


async def postpone(
    session: AsyncSession, liaison: Liaison, until: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Move the deadline to a day, YYYY-MM-DD; that of single groups too, where it would be over before."""
    before = {"deadline": liaison.deadline, "deadline_kind": liaison.deadline_kind.value}
    after = {"deadline": until, "deadline_kind": DeadlineKind.DATE.value}
    earlier = (_A.liaison_id == liaison.id, _A.due != "", _A.due < until)
    own = dict((await session.execute(select(_A.name, _A.due).where(*earlier).order_by(_A.position))).all())
    await session.execute(update(_A).where(*earlier).values(due=""))  # from now on they follow the statement
    moved = update(Liaison).where(Liaison.id == liaison.id)
    await session.execute(moved.values(deadline=until, deadline_kind=DeadlineKind.DATE))
    await session.refresh(liaison)
    before, after = before | own, after | dict.fromkeys(own, until)
    await events.note(session, liaison.id, Deed.HELD, actor, now, reason=reason, before=before, after=after)


async def thread(session: AsyncSession, liaison_id: int) -> Sequence[Liaison]:
    """All statements of its thread: the first one, what replies to it, what replies to that, and so on."""
    first = await _first(session, liaison_id)
    chain, level = [first], [first.id]
    known = {first.id}
    while level:
        query = select(Liaison).where(Liaison.response_to_id.in_(level)).order_by(Liaison.date, Liaison.id)
        following = [one for one in await session.scalars(query) if one.id not in known]
        known |= {one.id for one in following}
        chain += following
        level = [one.id for one in following]
    return chain


async def to(session: AsyncSession, liaison_id: int) -> Sequence[Liaison]:
    """What replies to a statement, the earliest first."""
    query = select(Liaison).where(Liaison.response_to_id == liaison_id).order_by(Liaison.date, Liaison.id)
    return list(await session.scalars(query))


async def precedes(session: AsyncSession, one_id: int, other_id: int) -> bool:
    """Whether the one is the other, or stands before it in its thread: then it cannot reply to it."""
    return one_id in [each.id for each in await _upwards(session, other_id)]


async def unlinked(session: AsyncSession, original: Liaison, limit: int) -> Sequence[Liaison]:
    """Statements that may answer this one, the newest first: later ones the other way that reply to nothing known."""
    is_ours = original.direction is Direction.OUTGOING
    query = select(Liaison).where(
        Liaison.direction == (Direction.INCOMING if is_ours else Direction.OUTGOING),
        Liaison.response_to_id.is_(None),
        Liaison.status.not_in((*UNSENT, LiaisonStatus.WITHDRAWN)),
        Liaison.date >= original.date,
    )
    return list(await session.scalars(query.order_by(Liaison.date.desc(), Liaison.id.desc()).limit(limit)))


async def _first(session: AsyncSession, liaison_id: int) -> Liaison:
    return (await _upwards(session, liaison_id))[-1]


async def _upwards(session: AsyncSession, liaison_id: int) -> Sequence[Liaison]:
    """The statement, what it replies to, and so on, each once."""
    chain = [await session.get_one(Liaison, liaison_id)]
    seen = {liaison_id}
    while (above := chain[-1].response_to_id) is not None and above not in seen:
        seen.add(above)
        chain.append(await session.get_one(Liaison, above))
    return chain


async def _point(session: AsyncSession, reply_id: int, original_id: int, *, is_holding: bool = False) -> None:
    values = {"response_to_id": original_id, "is_holding": is_holding}
    pointing = update(Liaison).where(Liaison.id == reply_id).values(values)
    await session.execute(pointing)


async def _locked(session: AsyncSession, liaison_id: int) -> Liaison:
    return await session.get_one(Liaison, liaison_id, with_for_update=True, populate_existing=True)


async def _still_asked(session: AsyncSession, original: Liaison, reply: Liaison) -> Sequence[str]:
    """Of what came in from outside and somebody else than us replied to: who was asked too and has not answered."""
    if original.direction is Direction.OUTGOING or reply.direction is Direction.OUTGOING:
        return []
    asked = [one for one in await concerned.asked(session, original.id) if one.purpose is Purpose.ACTION]
    answered = concerned.have_answered(asked, await concerned.answering(session, original.id))
    return [one.name for one in asked if one.name not in answered]
