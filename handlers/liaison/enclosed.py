"""What is enclosed with a statement that is logged: the statement itself, what came with it, what is in its mail."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.liaison import readings
from handlers.liaison.sources import Brought
from handlers.situation import Situation
from storage import drops
from storage.drops import Content, Dropped
from storage.liaison.files import Enclosed, content_of
from storage.words import LiaisonFileKind

MAIL = "message/rfc822"
_FEW = 5
_TEXT = "text/plain"


async def enclosed(situation: Situation, found: Brought, text: str | None) -> Sequence[Enclosed]:
    """All files of the statement, whose contents are kept now. Raises `Unread`."""
    if found.statement is None:
        return [await _pasted(situation, text)] if text else []
    body = found.read.body if found.read else ""
    statement = Enclosed(content_of(found.statement), LiaisonFileKind.STATEMENT, body)
    with_it = await in_mail(situation, found.statement) if found.read else ()
    return [statement, *with_it, *await attachments(situation, found.attached)]


async def attachments(situation: Situation, dropped: Sequence[Dropped]) -> Sequence[Enclosed]:
    """Dropped files as attachments. Raises `Unread`."""
    texts = await readings.texts(situation, dropped)
    return [Enclosed(content_of(one), text=text) for one, text in zip(dropped, texts, strict=True)]


def not_here(found: Brought, files: Sequence[Enclosed]) -> Sequence[str]:
    """What the statement says that is attached to it, and did not come with it."""
    here = {one.content.name.casefold() for one in files if one.kind is LiaisonFileKind.ATTACHMENT}
    named = found.read.attachments.value if found.read else ()
    return [name for name in named if not any(one in name.casefold() or name.casefold() in one for one in here)][:_FEW]


async def _pasted(situation: Situation, text: str) -> Enclosed:
    content = text.encode()
    digest = await drops.keep_content(situation.session, content, situation.now)
    return Enclosed(Content("statement.txt", _TEXT, len(content), digest), LiaisonFileKind.STATEMENT, text)


async def in_mail(situation: Situation, statement: Dropped) -> Sequence[Enclosed]:
    """The files attached to a mail. It was read within bounds before."""
    if statement.media_type != MAIL and not statement.name.lower().endswith(".eml"):
        return ()
    return [Enclosed(one.content, text=one.text) for one in await readings.parts(situation, statement)]
