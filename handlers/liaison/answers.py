"""Answers that representatives propose: the drafts that they make, and who is told what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Reply, Request
from handlers.liaison.drafted import attachments
from handlers.liaison.matter import Host
from handlers.line import quote
from handlers.outgoing import reword, tell
from storage import liaisons, targets
from storage.liaison import answers, drafts
from storage.liaison.answers import Answer
from storage.merging import everyone
from storage.tables import Liaison
from storage.words import LiaisonStatus

Shown = dict[str, object]

_SHOWN = 700
"""Characters of an answer that the secretariat reads at once."""


async def tell_secretariat(request: Request, draft: Liaison) -> int:
    """The secretariat is told of what was proposed; gives how many places are told."""
    found = await answers.of_draft(request.session, draft.id)
    if found is None:
        return 0
    places = await targets.of_secretariat(request.session, request.household)
    words = await _words(request, found, draft)
    return await tell(request, places, words, cause=_cause(draft), subject=_subject(draft))


async def refresh(host: Host, draft: Liaison, over: str = "") -> None:
    """The message to the secretariat reads as it stands now: `submitted by Kim`. Nothing, where nobody proposed it."""
    found = await answers.of_draft(host.session, draft.id)
    if found is not None:
        await reword(host, _cause(draft), await _words(host, found, draft, over), _subject(draft))


async def decline(host: Host, draft: Liaison, reason: str) -> bool:
    """Whoever proposed it is told why it is not sent. False: they cannot be reached, or nobody proposed it."""
    found = await answers.of_draft(host.session, draft.id)
    target = await targets.of_person(host.session, found.person_id) if found else None
    if found is None or target is None:
        return False
    original = (await liaisons.known(host.session, found.original_id)).liaison
    number = quote(original.number)
    reply = Reply(
        "liaisons/declined",
        number=original.number,
        title=original.title,
        reason=reason,
        buttons=[Button("Reply…", f"liaison reply {number}"), Button("Show it", f"liaison show {number}")],
    )
    cause = f"liaison:{draft.id}:declined:{host.now.isoformat()}"
    return bool(await tell(host, [target], reply, cause=cause, subject=_subject(original)))


async def own(request: Request, liaison: Liaison) -> Sequence[Answer]:
    """What the caller proposed to answer to the statement."""
    persons = await everyone(request.session, request.caller.person_id)
    return await answers.of_persons(request.session, liaison.id, persons)


async def shown(request: Request, liaison: Liaison) -> Sequence[Shown]:
    """What became of what the caller proposed, which nobody else may see."""
    return [await _shown(request, one) for one in await own(request, liaison)] if request.place.private else []


async def _shown(request: Request, one: Answer) -> Shown:
    is_withdrawn = one.status is LiaisonStatus.WITHDRAWN
    return {
        "draft": one.draft,
        "number": one.number,
        "status": one.status.value,
        "is_open": one.is_open,
        "is_withdrawn": is_withdrawn,
        "reason": await answers.reason(request.session, one.draft_id) if is_withdrawn else "",
    }


async def _words(host: Host, found: Answer, draft: Liaison, over: str = "") -> Reply:
    wording = await drafts.wording(host.session, draft)
    original = (await liaisons.known(host.session, found.original_id)).liaison
    name = found.draft
    buttons = [
        Button("Show it", f"liaison show {quote(draft.number)}", style="primary"),
        Button("Edit…", f"liaison edit {name}"),
        Button("Submit it", f"liaison submit {name}"),
        Button("Decline…", f"liaison decline {name}", style="danger"),
    ]
    return Reply(
        "liaisons/proposed",
        draft=name,
        original=original.number,
        title=original.title,
        person=found.person,
        groups=list(found.groups),
        body=wording.body if len(wording.body) <= _SHOWN else f"{wording.body[:_SHOWN].rsplit(' ', 1)[0]} …",
        files=[one.name for one in await attachments(host, draft)],
        over=over,
        buttons=buttons[:1] if over else buttons,
    )


def _cause(draft: Liaison) -> str:
    return f"liaison:{draft.id}:proposed:1"


def _subject(liaison: Liaison) -> str:
    return f"{liaison.number}: {liaison.title}"
