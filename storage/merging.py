"""Merging: two persons who turn out to be one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.codes import GUESSED
from storage.meeting import attendance
from storage.people import Household
from storage.tables import (
    Account,
    Acknowledgement,
    AuditEntry,
    Code,
    Grant,
    LiaisonAssignment,
    MeetingDocument,
    Person,
    Recipient,
    Reminder,
    Representative,
)
from storage.targets import EMAIL
from storage.upsert import add_missing
from storage.words import OPEN, RepresentativeStatus

SUBJECT = "merge"
"""The audit's word for the question whether two persons are one; its `subject_id` is `pair`."""

ASK, MERGE, KEEP = "ask to merge", "merge", "keep apart"
"""The audit's words for what became of that question."""

_OF_NO_WEIGHT = ("set zone", "set reach", "prove address", "remove address", "unlink", "rsvp", GUESSED)
"""What everybody does to their own settings: who has done only this has no history."""


class State(StrEnum):
    """What became of the question whether two persons are one."""

    UNASKED = "unasked"
    ASKED = "asked"
    MERGED = "merged"
    KEPT = "kept"
    GONE = "gone"


def pair(one: int, other: int) -> str:
    """Two persons in the audit, whichever of them comes first."""
    return f"{min(one, other)}+{max(one, other)}"


async def has_history(session: AsyncSession, person_id: int, household: Household) -> bool:
    """Whether there is anything of the person that another one's history must not simply swallow.

    That is: groups that they represent or represented, roles that they were given, changes that they made, a second
    account in a chat.
    """
    query = select(Account.platform, Account.external_id).where(Account.person_id == person_id)
    accounts = [(row.platform, f"{row.platform}:{row.external_id}") for row in await session.execute(query)]
    if sum(platform != EMAIL for platform, _ in accounts) > 1:
        return True
    if any(key in household.administrators or key in household.roles for _, key in accounts):
        return True
    deeds = (
        select(Representative.id).where(Representative.person_id == person_id),
        select(Grant.role).where(Grant.person_id == person_id),
        select(AuditEntry.id).where(AuditEntry.person_id == person_id, AuditEntry.action.not_in(_OF_NO_WEIGHT)),
    )
    for deed in deeds:
        if (await session.execute(deed.limit(1))).first() is not None:
            return True
    return False


async def is_in_chat(session: AsyncSession, person_id: int) -> bool:
    """Whether the person has an account beside e-mail addresses."""
    query = select(Account.id).where(Account.person_id == person_id, Account.platform != EMAIL).limit(1)
    return await session.scalar(query) is not None


