"""Deadlines: none stated as such, not stated, a day, or vague words kept as written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.liaison.reading.days import Period, periods
from handlers.liaison.reading.header import Header
from handlers.liaison.reading.labels import Label
from handlers.liaison.reading.page import one_line
from handlers.liaison.reading.sentences import sentences
from handlers.liaison.reading.statement import Action, Deadline, Found, Sureness
from storage.words import DeadlineKind

UNSTATED = Deadline(DeadlineKind.UNSTATED)
_NONE = re.compile(
    r"[\s\-‐‑‒–—−_./*]*|\(?(?:n\s?[./]?\s?a\.?|none(?: (?:required|specified|stated|given|set))?|nil|no|not applicable|"
    r"no (?:specific )?deadline(?: (?:is )?(?:set|specified|given))?|no (?:reply|response|action"
    r"|answer)(?: is)? (?:needed|required|expected|requested)|"
    r"not (?:required|needed|specified))\.?\)?",
    re.IGNORECASE,
)
_ROUGH = re.compile(
    r"\b(?:end|beginning|middle|mid|early|late|start|first|second|week)[\s-]+(?:of[\s-]+)?$", re.IGNORECASE
)
_REPLY_WORDS = re.compile(
    r"\b(?:please|kindly|asks?|asked|requests?|requested|invites?|invited|reply|replies|respon[ds]\w*|comments?|feedback|answers?|input|inputs|review|confirm\w*|provide"
    r"|inform|contributions?|"
    r"consider|submit|send|action|deadline|vote|advise|indicate|clarif\w*|return|take)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"(?<!you )\b(?:will|shall|plans? to|expects? to|intends? to|hopes? to)\s+(?:\w+\s+){0,2}"
    r"(?:answer|reply|respond|provide|send|come back|inform|comment|complete|finish|consent|approve|publish)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:please|kindly|asks?|asked|requests?|requested|invites?|invited|appreciates?)\b", re.IGNORECASE
)
_BEFORE = (
    r"(?:by|before|no later than|not later than|at the latest (?:by|on)|until|prior to|no later than by"
    r"|due(?: on| by)?|deadline(?: is| of| for .{1,40}? is)?:?)"
)
_BY_DAY = re.compile(rf"\b{_BEFORE}\s+(?:the\s+|(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?$", re.IGNORECASE)
_BY_VAGUE = re.compile(
    r"\b(?:by|before|prior to|no later than|not later than|in time for|at)\s+(?:the\s+|its\s+|their\s+|our\s+|your\s+)?"
    r"(?:(?:end|beginning|middle|start)\s+of\s+(?:the\s+)?[\w’' ]{2,30}(?:19|20)\d\d|(?:mid|early"
    r"|late)[\s-]+\w+\s+(?:19|20)\d\d|"
    r"(?:the\s+)?next\s+(?:[\w./-]+\s+){0,4}?meeting|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|"
    r"December)\s+(?:19|20)\d\d|(?:(?:first|second|third|fourth)\s+quarter|Q[1-4])\s+(?:of\s+)?(?:19|20)\d\d)"
    r"|\bas soon as possible\b|\bat (?:your|the) earliest convenience\b",
    re.IGNORECASE,
)
_LONGEST = 200


def deadline_of(text: str) -> Found[Deadline]:
    """What the words of a deadline say. An empty one says nothing."""
    written = one_line(text)[:_LONGEST]
    if not written:
        return Found(UNSTATED)
    if _NONE.fullmatch(written):
        return Found(Deadline(DeadlineKind.NONE, written), "written")
    found = periods(written)
    days = {period.first for period in found if period.is_day}
    if len(days) == 1 and len(found) == 1 and not _ROUGH.search(written[: found[0].start]):
        sure = _sureness(found[0], written)
        return Found(Deadline(DeadlineKind.DATE, days.pop().isoformat()), "written", sure)
    return Found(Deadline(DeadlineKind.VAGUE, written), "written")


def _sureness(period: Period, written: str) -> Sureness:
    if period.unsure:
        return Sureness.GUESS
    around = written[: period.start] + written[period.end :]
    return Sureness.LIKELY if len(re.sub(r"\W", "", around)) > 40 else Sureness.CERTAIN


def asked_by(text: str) -> Deadline:
    """The deadline that sentences ask for: `to comment by 30 April 2024`, `before its next meeting`."""
    for sentence in sentences(text):
        is_promise = _PROMISE.search(sentence) and not _REQUEST.search(sentence)
        if is_promise or not _REPLY_WORDS.search(sentence):
            continue
        for period in periods(sentence):
            if period.is_day and _BY_DAY.search(sentence[: period.start]):
                return Deadline(DeadlineKind.DATE, period.first.isoformat())
        if vague := _BY_VAGUE.search(sentence):
            return Deadline(DeadlineKind.VAGUE, one_line(vague[0]))
    return UNSTATED


def deadline_in(header: Header, actions: Sequence[Action]) -> Found[Deadline]:
    """The deadline of the header, else of the actions, else what the body asks for."""
    field = header.first(Label.DEADLINE)
    if field is not None and (found := deadline_of(field.text)):
        return Found(found.value, field.where, found.sure)
    dated = sorted(
        (one for one in actions if one.deadline.kind is DeadlineKind.DATE), key=lambda one: one.deadline.text
    )
    vague = [one for one in actions if one.deadline.kind is DeadlineKind.VAGUE]
    for action in (*dated, *vague):
        return Found(action.deadline, f"action for {action.group or 'all'}", Sureness.LIKELY)
    if actions or field is not None:
        return Found(UNSTATED)
    asked = asked_by("\n".join(header.body))
    if asked.kind is DeadlineKind.DATE:
        return Found(asked, "body", Sureness.GUESS)
    return Found(UNSTATED)
