"""From a sorted question to a query: which intent its words have, and which facets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.asking.known import is_in_titles
from handlers.asking.lexicon import Lexicon
from handlers.asking.listing import Listing
from handlers.asking.query import RELATING, Asked, Intent, Query, Relating
from handlers.asking.reading import Reading, Spot
from handlers.asking.references import resolve
from handlers.asking.subjects import Subjects, topics_in, unexplained
from handlers.asking.tokens import LIAISON_NUMBER
from storage import roadmap, search
from storage.references import Edition, Mention
from storage.words import SUPPLEMENTARY_TYPES

_MEETING_DOCUMENT = re.compile(r"\b(?:TSAG[\s-]?)?TD\s?\d+\b|\bDoc\.?\s?\d+\b", re.IGNORECASE)
_WHAT = frozenset({"what", "what's", "whats", "explain", "meaning", "define", "wat", "eli5"})
_AROUND = frozenset(
    "is are a an the exactly please that this it by in of for within me to you hi hello and does do mean so then called really "
    "actually tell can could would describe".split()
)
_LONG_NUMBER = re.compile(r"^(?!(?:19|20)\d\d$)\d{4,6}$")
_DIGITS = re.compile(r"^\d+$")
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
        resolved = await resolve(self.session, self._dated(reading))
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
        if not asked and not named:
            named = await self._by_number(reading)
        return asked + named

    def _dated(self, reading: Reading) -> list[Mention]:
        """ "Y.3813 from January 2023": where one reference and one date stand together, the date is its edition's."""
        span = reading.span
        if len(reading.mentions) != 1 or not span or not span.since or span.since != span.until:
            return reading.mentions
        mention = reading.mentions[0]
        beside = span.start - mention.end <= 1 and span.start >= mention.end
        if not beside or mention.reference.edition:
            return reading.mentions
        edition = Edition(year=span.since[:4], month=span.since[5:7])
        return [replace(mention, reference=replace(mention.reference, edition=edition))]

    async def _by_number(self, reading: Reading) -> list[Asked]:
        """A bare number of four digits or more that no title has is the end of a reference."""
        numbers = [index for index in reading.free() if _LONG_NUMBER.match(reading.tokens[index].lower)]
        for index in numbers:
            items = await roadmap.ending(self.session, reading.tokens[index].lower)
            if items:
                reading.take([Spot(index, index + 1)])
                return [Asked(reading.tokens[index].written, items[:3])]
        return []

    async def _is_missing(self, reading: Reading, mention: Mention) -> bool:
        """Whether a reference that the roadmap lacks was meant as one: not when titles have it as words."""
        if not mention.sure:
            return bool(re.match(r"^[A-Z]{1,5}\.\w+[-_]?\w", mention.text) or mention.text.startswith("draft-"))
        if len(reading.tokens) <= len(search.words(mention.text)) + 3:
            return True
        return not await is_in_titles(self.session, self.lexicon, tuple(search.stems(mention.text)))

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
        topics = any(topics_in(spot) for spot in reading.spots)
        groups = any(spot.groups for spot in reading.spots)
        if not reading.tokens or (reading.has("help", "greeting") and self._is_only(reading, "help", "greeting")):
            return Intent.HELP
        if reading.has("liaison") or LIAISON_NUMBER.search(reading.text):
            return Intent.LIAISONS
        bodies = any(name.kind == "body" for spot in reading.spots for name in spot.names)
        if (groups or bodies) and self._is_telling(reading):
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

    def _is_telling(self, reading: Reading) -> bool:
        """ "What did SG13 report in November?": groups tell things by liaison statement."""
        words = [token.lower for token in reading.tokens]
        if "we" in words and any(
            word in ("written", "wrote", "write", "send", "sent", "contacted", "invited", "told") for word in words
        ):
            return True
        if any(word in ("has", "have", "had") for word in words) and any(
            word in ("told", "informed") for word in words
        ):
            return True
        return "did" in words and any(
            word in ("report", "tell", "say", "inform", "announce", "communicate") for word in words
        )

    def _is_only(self, reading: Reading, *asks: str) -> bool:
        covered = {
            index for name in asks for spot in reading.asks.get(name, []) for index in range(spot.start, spot.end)
        }
        rest = [index for index in reading.free() if index not in covered]
        explained = all(reading.tokens[index].lower in self.lexicon.english.fillers for index in rest)
        return explained and not (reading.spots or reading.mentions or reading.types or reading.statuses)

    def _is_definition(self, reading: Reading, asked: Sequence[Asked]) -> bool:
        terms = [spot for spot, _terms in reading.terms]
        if asked and not reading.has("define", "compare"):
            return False
        asks = reading.has("define")
        if asks and (terms or not (reading.nouns or reading.types or asked)):
            return not (reading.has("count") and reading.nouns)
        if reading.has("compare") and terms:
            return True
        return bool(terms) and self._is_what_is(reading, terms)

    def _is_what_is(self, reading: Reading, terms: list[Spot]) -> bool:
        """ "What is a QKD link?", "key relay, what's that?": the question is nothing but the term."""
        if reading.nouns or reading.types or reading.statuses or reading.mentions or reading.span:
            return False
        named = {index for spot in terms for index in range(spot.start, spot.end)}
        whole = named == set(range(len(reading.tokens)))
        if whole:
            return not any(topics_in(spot) for spot in reading.spots if spot.end - spot.start == len(reading.tokens))
        # "in QKDN" only says where the term is used.
        for spot in reading.spots:
            if spot.start and reading.tokens[spot.start - 1].lower in ("in", "within", "of", "for"):
                named |= set(range(spot.start, spot.end))
        rest = [token.lower for index, token in enumerate(reading.tokens) if index not in named]
        if any(word in _WHAT for word in rest) and all(word in _WHAT or word in _AROUND for word in rest):
            return True
        return self._is_all_there_is(reading, terms)

    def _is_all_there_is(self, reading: Reading, terms: list[Spot]) -> bool:
        """ "Entanglement according to the IRTF": beside a term that is no topic, nothing but a source and small words."""
        named = {index for spot in terms for index in range(spot.start, spot.end)}
        if any(topics_in(spot) for spot in reading.spots) or reading.has("who", "count", "latest", "news"):
            return False
        sources = {index for spot in reading.spots if not spot.word for index in range(spot.start, spot.end)}
        fillers = self.lexicon.english.fillers
        rest = [index for index in range(len(reading.tokens)) if index not in named | sources]
        return all(reading.tokens[index].lower in fillers or reading.tokens[index].lower in _WHAT for index in rest)

    def _is_about_groups(self, reading: Reading, *, topics: bool, groups: bool) -> bool:
        if reading.questions and not reading.nouns and reading.has("scope", "who", "parent"):
            return True
        if groups and not reading.nouns and any(token.lower == "questions" for token in reading.tokens):
            return True
        if (
            groups
            and not topics
            and not reading.nouns
            and not reading.types
            and not reading.statuses
            and not reading.span
        ):
            if any(token.lower in _HAVING for token in reading.tokens):
                return False
            if reading.has("scope", "parent", "questions", "who"):
                return True
            return self._is_bare_group(reading)
        listed = reading.has("members", "bodies") and not (topics or reading.nouns or reading.types or reading.statuses)
        return listed and not reading.has("covers") and not self._words(reading, Intent.WHO)

    def _is_bare_group(self, reading: Reading) -> bool:
        """ "What is SG17?", "tell me about ISG QKD": nothing but the group."""
        return (
            bool(reading.tokens)
            and reading.tokens[0].lower in ("what", "what's", "who", "tell", "describe", "explain")
            and not (self._words(reading, Intent.WHO) or reading.has("count", "latest", "first", "news", "covers"))
        )

    def _relating(self, reading: Reading, asked: Sequence[Asked]) -> Relating | None:
        if not asked:
            return None
        if reading.has("amended") and reading.has("corrected"):
            return "changed"
        for name in RELATING:
            if reading.has(name) and not self._inside_mention(reading, name):
                return self._direction(reading, name)
        return None

    def _inside_mention(self, reading: Reading, name: str) -> bool:
        """Whether the word is part of the reference ("Y.3802 Amd. 1") everywhere."""
        covered = {index for mention in reading.mentions for index in self._inside(reading, mention)}
        return all(covered.intersection(range(spot.start, spot.end)) for spot in reading.asks[name])

    def _direction(self, reading: Reading, name: Relating) -> Relating:
        """ "What does X replace" and "what was replaced by X" look back, "what replaced X" looks forward."""
        if name not in ("replaced_by", "replaces") or not reading.mentions:
            return name
        first = reading.mentions[0].start
        words = [(token.start < first, token.lower) for token in reading.tokens]
        verb = next(((before, word) for before, word in words if word in _PRESENT or word in _PAST), None)
        if verb is None:
            return name
        before, word = verb
        helped = any(other in _AUXILIARY for _before, other in words)
        last = next((other for is_before, other in reversed(words) if is_before), "")
        if last == "by" and before:
            return "replaces"
        if word in _PRESENT:
            return "replaces" if helped or not before else "replaced_by"
        return "replaced_by"

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
        named = {name.id for spot in reading.spots if not spot.groups for name in spot.names if name.kind == "body"}
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
        settled = {spot.names[0].id for spot in reading.spots if len(spot.names) == 1 and spot.names[0].kind == "body"}
        for spot in reading.spots:
            mark = "!" if spot.negated else ""
            named_here = [name for name in spot.names if name.kind == "body" and name.id not in parents]
            for name in [name for name in named_here if name.id in settled] or named_here:
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
        limit = self._limit(reading) if intent is Intent.LATEST else None
        subjects = Subjects(self.session, self.lexicon, reading)
        await subjects.find(self._words(reading, intent), in_scopes=intent is Intent.WHO)
        unknown = subjects.unknown
        types, statuses = self._types(reading), self._statuses(reading, intent)
        listing = self._sources(reading).model_copy(
            update={
                "type": types,
                "status": statuses,
                "about": subjects.about,
                "without": subjects.without,
                "series": _series(reading.series, types),
                "verified": False if reading.has("unverified") else True if reading.has("verified") else None,
                "order": "oldest"
                if intent is Intent.LATEST and reading.has("first") and not reading.has("latest")
                else "newest",
            }
        )
        empty = listing.is_empty or (listing.model_copy(update={"order": "newest"}) == Listing())
        if empty and (unknown or not (reading.nouns or intent in (Intent.NEWS, Intent.LATEST))):
            intent = Intent.UNKNOWN
        elif empty and unknown:
            intent = Intent.UNKNOWN
        if intent is Intent.LIST and (specific := await self._specific(reading, listing)):
            return Query(intent, specific)
        return Query(
            intent,
            listing,
            milder=tuple(listing.model_copy(update={"about": about}) for about in subjects.milder()),
            limit=limit,
            counted=intent is Intent.COUNT,
            words=unknown,
            ignored=subjects.ignored,
        )

    async def _specific(self, reading: Reading, listing: Listing) -> Listing | None:
        """ "Which standard handles protection of QKD nodes?": one document is meant, whose title has all these words."""
        singular = any(token.lower in _SINGULAR for token in reading.tokens)
        if not singular or reading.statuses or reading.series:
            return None
        about = tuple((phrase,) for phrase in self._content(reading))
        if len(about) < 2:
            return None
        wanted = listing.model_copy(update={"about": about, "type": ()})
        found = await roadmap.find(self.session, wanted.selection(self.lexicon), 4)
        return wanted if 1 <= found.total <= _FEW else None

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
                words[0] in language.fillers or words[0] in _SINGULAR or (words[0],) in language.connectors
            )
            if index not in skipped and not small:
                phrases.append(" ".join(words))
            index = end
        return phrases

    def _listing_intent(self, reading: Reading) -> Intent:
        if reading.has("gaps"):
            return Intent.GAPS
        if reading.has("count"):
            return Intent.COUNT
        first = reading.tokens[0].lower if reading.tokens else ""
        if first == "who" or self._asks_for_group(reading) or (reading.has("who") and not reading.nouns):
            return Intent.WHO
        bare = not (reading.nouns or reading.types or reading.statuses or reading.span)
        if reading.has("members") and bare and any(topics_in(spot) for spot in reading.spots):
            return Intent.WHO
        if reading.has("latest", "first"):
            return Intent.LATEST
        if reading.has("news"):
            return Intent.NEWS
        return Intent.LIST

    def _asks_for_group(self, reading: Reading) -> bool:
        """ "Which study group …", "which ITU-T group …", "what ETSI committee …"."""
        for index, token in enumerate(reading.tokens):
            if token.lower not in ("which", "what"):
                continue
            after = index + 1
            named = next((spot for spot in reading.spots if spot.start == after), None)
            if named and any(name.kind == "body" for name in named.names):
                after = named.end
            starts = {spot.start for name in ("members", "bodies") for spot in reading.asks.get(name, [])}
            if after in starts or any(
                spot.start == index and spot.end > index + 1 for spot in reading.asks.get("who", [])
            ):
                return True
        return False

    def _limit(self, reading: Reading) -> int | None:
        """ "The last five Recommendations": five."""
        for spot in (*reading.asks.get("latest", []), *reading.asks.get("first", [])):
            for index in (spot.end, spot.start - 1):
                word = reading.tokens[index].lower if 0 <= index < len(reading.tokens) else ""
                number = int(word) if _DIGITS.match(word) and int(word) <= 100 else _NUMBERS.get(word)
                if number:
                    reading.take([Spot(index, index + 1)])
                    return number
        return None

    def _types(self, reading: Reading) -> tuple[str, ...]:
        wanted: dict[str, None] = {}
        unwanted: set[str] = set()
        for value, spot in self._heads(reading):
            kinds = [value]
            if value.startswith("*"):
                kinds = [kind for kind in self.lexicon.catalogue.types if value[1:] in kind.split()]
            if spot.negated:
                unwanted.update(kinds)
            else:
                wanted.update(dict.fromkeys(kinds))
        if wanted and self._means_internet_drafts(reading):
            wanted["Internet-Draft"] = None
        if unwanted and not wanted:
            wanted = dict.fromkeys(self.lexicon.catalogue.types)
        return tuple(kind for kind in wanted if kind not in unwanted)

    def _heads(self, reading: Reading) -> list[tuple[str, Spot]]:
        """ "Amendments to Recommendations" are amendments: what is amended is no type of its own."""
        amending = [spot for value, spot in reading.types if value in SUPPLEMENTARY_TYPES]
        if not amending:
            return reading.types
        last = max(spot.end for spot in amending)
        after = {token.lower for token in reading.tokens[last:]}
        if not after & {"to", "of", "for"}:
            return reading.types
        return [pair for pair in reading.types if pair[0] in SUPPLEMENTARY_TYPES or pair[1].start < last]

    def _means_internet_drafts(self, reading: Reading) -> bool:
        """ "RFCs and drafts": there a draft is a type, not a status."""
        drafts = [pair for pair in reading.statuses if reading.tokens[pair[1].start].lower in ("draft", "drafts")]
        if not drafts or not any(value == "RFC" for value, _spot in reading.types):
            return False
        reading.statuses = [pair for pair in reading.statuses if pair not in drafts]
        return True

    def _statuses(self, reading: Reading, intent: Intent) -> tuple[str, ...]:
        found = dict.fromkeys(status for status, spot in reading.statuses if not spot.negated)
        for status, spot in reading.statuses:
            if spot.negated:
                found.update(dict.fromkeys({"published": ("under-development",)}.get(status, ("published",))))
        if "superseded" in found and self._is_included(reading):
            return ("any",)
        if "superseded" in found and "published" in found and len(found) == 2 and "superseded" == list(found)[-1]:
            del found["published"]
        if not found and intent in (Intent.LATEST, Intent.NEWS):
            return ("published",)
        return ("any",) if "any" in found else tuple(found)

    def _is_included(self, reading: Reading) -> bool:
        """ "Including what has since been superseded"."""
        spot = next(spot for status, spot in reading.statuses if status == "superseded")
        before = [token.lower for token in reading.tokens[max(0, spot.start - 6) : spot.start]]
        return any(word in ("including", "incl", "include", "also", "plus") for word in before)

    def _words(self, reading: Reading, intent: Intent) -> list[int]:
        return unexplained(reading, self.lexicon, _ASKS_OF.get(intent, _COMMON_ASKS))


_SINGULAR = frozenset(
    {
        "one",
        "standard",
        "document",
        "report",
        "specification",
        "recommendation",
        "spec",
        "paper",
        "supplement",
        "rfc",
        "rec",
        "text",
    }
)
_FEW = 3
_HAVING = frozenset(
    {"have", "has", "offer", "offers", "provide", "provides", "got", "made", "contribute", "contributed"}
)
_PRESENT = frozenset({"replace", "replaces", "supersede", "supersedes", "obsolete", "obsoletes"})
_PAST = frozenset({"replaced", "superseded", "obsoleted", "succeeded"})
_AUXILIARY = frozenset({"did", "does", "do"})
_COMMON_ASKS = (
    "count",
    "latest",
    "first",
    "news",
    "title",
    "unverified",
    "members",
    "bodies",
    "greeting",
    "gaps",
    "when",
    "more",
)
_ASKS_OF = {
    Intent.WHO: (*_COMMON_ASKS, "who", "covers", "scope", "questions", "parent", "officer", "members", "where"),
}


def _series(series: Sequence[str], types: Sequence[str]) -> tuple[str, ...]:
    """Supplements to a series are numbered by its letter alone."""
    return tuple(one[:1] if "Supplement" in types else one for one in series)
