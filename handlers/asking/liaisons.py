"""Answers about liaison statements: those that a question wants, a page of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from handlers.asking.answer import Answer, Entry
from handlers.asking.corresponding import Corresponding
from handlers.asking.query import Intent
from handlers.command import Button, Request, Role
from handlers.liaison.lines import shown
from handlers.liaison.selecting import may_see_drafts, selection_of
from handlers.line import quote
from storage.liaison import finding
from storage.liaison.finding import Line
from storage.words import UNSENT

PAGE = 6
"""Statements of one message: they fit a phone."""

_SUMMARISED = 2
"""So many statements at the most are shown with their summaries."""


async def answer_liaisons(
    request: Request, wanted: Corresponding, *, page: int = 1, everything: bool = False, counted: bool = False
) -> Answer:
    """The liaison statements that a question wants."""
    wanted = await settled(request, wanted)
    selection = await selection_of(request, wanted)
    limit = 1 if wanted.only else None if everything else PAGE
    found = await finding.find(request.session, selection, limit, 0 if wanted.only else (page - 1) * PAGE)
    some = await finding.lines(request.session, found.ids, in_short=True)
    if wanted.only and some:
        found = replace(found, total=1)
    return list_answer(request, wanted, some, found.total, page=page, counted=counted or wanted.counted)


def list_answer(
    request: Request,
    wanted: Corresponding,
    some: Sequence[Line],
    total: int,
    *,
    page: int = 1,
    counted: bool = False,
    contexts: Mapping[int, str] | None = None,
    again: Callable[[int], str] | None = None,
) -> Answer:
    """A page of statements, in short; `contexts` are where their words were found.

    `again` gives the command line of another page, where that is not `liaison list`.
    """
    listed, known = [] if counted else list(some[:PAGE]), contexts or {}
    left = 0 if counted else total - (page - 1) * PAGE - len(listed)
    return Answer(
        intent=Intent.COUNT if counted else Intent.LIAISONS,
        template="liaisons/list",
        data={
            "statements": [{**shown(request, one, wanted), "context": known.get(one.id, "")} for one in listed],
            "summarised": total <= _SUMMARISED,
            "counted": counted,
            "total": total,
            "first": (page - 1) * PAGE + 1,
            "overdue": wanted.overdue,
            "drafts_hidden": is_about_drafts(wanted) and not may_see_drafts(request),
            "ignored": list(wanted.ignored),
        },
        entries=tuple(entry_of(one) for one in some),
        count=total,
        understood={**wanted.understood(), "liaisons": [one.number for one in some]},
        chips=("liaison statements", *wanted.chips()),
        buttons=tuple(_next_steps(request, wanted, listed, total, left, page, again)),
        corresponding=wanted,
        pages=page,
        private=is_about_drafts(wanted),
    )


def is_about_drafts(wanted: Corresponding) -> bool:
    """Whether drafts are asked for: what is said of them is not for a channel."""
    return bool(set(wanted.status) & set(UNSENT))


def _next_steps(
    request: Request,
    wanted: Corresponding,
    listed: Sequence[Line],
    total: int,
    left: int,
    page: int,
    again: Callable[[int], str] | None,
) -> list[Button]:
    steps = [Button(one.number, f"liaison show {quote(one.number)}") for one in listed[:3]]
    if left > 0:
        steps.insert(0, Button(f"Next {min(PAGE, left)} of {left} more", (again or wanted.line)(page + 1)))
    if not total:
        return [*steps, Button("Open liaisons", "liaison list open"), Button("All liaisons", "liaison list")]
    if not listed:
        steps.append(Button("Show them", (again or wanted.line)(1)))
    if total > 1 and again is None:
        if not (wanted.open or wanted.overdue or wanted.status):
            steps.append(Button("Only open", wanted.model_copy(update={"open": True}).line()))
        if request.role >= Role.MEMBER:
            steps.append(Button("As a report", wanted.line(1, "liaison export report")))
    return steps


async def settled(request: Request, wanted: Corresponding) -> Corresponding:
    """The question with each group on a side, and with those of its other words that narrow the answer."""
    wanted = await _sided(request, wanted)
    if not wanted.hints:
        return wanted
    hints, wanted = wanted.hints, wanted.model_copy(update={"hints": ()})
    total = await finding.count(request.session, await selection_of(request, wanted))
    ignored: list[str] = []
    for word in hints:
        narrower = wanted.model_copy(update={"about": (*wanted.about, word)})
        number = await finding.count(request.session, await selection_of(request, narrower))
        if 0 < number < total:
            wanted, total = narrower, number
        elif not number:
            ignored.append(word)
    return wanted.model_copy(update={"ignored": tuple(ignored)})


async def _sided(request: Request, wanted: Corresponding) -> Corresponding:
    """Where nothing says whether a group is a sender or an addressee: a sender, if it ever sent such a statement."""
    if not wanted.beside:
        return wanted
    as_source = wanted.model_copy(update={"beside": (), "source": (*wanted.source, *wanted.beside)})
    as_addressee = wanted.model_copy(update={"beside": (), "to": (*wanted.to, *wanted.beside)})
    if wanted.direction:
        return as_source if wanted.direction == "incoming" else as_addressee
    sent = await finding.count(request.session, await selection_of(request, as_source.model_copy(update={"hints": ()})))
    return as_source if sent else as_addressee


def entry_of(one: Line) -> Entry:
    return Entry(
        "liaison", one.number, one.title, group=one.source, status=one.status.value, date=one.date, url=one.url
    )
