"""Answers about roadmap items: lists, counts, the latest, one item, and how items relate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.asking.answer import Answer, entries_of
from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.query import Asked, Intent, Query, Relating
from handlers.asking.wording import chips_of, list_command, understood_of
from handlers.command import Button, Request
from storage import roadmap
from storage.liaison.sources import sources
from storage.references import parse_reference
from storage.roadmap import Found, Item, Related
from storage.words import SUPPLEMENTARY_TYPES, RelationKind

PAGE = 8
"""Items of one message: they fit a phone."""

LATEST = 5
"""Items of "the latest" where no number was asked for."""

_KINDS: dict[Relating, tuple[RelationKind, ...]] = {
    "replaced_by": (RelationKind.REPLACED_BY,),
    "replaces": (RelationKind.REPLACES,),
    "related": (RelationKind.RELATED, RelationKind.IDENTICAL),
    "identical": (RelationKind.IDENTICAL,),
    "amended": (RelationKind.AMENDS,),
    "corrected": (RelationKind.CORRECTS,),
    "changed": (RelationKind.AMENDS, RelationKind.CORRECTS, RelationKind.REVISES),
    "revises": (RelationKind.REVISES,),
}
_FROM_BELOW: frozenset[Relating] = frozenset({"amended", "corrected", "changed", "revises"})


@dataclass(frozen=True, slots=True)
class Shown:
    """An item in a list, with what amends and corrects it."""

    item: Item
    changes: tuple[Item, ...] = ()

    @property
    def source(self) -> str:
        return f"{self.item.body} {self.item.group}".strip() if self.item.group != self.item.body else self.item.body


async def answer_list(request: Request, query: Query, *, page: int = 1, everything: bool = False) -> Answer:
    """A list, a count, the latest or the news: items of the query's listing, one page or all."""
    lexicon = lexicon_of(request.catalogue)
    size = query.limit or (LATEST if query.intent is Intent.LATEST else PAGE)
    if query.words:
        return _nothing_about(query, lexicon)
    query, found = await _found(request, query, lexicon, None if everything else size, (page - 1) * size)
    total = min(found.total, size) if query.intent is Intent.LATEST else found.total
    shown = await _with_changes(request, found.items[:size])
    if query.intent is Intent.LATEST:
        found = Found(found.items[:size], total)
    buttons = list(_next_page(query, page, size, total)) + list(_next_steps(query, found.items, total))
    return Answer(
        intent=query.intent,
        template="asking/count" if query.intent is Intent.COUNT else "asking/list",
        data={
            "shown": shown,
            "first": (page - 1) * size + 1,
            "latest": query.intent is Intent.LATEST,
            "oldest": query.listing.order == "oldest",
            "news": query.intent is Intent.NEWS,
            "corrected": query.corrected,
            "ignored": query.ignored,
            "words": (),
        },
        entries=entries_of(found.items),
        count=total,
        understood=understood_of(query.listing, lexicon),
        chips=chips_of(query.listing, lexicon),
        buttons=tuple(buttons),
        listing=query.listing,
        # A number shows no item, and the latest are fewer than a page: "more" begins with the first page.
        pages=page if query.intent in (Intent.LIST, Intent.NEWS) else 0,
    )


async def _found(
    request: Request, query: Query, lexicon: Lexicon, limit: int | None, offset: int
) -> tuple[Query, Found]:
    """What fits the listing, or else the first milder one that anything fits; and the query with that listing."""
    found = Found((), 0)
    for listing in (query.listing, *query.milder):
        found = await roadmap.find(request.session, listing.selection(lexicon), limit, offset)
        if found.total:
            return replace(query, listing=listing, milder=()), found
    return query, found


async def answer_show(request: Request, asked: Sequence[Asked]) -> Answer:
    """One item in full, several in short; a reference that the roadmap lacks is said to be missing."""
    items = [item for one in asked for item in one.items]
    if not items:
        return await _missing(request, asked[0])
    related = await roadmap.relations(request.session, [item.id for item in items])
    changes = await roadmap.changes(request.session, [item.id for item in items])
    topics = [request.catalogue.topics[one] for one in await roadmap.topics_of(request.session, items[0].id)]
    missing = [one.written for one in asked if not one.items]
    return Answer(
        intent=Intent.SHOW,
        template="asking/item" if len(items) == 1 else "asking/items",
        data={
            "item": items[0],
            "items": items,
            "topics": topics,
            "related": related[items[0].id],
            "changes": changes.get(items[0].id, []),
            "editions": asked[0].other_editions if len(items) == 1 else (),
            "missing": missing,
            "sources": await sources(request.session, items[0]) if len(items) == 1 else (),
        },
        entries=entries_of(items),
        count=len(items),
        understood={"reference": [one.written for one in asked]},
        chips=tuple(item.reference for item in items),
        buttons=tuple(_steps_from(items[0], related[items[0].id], changes.get(items[0].id, [])))
        if len(items) == 1
        else (),
    )


async def answer_relating(request: Request, query: Query) -> Answer:
    """What replaced, amends, is related to ... an item."""
    asked = next((one for one in query.asked if one.items or one.other_editions), query.asked[0])
    if not asked.items:
        return await _missing(request, asked)
    relating = query.relating or "related"
    base = asked.items[0]
    found = await _related_items(request, relating, asked)
    return Answer(
        intent=query.intent,
        template="asking/related",
        data={"base": base, "relating": relating, "found": found, "is_current": not base.is_retired},
        entries=entries_of(found),
        count=len(found),
        understood={"reference": [base.reference], "relation": relating.replace("_", " ")},
        chips=(base.reference, relating.replace("_", " ")),
        buttons=(Button(f"Show {base.reference}", f"roadmap show {base.reference}"),),
    )


