"""Continuing: "and its documents?", "and the second one?" after an answer about a meeting, as a whole question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.asking.lexicon import Lexicon
from handlers.asking.matters import Matter
from handlers.asking.meeting_names import ORDINALS, numbers_in
from handlers.asking.reading import Reading

MOST_MEETINGS = 3
"""So many meetings may "its" and "their" mean."""

_ASKED = {
    Matter.AGENDA: "what is the agenda",
    Matter.DEADLINE: "when is the deadline for documents",
    Matter.DEFERRED: "which documents are deferred",
    Matter.ACTIONS: "which actions are open",
    Matter.MINUTES: "what do the minutes say",
    Matter.DECISIONS: "what was decided",
    Matter.COMING: "who comes",
    Matter.ATTENDED: "who attended",
    Matter.DOCUMENTS: "which documents came",
}
_NOUNS = (
    (Matter.AGENDA, "agenda|programme|topics"),
    (Matter.DEADLINE, "(?:document )?deadlines?"),
    (Matter.ACTIONS, "actions?(?: items?| points?)?|tasks?"),
    (Matter.MINUTES, "minutes|notes"),
    (Matter.DECISIONS, "decisions?|decided|outcomes?|results?|conclusions?"),
    (Matter.COMING, "rsvps?|answers"),
    (Matter.ATTENDED, "attendees|attendance|participants"),
    (Matter.DOCUMENTS, "documents?|docs?|papers?|contributions?|inputs?|submissions?"),
)
_REPORT = "report|executive summary|summary"
_FACT = "status|place|venue|location|date|day|time|hour|mode|title"
_BEFORE_NOUN = "(?:(?:what|which|who|where|when|is|are|were|was|its|their|the|any|all|open|other|me|show|list|tell) )*"
_SOURCE = re.compile(r"(?:from|by)\s+\S.*", re.IGNORECASE)
_PLACE = re.compile(r"(?:in|at|during)\s+\S", re.IGNORECASE)
_SENT = (Matter.DOCUMENTS, Matter.DEFERRED)
_THE_MEETING = re.compile(r"\b(?:its|it|their|(?:that|this) (?:one|meeting))\b|\bthere$", re.IGNORECASE)
_WHICH = rf"{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th)|last|previous|latest|next|coming|following|most recent"
_ANOTHER = re.compile(
    rf"(?:(?:of|for|in|at) )?(?:the )?(?:(?:{_WHICH})(?: (?:one|meeting|time))?|meeting (?:no\.? ?|number )?\d{{1,3}})",
    re.IGNORECASE,
)
_WHERE_OR_WHEN = re.compile(
    r"(?:(?:when|where|at what time|what time|which day|how long)\s+(?:is|was|will|does|did))\s+"
    r"(?:it|(?:that|this) (?:one|meeting))(?:\s+(?:be|held|be held|take place|begin|start|end|last|happen))*",
    re.IGNORECASE,
)
_ONE = re.compile(r"\bones?$", re.IGNORECASE)
_LONGEST = 9
"""Words of a question that goes on with the last one."""


def may_continue(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether a question may go on with the last one: it is short, and opens so or points back."""
    rest, is_opened = _opened(lexicon, reading)
    return bool(rest) and len(reading.tokens) <= _LONGEST and (is_opened or bool(_THE_MEETING.search(rest)))


def whole_question(
    lexicon: Lexicon, reading: Reading, meetings: Sequence[int], matter: Matter | None, asked: Matter | None
) -> str:
    """The question in full, where it goes on with one about `matter` of these meetings; empty where it does not.

    `asked` is the matter that the question itself asks for.
    """
    if not may_continue(lexicon, reading):
        return ""
    rest, is_opened = _opened(lexicon, reading)
    if is_opened and _ANOTHER.fullmatch(rest):
        return _of_another(rest, matter)
    if numbers_in(reading):
        return ""
    asked = asked or next((one for one, nouns in _NOUNS if _is_about(nouns, rest)), None)
    of_them = f" of {' and '.join(f'meeting {one}' for one in meetings)}" if 0 < len(meetings) <= MOST_MEETINGS else ""
    if asked and of_them:
        return f"{_ASKED[asked]}{_source(rest)}{of_them}"
    if of_them and _is_about(_REPORT, rest):
        return f"the report{of_them}"
    if of_them and (_WHERE_OR_WHEN.fullmatch(rest) or _is_about(_FACT, rest)):
        return f"show{of_them.removeprefix(' of')}"
    if matter in _SENT and is_opened and _SOURCE.match(rest):
        return f"{_ASKED[matter]} {rest}{of_them}"
    return f"{_ASKED[matter]} {rest}" if matter and is_opened and _PLACE.match(rest) else ""


def _opened(lexicon: Lexicon, reading: Reading) -> tuple[str, bool]:
    """What follows the words with which somebody goes on, and whether there are any."""
    words = tuple(token.lower for token in reading.tokens)
    longest = next((size for size in range(min(5, len(words)), 0, -1) if words[:size] in lexicon.english.openers), 0)
    if longest and words[longest - 1] in ("for", "from", "in", "of", "the"):
        longest -= 1
    begin = reading.tokens[longest].start if longest < len(words) else len(reading.text)
    return reading.text[begin:].strip(" ?!.,;"), bool(longest)


def _of_another(rest: str, matter: Matter | None) -> str:
    """The same of another meeting."""
    which = _ONE.sub("meeting", re.sub(r"^(?:of|for|in|at)\s+", "", rest))
    if not re.search(r"\bmeeting\b", which, re.IGNORECASE):
        which += " meeting"
    return f"{_ASKED[matter]} in {which}" if matter else f"show {which}"


def _is_about(nouns: str, rest: str) -> bool:
    """Whether the words ask for one of these and nothing else, but perhaps from whom it is."""
    of_it = "(?: (?:of|from|at|for) (?:it|(?:that|this) (?:one|meeting)))?"
    pattern = rf"{_BEFORE_NOUN}(?:{nouns}){of_it}(?: {_SOURCE.pattern})?"
    return re.fullmatch(pattern, rest, re.IGNORECASE) is not None


def _source(rest: str) -> str:
    found = _SOURCE.search(rest)
    return f" {found[0]}" if found and not _THE_MEETING.search(found[0]) else ""
