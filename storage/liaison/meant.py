"""Which roadmap item a liaison statement means, under its reference or an earlier name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import roadmap
from storage.liaison.sayings import Saying, Standing
from storage.references import Edition, Reference, core_of, parse_reference
from storage.roadmap import Item
from storage.search import stems
from storage.tables import Body, FormerName, RoadmapItem
from storage.words import ONGOING, RETIRED, ItemStatus


@dataclass(frozen=True, slots=True)
class Meant:
    """The item, if the roadmap has it. `is_new`: neither it nor another edition that is newer is there."""

    item: Item | None
    is_new: bool = False


async def item_meant(session: AsyncSession, saying: Saying) -> Meant:
    """The item by its reference, else by the name that it had before."""
    for written in (saying.reference, saying.former):
        core = core_of(written)
        found = (await roadmap.by_cores(session, [core])).get(core, []) if core else []
        same = [item for item in found if _is_same(parse_reference(written), item)]
        fitting = [item for item in same if _fits(parse_reference(written).edition, item)]
        if fitting:
            return Meant(min(fitting, key=lambda item: _order(item, written)))
        if same:
            year = parse_reference(written).edition.year
            return Meant(None, is_new=bool(year) and all(item.date[:4] < year for item in same))
    linked = await roadmap.by_ids(session, [saying.item_id]) if saying.item_id else ()
    return Meant(linked[0]) if linked else Meant(None, is_new=True)


async def item_titled(session: AsyncSession, title: str) -> Item | None:
    """The one item with just these words as its title."""
    if not title:
        return None
    query = select(RoadmapItem.id).where(RoadmapItem.stems == " ".join(stems(title)))
    query = query.where(RoadmapItem.status.not_in(RETIRED)).limit(2)
    found = list(await session.scalars(query))
    return (await roadmap.by_ids(session, found))[0] if len(found) == 1 else None


async def standing_of(session: AsyncSession, item: Item) -> Standing:
    names = await session.scalars(select(FormerName.core).where(FormerName.item_id == item.id))
    force = await comes_into_force(session, item.body)
    return Standing(item.reference, item.status, item.date, tuple(names), force)


async def comes_into_force(session: AsyncSession, body: str) -> bool:
    """Whether that body's standards are `in-force`, where others' are `published`."""
    query = select(RoadmapItem.id).join(Body, Body.id == RoadmapItem.body_id)
    query = query.where(Body.code == body, RoadmapItem.status == ItemStatus.IN_FORCE).limit(1)
    return await session.scalar(query) is not None


def _is_same(wanted: Reference, item: Item) -> bool:
    """Whether it is that document in some edition: not an amendment of it, nor one of another series."""
    found = parse_reference(item.reference)
    if wanted.core != found.core:
        return True  # it is known by this name from before
    is_of_series = wanted.prefix == found.prefix or not (wanted.prefix and found.prefix)
    return found.part == wanted.part and (is_of_series or "ISO" in (wanted.prefix, found.prefix))


def _fits(wanted: Edition, item: Item) -> bool:
    own = parse_reference(item.reference).edition
    if not wanted or (item.status in ONGOING and not own):
        return True
    version = item.version.upper().lstrip("V") or own.version
    major = wanted.version.partition(".")[0]
    return (
        (bool(wanted.year) and wanted.year in (own.year, item.date[:4]))
        or (bool(wanted.version) and (version.startswith(wanted.version) or major == own.ordinal))
        or (bool(wanted.ordinal) and wanted.ordinal in (own.ordinal, version.partition(".")[0]))
    )


def _order(item: Item, written: str) -> tuple[object, ...]:
    standing: Sequence[bool] = (item.is_retired, item.reference != written, item.status not in ONGOING)
    return (*standing, item.id)