async def locked(session: AsyncSession, one: int, other: int) -> State:
    """What became of the question so far; until the transaction ends nobody else decides it."""
    query = select(Person.id, Person.merged_into, Person.forgotten_at).where(Person.id.in_([one, other]))
    rows = (await session.execute(query.order_by(Person.id).with_for_update(key_share=True))).all()
    last = (
        select(AuditEntry.action)
        .where(AuditEntry.subject == SUBJECT, AuditEntry.subject_id == pair(one, other))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    decided = {ASK: State.ASKED, MERGE: State.MERGED, KEEP: State.KEPT}.get(await session.scalar(last) or "")
    if decided in (State.MERGED, State.KEPT):
        return decided
    are_gone = len(rows) < 2 or any(row.merged_into or row.forgotten_at for row in rows)
    return State.GONE if are_gone else decided or State.UNASKED


async def decider(session: AsyncSession, one: int, other: int) -> tuple[str, datetime]:
    """Who decided, and when."""
    query = (
        select(func.coalesce(Person.name, ""), AuditEntry.at)
        .join(Person, Person.id == AuditEntry.person_id, isouter=True)
        .where(AuditEntry.subject == SUBJECT, AuditEntry.subject_id == pair(one, other))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    name, at = (await session.execute(query)).one()
    return name, at


async def merge(session: AsyncSession, stays: int, goes: int, now: datetime) -> Sequence[int]:
    """Make one person of two: all that `goes` had is `stays`'s, whose row is then only a pointer.

    Of two open rows for one group the confirmed one stays, else the older; the other ends and says why. Gives those.
    """
    ended = await _end_doubles(session, stays, goes, now)
    for table in (Account, Representative, Code, Reminder, LiaisonAssignment):
        moved = update(table).where(table.person_id == goes).values(person_id=stays)
        await session.execute(moved.execution_options(synchronize_session=False))
    theirs = update(MeetingDocument).where(MeetingDocument.submitted_by == goes).values(submitted_by=stays)
    await session.execute(theirs.execution_options(synchronize_session=False))
    await _move_grants(session, stays, goes)
    await _move_announcements(session, stays, goes)
    await attendance.take_over(session, stays, goes)
    await _complete(session, stays, goes)
    pointing = update(Person).where((Person.id == goes) | (Person.merged_into == goes)).values(merged_into=stays)
    await session.execute(pointing.execution_options(synchronize_session=False))
    return ended


async def everyone(session: AsyncSession, person_id: int) -> Collection[int]:
    """The person's number and those of persons who turned out to be the same."""
    return {person_id, *await session.scalars(select(Person.id).where(Person.merged_into == person_id))}


async def _end_doubles(session: AsyncSession, stays: int, goes: int, now: datetime) -> Sequence[int]:
    query = (
        select(Representative.id, Representative.group_id)
        .where(
            Representative.person_id.in_([stays, goes]),
            Representative.status.in_(OPEN),
            Representative.group_id.is_not(None),
        )
        .order_by(
            Representative.status != RepresentativeStatus.CONFIRMED, Representative.requested_at, Representative.id
        )
    )
    kept: set[int | None] = set()
    doubles = []
    for row in (await session.execute(query)).all():
        if row.group_id in kept:
            doubles.append(row.id)
        kept.add(row.group_id)
    over = update(Representative).where(Representative.id.in_(doubles))
    values = {
        "status": RepresentativeStatus.ENDED,
        "ended_at": now,
        "reason": "the same person was in the list twice",
    }
    await session.execute(over.values(values).execution_options(synchronize_session=False))
    return doubles


async def _move_grants(session: AsyncSession, stays: int, goes: int) -> None:
    query = select(Grant.role, Grant.granted_at, Grant.granted_by).where(Grant.person_id == goes)
    rows = [
        {"person_id": stays, "role": row.role, "granted_at": row.granted_at, "granted_by": row.granted_by}
        for row in await session.execute(query)
    ]
    await add_missing(session, Grant, rows, ["person_id", "role"])
    await session.execute(delete(Grant).where(Grant.person_id == goes))


async def _move_announcements(session: AsyncSession, stays: int, goes: int) -> None:
    """What the one who goes was sent and acknowledged; where both were, the other's counts."""
    to_stays, by_stays = aliased(Recipient), aliased(Acknowledgement)
    sent = select(to_stays.announcement_id).where(to_stays.person_id == stays)
    read = select(by_stays.announcement_id).where(by_stays.person_id == stays)
    for moved in (
        update(Recipient).where(Recipient.person_id == goes, Recipient.announcement_id.not_in(sent)),
        update(Acknowledgement).where(Acknowledgement.person_id == goes, Acknowledgement.announcement_id.not_in(read)),
    ):
        await session.execute(moved.values(person_id=stays).execution_options(synchronize_session=False))


async def _complete(session: AsyncSession, stays: int, goes: int) -> None:
    """What the one who stays never said, the other one may have."""
    query = select(Person.id, Person.name, Person.timezone, Person.reached_on).where(Person.id.in_([stays, goes]))
    rows = {row.id: row for row in await session.execute(query)}
    mine, other = rows[stays], rows[goes]
    await session.execute(
        update(Person)
        .where(Person.id == stays)
        .values(
            name=mine.name or other.name,
            timezone=mine.timezone or other.timezone,
            reached_on=mine.reached_on or other.reached_on,
        )
    )
