"""Sources: which liaison statements what the roadmap says of an item comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.roadmap import Item
from storage.tables import Liaison, LiaisonProposal
from storage.words import ProposalState

_ACCEPTED = (
    select(LiaisonProposal.item_id, LiaisonProposal.changes, LiaisonProposal.quote, Liaison.number)
    .join(Liaison, Liaison.id == LiaisonProposal.liaison_id)
    .where(LiaisonProposal.state == ProposalState.ACCEPTED)
    .order_by(LiaisonProposal.decided_at.desc(), LiaisonProposal.id.desc())
)
_SHOWN = ("reference", "title", "status", "date", "former")


@dataclass(frozen=True, slots=True)
class Source:
    """A liaison statement with the fields that it is the source of, as they are now."""

    statement: str
    fields: Sequence[str]
    former: str = ""

    @property
    def words(self) -> str:
        """Its fields in a sentence: `status, date and earlier name`."""
        *first, last = ["earlier name" if name == "former" else name for name in self.fields]
        return f"{', '.join(first)} and {last}" if first else last


async def sources(session: AsyncSession, item: Item) -> Sequence[Source]:
    """Which statements an item's fields come from, the latest first; what was changed since comes from none."""
    found: list[Source] = []
    told: set[str] = set()
    for row in await session.execute(_ACCEPTED.where(LiaisonProposal.item_id == item.id)):
        new = [name for name in _SHOWN if name in row.changes and name not in told]
        told.update(new)
        values = {name: row.changes[name][1] for name in new}
        fields = [name for name in new if name == "former" or values[name] == str(getattr(item, name)) != ""]
        if fields:
            former = row.changes["former"][1] if "former" in fields else ""
            found.append(Source(row.number, fields, former))
    return found


async def overruled(
    connection: AsyncConnection, changed: Mapping[int, tuple[str, Mapping[str, str], Collection[str]]]
) -> Sequence[str]:
    """What a person should look at where an import changes what a statement was the source of.

    `changed` are by item its key, its cells before and the fields that change.
    """
    if not changed:
        return ()
    query = _ACCEPTED.where(LiaisonProposal.item_id.in_(list(changed)))
    notes: dict[tuple[int, str], str] = {}
    for row in await connection.execute(query):
        key, before, fields = changed[row.item_id]
        for name in fields:
            if name in row.changes and row.changes[name][1] == before[name]:
                notes.setdefault((row.item_id, name), f"{key}: the {name} {before[name]} came from {row.number}")
    return list(notes.values())
