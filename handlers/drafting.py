"""Drafting: liaison statements are written, by several editors, before anybody else sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from handlers import dropping
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.dropping import FILE, FileNumbers, file_field
from handlers.form import Choice, FieldView, Line, field
from handlers.liaison import approvals, clashes, drafted
from handlers.liaison.beginning import begin
from handlers.liaison.drafted import draft as draft_of
from handlers.liaison.drafted import label, papers, shown
from handlers.liaison.enclosed import attachments
from handlers.liaison.entries import statement
from handlers.liaison.fields import Name
from handlers.liaison.paper import Unfit
from handlers.liaison.writing import Written, group_ids, merged, shown_fields
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import reaching
from storage.liaison import drafts, files
from storage.liaison.drafts import Wording
from storage.liaisons import Statement
from storage.tables import Liaison
from storage.targets import EMAIL
from storage.words import UNSENT, LiaisonStatus


class Drafting(Written):
    submit: ClassVar[str] = "Draft it"
    reply: Name | None = field("In reply to", help="the number of a statement: SG13-LS136", default=None, named=True)
    file: FileNumbers | None = file_field(default=None, named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await dropping.offers(situation, typed) if field == FILE else ()

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        found = await super().wrong(situation)
        return {"title": "this is needed"} if not (self.title or self.reply) else found


class Naming(Form):
    draft: Line = field("Draft", help="DRAFT-3", searched=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await drafted.offers(situation, typed)


class Editing(Written, Naming):
    submit: ClassVar[str] = "Save"
    revision: Annotated[int, Field(ge=1, le=1_000_000)] | None = field(
        "Revision", help="which you are changing; do not touch it", default=None, named=True
    )

    @classmethod
    def fields(cls) -> Sequence[FieldView]:
        # Whoever changes one thing is not asked for all the others.
        return [replace(one, asked=False) for one in super().fields()]

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        one = await drafted.begun(situation, values.get("draft", ""))
        if one is None:
            return {}
        now = shown_fields(await drafts.wording(situation.session, one))
        return {**now, "revision": str(one.revision)}

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return await super().wrong(situation) if self.given() else {"body": "say what is to change"}


class Nothing(Form):
    pass


@command(
    "liaison draft",
    form=Drafting,
    role=Role.SECRETARIAT,
    help="Write a liaison statement, or the reply to one",
    example="liaison draft reply=SG13-LS136",
    changes=True,
    private=True,
    takes_file=True,
)
async def draft(request: Request, drafting: Drafting) -> Reply:
    original = await _original(request, drafting.reply) if drafting.reply else None
    one = await begin(request, drafting.given(), original, await _blank(request))
    enclosed = await attachments(request, request.files)
    await files.add(request.session, one.id, enclosed, actor_of(request), request.now)
    return await shown(request, one, "It is a draft: nobody else has seen it.")


@command(
    "liaison edit",
    form=Editing,
    role=Role.SECRETARIAT,
    help="Change a draft of a liaison statement",
    example="liaison edit DRAFT-3 deadline=2027-01-31",
    changes=True,
    private=True,
)
async def edit(request: Request, editing: Editing) -> Reply:
    one = await draft_of(request, editing.draft)
    now = await drafts.wording(request.session, one)
    since = await drafts.changes_since(request.session, one, editing.revision) if editing.revision else {}
    own = clashes.own(editing.given(), now, since)
    if clashing := [name for name in own if name in since]:
        typed = {name: str(value) for name, value in editing.model_dump(exclude_none=True).items()}
        raise clashes.overtaken(request, one, now, {name: since[name] for name in clashing}, typed)
    wanted = merged(now, own)
    before = one.status
    if not await drafts.change(
        request.session, one, wanted, group_ids(request, wanted.addressees), actor_of(request), request.now
    ):
        raise Refused(f"Nothing of {one.number} is different from that.", "", [_show(one)])
    if before is not LiaisonStatus.DRAFT:
        await approvals.refresh(request, one, f"{request.caller.name} changed it, so that it is a draft again")
    others = {name: change for name, change in since.items() if name not in own}
    return await shown(request, one, clashes.said(request, one, before, others))


@command("liaison drafts", form=Nothing, role=Role.MEMBER, help="Liaison statements that are not sent yet")
async def list_drafts(request: Request, _: Nothing) -> Reply:
    if not await drafted.may_see(request):
        raise Refused("Drafts are for the secretariat and the chair.")
    found = await drafts.waiting(request.session)
    return Reply(
        "liaisons/drafts",
        drafts=[{"number": one.number, "title": one.title, "status": one.status.value} for one in found],
        private=True,
        buttons=[Button(label(f"{one.number}: {one.title}"), f"liaison show {one.number}") for one in found[:6]],
    )


@command(
    "liaison paper",
    form=Naming,
    role=Role.MEMBER,
    help="A draft as a Word document",
    example="liaison paper DRAFT-3",
)
async def paper(request: Request, naming: Naming) -> Reply:
    one = await draft_of(request, naming.draft)
    try:
        document = await papers(request, one)
    except Unfit as unfit:
        raise Refused(f"The Word template does not do: {unfit}.", "Tell whoever runs me; doctor says more.") from None
    return Reply("liaisons/paper", number=one.number, private=True, attachments=[document], buttons=[_show(one)])


async def _original(request: Request, number: str) -> Statement:
    found = await statement(request, number)
    if found.liaison.status in (*UNSENT, LiaisonStatus.WITHDRAWN):
        raise Refused(f"{found.liaison.number} was never sent: there is nothing to reply to.", field="reply")
    return found


async def _blank(request: Request) -> Wording:
    """A draft of the caller's, who answers questions about it."""
    ways = await reaching.addresses(request.session, request.caller.person_id)
    email = next((address for platform, address in ways if platform == EMAIL), "")
    return Wording("", contact=request.caller.name, contact_email=email)


def _show(one: Liaison) -> Button:
    return Button("Show it", f"liaison show {one.number}")
