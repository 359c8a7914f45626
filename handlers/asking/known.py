"""Which words and phrases the titles of the roadmap have, remembered as long as the catalogue stays the same."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.lexicon import Lexicon
from storage import roadmap, search
from storage.roadmap import Clause, Selection
from storage.search import Phrase

MOST_REMEMBERED = 50_000


async def known_stems(session: AsyncSession, lexicon: Lexicon, stems: Iterable[str]) -> set[str]:
    """Those of the stems that some title has."""
    memory = lexicon.remembered
    asked = set(stems)
    unheard = [stem for stem in asked if (stem,) not in memory]
    if unheard:
        found = await search.known(session, unheard)
        if len(memory) > MOST_REMEMBERED:
            memory.clear()
        memory.update({(stem,): stem in found for stem in unheard})
        return found | {stem for stem in asked if memory.get((stem,))}
    return {stem for stem in asked if memory[(stem,)]}


async def is_in_titles(session: AsyncSession, lexicon: Lexicon, phrase: Phrase) -> bool:
    """Whether some title has these stems in this order."""
    if phrase not in lexicon.remembered:
        found = await roadmap.count(session, Selection(clauses=(Clause(phrases=frozenset([phrase])),)))
        lexicon.remembered[phrase] = found > 0
    return lexicon.remembered[phrase]
