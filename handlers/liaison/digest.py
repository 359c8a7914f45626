"""The digest of liaison statements: once a week the secretariat learns what is new, due, overdue, awaited, unowned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from handlers.asking.corresponding import Corresponding
from handlers.command import Button, Reply
from handlers.liaison import stages
from handlers.liaison.matter import Host
from handlers.outgoing import tell
from storage import targets
from storage.liaison import finding, told
from storage.liaison.finding import Line
from storage.liaison.selection import Order, Selection
from storage.local_time import MONDAY, MORNING
from storage.words import DeadlineKind, Direction

WEEK = timedelta(days=7)
YEAR = timedelta(days=365)
"""What others have not answered for so long is not waited for."""
LATE = timedelta(days=2)
"""So much later it is still told; after that everything is in the next one."""

_MOST = 3
"""Statements that are named of each kind: it fits a phone."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A part of the digest: what is looked for, and the question that lists all of it."""

    label: str
    wanted: Selection
    asked: Corresponding


async def tell_secretariat(occasion: Host) -> None:
    """Tell the secretariat how things stand, on Monday morning, or when the bot is back soon after; once.

    When there is nothing to tell it is told nothing.
    """
    is_day = MORNING <= occasion.now.astimezone(occasion.household.zone).time() < stages.EVENING
    monday = last_monday(occasion)
    cause = f"liaisons:digest:{monday.date().isoformat()}"
    if not is_day or occasion.now - monday > LATE or await told.are_known(occasion.session, [cause]):
        return
    named: set[int] = set()
    every = [await _part(occasion, kind, named) for kind in _kinds(occasion, monday)]
    parts = [part for part in every if part["total"]]
    if not parts:
        return
    buttons = [Button(f"{part['label']} ({part['total']})", str(part["command"])) for part in parts]
    reply = Reply("liaisons/digest", parts=parts, buttons=buttons)
    places = await targets.of_secretariat(occasion.session, occasion.household)
    await tell(occasion, places, reply, cause=cause, subject="Liaison statements this week")


def last_monday(occasion: Host) -> datetime:
    """Eight in the morning of the last Monday on which it was so late, in the host's zone."""
    zone = occasion.household.zone
    day = occasion.now.astimezone(zone).date()
    while True:
        at = datetime.combine(day, MORNING, zone).astimezone(UTC)
        if day.weekday() == MONDAY and at <= occasion.now:
            return at
        day -= timedelta(days=1)


def _kinds(occasion: Host, monday: datetime) -> Sequence[Kind]:
    """The parts of the digest, the most pressing first."""
    today = occasion.now.astimezone(occasion.household.zone).date()
    last, next_ = (today - WEEK).isoformat(), (today + WEEK).isoformat()
    base = Selection(today=today.isoformat(), direction=Direction.INCOMING, order=Order.DUE)
    incoming = Corresponding(direction="incoming", open=True, order="due")
    year = (today - YEAR).isoformat()
    return [
        Kind("Overdue", replace(base, overdue=True), Corresponding(direction="incoming", overdue=True, order="due")),
        Kind(
            "Due this week",
            replace(base, open=True, due_since=base.today, due_until=next_),
            incoming.model_copy(update={"due_since": base.today, "due_until": next_}),
        ),
        Kind(
            "New",
            replace(base, open=True, since=last, arrived=(monday - WEEK, occasion.now)),
            incoming.model_copy(update={"arrived": True, "since": last}),
        ),
        Kind("Unowned", replace(base, owned=False), Corresponding(unowned=True, order="due")),
        Kind(
            "Waiting for others",
            replace(base, direction=Direction.OUTGOING, open=True, since=year),
            Corresponding(direction="outgoing", open=True, since=year, order="due"),
        ),
    ]


async def _part(occasion: Host, kind: Kind, named: set[int]) -> dict[str, object]:
    """A part as the template shows it; what was `named` in full before it is called by its number alone."""
    found = await finding.find(occasion.session, kind.wanted, _MOST)
    lines = await finding.lines(occasion.session, found.ids)
    shown = [_shown(occasion, line) for line in lines]
    known = [line.number for line in lines if line.id in named]
    named.update(found.ids)
    return {
        "label": kind.label,
        "command": kind.asked.line(),
        "total": found.total,
        "shown": [one for one in shown if one["number"] not in known],
        "known": known,
    }


def _shown(occasion: Host, line: Line) -> dict[str, object]:
    own = line.deadline if line.deadline_kind is DeadlineKind.DATE else ""
    days = [day for one in line.waiting if (day := stages.day_of(one.due or own))]
    day = min(days, default=None) if line.waiting else stages.day_of(own)
    return {
        "number": line.number,
        "title": line.title,
        "source": "" if line.direction is Direction.OUTGOING else line.source,
        "groups": list(dict.fromkeys(one.name for one in line.waiting)),
        "left": stages.left(day, occasion.household.zone, occasion.now) if day else None,
    }
