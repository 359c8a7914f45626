"""Terms by command."""

from __future__ import annotations

from handlers.asking.lexicon import lexicon_of
from handlers.asking.reading import read
from handlers.asking.terms import definitions_answer, not_defined
from handlers.command import Form, Reply, Request, Role, command
from handlers.form import Line, field
from storage import terms


class Defining(Form):
    term: Line = field("Term", help="a term or its abbreviation")


@command("define", form=Defining, role=Role.GUEST, help="What a term means, by each source", example="define qubit")
async def define(request: Request, defining: Defining) -> Reply:
    found = await terms.named(request.session, defining.term)
    if not found:
        reading = read(defining.term, lexicon_of(request.catalogue), request.now.date())
        found = await terms.of_terms(request.session, [term for _spot, names in reading.terms for term in names])
    if not found:
        return not_defined(request, defining.term).reply()
    return definitions_answer(found, tuple(dict.fromkeys(one.term for one in found))).reply()
