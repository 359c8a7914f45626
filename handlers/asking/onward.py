"""Follow-ups to a question about liaison statements: "and from ETSI?", "only open ones", "when is it due?"."""

from __future__ import annotations

from dataclasses import replace

from handlers.asking.correspondence import corresponding_of
from handlers.asking.corresponding import Corresponding
from handlers.asking.lexicon import lexicon_of
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading
from handlers.command import Request

_OTHERS = (Intent.LIST, Intent.COUNT, Intent.LATEST, Intent.UNKNOWN, Intent.WHO, Intent.WHEN, Intent.LIAISONS)
_VERBS = {"what", "which", "who", "show", "list", "has", "did", "does", "have"}
_ASKING = {"when", "where", "do"}
"""What a question of its own begins with; one about the last statement points back to it."""
_POINTING = {"it", "its", "that", "this", "they", "them"}
_SHORT = 8
"""Words of a follow-up at the most, where it neither opens like one nor points back."""

_SIDES = ("source", "to")
_FACETS = (
    *("direction", "status", "open", "overdue", "unowned", "undated", "proposing", "arrived", "purpose", "owner"),
    *("about", "items", "answering", "only"),
)


def is_followup(request: Request, reading: Reading, query: Query) -> bool:
    """Whether a question may go on from one about liaison statements; what the last one was is not known yet."""
    wanted = query.corresponding
    if query.intent not in _OTHERS or (wanted and wanted.numbers) or reading.types or query.representing:
        return False
    if wanted is not None:
        return _opens(request, reading) or _points(reading) or not _stands_alone(reading)
    if _opens(request, reading) or _points(reading):
        return not query.asked
    if _verbs(reading) or (reading.tokens and reading.tokens[0].lower in _ASKING):
        return False
    return len(reading.tokens) <= _SHORT and not (reading.nouns or query.asked)


def applied(request: Request, reading: Reading, query: Query, last: Corresponding) -> Query:
    """The last question about liaison statements with what this one changes; the query itself where it stands alone."""
    if reading.has("more") and query.corresponding is None:
        return Query(Intent.LIAISONS, corresponding=last)
    if not is_followup(request, reading, query):
        return query
    day = request.now.astimezone(request.zone).date()
    new = query.corresponding or corresponding_of(
        lexicon_of(request.catalogue), reading, query.asked, request.host, day
    )
    changed = _of_statement(reading, last, new) if last.numbers else _of_list(reading, last, new)
    if changed is None:
        return query
    return replace(query, intent=Intent.LIAISONS, corresponding=changed, words=())


def _of_statement(reading: Reading, last: Corresponding, new: Corresponding) -> Corresponding | None:
    """The same of another group, or something else of the same statement."""
    groups = tuple(dict.fromkeys((*new.source, *new.to, *new.beside)))
    if new.aspect and (_points(reading) or not (groups or new.has_facets)):
        return last.model_copy(update={"aspect": new.aspect, "groups": groups})
    if groups and last.aspect == "answered":
        return last.model_copy(update={"groups": groups})
    return last.model_copy(update={"aspect": new.aspect, "groups": groups}) if new.aspect else None


def _of_list(reading: Reading, last: Corresponding, new: Corresponding) -> Corresponding | None:
    if not (new.has_facets or new.counted or new.only):
        return None
    update: dict[str, object] = {"counted": new.counted, "ignored": (), "hints": new.hints, "only": new.only}
    if new.source or new.to or new.beside:
        update |= _sides(reading, last, new)
    for name in _FACETS:
        if getattr(new, name):
            update[name] = getattr(new, name)
    if new.since or new.until:
        is_due = bool(last.due_since or last.due_until)
        update |= {"due_since" if is_due else "since": new.since, "due_until" if is_due else "until": new.until}
    if new.due_since or new.due_until:
        update |= {"due_since": new.due_since, "due_until": new.due_until}
    if new.open:
        update["status"] = ()
    return last.model_copy(update=update)


def _sides(reading: Reading, last: Corresponding, new: Corresponding) -> dict[str, object]:
    """Who wrote or got it is one facet; a group without a side takes the one that the last question had."""
    if new.beside:
        side = "to" if last.to and not last.source else "source" if last.source else "beside"
        return {"source": (), "to": (), "beside": (), side: new.beside}
    adds = bool(reading.tokens) and reading.tokens[0].lower == "only"
    kept = {name: getattr(last, name) if adds and not getattr(new, name) else getattr(new, name) for name in _SIDES}
    return {**kept, "beside": ()}


def _opens(request: Request, reading: Reading) -> bool:
    openers = lexicon_of(request.catalogue).english.openers
    words = tuple(token.lower for token in reading.tokens)
    return any(words[:length] in openers for length in range(1, 5))


def _points(reading: Reading) -> bool:
    return bool(_POINTING.intersection(token.lower for token in reading.tokens)) and not reading.has("liaison")


def _verbs(reading: Reading) -> bool:
    return bool(_VERBS.intersection(token.lower for token in reading.tokens))


def _stands_alone(reading: Reading) -> bool:
    return reading.has("liaison") or _verbs(reading) or len(reading.tokens) > _SHORT
