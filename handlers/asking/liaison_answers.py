"""Answers about one liaison statement: who answered, who still has to, whose it is, until when, its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.asking.answer import Answer
from handlers.asking.corresponding import Corresponding
from handlers.asking.liaisons import entry_of, list_answer
from handlers.asking.query import Intent
from handlers.command import Button, Request, Role
from handlers.liaison.lines import addressed, deadline, is_past, may_see_owners, shown
from handlers.liaison.overview import overview
from handlers.liaison.selecting import may_see_drafts, numbered, parties_of, today
from handlers.line import quote
from storage.liaison import finding, replies
from storage.liaison.finding import Addressee, Line
from storage.liaison.unsent import is_unsent
from storage.liaisons import known
from storage.words import UNSENT, DeadlineKind, Direction, LiaisonStatus

_SETTLED = (LiaisonStatus.ANSWERED, LiaisonStatus.CLOSED, LiaisonStatus.NOTED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one group has answered. `state` is `yes`, `marked`, `held`, `no`, `informed` or `not asked`."""

    group: str
    state: str
    reply: Line | None = None
    due: str = ""
    is_overdue: bool = False


async def answer_statements(request: Request, wanted: Corresponding) -> Answer:
    """What is asked of the statements that are named."""
    some = await finding.lines(request.session, await numbered(request, wanted.numbers))
    some = _meant(request, wanted, some)
    if not some:
        return _missing(wanted)
    if len(some) > 1:
        return list_answer(request, wanted, some, len(some))
    one = some[0]
    wanted = wanted.model_copy(update={"numbers": (one.number,)})
    match wanted.aspect:
        case "answered":
            return await _answered(request, wanted, one)
        case "waiting":
            return _waiting(request, wanted, one)
        case "owner":
            return _owner(request, wanted, one)
        case "due":
            return _due(request, wanted, one)
        case "thread":
            return await _thread(request, wanted, one)
        case _:
            return await statement_answer(request, wanted, one)


async def statement_answer(request: Request, wanted: Corresponding, one: Line) -> Answer:
    """One statement in full."""
    shown_in_full = await overview(request, await known(request.session, one.id))
    answer = _answer(wanted, one, shown_in_full.template, shown_in_full.data)
    return replace(answer, buttons=shown_in_full.buttons, private=shown_in_full.private)


def _meant(request: Request, wanted: Corresponding, some: Sequence[Line]) -> Sequence[Line]:
    """Of several whose numbers end so: those that the groups were asked by, else the one of ours."""
    if len(some) > 1 and wanted.aspect == "answered" and wanted.groups:
        asked = [one for one in some if any(_of_group(request, one, code) for code in wanted.groups)]
        some = asked or some
    if len(some) > len(wanted.numbers) == 1:
        own = [one for one in some if one.number.lower().startswith(request.host.lower())]
        some = own if len(own) == 1 else some
    return some


def _missing(wanted: Corresponding) -> Answer:
    return Answer(
        Intent.LIAISONS,
        "asking/liaison_missing",
        {"numbers": list(wanted.numbers)},
        understood=wanted.understood(),
        chips=("liaison statements", *wanted.numbers),
        buttons=(Button("Open liaisons", "liaison list open"), Button("All liaisons", "liaison list")),
    )


async def _answered(request: Request, wanted: Corresponding, one: Line) -> Answer:
    found = await finding.lines(request.session, [reply.id for reply in await replies.to(request.session, one.id)])
    said = [reply for reply in found if reply.status not in (*UNSENT, LiaisonStatus.WITHDRAWN)]
    groups = wanted.groups or _asked_groups(request, one)
    verdicts = [_verdict(request, one, code, said) for code in groups]
    answers = [verdict.reply for verdict in verdicts if verdict.state == "yes" and verdict.reply]
    data = {
        "line": shown(request, one),
        "verdicts": [
            {
                "group": verdict.group,
                "state": verdict.state,
                "reply": shown(request, verdict.reply) if verdict.reply else None,
                "due": verdict.due,
                "is_overdue": verdict.is_overdue,
                "is_us": verdict.group == request.host,
            }
            for verdict in verdicts
        ],
        "named": bool(wanted.groups),
    }
    steps = [_show(reply) for reply in answers[:2]]
    return _answer(wanted, one, "asking/liaison_answered", data, answers, steps)


def _asked_groups(request: Request, one: Line) -> tuple[str, ...]:
    """Whose answer is meant where no group is named: that of everybody who was asked, else ours."""
    names = tuple(each.name for each in one.addressees if each.waits or each.answer)
    return names or ((request.host,) if one.direction is Direction.INCOMING else ())


def _of_group(request: Request, one: Line, code: str) -> tuple[Addressee, ...]:
    return addressed(request.catalogue, one, (code,)) or tuple(each for each in one.addressees if each.name == code)


