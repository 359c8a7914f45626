"""Follow-ups to a question about representatives: "and SG13?", "since when?", "and before?", "the alternates?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.asking.intents import content_words
from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading
from handlers.asking.represented import is_missing, representing_of
from handlers.asking.representing import Representing
from handlers.asking.subjects import topics_in
from handlers.command import Request

_SHORT = 8
"""Words of a follow-up at the most, where it neither opens like one nor points back."""

_OTHERS = (Intent.LIST, Intent.COUNT, Intent.LATEST, Intent.UNKNOWN, Intent.WHO, Intent.HELP, Intent.WHEN)


def is_followup(lexicon: Lexicon, reading: Reading, query: Query) -> bool:
    """Whether a question may go on from one about representatives; what the last one was is not known yet."""
    if query.asked or query.intent not in _OTHERS or reading.has("officer", "meeting", "greeting", "help"):
        return False
    if _opens(lexicon, reading) or _points(lexicon, reading):
        return not reading.types
    if query.representing is not None:
        return False
    bare = not (reading.types or reading.statuses or reading.mentions or reading.series or query.listing.about)
    return bare and len(reading.tokens) <= _SHORT and _is_facet(lexicon, reading)


def applied(request: Request, reading: Reading, query: Query, last: Representing, shown: Sequence[int]) -> Query:
    """The last question about representatives with what this one changes; the query itself where it stands alone."""
    lexicon = lexicon_of(request.catalogue)
    if reading.has("more") and not query.representing:
        return Query(Intent.WHO, representing=last)
    if not is_followup(lexicon, reading, query) or (reading.nouns and query.representing is None):
        return query
    new = query.representing or representing_of(lexicon, reading)
    if query.representing is not None and new.has_source and not new.unheard and new.persons == ():
        return query
    return replace(query, intent=Intent.WHO, representing=_changed(lexicon, reading, last, new, shown), words=())


def _changed(
    lexicon: Lexicon, reading: Reading, last: Representing, new: Representing, shown: Sequence[int]
) -> Representing:
    update: dict[str, object] = {"counted": new.counted, "unheard": (), "missing": False}
    if new.has_source:
        update |= {"body": new.body, "group": new.group, "persons": new.persons}
    elif _is_of_person(lexicon, reading) and not last.persons and last.group and shown:
        # The first of a group is its representative; alternates follow.
        update |= {"body": (), "group": (), "persons": tuple(shown[:1])}
    if is_missing(lexicon, reading) and new.state == "current":
        update |= {"missing": True, "group": (), "persons": (), "state": "current", "kind": ""}
    if new.kind or reading.has("represents"):
        update["kind"] = new.kind
    if new.state != "current":
        update["state"] = new.state
    if new.since or new.until:
        update |= {"since": new.since, "until": new.until}
    elif set(lexicon.english.lists["now"]).intersection(token.lower for token in reading.tokens) and not new.has_source:
        update |= {"state": new.state, "since": "", "until": ""}
    return last.model_copy(update=update)


def _opens(lexicon: Lexicon, reading: Reading) -> bool:
    words = tuple(token.lower for token in reading.tokens)
    return any(words[:length] in lexicon.english.openers for length in range(1, 5))


def _points(lexicon: Lexicon, reading: Reading) -> bool:
    return bool(lexicon.english.lists["of persons"].intersection(token.lower for token in reading.tokens))


def _is_of_person(lexicon: Lexicon, reading: Reading) -> bool:
    persons = lexicon.english.lists["of persons"] - {"it", "its"}
    return reading.has("represents") and bool(persons.intersection(token.lower for token in reading.tokens))


def _is_facet(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether there is nothing but a group, a time, "since when" or "how many", and small words."""
    if any(topics_in(spot) and not spot.groups for spot in reading.spots) or content_words(
        lexicon, reading, Intent.WHO
    ):
        return False
    verbs = {"what", "which", "who", "show", "list", "has", "did", "does"}
    if verbs.intersection(token.lower for token in reading.tokens):
        return False
    return bool(reading.spots or reading.span or reading.questions or reading.has("when", "count", "alternate"))
