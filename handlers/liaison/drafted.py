"""Drafted: the draft that somebody means, who may see it, and how it is shown and put on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.command import Attachment, Button, Refused, Reply, Request, Role
from handlers.form import Choice
from handlers.liaison import paper
from handlers.liaison.matter import Host
from handlers.liaison.paper import Sheet
from handlers.line import quote
from handlers.situation import Situation
from storage.liaison import approvers, drafts, files
from storage.liaison.approvers import Chair
from storage.liaison.drafts import Wording
from storage.tables import Liaison
from storage.words import UNSENT, Approval, DeadlineKind, LiaisonFileKind, LiaisonStatus

DRAFTS = Button("Drafts", "liaison drafts")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_OFFERED = 8


async def draft(request: Request, text: str) -> Liaison:
    """The draft of that name that was not sent yet; nobody else changes it until the transaction ends.

    Raises `Refused`, also for those who may not see drafts.
    """
    found = await drafts.named(request.session, text)
    if found is None or not await may_see(request):
        raise Refused(f"I know no draft “{text}”.", "One is called DRAFT-3.", [DRAFTS], field="draft")
    found = await drafts.locked(request.session, found.id)
    if found.status not in UNSENT:
        raise over(found)
    return found


async def begun(situation: Situation, text: str) -> Liaison | None:
    """The draft that stands in a form which is being filled in, for those who may see it."""
    found = await drafts.named(situation.session, text) if text else None
    return found if found and found.status in UNSENT and await may_see(situation) else None


async def offers(situation: Situation, typed: str) -> Sequence[Choice]:
    """Drafts that may be meant."""
    if not await may_see(situation):
        return ()
    exact = await drafts.named(situation.session, typed)
    if exact:
        return [_choice(exact)]
    wanted = typed.casefold()
    every = await drafts.waiting(situation.session)
    near = [_choice(one) for one in every if wanted in f"{one.number} {one.title}".casefold()]
    # DRAFT-21 is not DRAFT-2.
    return [replace(one, fits=not wanted) for one in near][:_OFFERED]


async def may_see(situation: Situation) -> bool:
    """Drafts are for the secretariat and for whoever chairs our group now."""
    return situation.role >= Role.SECRETARIAT or await is_chair(situation)


async def is_chair(situation: Situation) -> bool:
    return any(situation.caller.person_id in one.persons for one in await chairs(situation))


async def chairs(host: Host | Situation) -> Sequence[Chair]:
    """Who chairs our group now."""
    group = host.catalogue.group_of_code(host.host)
    return await approvers.chairs(host.session, group.id if group else None, today(host))


def today(host: Host | Situation) -> date:
    """The secretariat's day."""
    return host.now.astimezone(host.household.zone).date()


def over(one: Liaison) -> Refused:
    """It is a draft no more."""
    show = [Button("Show it", f"liaison show {quote(one.number)}")]
    if one.status is LiaisonStatus.WITHDRAWN:
        return Refused(f"{one.drafted_as} was withdrawn.", "Nothing was changed.", [DRAFTS])
    return Refused(f"{one.drafted_as} was sent as {one.number}.", "Nothing was changed.", show)


async def proxies(request: Request, one: Liaison) -> Sequence[Button]:
    """Approving in the name of a chair."""
    if request.household.approval is not Approval.CHAIR or request.role < Role.SECRETARIAT:
        return ()
    line = f"liaison approve {one.number} revision={one.revision} for="
    names = [chair.name for chair in await chairs(request)]
    return [Button(label(f"Approve for {name}"), f"{line}{quote(name)}", style="primary") for name in names]


async def shown(request: Request, one: Liaison, said: str = "", first: Sequence[Button] = ()) -> Reply:
    """The draft with what can be done with it; `said` is what has just been done, `first` what is best done next."""
    wording = await drafts.wording(request.session, one)
    original = await drafts.original(request.session, one)
    known = await drafts.group_ids(request.session, one)
    return Reply(
        "liaisons/draft",
        said=said,
        number=one.number,
        status=one.status.value,
        revision=one.revision,
        approval=one.approval,
        wording=wording,
        deadline=deadline_words(wording.deadline_kind, wording.deadline),
        missing=missing(wording),
        original=original,
        original_deadline=deadline_words(original.deadline_kind, original.deadline) if original else "",
        unknown=[name for name in wording.addressees if name not in known],
        files=[each.name for each in await attachments(request, one)],
        private=True,
        buttons=[*first, *_buttons(request, one, await _approving(request, one))],
    )