def _verdict(request: Request, one: Line, code: str, said: Sequence[Line]) -> Verdict:
    parties = parties_of(request.catalogue, [code])
    theirs = [reply for reply in said if parties.has(reply.source_id, reply.source)]
    asked = _of_group(request, one, code)
    held = {each.holding for each in asked} | {reply.number for reply in theirs if reply.is_holding}
    answers = [reply for reply in theirs if not reply.is_holding]
    is_us = code == request.host and one.direction is Direction.INCOMING
    due = deadline(one, asked)
    if answers:
        return Verdict(code, "yes", answers[-1])
    if one.status in _SETTLED and (is_us or len(one.addressees) == 1):
        return Verdict(code, "marked")
    if not asked and not is_us:
        return Verdict(code, "not asked")
    if asked and not any(each.waits for each in asked) and not is_us:
        return Verdict(code, "informed")
    holding = next((reply for reply in theirs if reply.number in held), None)
    late = is_past(due, today(request).isoformat())
    return Verdict(code, "held" if holding else "no", holding, due, late)


def _waiting(request: Request, wanted: Corresponding, one: Line) -> Answer:
    asked = [each for each in one.addressees if each.waits or each.answer]
    waits = [each for each in asked if each.waits]
    day = today(request).isoformat()
    own = deadline(one)
    data = {
        "line": shown(request, one),
        "waits": [
            {
                "name": each.name,
                "purpose": each.purpose.value,
                "due": each.due or own,
                "is_overdue": is_past(each.due or own, day),
                "holding": each.holding,
            }
            for each in waits
        ],
        "answered": [{"name": each.name, "by": each.answer} for each in asked if each.answer],
        "nobody_asked": not asked,
        "is_over": one.status in (*_SETTLED, LiaisonStatus.WITHDRAWN),
    }
    return _answer(wanted, one, "asking/liaison_waiting", data)


def _owner(request: Request, wanted: Corresponding, one: Line) -> Answer:
    accepted = [each for each in one.owners if each.accepted]
    asked = [each for each in one.owners if not each.accepted]
    data = {
        "line": shown(request, one),
        "may_see": may_see_owners(request),
        "accepted": [{"group": each.group, "name": each.name} for each in accepted],
        "asked": [{"group": each.group, "name": each.name} for each in asked],
    }
    may_assign = request.role >= Role.SECRETARIAT and one.is_open and not accepted
    steps = [Button("Give it an owner", f"liaison assign {quote(one.number)}")] if may_assign else []
    return _answer(wanted, one, "asking/liaison_owner", data, steps=steps)


def _due(request: Request, wanted: Corresponding, one: Line) -> Answer:
    stated = one.deadline if one.deadline_kind is DeadlineKind.DATE else deadline(one)
    dates = [each for each in one.addressees if each.due]
    data = {
        "line": {**shown(request, one), "due": stated},
        "kind": one.deadline_kind.value,
        "dates": [{"name": each.name, "due": each.due, "answer": each.answer} for each in dates],
        "days": _days(stated, request) if one.is_open else None,
    }
    return _answer(wanted, one, "asking/liaison_due", data)


def _days(due: str, request: Request) -> int | None:
    """How many days are left until a whole date; negative when it is over."""
    return (date.fromisoformat(due) - today(request)).days if len(due) == 10 else None


async def _thread(request: Request, wanted: Corresponding, one: Line) -> Answer:
    chain = await replies.thread(request.session, one.id)
    public = [each for each in chain if may_see_drafts(request) or not is_unsent(each)]
    some = await finding.lines(request.session, [each.id for each in public])
    data = {
        "line": shown(request, one),
        "chain": [{**shown(request, each), "is_holding": each.is_holding, "is_it": each.id == one.id} for each in some],
    }
    steps = [_show(each) for each in some if each.id != one.id][:3]
    return _answer(wanted, one, "asking/liaison_chain", data, some, steps)


def _answer(
    wanted: Corresponding,
    one: Line,
    template: str,
    data: Mapping[str, object],
    some: Sequence[Line] = (),
    steps: Sequence[Button] = (),
) -> Answer:
    given = list(some) or [one]
    return Answer(
        Intent.LIAISONS,
        template,
        data,
        entries=tuple(entry_of(each) for each in given),
        count=len(given),
        understood={**wanted.understood(), "liaisons": [each.number for each in given]},
        chips=("liaison statements", *wanted.numbers, *wanted.groups),
        buttons=(*steps, *_around(wanted, one)),
        corresponding=wanted,
    )


def _around(wanted: Corresponding, one: Line) -> tuple[Button, ...]:
    number = quote(one.number)
    show = () if not wanted.aspect else (_show(one),)
    return (*show, Button("Thread", f"liaison thread {number}"))


def _show(one: Line) -> Button:
    return Button(one.number, f"liaison show {quote(one.number)}")
