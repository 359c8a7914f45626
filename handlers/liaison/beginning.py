"""Beginning a draft: what is known of it before anybody writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.command import Request
from handlers.liaison.writing import group_ids, groups_of, merged, reply_title
from handlers.representing.entries import actor_of
from storage.liaison import drafts
from storage.liaison.drafts import Origin, Wording
from storage.liaisons import Statement
from storage.tables import Liaison


async def begin(request: Request, given: Mapping[str, Any], original: Statement | None, blank: Wording) -> Liaison:
    """A new draft that says what is `given`; in a reply the roles are swapped. `blank` has whom to contact."""
    wording = merged(_swapped(request, original, blank) if original else blank, given)
    ids = dict(group_ids(request, wording.addressees))
    if original and original.liaison.source_id:
        ids |= dict.fromkeys(groups_of(original.liaison.source), original.liaison.source_id)
    host = request.catalogue.group_of_code(request.host)
    origin = Origin(request.host, host.id if host else None, original.liaison if original else None)
    return await drafts.begin(request.session, wording, ids, origin, actor_of(request), request.now)


def _swapped(request: Request, original: Statement, blank: Wording) -> Wording:
    asked = group_ids(request, (*original.for_action, *original.for_comment))
    host = request.catalogue.group_of_code(request.host)
    purpose = "action" if host and host.id in asked.values() else "information"
    title = reply_title(original.liaison.title, original.liaison.number)
    return merged(blank, {"title": title, purpose: groups_of(original.liaison.source)})
