"""Whether a question is about representatives, or about a person who is or was one."""

from __future__ import annotations

from dataclasses import replace

from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.persons import Persons, persons_in
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading
from handlers.asking.represented import is_awaited, is_representing, representing_of
from handlers.asking.representing import Representing
from handlers.command import Request, Role
from storage import directory
from storage.directory import Chosen
from storage.words import RepresentativeKind

_OPEN_TO_PERSONS = (Intent.WHO, Intent.UNKNOWN)


async def with_representatives(request: Request, reading: Reading, query: Query, text: str) -> Query:
    """The query with what it asks about representatives. `text` is the question as it was written."""
    lexicon = lexicon_of(request.catalogue)
    if request.role >= Role.SECRETARIAT and is_awaited(lexicon, reading):
        return replace(query, intent=Intent.WHO, representing=Representing(state="pending"), words=())
    about_seats = query.intent is Intent.WHO and is_representing(lexicon, reading)
    if not about_seats and (not _may_name_persons(query) or request.role < Role.MEMBER):
        return query
    wanted = representing_of(lexicon, reading)
    closely = not wanted.has_source if about_seats else _asks_of_a_person(lexicon, reading, query)
    persons = await persons_in(request.session, lexicon, reading, text, closely=closely)
    if about_seats:
        return replace(query, representing=await _with_persons(request, reading, wanted, persons), words=())
    if not persons.found:
        return query
    return replace(
        query, intent=Intent.WHO, representing=await _with_persons(request, reading, wanted, persons), words=()
    )


def _may_name_persons(query: Query) -> bool:
    """Whether a question has words that the roadmap does not explain."""
    return not query.asked and (query.intent in _OPEN_TO_PERSONS or bool(query.words))


def _asks_of_a_person(lexicon: Lexicon, reading: Reading, query: Query) -> bool:
    first = reading.tokens[0].lower if reading.tokens else ""
    return bool(query.words) and first in lexicon.english.lists["asks of persons"]


async def _with_persons(request: Request, reading: Reading, wanted: Representing, persons: Persons) -> Representing:
    if not persons.found:
        return wanted.model_copy(update={"unheard": persons.unheard})
    if wanted.state == "former" and wanted.group:
        return wanted  # whoever came before this person
    lists = lexicon_of(request.catalogue).english.lists
    if lists["before"].intersection(token.lower for token in reading.tokens):
        return wanted.model_copy(update={"group": await _groups_of(request, persons, None), "state": "former"})
    if wanted.kind == "alternate" and _names_whom_for(reading):
        groups = await _groups_of(request, persons, RepresentativeKind.REPRESENTATIVE)
        if groups:
            return wanted.model_copy(update={"group": groups})
    return _of_persons(wanted, persons)


async def _groups_of(request: Request, persons: Persons, kind: RepresentativeKind | None) -> tuple[str, ...]:
    ids = frozenset(one.id for one in persons.found)
    seats = await directory.find(request.session, Chosen(persons=ids, kind=kind))
    return tuple(dict.fromkeys(seat.group for seat in seats.seats))


def _of_persons(wanted: Representing, persons: Persons) -> Representing:
    """A question about persons is one about all that they represent, alternate or not."""
    return wanted.model_copy(update={"persons": persons.ids, "kind": "", "missing": False})


def _names_whom_for(reading: Reading) -> bool:
    """“Who stands in for Kim?” is about others than Kim; "who does Kim stand in for?" is not."""
    called = reading.asks.get("alternate", [])
    return bool(called) and called[-1].end < len(reading.tokens)
