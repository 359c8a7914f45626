"""Receiving: liaison statements that came in are logged, and brought to those whom they concern."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Attachment, Button, Refused, Reply, Request, Role, command
from handlers.dropping import numbers_of
from handlers.liaison import mailed, replying
from handlers.liaison.enclosed import not_here
from handlers.liaison.entering import entry_of
from handlers.liaison.entry_form import NEEDED, Logging, again, described
from handlers.liaison.proposing import note_new
from handlers.liaison.routing import Routed, route
from handlers.liaison.served import file_name
from handlers.liaison.sources import brought
from handlers.line import quote, write_line
from handlers.representing.entries import actor_of
from storage import liaisons
from storage.liaison import files, proposals
from storage.liaison import log as book
from storage.liaison.log import Entry, Logged
from storage.liaison.replies import Linked
from storage.tables import Liaison
from storage.words import Direction, LiaisonFileKind

_LARGEST_SENT = 5 * 1024 * 1024
"""Bytes of a statement that goes with what representatives are told."""


@command(
    "liaison log",
    form=Logging,
    role=Role.SECRETARIAT,
    help="Log a liaison statement: drop its file first, or paste its text",
    example="liaison log file=13",
    changes=True,
    private=True,
    takes_file=True,
)
async def log(request: Request, logging: Logging) -> Reply:
    if logging.missing:
        raise Refused("There is nothing to log yet.", NEEDED.capitalize() + ".", field=logging.missing[0])
    found = await brought(request, logging.file, logging.text)
    entry = await entry_of(request, logging, found)
    actor = actor_of(request)
    try:
        liaison = await book.log(request.session, entry, _pattern(request, entry), request.host, actor, request.now)
    except Logged as logged:
        raise await _known(request, logged, logging) from None
    await mailed.logged(request, numbers_of(logging.file), liaison)
    linked = await replying.close_original(request, liaison.id, actor, until=logging.holding or "")
    routed = await route(request, liaison.id, actor, attachments=await _to_representatives(request, liaison))
    proposed = await proposals.derive(request.session, liaison.id, request.now)
    await note_new(request, liaison.id, proposed, knows=request.caller.person_id)
    return _logged(liaison, linked, routed, len(proposed), not_here(found, entry.files))


def _pattern(request: Request, entry: Entry) -> str:
    household = request.household
    is_incoming = entry.direction is Direction.INCOMING
    return household.incoming_numbers if is_incoming else household.outgoing_numbers


async def _known(request: Request, logged: Logged, logging: Logging) -> Refused:
    one = await liaisons.known(request.session, logged.id)
    if logged.is_same_content:
        show = Button("Show it", f"liaison show {quote(one.liaison.number)}")
        return Refused(f"This is logged already: {described(one)}.", "Nothing was logged a second time.", [show])
    values = {name: str(value) for name, value in logging.model_dump(exclude={"number"}).items() if value}
    return Refused(
        f"{logging.number} is logged already: {described(one)}.",
        "Nothing was logged a second time.",
        again(one, logging.file or "", write_line("liaison log", values)),
    )


async def _to_representatives(request: Request, liaison: Liaison) -> Sequence[Attachment]:
    """The statement itself, for those too who are told by e-mail and have no buttons to press."""
    papers = [
        one
        for one in await files.of(request.session, liaison.id)
        if one.kind is LiaisonFileKind.STATEMENT and one.size <= _LARGEST_SENT
    ]
    return [
        Attachment(file_name(request.host, one), one.media_type, await files.content(request.session, one))
        for one in papers
    ]


def _logged(liaison: Liaison, linked: Linked | None, routed: Routed, proposed: int, missing: Sequence[str]) -> Reply:
    number = quote(liaison.number)
    review = [Button(f"Proposals ({proposed})", f"proposal list {number}")] if proposed else []
    return Reply(
        "liaisons/logged",
        number=liaison.number,
        ours=liaison.ours,
        title=liaison.title,
        source=liaison.source,
        linked=replying.shown(linked),
        routed=routed.shown,
        proposed=proposed,
        missing=missing,
        buttons=[
            Button("Show it", f"liaison show {number}", style="primary"),
            *review,
            *routed.buttons,
            Button("Correct it", f"liaison correct {number}"),
            *replying.buttons(linked),
        ],
    )
