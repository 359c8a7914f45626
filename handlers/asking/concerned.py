"""Which persons a question about liaison statements concerns: "statements assigned to Kim Lee", "my liaisons"."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.asking.correspondence import corresponding_of
from handlers.asking.corresponding import Corresponding
from handlers.asking.lexicon import lexicon_of
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading
from handlers.asking.tokens import tokens
from handlers.command import Request, Role
from storage import merging
from storage.liaison import finding
from storage.search import words

_OWN = re.compile(r"\b(?:my|mine|assigned to me|(?:do )?i (?:have to|own|owe|must))\b", re.IGNORECASE)


async def with_liaisons(request: Request, reading: Reading, query: Query, text: str) -> Query:
    """The query with what it asks about liaison statements. `text` is the question as it was written."""
    if query.intent is not Intent.LIAISONS:
        return query
    lexicon = lexicon_of(request.catalogue)
    today = request.now.astimezone(request.zone).date()
    wanted = corresponding_of(lexicon, reading, query.asked, request.host, today)
    return replace(query, corresponding=await owners_in(request, wanted, text))


async def owners_in(request: Request, wanted: Corresponding, text: str) -> Corresponding:
    """What is asked, of the statements of the person who asks or of somebody that the text names; for members."""
    if wanted.numbers or request.role < Role.MEMBER:
        return wanted
    if _OWN.search(text):
        own = await merging.everyone(request.session, request.caller.person_id)
        return wanted.model_copy(update={"owner": tuple(sorted(own))})
    if wanted.aspect != "owner":
        return wanted
    said = {word for token in tokens(text) for word in words(token.lower)}
    owners = {id: words(name) for id, name in (await finding.owners(request.session)).items()}
    meant = {id: name for id, name in owners.items() if said.issuperset(name)}
    if not meant:
        return wanted
    ids = {id for one in meant for id in await merging.everyone(request.session, one)}
    named = {word for name in meant.values() for word in name}
    kept = {name: tuple(word for word in getattr(wanted, name) if word not in named) for name in ("hints", "about")}
    return wanted.model_copy(update={"owner": tuple(sorted(ids)), **kept})
