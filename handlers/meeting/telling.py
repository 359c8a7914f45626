"""Telling: the secretariat of what came, and authors of what becomes of it."""

from __future__ import annotations

from handlers.command import Button, Reply, Request
from handlers.meeting.entries import is_secretariat, shown_paper
from handlers.outgoing import tell
from storage import targets
from storage.meeting.documents import Paper


async def tell_secretariat(request: Request, one: Paper) -> None:
    if is_secretariat(request):
        return
    words = Reply(
        "documents/received",
        paper=shown_paper(one),
        buttons=[
            Button("Show it", f"document show {one.number}"),
            Button("Put it on the agenda", f"meeting agenda add {one.meeting} documents={one.number}"),
            Button("Defer it", f"document defer {one.number}"),
        ],
    )
    whom = await targets.of_secretariat(request.session, request.household)
    await tell(request, whom, words, cause=f"document:{one.number}:v{one.version}", subject=f"Doc. {one.number}")


async def tell_author(request: Request, one: Paper) -> None:
    """Whoever sent a document that now waits is told so."""
    if one.submitted_by is None or one.submitted_by == request.caller.person_id:
        return
    target = await targets.of_person(request.session, one.submitted_by)
    words = Reply(
        "documents/deferred", paper=shown_paper(one), buttons=[Button("Show it", f"document show {one.number}")]
    )
    cause = f"document:{one.number}:deferred:{one.deferred_to or one.meeting}"
    await tell(request, [target] if target else [], words, cause=cause, subject=f"Doc. {one.number}")
