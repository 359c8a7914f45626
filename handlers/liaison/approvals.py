"""Approvals: who may approve a draft, how they are asked, and what the message says once that is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.command import Attachment, Button, Refused, Reply, Request, Role
from handlers.liaison.drafted import chairs, deadline_words, papers
from handlers.liaison.matter import Host
from handlers.outgoing import reword, tell
from handlers.representing.entries import actor_of
from storage import targets
from storage.liaison import drafts, events
from storage.liaison.approvers import Chair, same_name
from storage.liaison.events import Deed, Event
from storage.tables import Liaison
from storage.words import Approval, LiaisonStatus


@dataclass(frozen=True, slots=True)
class Right:
    """As what somebody approves: `text` is what the statement says of it, `on_behalf_of` for whom a proxy acts."""

    text: str
    acting_as: str = ""
    on_behalf_of: str = ""


async def right(request: Request, proxy_for: str | None) -> Right:
    """As what the caller may decide on drafts. Raises `Refused` where they may not, with what to press."""
    if request.household.approval is not Approval.CHAIR:
        if request.role < Role.SECRETARIAT:
            raise Refused("Only the secretariat approves liaison statements.")
        return Right(f"Secretariat of {request.host}")
    every = await chairs(request)
    if not proxy_for:
        own = next((one for one in every if request.caller.person_id in one.persons), None)
        if own:
            return Right(_of_chair(request, own), acting_as=f"{own.role} of {request.host}")
    chair = next((one for one in every if proxy_for and same_name(one.name, proxy_for)), None)
    if request.role < Role.SECRETARIAT:
        raise Refused("Only the chair, or the secretariat for the chair, approves liaison statements.")
    if chair:
        return Right(_of_chair(request, chair), acting_as="proxy", on_behalf_of=chair.name)
    names = " or ".join(one.name for one in every) or "nobody whom I know"
    if proxy_for:
        raise Refused(f"{proxy_for} does not chair {request.host}: {names} does.", "", field="proxy_for")
    raise Refused(f"The chair of {request.host} approves it: {names}.", "As a proxy, say for whom you act.")


async def ask(request: Request, one: Liaison) -> int:
    """Ask those who may approve it, with the statement; gives how many are told."""
    number, revision = one.number, one.revision
    buttons = [
        Button("Approve", f"liaison approve {number} revision={revision}", style="primary"),
        Button("Return…", f"liaison return {number}"),
        Button("Show it", f"liaison show {number}"),
    ]
    asking = await _words(request, one, buttons=buttons, attachments=[await papers(request, one)])
    cause = await _cause(request, one)
    return await tell(request, await _places(request), asking, cause=cause, subject=_subject(one))


async def refresh(host: Host, one: Liaison, over: str) -> None:
    """Say in the message to the approvers what became of it: `approved by Kim`."""
    reply = await _words(host, one, over)
    await reword(host, await _cause(host, one), reply, _subject(one))


async def take_back(request: Request, one: Liaison) -> None:
    """Its files are others than those that were submitted or approved."""
    found = await drafts.locked(request.session, one.id)
    before = found.status
    await drafts.revise(request.session, found, actor_of(request), request.now)
    if before is not LiaisonStatus.DRAFT:
        await refresh(request, found, f"{request.caller.name} changed its files, so that it is a draft again")


async def tell_submitter(request: Request, one: Liaison, said: str, buttons: Sequence[Button]) -> None:
    """Whoever submitted it hears what was decided, unless they decided it."""
    submitted = [each for each in await events.history(request.session, one.id) if each.deed is Deed.SUBMITTED]
    person = submitted[-1].person_id if submitted else None
    if person is None or person == request.caller.person_id:
        return
    target = await targets.of_person(request.session, person)
    if target is None:
        return
    reply = Reply("liaisons/reviewed", number=one.number, title=one.title, said=said, buttons=buttons)
    cause = f"liaison:{one.id}:reviewed:{request.now.isoformat()}"
    await tell(request, [target], reply, cause=cause, subject=_subject(one))


async def decided(host: Host, one: Liaison) -> Event | None:
    """The step that brought it to where it is."""
    steps = (Deed.APPROVED, Deed.RETURNED, Deed.SENT, Deed.WITHDRAWN)
    return next((each for each in reversed(await events.history(host.session, one.id)) if each.deed in steps), None)


async def _places(request: Request) -> Sequence[int]:
    """Where those who may approve are told things."""
    if request.household.approval is not Approval.CHAIR:
        return await targets.of_secretariat(request.session, request.household)
    persons = [person for chair in await chairs(request) for person in chair.persons]
    return await targets.of_persons(request.session, persons)


async def _words(
    host: Host,
    one: Liaison,
    over: str = "",
    buttons: Sequence[Button] = (),
    attachments: Sequence[Attachment] = (),
) -> Reply:
    wording = await drafts.wording(host.session, one)
    return Reply(
        "liaisons/review",
        number=one.number,
        draft=one.drafted_as or one.number,
        title=wording.title,
        groups={name: list(getattr(wording, name)) for name in ("action", "comment", "information")},
        deadline=deadline_words(wording.deadline_kind, wording.deadline),
        abstract=wording.abstract,
        over=over,
        buttons=buttons,
        attachments=attachments,
    )


async def _cause(host: Host, one: Liaison) -> str:
    """A draft that was returned is submitted again under a cause of its own."""
    turns = sum(each.deed is Deed.SUBMITTED for each in await events.history(host.session, one.id))
    return f"liaison:{one.id}:review:{turns}"


def _subject(one: Liaison) -> str:
    return f"{one.number}: {one.title}"


def _of_chair(request: Request, chair: Chair) -> str:
    return f"{chair.role.capitalize()} of {request.host} ({chair.name})"
