"""Assignments: who sees to what a liaison statement asks a group to do. Whoever comes second finds it done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, case, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison import events, life
from storage.liaison.events import Deed
from storage.representing.trail import Actor
from storage.tables import Liaison, LiaisonAddressee, LiaisonAssignment, Person, Representative
from storage.upsert import add_missing
from storage.words import UNSETTLED, AssignmentState, LiaisonStatus, Purpose, RepresentativeStatus

_A = LiaisonAssignment
_R = Representative


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one group is asked to do, and who sees to it: `person` is their name, empty while nobody was asked alone."""

    id: int
    liaison_id: int
    name: str
    group_id: int | None
    person_id: int | None
    person: str
    state: AssignmentState
    asked_at: datetime
    accepted_at: datetime | None
    raised_at: datetime | None

    @property
    def is_offered(self) -> bool:
        return self.state is AssignmentState.OFFERED

    @property
    def is_accepted(self) -> bool:
        return self.state is AssignmentState.ACCEPTED


async def of_statements(session: AsyncSession, liaison_ids: Collection[int]) -> Mapping[int, Sequence[Assignment]]:
    """The assignments of each of the statements, in the order in which they were made."""
    query = (
        select(
            _A.id,
            _A.liaison_id,
            _A.name,
            _A.group_id,
            _A.person_id,
            func.coalesce(Person.name, ""),
            _A.state,
            _A.asked_at,
            _A.accepted_at,
            _A.raised_at,
        )
        .outerjoin(Person, Person.id == _A.person_id)
        .where(_A.liaison_id.in_(list(liaison_ids)))
        .order_by(_A.id)
    )
    found: dict[int, list[Assignment]] = {one: [] for one in liaison_ids}
    for id, liaison_id, *rest in await session.execute(query):
        found[liaison_id].append(Assignment(id, liaison_id, *rest))
    return found


async def of_statement(session: AsyncSession, liaison_id: int) -> Sequence[Assignment]:
    """The assignments of one statement."""
    return (await of_statements(session, [liaison_id]))[liaison_id]


async def offer(
    session: AsyncSession, liaison_id: int, groups: Mapping[str, int | None], raised: Collection[str], now: datetime
) -> int:
    """Begin to look for somebody for each of the groups, by name, that has no assignment, or whose was dropped; gives
    how many were new. Of those in `raised` the secretariat knows already that it is asked itself.
    """
    rows: list[dict[str, object]] = [
        {
            "liaison_id": liaison_id,
            "name": name,
            "group_id": group_id,
            "person_id": None,
            "state": AssignmentState.OFFERED,
            "asked_at": now,
            "accepted_at": None,
            "raised_at": now if name in raised else None,
        }
        for name, group_id in groups.items()
    ]
    told = case((_A.name.in_(list(raised)), literal(now, _A.raised_at.type)), else_=None)
    again = {"state": AssignmentState.OFFERED, "asked_at": now, "raised_at": told}
    dropped = (_A.liaison_id == liaison_id, _A.name.in_(list(groups)), _A.person_id.is_(None))
    resumed = update(_A).where(*dropped, _A.state == AssignmentState.SETTLED).values(again)
    await session.execute(resumed.execution_options(synchronize_session=False))
    return await add_missing(session, LiaisonAssignment, rows, ["liaison_id", "name"])


async def accept(session: AsyncSession, one: Assignment, actor: Actor, now: datetime) -> bool:
    """The actor sees to it from now on. False: somebody else was first, or nothing has to be done any more."""
    if not await _is_open(session, one.liaison_id):
        return False
    values = {"state": AssignmentState.ACCEPTED, "person_id": actor.person_id, "accepted_at": now}
    taken = update(_A).where(_A.id == one.id, _A.state == AssignmentState.OFFERED)
    if not await _is_done(session, taken.values(values)):
        return False
    what = f"for {one.name}"
    # The first acceptance is a step in the life of the statement, the others are not.
    first = await life.move(session, one.liaison_id, LiaisonStatus.ASSIGNED, Deed.ACCEPTED, actor, now, reason=what)
    if first is None:
        after = {"group": one.name, "person_id": actor.person_id}
        await events.note(session, one.liaison_id, Deed.ACCEPTED, actor, now, reason=what, after=after)
    return True