async def _related_items(request: Request, relating: Relating, asked: Asked) -> list[Item]:
    """The items at the other end; for editions also those that only share the reference."""
    wanted = _KINDS[relating]
    base = asked.items[0]
    if relating in _FROM_BELOW and base.type in SUPPLEMENTARY_TYPES:
        related = await roadmap.relations(request.session, [base.id])
        return [one.item for one in related[base.id] if one.kind in (RelationKind.AMENDS, RelationKind.CORRECTS)]
    if relating in _FROM_BELOW:
        changes = await roadmap.changes(request.session, [one.id for one in (*asked.items, *asked.other_editions)])
        own = [one.item for one in changes.get(base.id, []) if one.kind in wanted]
        other = [one.item for key, all_ in changes.items() if key != base.id for one in all_ if one.kind in wanted]
        found = own or other
        if relating == "revises" and not found:
            related = await roadmap.relations(request.session, [base.id])
            return [
                one.item for one in related[base.id] if one.kind in (RelationKind.REVISES, RelationKind.REPLACED_BY)
            ]
        return found
    related = await roadmap.relations(request.session, [base.id])
    direct = [one.item for one in related[base.id] if one.kind in wanted]
    if relating == "replaced_by" and not direct:
        # It was not replaced: it is the current edition itself, perhaps with the one that it replaced.
        older = [one.item for one in related[base.id] if one.kind is RelationKind.REPLACES]
        revising = (await roadmap.changes(request.session, [base.id])).get(base.id, [])
        coming = [one.item for one in revising if one.kind is RelationKind.REVISES]
        return [base, *coming, *older]
    if relating == "replaces" and not direct:
        return [item for item in asked.other_editions if item.is_retired and item.date <= base.date]
    return direct


async def _with_changes(request: Request, items: Sequence[Item]) -> list[Shown]:
    changed = [item.id for item in items if item.id in request.catalogue.changed_items]
    changes = await roadmap.changes(request.session, changed) if changed else {}
    kinds = (RelationKind.AMENDS, RelationKind.CORRECTS)
    return [
        Shown(
            item, tuple(one.item for one in changes.get(item.id, []) if one.kind in kinds and not one.item.is_retired)
        )
        for item in items
    ]


async def _missing(request: Request, asked: Asked) -> Answer:
    """A well-formed reference that the roadmap lacks: said plainly, with the nearest as a suggestion."""
    near = asked.other_editions or await roadmap.near(request.session, parse_reference(asked.written))
    return Answer(
        intent=Intent.SHOW,
        template="asking/missing",
        data={"written": asked.written, "near": near, "other_editions": bool(asked.other_editions)},
        understood={"reference": [asked.written]},
        chips=(asked.written,),
        buttons=tuple(Button(item.reference, f"roadmap show {item.reference}") for item in near[:3]),
    )


def _nothing_about(query: Query, lexicon: Lexicon) -> Answer:
    """Words that no title has: nothing can be both about them and on the roadmap."""
    listing = query.listing
    buttons = () if listing.is_empty else (Button("Without these words", list_command(listing)),)
    return Answer(
        intent=query.intent,
        template="asking/list",
        data={
            "shown": [],
            "first": 1,
            "latest": False,
            "oldest": False,
            "news": False,
            "corrected": query.corrected,
            "words": query.words,
            "ignored": (),
        },
        understood={**understood_of(listing, lexicon), "words": list(query.words)},
        chips=(*chips_of(listing, lexicon), *query.words),
        buttons=buttons,
        listing=listing,
    )


def _next_page(query: Query, page: int, size: int, total: int) -> Sequence[Button]:
    left = total - page * size
    if left <= 0 or query.intent is Intent.LATEST:
        return ()
    label = f"Show them ({total})" if query.intent is Intent.COUNT else _more(left, size)
    following = 1 if query.intent is Intent.COUNT else page + 1
    return (Button(label, list_command(query.listing, following)),)


def _more(left: int, size: int) -> str:
    return f"Next {size} of {left} more" if left > size else f"{left} more"


def _next_steps(query: Query, items: Sequence[Item], total: int) -> Sequence[Button]:
    if query.intent is Intent.COUNT and 0 < total <= PAGE:
        return (Button(f"Show them ({total})", list_command(query.listing)),)
    if total == 0 and query.listing.status:
        wider = query.listing.model_copy(update={"status": ("any",)})
        return (Button("Whatever their status", list_command(wider)),)
    if len(items) == 1:
        return (Button(f"More on {items[0].reference}", f"roadmap show {items[0].reference}"),)
    if items and not query.listing.status and query.intent is Intent.LIST:
        return (Button("Only published", list_command(query.listing.model_copy(update={"status": ("published",)}))),)
    return ()


def _steps_from(item: Item, related: Sequence[Related], changes: Sequence[Related]) -> Sequence[Button]:
    steps = [one.item.reference for one in related if one.kind in (RelationKind.REPLACED_BY, RelationKind.REPLACES)]
    steps += [one.item.reference for one in changes]
    steps += [one.item.reference for one in related if one.kind in (RelationKind.RELATED, RelationKind.IDENTICAL)]
    return [Button(reference, f"roadmap show {reference}") for reference in dict.fromkeys(steps)][:4]