async def papers(host: Host | Situation, one: Liaison) -> Attachment:
    """The statement as a Word document, as it stands. Raises `Unfit`."""
    wording = await drafts.wording(host.session, one)
    group = host.catalogue.group_of_code(host.host)
    on = date.fromisoformat(one.date) if one.date else today(host)
    sheet = Sheet(
        number=one.number,
        host=host.host,
        host_name=group.name if group else host.host,
        date=day_words(on),
        source=one.source,
        title=wording.title,
        action=wording.action,
        comment=wording.comment,
        information=wording.information,
        questions=wording.questions,
        approval=one.approval,
        deadline=deadline_words(wording.deadline_kind, wording.deadline),
        contact=wording.contact,
        contact_email=wording.contact_email,
        in_response_to=one.in_response_to,
        abstract=wording.abstract,
        body=wording.body,
        attachments=[each.name for each in await attachments(host, one)],
        is_draft=one.status in UNSENT,
        made_at=host.now,
    )
    content = await paper.written(sheet, host.household.liaison_template)
    return Attachment(paper.file_name(one.number), paper.MEDIA_TYPE, content)


async def attachments(host: Host | Situation, one: Liaison) -> Sequence[files.Paper]:
    """What is attached to the statement."""
    return [each for each in await files.of(host.session, one.id) if each.kind is LiaisonFileKind.ATTACHMENT]


def missing(wording: Wording) -> list[str]:
    """What a statement needs before it can go out."""
    needed = {"a title": wording.title, "whom it is for": wording.addressees, "a body": wording.body}
    return [name for name, value in needed.items() if not value]


def deadline_words(kind: DeadlineKind, text: str) -> str:
    """A deadline as a statement shows it; empty where none is stated."""
    match kind:
        case DeadlineKind.NONE:
            return "N/A"
        case DeadlineKind.DATE:
            return day_words(date.fromisoformat(text)) if len(text) == len("2027-01-31") else text
        case _:
            return text


def day_words(day: date) -> str:
    """`3 November 2023`, in English whatever the machine's language is."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def label(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _choice(one: Liaison) -> Choice:
    return Choice(one.drafted_as or one.number, label(f"{one.drafted_as}: {one.title}"))


async def _approving(request: Request, one: Liaison) -> Sequence[Button]:
    """Approving, as what the caller may: in the name of a chair, for whoever is none."""
    own = Button("Approve", f"liaison approve {one.number} revision={one.revision}", style="primary")
    if one.status is not LiaisonStatus.IN_REVIEW or await is_chair(request):
        return [own]
    return await proxies(request, one) or [own]


def _buttons(request: Request, one: Liaison, approving: Sequence[Button]) -> Sequence[Button]:
    number, revision = one.number, one.revision
    edit = Button("Edit it…", f"liaison edit {number} revision={revision}")
    word = Button("Word file", f"liaison paper {number}")
    back = Button("Return…", f"liaison return {number}")
    withdraw = Button("Withdraw…", f"liaison withdraw {number}", style="danger")
    send = Button("Send…", f"liaison send {number}", style="primary")
    if request.role < Role.SECRETARIAT:
        return [*approving, back, word] if one.status is LiaisonStatus.IN_REVIEW else [word]
    match one.status:
        case LiaisonStatus.DRAFT if request.household.approval is Approval.NOBODY:
            return [send, edit, word, withdraw]
        case LiaisonStatus.DRAFT:
            return [Button("Submit it", f"liaison submit {number}", style="primary"), edit, word, withdraw]
        case LiaisonStatus.IN_REVIEW:
            return [*approving, back, edit, word, withdraw]
        case _:
            return [send, edit, word, withdraw]
