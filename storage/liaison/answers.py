"""Answers that representatives proposed: drafts of replies, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison import events
from storage.liaison.events import Deed
from storage.representing.trail import Actor
from storage.tables import Liaison, LiaisonEvent, Person
from storage.words import UNSENT, LiaisonStatus

_E = LiaisonEvent
_ORIGINAL = "response_to_id"
_GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Answer:
    """The draft of an answer, who proposed it, for which groups, and to which statement it replies."""

    draft_id: int
    draft: str
    number: str
    status: LiaisonStatus
    person_id: int
    person: str
    groups: tuple[str, ...]
    original_id: int

    @property
    def is_open(self) -> bool:
        return self.status in UNSENT


async def note(
    session: AsyncSession, draft: Liaison, original_id: int, groups: Sequence[str], actor: Actor, now: datetime
) -> None:
    """The draft was proposed by a representative of these groups."""
    after = {_ORIGINAL: original_id, _GROUPS: list(groups)}
    why = f"for {', '.join(groups)}"
    await events.note(session, draft.id, Deed.PROPOSED, actor, now, reason=why, after=after)


async def of_draft(session: AsyncSession, draft_id: int) -> Answer | None:
    """What was proposed with the draft; None: the secretariat began it itself."""
    return next(iter(await _found(session, _E.liaison_id == draft_id)), None)


async def of_persons(session: AsyncSession, original_id: int, persons: Collection[int]) -> Sequence[Answer]:
    """What these persons, who are one, proposed to answer to the statement, oldest first."""
    mine = _E.person_id.in_(list(persons))
    return await _found(session, mine, _E.after[_ORIGINAL].as_integer() == original_id)


async def editors(session: AsyncSession, draft_id: int) -> Collection[int | None]:
    """Who changed the draft since it was begun."""
    query = select(_E.person_id).where(_E.liaison_id == draft_id, _E.deed.in_((Deed.EDITED, Deed.ATTACHED)))
    return set(await session.scalars(query))


async def reason(session: AsyncSession, draft_id: int) -> str:
    """Why it was declined or withdrawn; empty where it was not."""
    over = _E.deed.in_((Deed.DECLINED, Deed.WITHDRAWN))
    query = select(_E.reason).where(_E.liaison_id == draft_id, over).order_by(_E.id.desc()).limit(1)
    return await session.scalar(query) or ""


async def _found(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[Answer]:
    query = (
        select(
            Liaison.id,
            func.coalesce(Liaison.drafted_as, Liaison.number).label("draft"),
            Liaison.number,
            Liaison.status,
            _E.person_id,
            func.coalesce(Person.name, "").label("person"),
            _E.after,
        )
        .join(Liaison, Liaison.id == _E.liaison_id)
        .outerjoin(Person, Person.id == _E.person_id)
        .where(_E.deed == Deed.PROPOSED, *conditions)
        .order_by(_E.id)
    )
    return [
        Answer(
            row.id,
            row.draft,
            row.number,
            row.status,
            row.person_id or 0,
            row.person,
            tuple(map(str, row.after.get(_GROUPS, ()))),
            int(row.after.get(_ORIGINAL, 0)),
        )
        for row in await session.execute(query)
    ]
