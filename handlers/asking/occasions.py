"""Occasions: the meetings that a question about decisions, documents or attendance means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.asking.matters import Matter
from handlers.asking.meeting_names import in_span, numbers_in
from handlers.asking.reading import Reading
from handlers.command import Request
from storage import meetings
from storage.tables import Meeting
from storage.words import MeetingStatus

_ONE = r"(?:jca\S*\s+)?(?:meeting|gathering|plenary|time|session|one)\b"
_LAST = re.compile(rf"\b(?:last|previous|latest|most recent|preceding)\s+(?:held\s+)?{_ONE}", re.IGNORECASE)
_NEXT = re.compile(rf"\b(?:next|coming|upcoming|forthcoming|following)\s+{_ONE}", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_AHEAD = (Matter.AGENDA, Matter.DEADLINE, Matter.COMING)
_BEHIND = (Matter.DECISIONS, Matter.MINUTES, Matter.ATTENDED)


@dataclass(frozen=True, slots=True)
class Occasions:
    """The meetings that are meant, by number; `named`: the question says which, else it means all, or the usual one.

    `chips` say how they were chosen.
    """

    meetings: Sequence[Meeting]
    named: bool
    chips: tuple[str, ...] = ()


async def occasions_of(request: Request, reading: Reading, matter: Matter) -> Occasions:
    """Which meetings a question is about."""
    every = await meetings.all_meetings(request.session)
    today = request.now.astimezone(request.zone).date()
    ahead = meetings.upcoming(every, today)[:1]
    if numbers := numbers_in(reading):
        chosen = [one for one in every if one.number in numbers]
        return Occasions(chosen, True, tuple(f"meeting {number}" for number in sorted(numbers)))
    if _NEXT.search(reading.text) and matter is not Matter.DEFERRED:
        return Occasions(ahead, True, ("the next meeting",))
    if _LAST.search(reading.text):
        return Occasions(meetings.held(every)[-1:], True, ("the last meeting",))
    placed = _at_place(every, reading.text, matter)
    if placed:
        return placed
    if reading.span:
        within = [one for one in every if in_span(one, reading.span)]
        return Occasions(within, True, (_span_words(reading.span.since, reading.span.until),))
    if matter in _AHEAD:
        return Occasions(ahead, False, ("the next meeting",) if ahead else ())
    if matter is Matter.ATTENDED:
        return Occasions(meetings.held(every)[-1:], False, ("the last meeting",))
    return Occasions(meetings.held(every) if matter in _BEHIND else every, False)


def _at_place(every: Sequence[Meeting], text: str, matter: Matter) -> Occasions | None:
    """Those at a place that the question names; of several what was held, where the question is about what happened."""
    lower = _plain(text)
    there = [one for one in every if any(place in lower for place in _places(one))]
    if not there:
        return None
    status = {MeetingStatus.HELD} if matter in _BEHIND else set(meetings.PLANNED) if matter in _AHEAD else set()
    fitting = [one for one in there if one.status in status]
    return Occasions(fitting or there, True, (there[0].place,))


def _places(meeting: Meeting) -> Sequence[str]:
    return [_plain(part) for part in meeting.place.split(",") if part.strip()]


def _plain(text: str) -> str:
    """The words alone, with a space around each."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _span_words(since: str, until: str) -> str:
    return since if since == until else f"{since or '…'} to {until or '…'}"
