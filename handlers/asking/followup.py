"""Follow-ups: "and from ETSI?", "only published", "how many?", "more" change the last question."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from handlers.asking import onward, succession
from handlers.asking.answer import Answer
from handlers.asking.continuing import may_continue, whole_question
from handlers.asking.corresponding import Corresponding
from handlers.asking.lexicon import lexicon_of
from handlers.asking.listing import Listing
from handlers.asking.matters import Matter
from handlers.asking.query import RELATING, Asked, Intent, Query, Relating
from handlers.asking.reading import Reading
from handlers.asking.representing import Representing
from handlers.command import Request
from storage import conversations, roadmap

MOST_SHOWN = 3
"""So many persons of an answer are remembered, for "he" and "she"."""

MOST_MEETINGS_KEPT = 20
"""So many meetings of an answer are remembered."""

_LISTS = (Intent.LIST, Intent.COUNT, Intent.LATEST, Intent.NEWS)


class Remembered(BaseModel):
    """What is kept of a question: its listing and how many pages were shown, or the item that it was about.

    Of a question about representatives it is `representing`, with the persons who were `shown`; of one about meetings
    their numbers, and the `matter`; of one about liaison statements it is `corresponding`.
    """

    model_config = ConfigDict(frozen=True)

    listing: Listing = Listing()
    pages: int = 0
    item: int | None = None
    representing: Representing | None = None
    shown: tuple[int, ...] = ()
    meetings: tuple[int, ...] = ()
    matter: Matter | None = None
    corresponding: Corresponding | None = None

    @property
    def is_about_meetings(self) -> bool:
        return bool(self.meetings) or self.matter is not None


async def applied(request: Request, reading: Reading, query: Query) -> tuple[Query, int]:
    """The query with what the last one said, where this is a follow-up; and the page to show."""
    more = _is_more(request, reading)
    about_seats = succession.is_followup(lexicon_of(request.catalogue), reading, query)
    about_liaisons = onward.is_followup(request, reading, query)
    if not (more or about_seats or about_liaisons or _is_followup(request, reading, query)):
        return query, 1
    kept = await conversations.last_query(request.session, request.caller.account_id, request.place.key, request.now)
    if not kept:
        return query, 1
    last = Remembered.model_validate_json(kept)
    if last.representing is not None:
        return succession.applied(request, reading, query, last.representing, last.shown), last.pages + 1 if more else 1
    if last.is_about_meetings:
        return query, 1
    if last.corresponding is not None:
        return onward.applied(request, reading, query, last.corresponding), last.pages + 1 if more else 1
    if more:
        return Query(Intent.LIST, last.listing), last.pages + 1
    if query.intent is Intent.LIAISONS or not _is_followup(request, reading, query):
        return query, 1
    if last.item is not None and not query.asked and (relating := _relating_word(reading)):
        items = await roadmap.by_ids(request.session, [last.item])
        return Query(Intent.LIST, asked=(Asked("it", items),), relating=relating), 1
    if last.listing.is_empty:
        return query, 1
    intent = query.intent if query.intent in _LISTS else Intent.COUNT if query.counted else Intent.LIST
    return replace(query, intent=intent, listing=_changed(last.listing, query.listing), words=query.words), 1


async def continued(request: Request, reading: Reading, asked: Matter | None) -> str:
    """The whole question, where this one goes on with one about meetings; else empty."""
    lexicon = lexicon_of(request.catalogue)
    if not may_continue(lexicon, reading):
        return ""
    kept = await conversations.last_query(request.session, request.caller.account_id, request.place.key, request.now)
    last = Remembered.model_validate_json(kept) if kept else Remembered()
    return whole_question(lexicon, reading, last.meetings, last.matter, asked) if last.is_about_meetings else ""


async def remember(request: Request, query: Query, answer: Answer, matter: Matter | None = None) -> None:
    """Keep what a follow-up may change; `matter` is what of meetings was asked for."""
    meetings = _meetings(answer, matter)
    if meetings or matter is not None:
        kept = Remembered(meetings=meetings, matter=matter)
    elif answer.representing is not None:
        kept = Remembered(representing=answer.representing, shown=answer.shown[:MOST_SHOWN], pages=answer.pages)
    elif answer.corresponding is not None:
        kept = Remembered(corresponding=answer.corresponding, pages=answer.pages)
    elif answer.listing is not None:
        kept = Remembered(listing=answer.listing, pages=answer.pages)
    elif answer.intent is Intent.SHOW and query.asked and query.asked[0].items:
        kept = Remembered(item=query.asked[0].items[0].id)
    else:
        return
    await _keep(request, kept)


async def remember_meeting(request: Request, number: int) -> None:
    """Keep that a meeting was shown."""
    await _keep(request, Remembered(meetings=(number,)))


def _meetings(answer: Answer, matter: Matter | None) -> tuple[int, ...]:
    """The numbers of the meetings that an answer is about."""
    named = answer.understood.get("meetings")
    numbers = [int(one.reference) for one in answer.entries if one.kind == "meeting"]
    if isinstance(named, list) and (matter is not None or numbers):
        numbers = named
    return tuple(numbers[:MOST_MEETINGS_KEPT])


async def _keep(request: Request, kept: Remembered) -> None:
    account, place = request.caller.account_id, request.place.key
    await conversations.keep_query(
        request.session, account, place, kept.model_dump_json(exclude_defaults=True), request.now
    )


def _is_more(request: Request, reading: Reading) -> bool:
    language = lexicon_of(request.catalogue).english
    words = tuple(token.lower for token in reading.tokens)
    return bool(words) and "more" in language.asks.get(words, frozenset())


def _is_followup(request: Request, reading: Reading, query: Query) -> bool:
    """Whether a question cannot stand alone: it opens like a continuation, points back, or is a mere facet."""
    language = lexicon_of(request.catalogue).english
    if query.asked or query.intent not in (*_LISTS, Intent.UNKNOWN, Intent.HELP, Intent.WHO):
        return False
    words = tuple(token.lower for token in reading.tokens)
    if any(words[:length] in language.openers for length in range(1, 5)):
        return True
    if query.listing.about or reading.nouns or reading.types:
        return any(words[start : start + length] in language.pointers for length in (2,) for start in range(len(words)))
    if any((word,) in language.pointers for word in words):
        return True
    facets = query.listing.model_copy(update={"order": "newest"})
    verbs = {"what", "which", "who", "show", "list", "has", "did", "does"}
    return (not facets.is_empty or query.counted) and not verbs.intersection(words) and not query.words


def _relating_word(reading: Reading) -> Relating | None:
    return next((name for name in RELATING if reading.has(name)), None)


def _changed(last: Listing, new: Listing) -> Listing:
    """The last listing with the facets that the follow-up names. Who wrote it is one facet, and so is when."""
    update: dict[str, object] = {}
    if new.body or new.group or new.question:
        update.update(body=new.body, group=new.group, question=new.question)
    if new.since or new.until:
        update.update(since=new.since, until=new.until)
    for name in ("type", "status", "about", "without", "series"):
        if getattr(new, name):
            update[name] = getattr(new, name)
    if new.order != "newest":
        update["order"] = new.order
    return last.model_copy(update=update)
