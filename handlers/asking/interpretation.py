"""From a sorted question to a query: which intent its words have, and which facets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.lexicon import Lexicon
from handlers.asking.listing import About, Listing
from handlers.asking.query import RELATING, Asked, Intent, Query, Relating
from handlers.asking.reading import Reading, Spot
from handlers.asking.references import resolve
from storage import roadmap, search
from storage.references import Mention

_LIAISON_NUMBER = re.compile(r"\b(?:[A-Za-z0-9]+-)*LS\s?-?\s?\d+\b", re.IGNORECASE)
_MEETING_DOCUMENT = re.compile(r"\b(?:TSAG[\s-]?)?TD\s?\d+\b|\bDoc\.?\s?\d+\b", re.IGNORECASE)
_DIGITS = re.compile(r"^\d+$")
_CLOSE_ENOUGH = 80
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}


@dataclass
class Interpreter:
    """Interprets the reading of one question."""

    session: AsyncSession
    lexicon: Lexicon
    host: str

    async def interpret(self, reading: Reading) -> Query:
        """The query that a reading stands for. The database is asked which references and words it knows."""
        asked = await self._resolve(reading)
        intent = self._special(reading, asked)
        if intent is not None:
            return Query(intent, self._sources(reading), asked=tuple(asked), counted=reading.has("count"))
        relating = self._relating(reading, asked)
        if asked and (relating or self._is_show(reading)):
            return self._about_items(reading, asked, relating)
        return await self._about_subjects(reading)

    async def _resolve(self, reading: Reading) -> list[Asked]:
        """The references of the question; those that are none after all become words again."""
        resolved = await resolve(self.session, reading.mentions)
        named = [
            Asked(name.value, await roadmap.by_ids(self.session, [name.id]))
            for spot in reading.spots
            for name in spot.names
            if name.kind == "item"
        ]
        kept: list[Mention] = []
        asked: list[Asked] = []
        for mention, one in zip(reading.mentions, resolved, strict=True):
            if one.items or one.other_editions or await self._is_missing(reading, mention):
                kept.append(mention)
                asked.append(one)
                self._cover(reading, mention)
            else:
                self._uncover(reading, mention)
        reading.mentions = kept
        return asked + named

    async def _is_missing(self, reading: Reading, mention: Mention) -> bool:
        """Whether a reference that the roadmap lacks was meant as one: not when titles have it as words."""
        if not mention.sure:
            return bool(re.match(r"^[A-Z]{1,5}\.\w+[-_]?\w", mention.text) or mention.text.startswith("draft-"))
        if len(reading.tokens) <= len(search.words(mention.text)) + 3:
            return True
        phrase = tuple(search.stems(mention.text))
        found = roadmap.Selection(clauses=(roadmap.Clause(phrases=frozenset([phrase])),))
        return await roadmap.count(self.session, found) == 0

    def _cover(self, reading: Reading, mention: Mention) -> None:
        inside = self._inside(reading, mention)
        reading.take(Spot(index, index + 1) for index in inside)
        reading.spots = [spot for spot in reading.spots if not inside.intersection(range(spot.start, spot.end))]
        reading.nouns = [spot for spot in reading.nouns if not inside.intersection(range(spot.start, spot.end))]
        reading.types = [pair for pair in reading.types if not inside.intersection(range(pair[1].start, pair[1].end))]

    def _uncover(self, reading: Reading, mention: Mention) -> None:
        named = {index for spot in reading.spots for index in range(spot.start, spot.end)}
        for index in self._inside(reading, mention) - named:
            reading.taken[index] = False

    def _inside(self, reading: Reading, mention: Mention) -> set[int]:
        return {
            index
            for index, token in enumerate(reading.tokens)
            if token.start < mention.end and token.end > mention.start
        }

    def _special(self, reading: Reading, asked: Sequence[Asked]) -> Intent | None:
        """The intents that are about something else than roadmap items."""
        topics = any(self._topics(spot) for spot in reading.spots)
        groups = any(spot.groups for spot in reading.spots)
        if not reading.tokens or (reading.has("help", "greeting") and self._is_only(reading, "help", "greeting")):
            return Intent.HELP
        if reading.has("liaison") or _LIAISON_NUMBER.search(reading.text):
            return Intent.LIAISONS
        if reading.has("overlaps"):
            return Intent.OVERLAPS
        if reading.has("represents"):
            return Intent.UNKNOWN
        if reading.has("meeting") or _MEETING_DOCUMENT.search(reading.text):
            return Intent.WHEN
        if self._is_definition(reading, asked):
            return Intent.COMPARE if reading.has("compare") else Intent.DEFINE
        if reading.has("compare") and len(asked) > 1:
            return Intent.COMPARE
        if reading.has("officer") and not topics and not asked:
            return Intent.WHO
        if any(name.kind == "officer" for spot in reading.spots for name in spot.names) and not asked:
            return Intent.WHO
        if self._is_about_groups(reading, topics=topics, groups=groups) and not asked:
            return Intent.WHO
        return None

    def _is_only(self, reading: Reading, *asks: str) -> bool:
        covered = {index for name in asks for spot in reading.asks.get(name, []) for index in range(spot.start, spot.end)}
        rest = [index for index in reading.free() if index not in covered]
        explained = all(reading.tokens[index].lower in self.lexicon.english.fillers for index in rest)
        return explained and not (reading.spots or reading.mentions or reading.types or reading.statuses)

    def _is_definition(self, reading: Reading, asked: Sequence[Asked]) -> bool:
        terms = [spot for spot, _terms in reading.terms]
        asks = reading.has("define")
        if asks and (terms or not (reading.nouns or reading.types or asked)):
            return not (reading.has("count") and reading.nouns)
        if reading.has("compare") and terms:
            return True
        return bool(terms) and self._is_what_is(reading, terms)

    def _is_what_is(self, reading: Reading, terms: list[Spot]) -> bool:
        """"What is a QKD link?": the question is nothing but the term."""
        if reading.nouns or reading.types or reading.statuses or reading.mentions or reading.span:
            return False
        if not reading.tokens or reading.tokens[0].lower not in ("what", "what's", "whats", "explain", "meaning", "define"):
            return False
        named = {index for spot in terms for index in range(spot.start, spot.end)}
        rest = [token.lower for index, token in enumerate(reading.tokens) if index not in named]
        return all(word in ("what", "what's", "whats", "is", "are", "a", "an", "the", "exactly", "please", "explain") for word in rest)

    def _is_about_groups(self, reading: Reading, *, topics: bool, groups: bool) -> bool:
        if reading.questions and not reading.nouns and reading.has("scope", "who", "parent"):
            return True
        if groups and not topics and not reading.nouns and not reading.types and not reading.statuses and not reading.span:
            if reading.has("scope", "parent", "questions", "who"):
                return True
            return self._is_bare_group(reading)
        listed = reading.has("members", "bodies") and not (topics or reading.nouns or reading.types or reading.statuses)
        return listed and not reading.has("covers") and not self._words(reading, Intent.WHO)

    def _is_bare_group(self, reading: Reading) -> bool:
        """"What is SG17?", "tell me about ISG QKD": nothing but the group."""
        return bool(reading.tokens) and reading.tokens[0].lower in ("what", "what's", "who", "tell", "describe", "explain") and not (
            self._words(reading, Intent.WHO) or reading.has("count", "latest", "first", "news", "covers")
        )

    def _relating(self, reading: Reading, asked: Sequence[Asked]) -> Relating | None:
        if not asked:
            return None
        for name in RELATING:
            if reading.has(name) and not self._inside_mention(reading, name):
                return self._direction(reading, name)
        return None

    def _inside_mention(self, reading: Reading, name: str) -> bool:
        """Whether the word is part of the reference ("Y.3802 Amd. 1") everywhere."""
        covered = {index for mention in reading.mentions for index in self._inside(reading, mention)}
        return all(covered.intersection(range(spot.start, spot.end)) for spot in reading.asks[name])

    def _direction(self, reading: Reading, name: Relating) -> Relating:
        """"What does X replace" looks back, "what replaces X" forward."""
        if name not in ("replaced_by", "replaces") or not reading.mentions:
            return name
        if reading.has("replaced_by") and not reading.has("replaces"):
            return "replaced_by"
        first = reading.mentions[0].start
        verbs = [spot for spot in reading.asks.get("replaces", []) if reading.tokens[spot.start].lower in _ACTIVE]
        before = [spot for spot in verbs if reading.tokens[spot.start].start < first]
        if verbs and before and not reading.has("replaced_by"):
            helped = any(token.lower in ("did", "does", "do", "to") for token in reading.tokens[: before[0].start])
            return "replaces" if helped else "replaced_by"
        longest = {
            key: max((spot.end - spot.start for spot in reading.asks.get(key, [])), default=0)
            for key in ("replaces", "replaced_by")
        }
        return "replaces" if longest["replaces"] > longest["replaced_by"] else name

    def _is_show(self, reading: Reading) -> bool:
        """Whether the references are the question, not words beside other facets."""
        return not (reading.has("count") and not reading.mentions)

    def _about_items(self, reading: Reading, asked: Sequence[Asked], relating: Relating | None) -> Query:
        intent = Intent.COUNT if reading.has("count") and relating else Intent.LIST if relating else Intent.SHOW
        return Query(intent, asked=tuple(asked), relating=relating, counted=reading.has("count"))

    def _sources(self, reading: Reading) -> Listing:
        """Bodies, groups, Questions and dates: what every intent may be restricted by."""
        bodies: dict[str, None] = {}
        groups: dict[str, None] = {}
        catalogue = self.lexicon.catalogue
        parents: set[int] = set()
        named = {
            name.id for spot in reading.spots if not spot.groups for name in spot.names if name.kind == "body"
        }
        for spot in reading.spots:
            mark = "!" if spot.negated else ""
            ids = [one for one in spot.groups if catalogue.groups[one].body_id in named] or list(spot.groups)
            if spot.groups and not (any(name.kind == "body" for name in spot.names)):
                for one in ids:
                    groups[mark + catalogue.groups[one].code] = None
                    if not spot.negated:
                        parents.add(catalogue.groups[one].body_id)
        for code in reading.questions:
            if code in catalogue.questions:
                group = catalogue.groups[catalogue.questions[code][1]]
                parents.add(group.body_id)
                groups.pop(group.code, None)
        for spot in reading.spots:
            mark = "!" if spot.negated else ""
            for name in spot.names:
                if name.kind == "body" and name.id not in parents:
                    bodies[mark + name.value] = None
        return Listing(
            body=tuple(bodies),
            group=tuple(groups),
            question=tuple(reading.questions),
            since=reading.span.since if reading.span else "",
            until=reading.span.until if reading.span else "",
        )

    async def _about_subjects(self, reading: Reading) -> Query:
        """Lists, counts, the latest, who covers it, what is new: all from the same facets."""
        intent = self._listing_intent(reading)
        about, without, unknown, corrected = await self._subjects(reading, intent)
        listing = self._sources(reading).model_copy(
            update={
                "type": self._types(reading),
                "status": self._statuses(reading, intent),
                "about": tuple(about),
                "without": tuple(without),
                "series": tuple(reading.series),
                "unverified": reading.has("unverified"),
                "order": "oldest" if intent is Intent.LATEST and reading.has("first") and not reading.has("latest") else "newest",
            }
        )
        empty = listing.is_empty or (listing.model_copy(update={"order": "newest"}) == Listing())
        if empty and (unknown or not (reading.nouns or intent in (Intent.NEWS, Intent.LATEST))):
            intent = Intent.UNKNOWN
        elif empty and unknown:
            intent = Intent.UNKNOWN
        if not unknown:
            listing = await self._loosened(reading, listing)
        return Query(
            intent,
            listing,
            limit=self._limit(reading) if intent is Intent.LATEST else None,
            counted=intent is Intent.COUNT,
            words=tuple(unknown),
            corrected=tuple(corrected),
        )

    def _listing_intent(self, reading: Reading) -> Intent:
        if reading.has("gaps"):
            return Intent.GAPS
        if reading.has("count"):
            return Intent.COUNT
        if reading.has("who") and not reading.nouns:
            return Intent.WHO
        if reading.has("latest", "first"):
            return Intent.LATEST
        if reading.has("news"):
            return Intent.NEWS
        return Intent.LIST

    def _limit(self, reading: Reading) -> int | None:
        """"The last five Recommendations": five."""
        for spot in (*reading.asks.get("latest", []), *reading.asks.get("first", [])):
            after = reading.tokens[spot.end].lower if spot.end < len(reading.tokens) else ""
            if _DIGITS.match(after) and int(after) <= 100:
                return int(after)
            if after in _NUMBERS:
                return _NUMBERS[after]
        return None

    def _types(self, reading: Reading) -> tuple[str, ...]:
        wanted: dict[str, None] = {}
        unwanted: set[str] = set()
        for value, spot in reading.types:
            kinds = [value]
            if value.startswith("*"):
                kinds = [kind for kind in self.lexicon.catalogue.types if value[1:] in kind.split()]
            if spot.negated:
                unwanted.update(kinds)
            else:
                wanted.update(dict.fromkeys(kinds))
        if unwanted and not wanted:
            wanted = dict.fromkeys(self.lexicon.catalogue.types)
        return tuple(kind for kind in wanted if kind not in unwanted)

    def _statuses(self, reading: Reading, intent: Intent) -> tuple[str, ...]:
        found = dict.fromkeys(status for status, spot in reading.statuses if not spot.negated)
        for status, spot in reading.statuses:
            if spot.negated:
                found.update(dict.fromkeys({"published": ("under-development",)}.get(status, ("published",))))
        if "superseded" in found and "published" in found and len(found) == 2 and "superseded" == list(found)[-1]:
            del found["published"]
        if not found and intent in (Intent.LATEST, Intent.NEWS):
            return ("published",)
        return ("any",) if "any" in found else tuple(found)

    def _topics(self, spot: Spot) -> list[str]:
        return [name.value for name in spot.names if name.kind == "topic"]

    def _words(self, reading: Reading, intent: Intent) -> list[int]:
        """Tokens that nothing explains and that are no small words."""
        language = self.lexicon.english
        asked = _ASKS_OF.get(intent, _COMMON_ASKS)
        covered = {index for name in asked for spot in reading.asks.get(name, []) for index in range(spot.start, spot.end)}
        return [
            index
            for index in reading.free()
            if index not in covered and reading.tokens[index].lower not in language.fillers
            and (reading.tokens[index].lower,) not in language.connectors
        ]

    async def _subjects(
        self, reading: Reading, intent: Intent
    ) -> tuple[list[About], list[About], list[str], list[tuple[str, str]]]:
        """What it is about, what not, words that nothing has, and typos."""
        words = self._words(reading, intent)
        strong = any(self._topics(spot) for spot in reading.spots)
        if strong:
            words = [index for index in words if reading.tokens[index].lower not in self.lexicon.english.soft]
        unknown, corrected = await self._check(reading, words)
        spots = [*reading.spots, *(Spot(i, i + 1, word=corrected.get(i, reading.tokens[i].lower)) for i in words if i not in unknown)]
        about: list[tuple[Spot, About]] = []
        without: list[About] = []
        for spot in sorted(spots, key=lambda spot: spot.start):
            subjects = self._subject(reading, spot, bool(strong))
            if not subjects:
                continue
            if spot.negated:
                without.append(subjects)
            elif about and self._either(reading, about[-1][0], spot):
                about[-1] = (replace(spot, start=about[-1][0].start), _merged(about[-1][1], subjects))
            elif not any(set(subjects) == set(other) for _spot, other in about):
                about.append((spot, subjects))
        written = [reading.tokens[index].written for index in sorted(unknown)]
        fixes = [(reading.tokens[index].written, word) for index, word in corrected.items()]
        return [one for _spot, one in about], without, written, fixes

    def _subject(self, reading: Reading, spot: Spot, has_topics: bool) -> About:
        if spot.word:
            return (spot.word, *(f"#{code}" for code in self._codes_of(spot.word)))
        topics = [name for name in spot.names if name.kind == "topic"]
        if topics:
            weak = all(not name.strong for name in topics)
            written = " ".join(token.lower for token in reading.tokens[spot.start : spot.end])
            return (*(f"#{name.value}" for name in topics), *((written,) if weak else ()))
        return ()

    def _codes_of(self, word: str) -> list[str]:
        return sorted(self.lexicon.catalogue.topics[one].code for one in self.lexicon.topics_of(word))

    def _either(self, reading: Reading, first: Spot, second: Spot) -> bool:
        """Whether "or" stands between two subjects, with nothing but small words around it."""
        between = range(first.end, second.start)
        joined = any(reading.connectors.get(index) == "either" for index in between)
        return joined and all(reading.tokens[index].lower in self.lexicon.english.fillers | self.lexicon.english.soft for index in between)

    async def _loosened(self, reading: Reading, listing: Listing) -> Listing:
        """"QKD and PQC" wants what is about both; where nothing is, what is about either."""
        if len(listing.about) < 2 or "both" not in reading.connectors.values():
            return listing
        if await roadmap.count(self.session, listing.selection(self.lexicon)):
            return listing
        joined = tuple(dict.fromkeys(subject for about in listing.about for subject in about))
        return listing.model_copy(update={"about": (joined,)})

    async def _check(self, reading: Reading, words: list[int]) -> tuple[set[int], dict[int, str]]:
        """Which words nothing on the roadmap has, and the corrections of those that are probably typos."""
        if not words:
            return set(), {}
        stems = {index: reading.tokens[index].stem for index in words}
        same = {index: {part for phrase in self._same(reading.tokens[index].lower) for part in phrase} for index in words}
        known = await search.known(self.session, {stem for group in same.values() for stem in group} | set(stems.values()))
        strange = [index for index in words if stems[index] not in known and not known & same[index]]
        if not strange:
            return set(), {}
        corrected = await self._corrected(reading, strange)
        rest = {index for index in strange if index not in corrected}
        return {index for index in rest if not self._is_verb(reading, index)}, corrected

    def _same(self, word: str) -> frozenset[tuple[str, ...]]:
        return self.lexicon.english.synonyms.get(tuple(search.stems(word)), frozenset())

    async def _corrected(self, reading: Reading, strange: list[int]) -> dict[int, str]:
        from rapidfuzz import fuzz, process  # imported late: most questions have no typo

        corrected: dict[int, str] = {}
        titles: list[str] = []
        for index in strange:
            word = reading.tokens[index].lower
            if len(word) < 4 or not word.isalpha():
                continue
            best = process.extractOne(search.stem(word), self.lexicon.vocabulary, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
            if best is None:
                titles = titles or await search.vocabulary(self.session)
                best = process.extractOne(search.stem(word), titles, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH + 5)
            if best is not None:
                corrected[index] = best[0]
        return corrected

    def _is_verb(self, reading: Reading, index: int) -> bool:
        """Whether an unknown word only says what documents do with their subject ("that elaborate on")."""
        before = reading.tokens[index - 1].lower if index else ""
        after = reading.tokens[index + 1].lower if index + 1 < len(reading.tokens) else ""
        if after in ("me", "us"):
            return True
        if before in ("that", "which", "to", "who", "can", "could", "would", "please", "should", "must", "will"):
            return True
        return not before and after in ("the", "all", "every", "any", "a", "an")


def _merged(first: About, second: About) -> About:
    return tuple(dict.fromkeys((*first, *second)))


_ACTIVE = frozenset({"replace", "replaces", "supersede", "supersedes", "obsoletes", "precedes", "preceded"})
_COMMON_ASKS = ("count", "latest", "first", "news", "title", "unverified", "members", "bodies", "greeting", "gaps", "when", "more")
_ASKS_OF = {
    Intent.WHO: (*_COMMON_ASKS, "who", "covers", "scope", "questions", "parent", "officer", "members", "where"),
}
