"""Former names of roadmap items, found in titles, liaison statements ("Y.1 (ex Y.draft)") and accepted proposals."""

from __future__ import annotations

from sqlalchemy import delete, insert, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.references import core_of, former_names
from storage.tables import FormerName, Liaison, LiaisonProposal, RoadmapItem
from storage.words import ProposalState

_WORDS = ("ex", "formerly", "previously")
"""What a former name in parentheses begins with; `former_names` looks closer."""

_MOST = 500


async def refresh(connection: AsyncConnection) -> bool:
    """Bring the former names in step with the texts; whether that changed any."""
    wanted = await _wanted(connection)
    known = {
        (item_id, core): name
        for item_id, core, name in await connection.execute(
            select(FormerName.item_id, FormerName.core, FormerName.name)
        )
    }
    if wanted == known:
        return False
    stale = [key for key, name in known.items() if wanted.get(key) != name]
    fresh = [
        {"item_id": item_id, "core": core, "name": name}
        for (item_id, core), name in wanted.items()
        if known.get((item_id, core)) != name
    ]
    for start in range(0, len(stale), _MOST):
        chosen = tuple_(FormerName.item_id, FormerName.core).in_(stale[start : start + _MOST])
        await connection.execute(delete(FormerName).where(chosen))
    if fresh:
        await connection.execute(insert(FormerName), fresh)
    return True


async def _wanted(connection: AsyncConnection) -> dict[tuple[int, str], str]:
    texts = union_all(
        *(
            select(column.label("text")).where(or_(*(column.like(f"%({word}%") for word in _WORDS)))
            for column in (RoadmapItem.reference, RoadmapItem.title, Liaison.title, Liaison.summary)
        )
    )
    pairs = dict.fromkeys(pair for text in (await connection.execute(texts)).scalars() for pair in former_names(text))
    wanted = await _accepted(connection)
    for reference, name in pairs:
        core = core_of(name)
        if core:
            for item_id in await _items(connection, reference):
                wanted.setdefault((item_id, core), name)
    return wanted


async def _accepted(connection: AsyncConnection) -> dict[tuple[int, str], str]:
    """The names that somebody accepted from a liaison statement."""
    query = select(LiaisonProposal.item_id, LiaisonProposal.changes).where(
        LiaisonProposal.state == ProposalState.ACCEPTED, LiaisonProposal.item_id.is_not(None)
    )
    rows = [row for row in await connection.execute(query.order_by(LiaisonProposal.id)) if "former" in row.changes]
    names = [(row.item_id, row.changes["former"][1]) for row in rows]
    return {(item_id, core_of(name)): name for item_id, name in names if core_of(name)}


async def _items(connection: AsyncConnection, reference: str) -> list[int]:
    """The items of that reference; without one, all editions of that standard."""
    query = select(RoadmapItem.id).order_by(RoadmapItem.id)
    exact = list((await connection.execute(query.where(RoadmapItem.reference == reference))).scalars())
    if exact:
        return exact
    return list((await connection.execute(query.where(RoadmapItem.core == core_of(reference)))).scalars())
