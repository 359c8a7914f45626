"""The actions that ETSI and 3GPP statements ask of each group, with their own dates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.liaison.reading.deadlines import asked_by
from handlers.liaison.reading.names import NOBODY, names_in, tidy_name
from handlers.liaison.reading.page import one_line
from handlers.liaison.reading.statement import Action

_NUMBERED = r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]?\s+)?"
_BEGIN = re.compile(_NUMBERED + r"actions?(?:\s+(?:required|requested|items?))?\s*:?\s*$", re.IGNORECASE)
_END = re.compile(
    _NUMBERED
    + r"(?:dates?\s+of\s+(?:the\s+)?next|next\s+meetings?|further\s+meetings|future\s+meetings|annex|attachments?\b)",
    re.IGNORECASE,
)
_NEXT_SECTION = re.compile(r"^\s*\d{1,2}[.)]?\s+[A-Z]")
_TO = re.compile(
    r"^\s*(?:[•*-]\s*)?To\s+(?P<group>[^:]{2,120}?)(?:\s+groups?)?\s*(?::\s*(?P<text>.*))?$", re.IGNORECASE | re.DOTALL
)
_ACTION = re.compile(r"^\s*ACTIONS?\s*(?:\d+\s*)?[:.\t]\s*(?P<text>.*)$", re.IGNORECASE | re.DOTALL)
_LONGEST_HEAD = 14


def actions_in(body: Sequence[str]) -> tuple[Action, ...]:
    """What is asked of whom in the section “Actions”."""
    found: list[tuple[str, list[str]]] = []
    inside = False
    for line in body:
        if _BEGIN.match(line):
            inside = True
            continue
        if inside and (_END.match(line) or (found and _NEXT_SECTION.match(line))):
            break
        if inside and line.strip():
            _take(found, line)
    return tuple(
        Action(tidy, one_line(" ".join(text)), asked_by("\n".join(text)))
        for groups, text in found
        for tidy in _names(groups)
        if not NOBODY.fullmatch(one_line(" ".join(text))) or groups
    )


def _names(groups: str) -> list[str]:
    return [tidy_name(name) for name in names_in(groups)] or [""]


def _take(found: list[tuple[str, list[str]]], line: str) -> None:
    to = _TO.match(line)
    if to and (to["text"] is not None or len(line.split()) <= _LONGEST_HEAD):
        found.append((to["group"], []))
        line = to["text"] or ""
    action = _ACTION.match(line)
    text = action["text"] if action else line
    if not found:
        found.append(("", []))
    if text.strip():
        found[-1][1].append(text.strip())
