"""The agenda of a meeting: what stands on every agenda, what somebody put there, and the documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import meetings
from storage.meeting import documents, minutes, trail
from storage.meeting.documents import Paper
from storage.meeting.minutes import Note
from storage.representing.trail import Actor
from storage.tables import AgendaItem, Meeting


class Standing(StrEnum):
    """What stands on every agenda."""

    APPROVAL = "approval"
    REPORT = "report"
    ACTIONS = "actions"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: a `standing` one, or one that somebody put there, which has an `item`."""

    number: int
    standing: Standing | None = None
    item: int | None = None
    title: str = ""
    presenter: str = ""
    documents: Sequence[Paper] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """The points in order; documents that no point names, and those that an earlier meeting deferred.

    `last` is the meeting whose report is to be approved, `actions` what was to be done since.
    """

    points: Sequence[Point]
    received: Sequence[Paper]
    deferred: Sequence[Paper]
    last: Meeting | None
    actions: Sequence[Note]


@dataclass(frozen=True, slots=True)
class Item:
    """A point to be. `documents` are their numbers."""

    title: str
    presenter: str = ""
    documents: Sequence[int] = field(default=())


async def agenda(session: AsyncSession, meeting: Meeting, now: datetime) -> Agenda:
    """The agenda as it is now."""
    last = await meetings.last_held(session, meeting.number)
    actions = await minutes.open_actions(session, before=meeting.number)
    papers = {one.number: one for one in await documents.for_meeting(session, meeting, now)}
    items = await _items(session, meeting.id)
    named = {number for one in items for number in one.documents}
    others = await documents.numbered(session, named - set(papers))
    known = {**papers, **{one.number: one for one in others}}
    standing = [Standing.APPROVAL, *([Standing.REPORT] if last else []), *([Standing.ACTIONS] if actions else [])]
    points = [Point(place, standing=one) for place, one in enumerate(standing, 1)]
    for place, one in enumerate(items, len(points) + 1):
        of_it = [known[number] for number in one.documents if number in known]
        points.append(Point(place, item=one.id, title=one.title, presenter=one.presenter, documents=of_it))
    free = [one for one in papers.values() if one.number not in named]
    deferred = [one for one in free if one.meeting != meeting.number]
    return Agenda(points, [one for one in free if one not in deferred], deferred, last, actions)


async def add(
    session: AsyncSession, meeting: Meeting, item: Item, actor: Actor, now: datetime, before: int | None = None
) -> None:
    """Put a point on the agenda: at the end, or before the item `before`."""
    items = list(await _items(session, meeting.id))
    made = AgendaItem(
        meeting_id=meeting.id,
        position=len(items),
        title=item.title,
        presenter=item.presenter,
        documents=list(item.documents),
    )
    session.add(made)
    place = next((index for index, one in enumerate(items) if one.id == before), len(items))
    items.insert(place, made)
    await _number(session, items)
    after = {"title": item.title, "presenter": item.presenter, "documents": list(item.documents)}
    await trail.note(session, actor, "add to agenda", meeting.number, {}, after, now)


async def move(
    session: AsyncSession, meeting: Meeting, item: int, before: int | None, actor: Actor, now: datetime
) -> None:
    """Put an item before another one, or at the end."""
    items = list(await _items(session, meeting.id))
    moved = next(one for one in items if one.id == item)
    was = items.index(moved)
    items.remove(moved)
    items.insert(next((index for index, one in enumerate(items) if one.id == before), len(items)), moved)
    await _number(session, items)
    places = ({"item": item, "place": was + 1}, {"item": item, "place": items.index(moved) + 1})
    await trail.note(session, actor, "move on agenda", meeting.number, *places, now)


async def remove(session: AsyncSession, meeting: Meeting, point: Point, actor: Actor, now: datetime) -> bool:
    """Take an item off the agenda. False: it was off already."""
    gone = delete(AgendaItem).where(AgendaItem.id == point.item).returning(AgendaItem.id)
    if (await session.execute(gone)).first() is None:
        return False
    before = {"title": point.title, "presenter": point.presenter}
    await trail.note(session, actor, "take off agenda", meeting.number, before, {}, now)
    return True


async def has_items(session: AsyncSession, meeting: Meeting) -> bool:
    """Whether somebody put anything on the agenda."""
    query = select(func.count()).select_from(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    return bool(await session.scalar(query))


async def _items(session: AsyncSession, meeting_id: int) -> Sequence[AgendaItem]:
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    ordered = query.order_by(AgendaItem.position, AgendaItem.id).execution_options(populate_existing=True)
    return (await session.scalars(ordered)).all()


async def _number(session: AsyncSession, items: Sequence[AgendaItem]) -> None:
    for position, one in enumerate(items):
        one.position = position
    await session.flush()
