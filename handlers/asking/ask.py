"""Asking: a question in, an answer out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.asking import followup
from handlers.asking.answer import Answer, entries_of
from handlers.asking.concerned import with_liaisons
from handlers.asking.corresponding import Corresponding
from handlers.asking.groups import answer_covers, answer_groups, answer_officers
from handlers.asking.interpretation import Interpreter
from handlers.asking.items import answer_list, answer_relating, answer_show
from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.liaison_answers import answer_statements
from handlers.asking.liaisons import answer_liaisons
from handlers.asking.matter_answers import answer_matter
from handlers.asking.matters import Matter, matter_of
from handlers.asking.meetings import answer_meetings
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading, read
from handlers.asking.representatives import answer_representatives
from handlers.asking.spelling import corrected
from handlers.asking.terms import answer_terms
from handlers.asking.tokens import LONGEST_QUERY, clean
from handlers.asking.whom import with_representatives
from handlers.command import Button, Refused, Request
from storage import officers, roadmap


async def ask(request: Request, text: str, *, everything: bool = False) -> Answer:
    """Understand a question and answer it.

    `everything` gives all items instead of a page. Raises `Refused` for a text that is too long to be a question.
    """
    if len(text) > LONGEST_QUERY:
        raise Refused(
            f"That is {len(text)} characters long; I read questions of up to {LONGEST_QUERY}.",
            "Ask in a sentence or two.",
        )
    lexicon = lexicon_of(request.catalogue)
    understood = await _understood(request, lexicon, text)
    if not everything and (whole := await followup.continued(request, understood.reading, understood.matter)):
        understood = await _understood(request, lexicon, whole)
    reading, query, page = understood.reading, understood.query, 1
    if understood.matter is not None:
        answer = await answer_matter(request, reading, understood.matter)
    else:
        if not everything:
            query, page = await followup.applied(request, reading, query)
        answer = await _answer(request, query, reading, page=page, everything=everything)
    if not everything:
        await followup.remember(request, query, answer, understood.matter)
    return answer


@dataclass(frozen=True, slots=True)
class _Understood:
    """A question with its words sorted, and what they ask for; `matter` is what of meetings."""

    reading: Reading
    query: Query
    matter: Matter | None


async def _understood(request: Request, lexicon: Lexicon, text: str) -> _Understood:
    mended, typos = await corrected(request.session, clean(text), lexicon)
    reading = read(mended, lexicon, request.now.astimezone(request.zone).date())
    interpreter = Interpreter(request.session, lexicon)
    query = replace(await interpreter.interpret(reading), corrected=tuple(typos))
    query = await with_representatives(request, reading, query, clean(text))
    query = await with_liaisons(request, reading, query, clean(text))
    return _Understood(reading, query, matter_of(lexicon, reading, query))


async def _answer(request: Request, query: Query, reading: Reading, *, page: int, everything: bool) -> Answer:
    match query.intent:
        case Intent.HELP:
            return Answer(Intent.HELP, "asking/help", {"greeting": reading.has("greeting")}, buttons=STARTERS)
        case Intent.LIAISONS:
            return await _liaisons(request, query, page=page, everything=everything)
        case Intent.WHEN:
            return await answer_meetings(request, reading, query.listing)
        case Intent.DEFINE:
            return await answer_terms(request, reading, query.listing, query.asked, Intent.DEFINE)
        case Intent.COMPARE if not query.asked:
            return await answer_terms(request, reading, query.listing, query.asked, Intent.COMPARE)
        case Intent.OVERLAPS:
            return await _overlaps(request, query)
        case Intent.GAPS:
            return await _gaps(request)
        case Intent.SHOW | Intent.COMPARE:
            return replace(await answer_show(request, query.asked), intent=query.intent)
        case Intent.WHO | Intent.COUNT if query.representing:
            return await answer_representatives(request, reading, query.representing, page=page, everything=everything)
        case Intent.WHO:
            return await _who(request, query, reading)
        case Intent.UNKNOWN:
            return unknown(query)
    if query.relating:
        return await answer_relating(request, query)
    return await answer_list(request, query, page=page, everything=everything)


async def _liaisons(request: Request, query: Query, *, page: int, everything: bool) -> Answer:
    wanted = query.corresponding or Corresponding()
    if wanted.numbers:
        return await answer_statements(request, wanted)
    return await answer_liaisons(request, wanted, page=page, everything=everything)


async def _who(request: Request, query: Query, reading: Reading) -> Answer:
    if query.listing.about or query.words or query.listing.type or query.listing.series:
        return unknown(query) if query.words else await answer_covers(request, query, reading)
    named = any(name.kind == "officer" for spot in reading.spots for name in spot.names)
    if reading.has("officer") or named:
        return await answer_officers(request, reading, query.listing)
    return answer_groups(request, reading, query.listing, await officers.all_officers(request.session))


async def _overlaps(request: Request, query: Query) -> Answer:
    """Items that were judged to overlap."""
    item = next((item for one in query.asked for item in one.items), None)
    if query.asked and item is None:
        return await answer_show(request, query.asked)
    pairs = await roadmap.overlaps(request.session, item.id if item else None)
    items = [pair[1] for pair in pairs] if item else list(dict.fromkeys(one for pair in pairs for one in pair))
    return Answer(
        Intent.OVERLAPS,
        "asking/overlaps",
        {"item": item, "pairs": pairs},
        entries=entries_of(items),
        count=len(pairs),
        understood={"reference": [item.reference]} if item else {},
        chips=(item.reference, "overlaps") if item else ("overlaps",),
    )


async def _gaps(request: Request) -> Answer:
    """Topics for which the roadmap has nothing that is published."""
    lexicon = lexicon_of(request.catalogue)
    empty = []
    for topic in request.catalogue.topics.values():
        selection = roadmap.Selection(
            clauses=(roadmap.Clause(topics=lexicon.narrower[topic.id]),), statuses=frozenset(roadmap.CURRENT)
        )
        if not await roadmap.count(request.session, selection):
            empty.append(topic)
    return Answer(Intent.GAPS, "asking/gaps", {"topics": empty}, count=len(empty), chips=("topics without a standard",))


def unknown(query: Query) -> Answer:
    """One honest sentence, and the nearest things that can be answered."""
    return Answer(
        Intent.UNKNOWN,
        "asking/unknown",
        {"words": list(query.words)},
        buttons=STARTERS,
    )


STARTERS = (
    Button("Latest publications", "roadmap latest"),
    Button("Next meeting", "meeting next"),
    Button("Groups", "group list"),
    Button("What can I ask?", "help"),
)
