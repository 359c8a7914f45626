"""Whom a liaison statement concerns: what it asks of groups, whose items it mentions, who represents them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import (
    Group,
    ItemTopic,
    Liaison,
    LiaisonAddressee,
    LiaisonAssignment,
    LiaisonMention,
    LiaisonText,
    Person,
    Question,
    Representative,
    RoadmapItem,
)
from storage.words import (
    RETIRED,
    UNSENT,
    UNSETTLED,
    AssignmentState,
    DeadlineKind,
    LiaisonStatus,
    Purpose,
    RepresentativeStatus,
)

_R = Representative
_ORDER = {Purpose.ACTION: 0, Purpose.COMMENT: 1, Purpose.INFORMATION: 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one group is asked, as the statement calls it. `due` is a date or empty."""

    purpose: Purpose
    name: str
    group_id: int | None
    asked: str
    due: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A roadmap item of a group that the statement mentions."""

    reference: str
    group_id: int


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who represents a group."""

    id: int
    person_id: int
    group_id: int


@dataclass(frozen=True, slots=True)
class Answering:
    """A statement that answers another one: the group that it is from, where it is known, and as it is written."""

    group_id: int | None
    source: str
    number: str


async def asked(session: AsyncSession, liaison_id: int) -> Sequence[Asked]:
    """What each group is asked, the strongest purpose first."""
    query = select(LiaisonAddressee).where(LiaisonAddressee.liaison_id == liaison_id)
    rows = (await session.scalars(query.order_by(LiaisonAddressee.position, LiaisonAddressee.name))).all()
    found = [Asked(one.purpose, one.name, one.group_id, one.asked, one.due) for one in rows]
    return sorted(found, key=lambda one: _ORDER[one.purpose])


async def answering(session: AsyncSession, liaison_id: int) -> Sequence[Answering]:
    """What answered the statement, in the order in which it came."""
    is_answer = (Liaison.response_to_id == liaison_id, Liaison.is_holding.is_(False))
    is_valid = Liaison.status.not_in((*UNSENT, LiaisonStatus.WITHDRAWN))
    query = select(Liaison.source_id, Liaison.source, Liaison.number).where(*is_answer, is_valid).order_by(Liaison.id)
    return [Answering(*row) for row in await session.execute(query)]


def have_answered(asked: Sequence[Asked], answers: Sequence[Answering]) -> Collection[str]:
    """Those who were asked and have answered, as the statement calls them."""
    groups = {one.group_id for one in answers} - {None}
    written = {one.source.casefold() for one in answers}
    return {one.name for one in asked if one.group_id in groups or one.name.casefold() in written}


async def touched(session: AsyncSession, liaison_id: int) -> Sequence[Touched]:
    """The roadmap items that it mentions, with the groups whose they are."""
    group = func.coalesce(RoadmapItem.group_id, Question.group_id)
    query = (
        select(RoadmapItem.reference, group)
        .join(LiaisonMention, LiaisonMention.item_id == RoadmapItem.id)
        .outerjoin(Question, Question.id == RoadmapItem.question_id)
        .where(LiaisonMention.liaison_id == liaison_id, group.is_not(None))
        .order_by(LiaisonMention.id)
    )
    return list(dict.fromkeys(Touched(*row) for row in await session.execute(query)))


async def topics_of_items(session: AsyncSession, liaison_id: int) -> set[int]:
    """Ids of the topics of the roadmap items that it mentions."""
    query = (
        select(ItemTopic.topic_id)
        .join(LiaisonMention, LiaisonMention.item_id == ItemTopic.item_id)
        .where(LiaisonMention.liaison_id == liaison_id)
    )
    return set(await session.scalars(query.distinct()))


async def at_work_on(session: AsyncSession, topic_ids: Collection[int], least: int) -> Sequence[tuple[int, int, int]]:
    """Groups at work of which so many items at least are on one of the topics: group, topic, how many.

    Of a group only its greatest topic.
    """
    count = func.count(RoadmapItem.id)
    query = (
        select(RoadmapItem.group_id, ItemTopic.topic_id, count)
        .join(ItemTopic, ItemTopic.item_id == RoadmapItem.id)
        .join(Group, Group.id == RoadmapItem.group_id)
        .where(ItemTopic.topic_id.in_(list(topic_ids)), RoadmapItem.status.not_in(RETIRED), Group.ended == "")
        .group_by(RoadmapItem.group_id, ItemTopic.topic_id)
        .having(count >= least)
        .order_by(RoadmapItem.group_id, count.desc(), ItemTopic.topic_id)
    )
    first: dict[int, tuple[int, int, int]] = {}
    for group_id, topic_id, items in await session.execute(query):
        if group_id is not None:
            first.setdefault(group_id, (group_id, topic_id, items))
    return list(first.values())


async def abstract(session: AsyncSession, liaison_id: int) -> str:
    """What it is about in its own words; empty when it does not say."""
    return await session.scalar(select(LiaisonText.abstract).where(LiaisonText.liaison_id == liaison_id)) or ""


async def seats(session: AsyncSession, group_ids: Collection[int]) -> Sequence[Seat]:
    """Who represents these groups: representatives first, then alternates, the longest-serving first."""
    where = (_R.group_id.in_(list(group_ids)), _R.status == RepresentativeStatus.CONFIRMED)
    query = select(_R.id, _R.person_id, _R.group_id).where(*where).order_by(_R.kind.desc(), _R.id)
    return [Seat(row.id, row.person_id, row.group_id or 0) for row in await session.execute(query)]


async def groups_of(session: AsyncSession, person_id: int) -> Collection[int]:
    """Ids of the groups that a person represents."""
    query = select(_R.group_id).where(_R.person_id == person_id, _R.status == RepresentativeStatus.CONFIRMED)
    return {one for one in await session.scalars(query) if one is not None}


async def named(session: AsyncSession, group_ids: Collection[int], but: int) -> Sequence[tuple[int, str]]:
    """Persons who represent these groups, with their names, by name; each once, and not `but`."""
    query = (
        select(Person.id, Person.name)
        .join(_R, _R.person_id == Person.id)
        .where(_R.group_id.in_(list(group_ids)), _R.status == RepresentativeStatus.CONFIRMED, Person.id != but)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in await session.execute(query)]


async def asked_of(session: AsyncSession, group_ids: Collection[int], person_id: int) -> Sequence[int]:
    """Ids of the statements that wait for these groups, or for the person, to act or to comment.

    That which is due first comes first, what has no date last.
    """
    is_asked = (
        select(LiaisonAddressee.liaison_id)
        .where(LiaisonAddressee.group_id.in_(list(group_ids)), LiaisonAddressee.purpose != Purpose.INFORMATION)
        .scalar_subquery()
    )
    is_owner = select(LiaisonAssignment.liaison_id).where(
        LiaisonAssignment.person_id == person_id, LiaisonAssignment.state != AssignmentState.SETTLED
    )
    is_open = or_(Liaison.status.in_(UNSETTLED), Liaison.status == LiaisonStatus.SENT)
    query = select(Liaison.id).where(is_open, or_(Liaison.id.in_(is_asked), Liaison.id.in_(is_owner.scalar_subquery())))
    has_date = Liaison.deadline_kind == DeadlineKind.DATE
    return list(await session.scalars(query.order_by(~has_date, Liaison.deadline, Liaison.id)))
