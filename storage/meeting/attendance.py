"""Attendance: who says that they come to a meeting, who was there, and from whom nothing came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.meeting import trail
from storage.representing.trail import Actor
from storage.tables import Account, Attendance, Group, Meeting, MeetingDocument, Person, Representative
from storage.upsert import upsert
from storage.words import Answer, RepresentativeKind, RepresentativeStatus

_A = Attendance
_KEY = ("meeting_id", "person_id")


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who answered or was there. One who was forgotten has no name, one whom nobody knows no person."""

    person_id: int | None
    name: str
    answer: Answer | None
    attended: bool


@dataclass(frozen=True, slots=True)
class Represented:
    """A person and the codes of the groups that they represent."""

    person_id: int
    name: str
    groups: tuple[str, ...]


async def answer(
    session: AsyncSession, meeting: Meeting, person_id: int, said: Answer, actor: Actor, now: datetime
) -> Answer | None:
    """A person says whether they will come; gives what they had said before."""
    before = await answer_of(session, meeting, person_id)
    row = {"meeting_id": meeting.id, "person_id": person_id, "answer": said, "answered_at": now}
    await upsert(session, _A, row, _KEY)
    if before is not said:
        await trail.note(session, actor, "rsvp", meeting.number, {"answer": before}, {"answer": said}, now)
    return before


async def answer_of(session: AsyncSession, meeting: Meeting, person_id: int) -> Answer | None:
    """What a person said."""
    return await session.scalar(select(_A.answer).where(_A.meeting_id == meeting.id, _A.person_id == person_id))


async def note_present(
    session: AsyncSession,
    meeting: Meeting,
    persons: Collection[int],
    names: Collection[str],
    actor: Actor,
    now: datetime,
) -> None:
    """These were there: persons, and by name those whom the bot does not know."""
    for person in persons:
        await upsert(session, _A, {"meeting_id": meeting.id, "person_id": person, "attended": True}, _KEY)
    for name in names:
        await upsert(session, _A, {"meeting_id": meeting.id, "name": name, "attended": True}, ("meeting_id", "name"))
    after = {"persons": sorted(persons), "names": len(names)}
    await trail.note(session, actor, "note attendance", meeting.number, {}, after, now)


async def note_absent(
    session: AsyncSession,
    meeting: Meeting,
    persons: Collection[int],
    names: Collection[str],
    actor: Actor,
    now: datetime,
) -> None:
    """These were not there after all."""
    wrong = update(_A).where(_A.meeting_id == meeting.id, _A.person_id.in_(list(persons))).values(attended=False)
    await session.execute(wrong.execution_options(synchronize_session=False))
    await session.execute(delete(_A).where(_A.meeting_id == meeting.id, _A.name.in_(list(names))))
    after = {"persons": sorted(persons), "names": len(names)}
    await trail.note(session, actor, "note absence", meeting.number, {}, after, now)


async def people(session: AsyncSession, meeting: Meeting) -> Sequence[Attendee]:
    """Everybody who answered or was there, by name."""
    account = select(func.max(Account.name)).where(Account.person_id == Person.id).scalar_subquery()
    name = func.coalesce(func.nullif(Person.name, ""), account, _A.name, "")
    query = select(_A.person_id, name, _A.answer, _A.attended).outerjoin(Person, Person.id == _A.person_id)
    return [Attendee(*row) for row in await session.execute(query.where(_A.meeting_id == meeting.id).order_by(name))]


async def present(session: AsyncSession, meeting: Meeting) -> Sequence[Attendee]:
    """Who was there."""
    return [one for one in await people(session, meeting) if one.attended]


async def silent_representatives(session: AsyncSession, meeting: Meeting) -> Sequence[Represented]:
    """Representatives who said neither yes nor no nor maybe, by name."""
    said = exists().where(_A.meeting_id == meeting.id, _A.person_id == Representative.person_id, _A.answer.is_not(None))
    query = (
        select(Person.id, Person.name, Group.code)
        .join(Representative, Representative.person_id == Person.id)
        .join(Group, Group.id == Representative.group_id)
        .where(Representative.status == RepresentativeStatus.CONFIRMED, ~said)
        .order_by(Person.name, Person.id, Group.code)
    )
    groups: dict[tuple[int, str], list[str]] = {}
    for person, name, code in await session.execute(query):
        groups.setdefault((person, name), []).append(code)
    return [Represented(person, name, tuple(codes)) for (person, name), codes in groups.items()]


async def groups_without_document(session: AsyncSession, meeting: Meeting) -> Sequence[str]:
    """Codes of the groups with a representative that sent no document for the meeting."""
    is_for_it = (MeetingDocument.meeting_id == meeting.id) | (MeetingDocument.deferred_to == meeting.id)
    sent = exists().where(MeetingDocument.group_id == Group.id, is_for_it)
    has_one = exists().where(
        Representative.group_id == Group.id,
        Representative.status == RepresentativeStatus.CONFIRMED,
        Representative.kind == RepresentativeKind.REPRESENTATIVE,
    )
    return list(await session.scalars(select(Group.code).where(has_one, ~sent).order_by(Group.code)))


async def take_over(session: AsyncSession, stays: int, goes: int) -> None:
    """Of two persons who turn out to be one, what the one who goes said; where both did, the other's counts."""
    by_stays = aliased(_A)
    known = select(by_stays.meeting_id).where(by_stays.person_id == stays)
    there = select(by_stays.meeting_id).where(by_stays.person_id == goes, by_stays.attended.is_(True))
    for statement in (
        update(_A).where(_A.person_id == stays, _A.meeting_id.in_(there)).values(attended=True),
        update(_A).where(_A.person_id == goes, _A.meeting_id.not_in(known)).values(person_id=stays),
        delete(_A).where(_A.person_id == goes),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
