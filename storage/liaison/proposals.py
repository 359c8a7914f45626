"""Proposals: what liaison statements say of the roadmap, waiting for somebody to accept it or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.liaison.meant import comes_into_force, item_meant, item_titled, standing_of
from storage.liaison.sayings import Changes, Saying, addition, changes, gathered
from storage.references import core_of
from storage.roadmap import Item
from storage.tables import Body, Group, Liaison, LiaisonMention, LiaisonProposal, Person, RoadmapItem
from storage.upsert import add_missing
from storage.words import Direction, ProposalState

_P = LiaisonProposal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with its statement. `changes` are by field what was and what would be.

    `group_id` is whose item it is: the group in the roadmap, or the statement's sender for an item that is new.
    `decided_by` is a name, empty while nobody decided and for one who was forgotten.
    """

    id: int
    liaison_id: int
    statement: str
    statement_title: str
    reference: str
    item_id: int | None
    item_reference: str
    changes: Mapping[str, Sequence[str]]
    quote: str
    state: ProposalState
    reason: str
    group_id: int | None
    group: str
    decided_by: str
    decided_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN

    @property
    def is_addition(self) -> bool:
        return is_addition(self.changes)


def is_addition(changes: Mapping[str, Sequence[str]]) -> bool:
    """Whether it adds an item: only then it says what the item is called."""
    return bool(changes.get("reference")) and not changes["reference"][0]


_group_id = case((_P.item_id.is_not(None), RoadmapItem.group_id), else_=Liaison.source_id)
_decider = aliased(Person)
_PROPOSALS = (
    select(
        _P.id,
        _P.liaison_id,
        Liaison.number,
        Liaison.title,
        _P.reference,
        _P.item_id,
        func.coalesce(RoadmapItem.reference, ""),
        _P.changes,
        _P.quote,
        _P.state,
        _P.reason,
        _group_id,
        func.coalesce(Group.code, ""),
        func.coalesce(_decider.name, ""),
        _P.decided_at,
    )
    .join(Liaison, Liaison.id == _P.liaison_id)
    .outerjoin(RoadmapItem, RoadmapItem.id == _P.item_id)
    .outerjoin(Group, Group.id == _group_id)
    .outerjoin(_decider, _decider.id == _P.decided_by)
    .order_by(_P.id)
)


async def found(session: AsyncSession, id: int) -> Proposal | None:
    read = await _read(session, _PROPOSALS.where(_P.id == id))
    return read[0] if read else None


async def waiting(session: AsyncSession, liaison_id: int | None = None) -> Sequence[Proposal]:
    """Those that are open, of one statement or of all, oldest first."""
    where: list[ColumnElement[bool]] = [_P.state == ProposalState.OPEN]
    if liaison_id is not None:
        where.append(_P.liaison_id == liaison_id)
    return await _read(session, _PROPOSALS.where(*where))


async def of_statement(session: AsyncSession, liaison_id: int) -> Sequence[Proposal]:
    """All that a statement gave rise to, whatever became of it."""
    return await _read(session, _PROPOSALS.where(_P.liaison_id == liaison_id))


async def derive(session: AsyncSession, liaison_id: int, now: datetime) -> Sequence[int]:
    """Propose what an incoming statement's mentions change of the roadmap; gives the new proposals.

    What was proposed of the same statement, or is still open of another one, is not proposed again.
    """
    liaison = await session.get(Liaison, liaison_id)
    if liaison is None or liaison.direction != Direction.INCOMING:
        return ()
    query = select(LiaisonMention).where(LiaisonMention.liaison_id == liaison_id).order_by(LiaisonMention.id)
    sayings = gathered((await session.scalars(query)).all(), now.date().isoformat())
    known = set(await session.scalars(select(_P.reference).where(_P.liaison_id == liaison_id)))
    rows = [row for one in sayings if one.reference not in known and (row := await _proposed(session, liaison, one))]
    await add_missing(session, LiaisonProposal, rows, ["liaison_id", "reference"])
    made = select(_P.id).where(_P.liaison_id == liaison_id, _P.reference.not_in(known)).order_by(_P.id)
    return list(await session.scalars(made))


async def _proposed(session: AsyncSession, liaison: Liaison, saying: Saying) -> Mapping[str, object] | None:
    """The row of what a saying proposes, or None.

    An item that the roadmap has with the same title got another reference since: this one was its name before.
    """
    written = saying.reference
    meant = await item_meant(session, saying)
    item = meant.item
    if meant.is_new and (item := await item_titled(session, saying.title)):
        saying = replace(saying, reference=item.reference, former=saying.reference)
    if item:
        wanted = changes(await standing_of(session, item), saying)
    else:
        wanted = await _addition(session, liaison, saying) if meant.is_new else {}
    if not wanted or await _waits_already(session, item, saying, wanted):
        return None
    return {
        "liaison_id": liaison.id,
        "reference": written,
        "item_id": item.id if item else None,
        "changes": wanted,
        "quote": saying.quote,
        "state": ProposalState.OPEN,
        "reason": "",
    }


async def _waits_already(session: AsyncSession, item: Item | None, saying: Saying, wanted: Changes) -> bool:
    """Whether an open proposal of another statement would bring all of this about."""
    of_it = _P.item_id == item.id if item else _P.item_id.is_(None)
    query = select(_P.reference, _P.changes).where(_P.state == ProposalState.OPEN, of_it)
    for row in await session.execute(query):
        is_same = item is not None or core_of(row.reference) == saying.parsed.core
        brings = {name: pair[1] for name, pair in row.changes.items()}
        if is_same and all(brings.get(name) == pair[1] for name, pair in _weighty(wanted, item).items()):
            return True
    return False


def _weighty(wanted: Changes, item: Item | None) -> Changes:
    """What makes a proposal another one: of an item that is added, how far it has come."""
    return wanted if item else {name: pair for name, pair in wanted.items() if name in ("status", "date", "former")}


async def _addition(session: AsyncSession, liaison: Liaison, saying: Saying) -> Changes:
    query = select(Body.id, Body.code, Group.code).join(Group, Group.body_id == Body.id)
    source = (await session.execute(query.where(Group.id == liaison.source_id))).one_or_none()
    body_id, body, group = source or (None, "", "")
    only = liaison.questions if ";" not in liaison.questions else ""
    return addition(
        saying,
        body=body,
        group=group,
        question=only.strip(),
        kind=await _likely_type(session, body_id, saying.reference) if source else "",
        comes_into_force=await comes_into_force(session, body),
    )


async def _likely_type(session: AsyncSession, body_id: int | None, reference: str) -> str:
    """What most items of the body are whose references begin with the same letters, else what most are."""
    letters = reference[: next((place for place, one in enumerate(reference) if not one.isalpha()), len(reference))]
    query = select(RoadmapItem.type).where(RoadmapItem.body_id == body_id).group_by(RoadmapItem.type)
    query = query.order_by(func.count().desc(), RoadmapItem.type).limit(1)
    alike = await session.scalar(query.where(RoadmapItem.reference.startswith(letters, autoescape=True)))
    return alike or await session.scalar(query) or ""


async def _read(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> Sequence[Proposal]:
    return [Proposal(*row) for row in await session.execute(query)]
