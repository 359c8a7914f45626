"""Overview: all that matters of a liaison statement, and what whoever asks can do with it next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.command import Button, Reply, Request, Role
from handlers.dropping import in_words
from handlers.liaison import answers, requests
from handlers.liaison.entries import may_see, sees_contacts
from handlers.liaison.matter import load
from handlers.line import quote
from handlers.representing.entries import is_secretariat
from storage import liaisons
from storage.liaison import assignments, files, proposals, replies, texts
from storage.liaison.assignments import Assignment
from storage.liaison.files import Paper
from storage.liaison.log import addressees_of
from storage.liaison.unsent import is_unsent
from storage.liaisons import Statement
from storage.tables import Liaison
from storage.words import UNSENT, UNSETTLED, DeadlineKind, Direction, LiaisonStatus, Purpose

Shown = dict[str, object]

WAITING = (*UNSETTLED, LiaisonStatus.SENT)
"""Statuses in which a deadline still matters."""

_LONGEST_ABSTRACT = 600
_MOST_FILES = 4
_MOST_OWN = 6
_MOST_FREE = 3
_LABEL = 40


async def overview(request: Request, statement: Statement, said: str = "") -> Reply:
    """The statement in full. `said` is what was just done with it."""
    liaison = statement.liaison
    papers = await files.of(request.session, liaison.id) if request.role >= Role.MEMBER else ()
    owners = await assignments.of_statement(request.session, liaison.id) if request.role >= Role.MEMBER else ()
    replied = [one for one in await replies.to(request.session, liaison.id) if await may_see(request, one)]
    original = await _original(request, liaison)
    proposed = await _proposed(request, liaison)
    abstract, _body = await texts.read(request.session, liaison.id)
    return Reply(
        "liaisons/show",
        said=said,
        ls=facts(request, liaison),
        purposes=await _purposes(request, liaison),
        abstract=_shortened(abstract or liaison.summary),
        contact=(liaison.contact, liaison.contact_email) if sees_contacts(request) else ("", ""),
        owners=[_owner(one) for one in owners],
        original=_brief(original) if original else None,
        replies=[_brief(one) for one in replied],
        files=[shown_file(one) for one in papers],
        proposed=proposed,
        answers=await answers.shown(request, liaison) if request.role >= Role.MEMBER else (),
        private=is_unsent(liaison),
        buttons=[
            *await _own_steps(request, liaison),
            *(_assigning(liaison, owners) if is_secretariat(request) else ()),
            *_steps(request, liaison, papers, [*([original] if original else []), *replied], proposed),
        ],
    )


def facts(request: Request, liaison: Liaison) -> Shown:
    """What everybody may know of a statement."""
    return {
        "number": liaison.number,
        "ours": liaison.ours if liaison.ours != liaison.number else "",
        "title": liaison.title,
        "url": liaison.url,
        "source": liaison.source,
        "date": liaison.date,
        "direction": liaison.direction.value,
        "status": liaison.status.value,
        "questions": liaison.questions,
        "in_response_to": liaison.in_response_to,
        "is_holding": liaison.is_holding,
        "deadline": deadline(request, liaison),
    }


def deadline(request: Request, liaison: Liaison) -> Shown:
    """Which of the four kinds of deadline it has; `days` are left where the day still matters."""
    text = liaison.deadline
    is_day = liaison.deadline_kind is DeadlineKind.DATE and len(text) == len("2024-04-30")
    today = request.now.astimezone(request.zone).date()
    days = (date.fromisoformat(text) - today).days if is_day and liaison.status in WAITING else None
    return {"kind": liaison.deadline_kind.value, "text": text, "days": days}


def shown_file(paper: Paper) -> Shown:
    return {"id": paper.id, "name": paper.name, "size": in_words(paper.size), "kind": paper.kind.value}


async def _purposes(request: Request, liaison: Liaison) -> Sequence[Shown]:
    """Who is asked what, where anybody is."""
    every = await addressees_of(request.session, liaison.id)
    return [
        {
            "purpose": purpose.value,
            "names": [one.name for one in every if one.purpose is purpose],
            "asked": [
                {"name": one.name, "asked": one.asked, "due": one.due}
                for one in every
                if one.purpose is purpose and (one.asked or one.due)
            ],
        }
        for purpose in Purpose
        if any(one.purpose is purpose for one in every)
    ]


async def _original(request: Request, liaison: Liaison) -> Liaison | None:
    if liaison.response_to_id is None:
        return None
    original = (await liaisons.known(request.session, liaison.response_to_id)).liaison
    return original if await may_see(request, original) else None


async def _proposed(request: Request, liaison: Liaison) -> int:
    """How many changes of the roadmap wait for somebody who may decide on them."""
    if request.role < Role.REPRESENTATIVE:
        return 0
    return len(await proposals.waiting(request.session, liaison.id))


async def _own_steps(request: Request, liaison: Liaison) -> list[Button]:
    """What whoever asks may do for their own groups, or as the one who was asked to see to it."""
    if request.role < Role.MEMBER or liaison.status not in UNSETTLED:
        return []
    matter = await load(request, liaison.id, lock=False, narrow=True)
    person = request.caller.person_id
    return [*requests.steps(matter, person), *requests.answering(matter, person, is_owner=False)][:_MOST_OWN]


def _steps(
    request: Request,
    liaison: Liaison,
    papers: Sequence[Paper],
    linked: Sequence[Liaison],
    proposed: int,
) -> list[Button]:
    number = quote(liaison.number)
    steps: list[Button] = []
    if is_secretariat(request) and liaison.status not in UNSENT:
        steps += _of_secretariat(liaison, number)
    steps += [Button(f"File {one.name}"[:60], f"liaison file {one.id}") for one in papers[:_MOST_FILES]]
    if proposed:
        steps.append(Button(f"Proposals ({proposed})", f"proposal list {number}"))
    if linked:
        steps.append(Button("Thread", f"liaison thread {number}"))
    if request.role >= Role.MEMBER:
        steps.append(Button("History", f"liaison history {number}"))
    return steps


def _assigning(liaison: Liaison, owners: Sequence[Assignment]) -> Sequence[Button]:
    """The way to ask somebody where nobody sees to it yet."""
    if liaison.status not in UNSETTLED:
        return ()
    free = [one.name for one in owners if one.is_offered and one.person_id is None]
    number = quote(liaison.number)
    return [
        Button(f"Assign {name}…"[:_LABEL] if len(owners) > 1 else "Assign…", f"liaison assign {number} {quote(name)}")
        for name in free[:_MOST_FREE]
    ]


def _of_secretariat(liaison: Liaison, number: str) -> list[Button]:
    if liaison.status in UNSETTLED:
        return [
            Button("Answer it", f"liaison answer {number}", style="primary"),
            Button("Note it", f"liaison note {number}"),
            Button("Close it", f"liaison close {number}"),
            Button("Correct it", f"liaison correct {number}"),
        ]
    correct = Button("Correct it", f"liaison correct {number}")
    if liaison.status in (LiaisonStatus.SENT, LiaisonStatus.ANSWERED):
        return [Button("Close it", f"liaison close {number}"), correct]
    can_reopen = (LiaisonStatus.NOTED, LiaisonStatus.CLOSED, LiaisonStatus.MISDIRECTED)
    if liaison.direction is Direction.INCOMING and liaison.status in can_reopen:
        return [Button("Reopen it", f"liaison reopen {number}"), correct]
    return [correct]


def _owner(one: Assignment) -> Shown:
    return {"group": one.name, "person": one.person, "state": one.state.value, "asked": one.person_id is not None}


def _brief(liaison: Liaison) -> Shown:
    return {
        "number": liaison.number,
        "title": liaison.title,
        "source": liaison.source,
        "date": liaison.date,
        "status": liaison.status.value,
        "is_holding": liaison.is_holding,
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ABSTRACT else f"{text[:_LONGEST_ABSTRACT].rsplit(' ', 1)[0]} …"
