"""From a sorted question to a query: its intent and its facets put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.facets import limit_of, series_of, sources_of, statuses_of, types_of
from handlers.asking.intents import content_words, listing_intent, special_intent
from handlers.asking.lexicon import Lexicon
from handlers.asking.listing import Listing
from handlers.asking.mentioned import mentioned
from handlers.asking.query import Asked, Intent, Query, Relating
from handlers.asking.reading import Reading
from handlers.asking.relating import relating
from handlers.asking.subjects import Subjects, topics_in
from storage import roadmap

FEW = 3
"""So many items at the most count as the one document that a question means."""


@dataclass(frozen=True)
class Interpreter:
    """Interprets the reading of one question."""

    session: AsyncSession
    lexicon: Lexicon

    async def interpret(self, reading: Reading) -> Query:
        """The query that a reading stands for. The database is asked which references and words it knows."""
        asked = await mentioned(self.session, self.lexicon, reading)
        intent = special_intent(self.lexicon, reading, asked)
        if intent is not None:
            listing = sources_of(self.lexicon, reading)
            return Query(intent, listing, asked=tuple(asked), counted=reading.has("count"))
        related = relating(self.lexicon, reading, asked)
        if asked and (related or not reading.has("count") or reading.mentions):
            return _about_items(reading, asked, related)
        return await self._about_subjects(reading)

    async def _about_subjects(self, reading: Reading) -> Query:
        """Lists, counts, the latest, who covers it, what is new: all from the same facets."""
        intent = listing_intent(reading)
        limit = limit_of(reading) if intent is Intent.LATEST else None
        subjects = Subjects(self.session, self.lexicon, reading)
        await subjects.find(content_words(self.lexicon, reading, intent), in_scopes=intent is Intent.WHO)
        unknown = subjects.unknown
        types, statuses = types_of(self.lexicon, reading), statuses_of(reading, intent)
        listing = sources_of(self.lexicon, reading).model_copy(
            update={
                "type": types,
                "status": statuses,
                "about": subjects.about,
                "without": subjects.without,
                "series": series_of(reading.series, types),
                "verified": False if reading.has("unverified") else True if reading.has("verified") else None,
                "order": "oldest"
                if intent is Intent.LATEST and reading.has("first") and not reading.has("latest")
                else "newest",
            }
        )
        empty = listing.model_copy(update={"order": "newest"}).is_empty
        if empty and (unknown or not (self._names_items(reading) or intent in (Intent.NEWS, Intent.LATEST))):
            intent = Intent.UNKNOWN
        if intent is Intent.LIST and (specific := await self._specific(reading, listing)):
            return Query(intent, specific)
        return Query(
            intent,
            listing,
            milder=tuple(listing.model_copy(update={"about": about}) for about in subjects.milder()),
            limit=limit,
            counted=reading.has("count"),
            words=unknown,
            ignored=subjects.ignored,
        )

    def _names_items(self, reading: Reading) -> bool:
        """Whether items are asked for by a noun that says so: "standards" does, "something" does not."""
        vague = self.lexicon.english.lists["vague"]
        return any(reading.tokens[noun.start].lower not in vague for noun in reading.nouns)

    async def _specific(self, reading: Reading, listing: Listing) -> Listing | None:
        """“Which standard handles the marking of cables?”: one document is meant; its title has all of it."""
        singular = self.lexicon.english.lists["singular"].intersection(token.lower for token in reading.tokens)
        if not singular or reading.statuses or reading.series:
            return None
        about = tuple((phrase,) for phrase in self._content(reading))
        if len(about) < 2:
            return None
        wanted = listing.model_copy(update={"about": about})
        found = await roadmap.find(self.session, wanted.selection(self.lexicon), FEW + 1)
        return wanted if 1 <= found.total <= FEW else None

    def _content(self, reading: Reading) -> list[str]:
        """Every word of the question that a title could have; phrases that have synonyms stay together."""
        language = self.lexicon.english
        spots = {spot.start: spot.end for spot in reading.spots if topics_in(spot) or spot.word}
        skipped = {index for spot in reading.spots if spot.start not in spots for index in range(spot.start, spot.end)}
        phrases = []
        index = 0
        while index < len(reading.tokens):
            end = spots.get(index, index + 1)
            words = [token.lower for token in reading.tokens[index:end]]
            small = len(words) == 1 and (
                words[0] in language.fillers
                or words[0] in language.lists["singular"]
                or (words[0],) in language.connectors
            )
            if index not in skipped and not small:
                phrases.append(" ".join(words))
            index = end
        return phrases


def _about_items(reading: Reading, asked: Sequence[Asked], relating: Relating | None) -> Query:
    intent = Intent.COUNT if reading.has("count") and relating else Intent.LIST if relating else Intent.SHOW
    return Query(intent, asked=tuple(asked), relating=relating, counted=reading.has("count"))
