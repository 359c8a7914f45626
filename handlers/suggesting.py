"""Suggestions: roadmap items for what somebody is typing."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.asking.items import answer_show
from handlers.asking.lexicon import lexicon_of
from handlers.asking.query import Asked
from handlers.asking.references import resolve
from handlers.asking.tokens import LONGEST_QUERY, clean
from handlers.command import Reply, Request
from storage import roadmap, search
from storage.references import scan
from storage.roadmap import Clause, Item, Selection


@dataclass(frozen=True, slots=True)
class Suggested:
    """An item that is offered, and the reply that inserts it."""

    key: str
    title: str
    description: str
    reply: Reply


async def suggestions(request: Request, text: str, limit: int) -> list[Suggested]:
    """Items whose reference or title fits, best first; the newest when nothing is typed yet."""
    items = (await _fitting(request, clean(text[:LONGEST_QUERY]), limit))[:limit]
    return [
        Suggested(
            item.key, item.reference, item.title, (await answer_show(request, [Asked(item.reference, (item,))])).reply()
        )
        for item in items
    ]


async def _fitting(request: Request, text: str, limit: int) -> list[Item]:
    mentioned = [
        item for one in await resolve(request.session, scan(text)) for item in (*one.items, *one.other_editions)
    ]
    begun = list(await roadmap.beginning(request.session, text, limit)) if text else []
    stems = search.stems(text)
    worded: list[Item] = []
    if not mentioned and not begun and stems:
        lexicon = lexicon_of(request.catalogue)
        topics = lexicon.topics_of(text)
        clauses = (Clause(topics=topics),) if topics else tuple(Clause(phrases=frozenset([(stem,)])) for stem in stems)
        worded = list((await roadmap.find(request.session, Selection(clauses=clauses), limit)).items)
    if not text:
        worded = list(
            (await roadmap.find(request.session, Selection(statuses=frozenset(roadmap.CURRENT)), limit)).items
        )
    return list({item.id: item for item in (*mentioned, *begun, *worded)}.values())
