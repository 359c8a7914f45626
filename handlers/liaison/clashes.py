"""Clashes: what several people changed in a draft at the same time, with nothing lost that anybody typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.command import Button, Refused, Request
from handlers.liaison.drafted import label
from handlers.line import write_line
from storage.liaison.drafts import PERSONAL, Change, Wording
from storage.tables import Liaison
from storage.words import LiaisonStatus

_LONGEST_LINE = 1_500
_LONGEST_QUOTE = 200
_WORDS = {
    "deadline_kind": "deadline",
    "contact_email": "contact's e-mail",
    "action": "groups for action",
    "comment": "groups for comment",
    "information": "groups for information",
}


def own(given: Mapping[str, Any], now: Wording, since: Mapping[str, Change]) -> dict[str, Any]:
    """What somebody changed themselves: what is neither as it is now nor as it was when they began."""
    return {
        name: value
        for name, value in given.items()
        if value != getattr(now, name) and not (name in since and name not in PERSONAL and value == since[name].before)
    }


def overtaken(
    request: Request, one: Liaison, now: Wording, clashing: Mapping[str, Change], typed: Mapping[str, str]
) -> Refused:
    """Others changed the same: who, what it is now, and how to go on; what was typed is kept."""
    words = []
    for name, change in clashing.items():
        if name == "deadline_kind" and len(clashing) > 1:
            continue
        value = getattr(now, name)
        text = label("; ".join(value) if isinstance(value, tuple) else str(value), _LONGEST_QUOTE)
        words.append(f"{_by(change, request)} changed the {_called(name)} meanwhile. Now it is “{text}”.")
    line = write_line("liaison edit", {**typed, "revision": str(one.revision)})
    over_it = [Button("Save mine over it", line)] if len(line) <= _LONGEST_LINE else []
    show = Button("Show it", f"liaison show {one.number}")
    hint = f"What you typed is kept. To save yours over it, give {one.revision} as the revision."
    return Refused(" ".join(words), hint, [*over_it, show], field="revision")


def said(request: Request, one: Liaison, before: LiaisonStatus, others: Mapping[str, Change]) -> str:
    """What became of the draft, which had that status before, and what others changed meanwhile."""
    words = [f"Revision {one.revision} is saved."]
    if before is LiaisonStatus.APPROVED:
        words.append("It was approved as it was before: submit it again.")
    elif before is LiaisonStatus.IN_REVIEW:
        words.append("It is no longer in review: submit it again.")
    for name, change in others.items():
        words.append(f"{_by(change, request)} changed the {_called(name)} meanwhile; that is kept too.")
    return " ".join(dict.fromkeys(words))


def _by(change: Change, request: Request) -> str:
    return "You" if change.by == request.caller.name else change.by or "Somebody"


def _called(name: str) -> str:
    return _WORDS.get(name, name)
