"""Deciding on proposals: whoever is first decides, and what is accepted changes the roadmap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit, catalogue, roadmap
from storage.liaison import changing
from storage.liaison.meant import item_meant, standing_of
from storage.liaison.proposals import is_addition
from storage.liaison.sayings import Changes, Saying, is_forward
from storage.references import core_of
from storage.representing.trail import Actor
from storage.roadmap import Item
from storage.tables import Liaison, LiaisonMention, LiaisonProposal, RoadmapItem
from storage.words import ItemStatus, ProposalState

_P = LiaisonProposal

SUBJECT = "proposal"
"""The audit's word for a proposal; its `subject_id` is the proposal's number."""

ALREADY = "the roadmap says so already"

NEEDED = ("body", "title", "type")
"""What an item must have that is added."""


class Outcome(StrEnum):
    """What became of accepting: done; too late, as somebody decided before; not yet, as the item changed since and
    the proposal now says what would change; settled, as nothing is left to change; not yet, as something is missing,
    and what was given is kept.
    """

    DONE = "done"
    LATE = "late"
    STALE = "stale"
    SETTLED = "settled"
    INCOMPLETE = "incomplete"


async def accept(
    session: AsyncSession, id: int, actor: Actor, now: datetime, given: Mapping[str, str] | None = None
) -> Outcome:
    """Change the roadmap as proposed, with what somebody `given` it instead, by field.

    A body goes with a group. Of two who decide at once the second one waits and then is `LATE`.
    """
    row = await session.get(LiaisonProposal, id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not ProposalState.OPEN:
        return Outcome.LATE
    given = given or {}
    proposed: Changes = {name: list(pair) for name, pair in row.changes.items()}
    async with changing.alone(session) as roadmap_file:
        item = await _item(session, row)
        wanted = {name: pair[1] for name, pair in proposed.items() if _is_wanted(name, item, proposed)}
        left = await _left(session, item, {**wanted, **given}, given)
        unseen = {name: pair for name, pair in left.items() if name not in given}
        if not left:
            await _turn(session, row, ProposalState.REJECTED, proposed, actor, now, ALREADY)
            return Outcome.SETTLED
        if unseen and unseen != {name: pair for name, pair in proposed.items() if name not in given}:
            values = {"changes": await _left(session, item, wanted, {}), "item_id": item.id if item else None}
            await session.execute(update(_P).where(_P.id == id).values(values))
            return Outcome.STALE
        if item is None and any(name not in left for name in NEEDED):
            await session.execute(update(_P).where(_P.id == id).values(changes=left))
            return Outcome.INCOMPLETE
        item_id = await roadmap_file.write(item.id if item else None, {name: pair[1] for name, pair in left.items()})
        await _turn(session, row, ProposalState.ACCEPTED, left, actor, now, "", item_id)
        await roadmap_file.finish()
        await _note(session, row, item_id, left, actor, now)
    return Outcome.DONE


async def reject(session: AsyncSession, id: int, reason: str, actor: Actor, now: datetime) -> bool:
    """Leave the roadmap as it is. False: somebody decided before."""
    row = await session.get(LiaisonProposal, id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not ProposalState.OPEN:
        return False
    await _turn(session, row, ProposalState.REJECTED, dict(row.changes), actor, now, reason)
    return True


async def _item(session: AsyncSession, row: LiaisonProposal) -> Item | None:
    """The item that is meant, which may have been added since."""
    if row.item_id is not None:
        return (await roadmap.by_ids(session, [row.item_id]))[0]
    meant = await item_meant(session, Saying(row.reference, former=row.changes.get("former", ("", ""))[1]))
    return meant.item


async def _left(
    session: AsyncSession, item: Item | None, wanted: Mapping[str, str], given: Mapping[str, str]
) -> Changes:
    """By field what the roadmap says now and what is wanted, where that is something else."""
    if item is None:
        return {name: ["", value] for name, value in wanted.items() if value}
    standing = await standing_of(session, item)
    is_known = core_of(wanted.get("former", "")) in (*standing.former, "")
    current = {name: str(getattr(item, name)) for name in changing.FIELDS}
    current["former"] = wanted.get("former", "") if is_known else ""
    left = {name: [current[name], value] for name, value in wanted.items() if current.get(name, value) != value}
    if "status" in left and "status" not in given and not is_forward(item.status, ItemStatus(left["status"][1])):
        left.pop("status")
        if "date" not in given:
            left.pop("date", None)
    return left


def _is_wanted(name: str, item: Item | None, proposed: Changes) -> bool:
    """What the statement says of an item that was to be added, and that somebody else added better since."""
    return item is None or not is_addition(proposed) or name in ("status", "date", "former")


async def _turn(
    session: AsyncSession,
    row: LiaisonProposal,
    state: ProposalState,
    changes: Changes,
    actor: Actor,
    now: datetime,
    reason: str,
    item_id: int | None = None,
) -> None:
    values = {
        "state": state,
        "changes": changes,
        "reason": reason,
        "decided_by": actor.person_id,
        "decided_at": now,
        "item_id": item_id or row.item_id,
    }
    # SQLite knows no lock of a row, but only one transaction writes there at a time.
    await session.execute(update(_P).where(_P.id == row.id, _P.state == ProposalState.OPEN).values(values))
    action = "accept" if state is ProposalState.ACCEPTED else "reject"
    after = {"state": state.value, **({"reason": reason} if reason else {})}
    await _audit(session, actor, action, SUBJECT, str(row.id), {}, after, now)


async def _note(
    session: AsyncSession, row: LiaisonProposal, item_id: int, changes: Changes, actor: Actor, now: datetime
) -> None:
    """What follows from a change of the roadmap: the item's audit trail, its mentions, everybody's catalogue."""
    key = await session.scalar(select(RoadmapItem.key).where(RoadmapItem.id == item_id)) or ""
    statement = await session.scalar(select(Liaison.number).where(Liaison.id == row.liaison_id))
    before = {name: pair[0] for name, pair in changes.items() if pair[0]}
    after = {name: pair[1] for name, pair in changes.items()} | {"source": statement, "proposal": row.id}
    await _audit(session, actor, "change" if before else "add", "roadmap", key, before, after, now)
    linked = update(LiaisonMention).where(LiaisonMention.item_id.is_(None), LiaisonMention.reference == row.reference)
    await session.execute(linked.values(item_id=item_id).execution_options(synchronize_session=False))
    await catalogue.raise_version(session, now)


async def _audit(
    session: AsyncSession,
    actor: Actor,
    action: str,
    subject: str,
    id: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    now: datetime,
) -> None:
    if actor.caller:
        await audit.note(session, actor.caller, actor.place, action, subject, id, before, after, now)
    else:
        await audit.note_of_bot(session, action, subject, id, before, after, now, actor.place)
