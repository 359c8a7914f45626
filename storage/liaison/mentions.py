"""Mentions: what liaison statements say of roadmap items, which are found by their references."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.references import core_of, parse_reference
from storage.tables import FormerName, LiaisonMention, RoadmapItem


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a statement says of a standard or work item; see `LiaisonMention`."""

    reference: str
    said: str
    former: str = ""
    date: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    id: int
    reference: str
    date: str


async def write(session: AsyncSession, liaison_id: int, mentions: Sequence[Mentioned]) -> None:
    """Keep what a statement says of the roadmap, instead of what was kept."""
    await session.execute(delete(LiaisonMention).where(LiaisonMention.liaison_id == liaison_id))
    once = {(one.reference, one.said): one for one in mentions}.values()
    items = await _items(session, {name for one in once for name in (one.reference, one.former) if name})
    rows = [
        {
            "liaison_id": liaison_id,
            "reference": one.reference,
            "item_id": items.get(one.reference) or items.get(one.former),
            "said": one.said,
            "former": one.former,
            "date": one.date,
            "quote": one.quote,
        }
        for one in once
    ]
    if rows:
        await session.execute(insert(LiaisonMention), rows)


async def _items(session: AsyncSession, references: Collection[str]) -> dict[str, int]:
    """The roadmap item that each reference means: exactly that one, else its newest edition."""
    cores = {reference: core_of(reference) for reference in references}
    wanted = {core for core in cores.values() if core}
    own = select(RoadmapItem.core, RoadmapItem.id, RoadmapItem.reference, RoadmapItem.date)
    former = select(FormerName.core, RoadmapItem.id, RoadmapItem.reference, RoadmapItem.date)
    former = former.join(RoadmapItem, RoadmapItem.id == FormerName.item_id)
    query = union_all(own.where(RoadmapItem.core.in_(wanted)), former.where(FormerName.core.in_(wanted)))
    of_core: dict[str, list[_Item]] = {}
    for core, id, reference, date in await session.execute(query):
        of_core.setdefault(core, []).append(_Item(id, reference, date))
    chosen = {reference: _chosen(reference, of_core.get(core, [])) for reference, core in cores.items()}
    return {reference: id for reference, id in chosen.items() if id is not None}


def _chosen(reference: str, items: Sequence[_Item]) -> int | None:
    exact = [one.id for one in items if one.reference.casefold() == reference.casefold()]
    if exact:
        return exact[0]
    part = parse_reference(reference).part
    same = [one for one in items if parse_reference(one.reference).part == part]
    return max(same, key=lambda one: (one.date, one.id)).id if same else None