async def pass_on(
    session: AsyncSession,
    one: Assignment,
    to: int | None,
    actor: Actor,
    now: datetime,
    *,
    deed: Deed = Deed.PASSED,
    said: Mapping[str, object],
    to_group: bool = False,
) -> bool:
    """Ask another person, or when it is None the secretariat or, `to_group`, whoever else represents the group.

    False: `one` is not how it stands any more. `said` is what its event tells of who is told (`told.TOLD`).
    """
    if not await _is_open(session, one.liaison_id):
        return False
    values = {
        "state": AssignmentState.OFFERED,
        "person_id": to,
        "asked_at": now,
        "accepted_at": None,
        "raised_at": now if to is None and not to_group else None,
    }
    still = _A.person_id.is_(None) if one.person_id is None else _A.person_id == one.person_id
    turned = update(_A).where(_A.id == one.id, _A.state == one.state, still, _A.asked_at == one.asked_at)
    if not await _is_done(session, turned.values(values)):
        return False
    after = {"group": one.name, "from": one.person_id, "person_id": to, **said}
    await events.note(session, one.liaison_id, deed, actor, now, reason=f"for {one.name}", after=after)
    return True


async def vacant(session: AsyncSession) -> Mapping[int, Collection[int]]:
    """What somebody was asked to see to, or sees to, and then ceased to represent the group: by statement."""
    person = func.coalesce(Person.merged_into, Person.id)
    seat = (_R.person_id == person, _R.group_id == _A.group_id)
    ended = exists().where(*seat, _R.ended_at >= func.coalesce(_A.accepted_at, _A.asked_at))
    still = exists().where(*seat, _R.status == RepresentativeStatus.CONFIRMED)
    query = (
        select(_A.liaison_id, _A.id)
        .join(Person, Person.id == _A.person_id)
        .join(Liaison, Liaison.id == _A.liaison_id)
        .where(Liaison.status.in_(UNSETTLED), _A.state != AssignmentState.SETTLED, ended, ~still)
        .order_by(_A.liaison_id, _A.id)
    )
    found: dict[int, list[int]] = {}
    for liaison_id, id in await session.execute(query):
        found.setdefault(liaison_id, []).append(id)
    return found


async def settle(session: AsyncSession, liaison_id: int) -> int:
    """Nobody has to do anything any more; gives how many assignments that ends."""
    open_ones = update(_A).where(_A.liaison_id == liaison_id, _A.state != AssignmentState.SETTLED)
    done = open_ones.values(state=AssignmentState.SETTLED).returning(_A.id)
    return len((await session.execute(done.execution_options(synchronize_session=False))).all())


async def drop(session: AsyncSession, liaison_id: int, but: Collection[str]) -> None:
    """Of groups that are asked to act no more nobody is looked for; who was asked by name, or accepted, stays."""
    stale = (_A.liaison_id == liaison_id, _A.name.not_in(list(but)), _A.person_id.is_(None))
    dropped = update(_A).where(*stale).values(state=AssignmentState.SETTLED)
    await session.execute(dropped.execution_options(synchronize_session=False))


async def resume(session: AsyncSession, liaison_id: int, now: datetime) -> int:
    """Somebody has to see to it after all: those who did, and the groups that are still asked to act, are asked again;
    gives how many assignments that opens.
    """
    values = {"state": AssignmentState.OFFERED, "asked_at": now, "accepted_at": None, "raised_at": None}
    acts = (LiaisonAddressee.liaison_id == liaison_id, LiaisonAddressee.purpose == Purpose.ACTION)
    is_asked = or_(_A.person_id.is_not(None), _A.name.in_(select(LiaisonAddressee.name).where(*acts)))
    settled = update(_A).where(_A.liaison_id == liaison_id, _A.state == AssignmentState.SETTLED, is_asked)
    done = settled.values(values).returning(_A.id)
    return len((await session.execute(done.execution_options(synchronize_session=False))).all())


async def claim_unaccepted(session: AsyncSession, before: datetime, now: datetime) -> Mapping[int, Sequence[str]]:
    """Names of groups by open statement for which nobody accepted since then, and of which nobody was told yet.

    From now on somebody was: no other process gets them.
    """
    open_ones = select(Liaison.id).where(Liaison.status.in_(UNSETTLED))
    is_due = (_A.state == AssignmentState.OFFERED, _A.asked_at <= before, _A.raised_at.is_(None))
    claimed = update(_A).where(*is_due, _A.liaison_id.in_(open_ones)).values(raised_at=now)
    columns = (_A.id, _A.liaison_id, _A.name)
    rows = await session.execute(claimed.returning(*columns).execution_options(synchronize_session=False))
    found: dict[int, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        found.setdefault(row.liaison_id, []).append(row.name)
    return found


async def _is_open(session: AsyncSession, liaison_id: int) -> bool:
    """Whether the statement is; nobody changes that, or who sees to it, until this transaction ends."""
    query = select(Liaison.status).where(Liaison.id == liaison_id).with_for_update()
    return await session.scalar(query) in UNSETTLED


async def _is_done(session: AsyncSession, change: Update) -> bool:
    changed = change.returning(_A.id).execution_options(synchronize_session=False)
    return (await session.execute(changed)).first() is not None
