"""Completing: a file is added to a statement; one that is the statement itself says what the list did not."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Request
from handlers.liaison import readings
from handlers.liaison.enclosed import attachments, in_mail
from handlers.liaison.entering import mentioned
from handlers.liaison.proposing import note_new
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable
from handlers.liaison.routing import route
from storage.drops import Dropped
from storage.liaison import files, mentions, proposals, texts
from storage.liaison.files import Enclosed, Paper, content_of
from storage.representing.trail import Actor
from storage.search import words
from storage.tables import Liaison
from storage.words import UNSENT, UNSETTLED, LiaisonFileKind


async def complete(request: Request, liaison: Liaison, dropped: Sequence[Dropped], actor: Actor) -> Sequence[Paper]:
    """Add files to a statement; gives those that it did not have.

    Where it has no file that is the statement itself, and one of these is, what that says is kept too.
    """
    have = await files.of(request.session, liaison.id)
    lacks = liaison.status not in UNSENT and not any(one.kind is LiaisonFileKind.STATEMENT for one in have)
    added: list[Paper] = []
    for one in dropped:
        read = await _statement(request, liaison, one) if lacks else None
        if read is None:
            enclosed = await attachments(request, [one])
        else:
            lacks = False
            itself = Enclosed(content_of(one), LiaisonFileKind.STATEMENT, read.body)
            enclosed = [itself, *await in_mail(request, one)]
            await _say(request, liaison, read, actor)
        added += await files.add(request.session, liaison.id, enclosed, actor, request.now)
    return added


async def _statement(request: Request, liaison: Liaison, one: Dropped) -> ReadStatement | None:
    """What was read in the file, if it is this very statement."""
    try:
        read = await readings.statement(request, one)
    except Unreadable:
        return None
    numbers = {_flat(number) for number in (liaison.number, liaison.ours) if number}
    is_it = _flat(read.number.value) in numbers if read.number.value else False
    return read if is_it or _flat(read.title.value) == _flat(liaison.title) else None


async def _say(request: Request, liaison: Liaison, read: ReadStatement, actor: Actor) -> None:
    """Keep its words, and what they say of the roadmap; nothing that somebody entered is changed."""
    abstract, body = await texts.read(request.session, liaison.id)
    if body:
        return
    await texts.write(request.session, liaison.id, abstract or read.abstract.value, read.body)
    await mentions.write(request.session, liaison.id, mentioned(read.mentions))
    await note_new(request, liaison.id, await proposals.derive(request.session, liaison.id, request.now))
    if liaison.status in UNSETTLED:
        await route(request, liaison.id, actor)


def _flat(text: str) -> str:
    return "".join(words(text))
