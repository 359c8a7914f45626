"""Answers about terms: what each source says that a word means, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking.answer import Answer, Entry
from handlers.asking.lexicon import lexicon_of
from handlers.asking.listing import Listing
from handlers.asking.query import Asked, Intent
from handlers.asking.reading import Reading
from handlers.command import Button, Request
from storage import terms
from storage.terms import Definition


async def answer_terms(
    request: Request, reading: Reading, listing: Listing, asked: Sequence[Asked], intent: Intent
) -> Answer:
    """The definitions that a question asks for: of terms, by a body, in a document."""
    names = [term for _spot, terms_here in reading.terms for term in terms_here]
    sources = [item.reference for one in asked for item in one.items]
    if names:
        found = await terms.of_terms(request.session, names)
        found = _from(found, listing, sources) or found
        return definitions_answer(found, tuple(dict.fromkeys(names)), intent, counted=reading.has("count"))
    if sources:
        found = [one for source in sources for one in await terms.of_source(request.session, source)]
        return definitions_answer(found, tuple(sources), intent, counted=reading.has("count"))
    return _spelt_out(request, reading) or not_defined(request, _subject(request, reading))


def definitions_answer(
    found: Sequence[Definition], chips: tuple[str, ...], intent: Intent = Intent.DEFINE, *, counted: bool = False
) -> Answer:
    """Definitions, grouped by term; several of one term stand side by side."""
    grouped: dict[str, list[Definition]] = {}
    for definition in found:
        grouped.setdefault(definition.term, []).append(definition)
    references = dict.fromkeys(one.reference.split(";")[0].split(" cl.")[0].split(" sect.")[0] for one in found)
    return Answer(
        intent=Intent.COUNT if counted else intent,
        template="terms/definitions",
        data={"grouped": grouped, "counted": counted, "asked": chips},
        entries=tuple(_entry(one) for one in found),
        count=len(found),
        understood={"term": list(chips)},
        chips=chips,
        buttons=tuple(Button(f"Show {one}", f"roadmap show {one}") for one in list(references)[:3]),
    )


def not_defined(request: Request, subject: str) -> Answer:
    """A word that no source of ours defines, with the nearest terms."""
    from rapidfuzz import fuzz, process  # imported late: most questions never need it

    known = [one.term for one in request.catalogue.terms] + [
        one.abbreviation for one in request.catalogue.terms if one.abbreviation
    ]
    near = [
        match[0]
        for match in process.extract(
            subject.lower(), dict.fromkeys(known), scorer=fuzz.WRatio, limit=3, score_cutoff=75
        )
    ]
    return Answer(
        intent=Intent.UNKNOWN,
        template="terms/unknown",
        data={"subject": subject, "near": near},
        buttons=(*(Button(one, f"define {one}") for one in near), Button("What can I ask?", "help")),
    )


def _spelt_out(request: Request, reading: Reading) -> Answer | None:
    """The name behind the code of a body, a group or a topic."""
    catalogue = request.catalogue
    for spot in reading.spots:
        meanings = [(catalogue.groups[one].code, catalogue.groups[one].name) for one in spot.groups]
        meanings += [(name.value, catalogue.bodies[name.id].name) for name in spot.names if name.kind == "body"]
        topics = [name for name in spot.names if name.kind == "topic"]
        meanings = [(code, name) for code, name in meanings if name and name != code]
        if meanings and not topics:
            return Answer(
                intent=Intent.DEFINE,
                template="terms/names",
                data={"meanings": meanings},
                entries=tuple(Entry("name", code, name) for code, name in meanings),
                count=len(meanings),
                understood={"name": [code for code, _name in meanings]},
                chips=tuple(code for code, _name in meanings),
            )
    return None


def _subject(request: Request, reading: Reading) -> str:
    """What was asked to be defined, as written."""
    lexicon = lexicon_of(request.catalogue)
    covered = {index for spot in reading.asks.get("define", []) for index in range(spot.start, spot.end)}
    rest = [
        token.written
        for index, token in enumerate(reading.tokens)
        if index not in covered and token.lower not in lexicon.english.fillers
    ]
    return " ".join(rest) or reading.text


def _from(found: Sequence[Definition], listing: Listing, sources: Sequence[str]) -> list[Definition]:
    if sources:
        return [one for one in found if any(one.reference.startswith(source) for source in sources)]
    return [one for one in found if not listing.body or one.body in listing.body]


def _entry(one: Definition) -> Entry:
    return Entry("term", one.reference, one.term, one.body, status="verified" if one.verified else "unverified")
