"""A liaison statement in a line of a list: what is shown of it, to whom."""

from __future__ import annotations

from handlers.asking.corresponding import Corresponding
from handlers.command import Request, Role
from handlers.liaison.selecting import parties_of, today
from storage.catalogue import Catalogue
from storage.liaison.finding import Addressee, Line
from storage.words import DeadlineKind, Purpose

_MOST_NAMED = 3


def shown(request: Request, line: Line, wanted: Corresponding | None = None) -> dict[str, object]:
    """What a list shows of a statement; with a question about an addressee, its own deadline."""
    mine = addressed(request.catalogue, line, wanted.to) if wanted and wanted.to else ()
    due = deadline(line, mine)
    return {
        "number": line.number,
        "url": line.url,
        "title": line.title,
        "source": line.source,
        "date": line.date,
        "status": line.status.value,
        "summary": line.summary,
        "is_outgoing": line.direction.value == "outgoing",
        "to": few([one.name for one in line.addressees if one.purpose is not Purpose.INFORMATION]),
        "informed": few(list(line.named(Purpose.INFORMATION))),
        "due": due,
        "vague": line.deadline if line.deadline_kind is DeadlineKind.VAGUE else "",
        "is_open": line.is_open,
        "is_overdue": line.is_open and is_past(due, today(request).isoformat()),
        "waiting": few([one.name for one in line.waiting]) if line.status.value == "sent" else "",
        "owners": list(dict.fromkeys(one.name for one in line.owners if one.accepted and one.name))
        if may_see_owners(request)
        else [],
    }


def may_see_owners(request: Request) -> bool:
    """Names of persons are for members."""
    return request.role >= Role.MEMBER


def addressed(catalogue: Catalogue, line: Line, codes: tuple[str, ...]) -> tuple[Addressee, ...]:
    """The addressees of a statement that are one of these groups or bodies."""
    parties = parties_of(catalogue, codes)
    return tuple(one for one in line.addressees if parties.has(one.group_id, one.name))


def deadline(line: Line, of: tuple[Addressee, ...] = ()) -> str:
    """Until when an answer is wanted, of these addressees or at all; empty where no date is stated."""
    own = "" if line.deadline_kind is DeadlineKind.VAGUE else line.deadline
    dates = [one.due or own for one in of or line.waiting if one.waits or of]
    return min(filter(None, dates), default=own)


def is_past(due: str, day: str) -> bool:
    """Whether a partial date is over on that day."""
    return bool(due) and due < day[: len(due)]


def few(names: list[str]) -> str:
    """`SG11, SG13, SG17 and 4 more`."""
    if len(names) <= _MOST_NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
