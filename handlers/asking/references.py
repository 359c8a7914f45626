"""Which items a mentioned reference means: the current edition, or the one that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.query import Asked
from storage import roadmap
from storage.references import Edition, Mention, Reference, parse_reference
from storage.roadmap import Item
from storage.words import ONGOING, RETIRED, SUPPLEMENTARY_TYPES

_ISO_PREFIXES = ("ISO", "TR", "TS", "DIS", "FDIS", "CD", "NP")


async def resolve(session: AsyncSession, mentions: Sequence[Mention]) -> list[Asked]:
    """What each mention means on the roadmap, in the same order."""
    found = await roadmap.by_cores(session, {mention.reference.core for mention in mentions})
    resolved = []
    for mention in mentions:
        candidates = found.get(mention.reference.core, [])
        if not candidates and mention.sure:
            candidates = await roadmap.family(session, mention.reference)
        resolved.append(choose(mention, candidates))
    return resolved


def choose(mention: Mention, candidates: Iterable[Item]) -> Asked:
    """The items that a mention means, and the other editions of the same standard."""
    wanted = mention.reference
    parsed = [(parse_reference(item.reference), item) for item in candidates]
    parsed = _of_series(wanted, parsed)
    whole = [(reference, item) for reference, item in parsed if _part_fits(wanted, reference, item)]
    fitting = [(reference, item) for reference, item in whole if _edition_fits(wanted.edition, reference.edition, item)]
    ranked = sorted(fitting, key=lambda pair: _rank(wanted, *pair))
    if not ranked:
        return Asked(
            mention.text,
            (),
            tuple(item for _reference, item in sorted(whole, key=lambda pair: (pair[1].date, pair[1].id))),
        )
    chosen = _one_each(ranked)
    others = [item for _reference, item in whole if item not in chosen]
    return Asked(mention.text, tuple(chosen), tuple(sorted(others, key=lambda item: (item.date, item.id))))


def _one_each(ranked: Sequence[tuple[Reference, Item]]) -> list[Item]:
    """The best item of each core: a family of parts gives one item a part, editions of one standard give one."""
    best: dict[str, Item] = {}
    for reference, item in ranked:
        best.setdefault(reference.core, item)
    return list(best.values())


def _of_series(wanted: Reference, parsed: list[tuple[Reference, Item]]) -> list[tuple[Reference, Item]]:
    """Only those with the written prefix (GS, not GR), where any has it."""
    if not wanted.prefix:
        return parsed
    same = [pair for pair in parsed if _prefix_fits(wanted.prefix, pair[0].prefix)]
    return same or parsed


def _prefix_fits(wanted: str, found: str) -> bool:
    return wanted == found or (wanted == "ISO" and found in _ISO_PREFIXES)


def _part_fits(wanted: Reference, found: Reference, item: Item) -> bool:
    if wanted.part:
        return found.part == wanted.part
    return not found.part or (found.part.startswith("SUP") and item.type not in SUPPLEMENTARY_TYPES)


def _edition_fits(wanted: Edition, found: Edition, item: Item) -> bool:
    if not wanted:
        return True
    if wanted.year:
        year, month = item.date[:4], item.date[5:7]
        same_year = wanted.year in (year, found.year)
        if not same_year or (wanted.month and month and wanted.month != month):
            return False
    if wanted.version:
        version = item.version.upper().lstrip("V") or found.version
        if version != wanted.version and not version.startswith(wanted.version + "."):
            return False
    return not wanted.ordinal or wanted.ordinal in (found.ordinal, item.version, _digits(item.version))


def _digits(version: str) -> str:
    return "".join(character for character in version.split(".")[0] if character.isdigit())


def _rank(wanted: Reference, reference: Reference, item: Item) -> tuple[object, ...]:
    standing = 2 if item.status in RETIRED else 1 if item.status in ONGOING else 0
    newest = tuple(-int(part) for part in item.date.split("-") if part)
    return (standing, reference.core, newest or (0,), item.id)
