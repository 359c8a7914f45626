"""Offering: a representative proposes an answer to a liaison statement, and the secretariat takes it up or declines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar

from handlers import dropping
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.drafting import Naming
from handlers.dropping import FILE, FileNumbers, file_field
from handlers.form import TEXT_LIMIT, Choice, Line, Text, field
from handlers.liaison import answers, approvals, entries, requests
from handlers.liaison.beginning import begin
from handlers.liaison.drafted import draft as draft_of
from handlers.liaison.enclosed import attachments
from handlers.liaison.fields import Name
from handlers.liaison.matter import Matter, is_outgoing, load
from handlers.liaison.steps import step
from handlers.line import quote
from handlers.representing.entries import actor_of, is_secretariat
from handlers.situation import Situation
from storage.liaison import answers as proposed
from storage.liaison import drafts, files
from storage.liaison.answers import Answer
from storage.liaison.drafts import Wording
from storage.liaison.events import Deed
from storage.liaison.files import Enclosed
from storage.liaisons import Statement
from storage.tables import Liaison
from storage.words import LiaisonStatus, Purpose

_LONGEST = TEXT_LIMIT // 2


class Replying(Form):
    submit: ClassVar[str] = "Propose it"
    drop: ClassVar[str] = "Propose an answer"
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    text: Annotated[Text | None, "multiline"] = field(
        "Answer", help="what we should answer, in your words; or send a file", default=None, asked=True
    )
    file: FileNumbers | None = file_field(default=None, named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        is_file = field == FILE
        return await (dropping.offers(situation, typed) if is_file else entries.offers(situation, typed))

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        if self.text and len(self.text) > _LONGEST:
            return {"text": f"these are more than {_LONGEST} characters; put the rest into a file"}
        return {} if self.text or self.file else {"text": "write it, or send a file"}


class Declining(Naming):
    submit: ClassVar[str] = "Decline it"
    reason: Line = field("Why", help="whoever proposed it reads it")


@command(
    "liaison reply",
    form=Replying,
    role=Role.REPRESENTATIVE,
    help="Propose what we should answer to a liaison statement that your group is asked about",
    example="liaison reply LS5 'We agree with the text.'",
    changes=True,
    private=True,
    takes_file=True,
)
async def reply(request: Request, replying: Replying) -> Reply:
    found = await entries.statement(request, replying.number)
    matter = await load(request, found.liaison.id)
    groups = _groups(request, matter)
    enclosed = await attachments(request, request.files)
    body = replying.text or next((one.text.strip()[:_LONGEST] for one in enclosed if one.text.strip()), "")
    before = next((one for one in await answers.own(request, found.liaison) if one.is_open), None)
    if before:
        draft = await _changed(request, before, body, enclosed)
        return _replied(found, draft, is_changed=True)
    draft = await begin(request, {"body": body}, found, Wording(""))
    actor, now = actor_of(request), request.now
    await proposed.note(request.session, draft, found.liaison.id, groups, actor, now)
    await files.add(request.session, draft.id, enclosed, actor, now)
    count = await answers.tell_secretariat(request, draft)
    return _replied(found, draft, is_told=count > 0)


@command(
    "liaison decline",
    form=Declining,
    role=Role.SECRETARIAT,
    help="Do not send what a representative proposed to answer",
    example="liaison decline DRAFT-3 'SG17 answers itself.'",
    changes=True,
)
async def decline(request: Request, declining: Declining) -> Reply:
    one = await draft_of(request, declining.draft)
    found = await proposed.of_draft(request.session, one.id)
    if found is None:
        withdraw = Button("Withdraw…", f"liaison withdraw {one.number}", style="danger")
        raise Refused(f"Nobody proposed {one.number}: it is the secretariat's own.", "Withdraw it instead.", [withdraw])
    reason = declining.reason
    await step(request, one.number, LiaisonStatus.WITHDRAWN, Deed.DECLINED, reason, drafts=True)
    over = f"declined by {request.caller.name}: {reason}"
    await approvals.refresh(request, one, over)
    await answers.refresh(request, one, f"it was {over}")
    is_told = await answers.decline(request, one, reason)
    return Reply(
        "liaisons/turned_down",
        draft=found.draft,
        reason=reason,
        person=found.person,
        is_told=is_told,
        private=True,
        buttons=[Button("Drafts", "liaison drafts")],
    )


def _groups(request: Request, matter: Matter) -> Sequence[str]:
    """The caller's groups that are asked to act or to comment. Raises `Refused` where none is, or all is over."""
    number, show = matter.liaison.number, [requests.show_button(matter)]
    if over := requests.over_words(matter):
        raise Refused(f"Nothing is left to do about {number}: {over}.", "", show)
    if is_outgoing(matter.liaison):
        raise Refused(f"{number} is ours: whom it asks answers it with a statement of their own.", "", show)
    own = matter.groups_of(request.caller.person_id)
    asked = [one for one in matter.asked if one.group_id in own and one.purpose is not Purpose.INFORMATION]
    if asked:
        return list(dict.fromkeys(map(matter.called, asked)))
    if is_secretariat(request):
        draft = Button("Draft a reply", f"liaison draft reply={quote(number)}", style="primary")
        raise Refused(f"{number} asks nothing of a group that you represent.", "Draft the reply.", [draft, *show])
    raise Refused(f"{number} asks nothing of a group that you represent.", "", show)


async def _changed(request: Request, before: Answer, body: str, enclosed: Sequence[Enclosed]) -> Liaison:
    """Their own proposal says something else, unless the secretariat works on it already. Raises `Refused`."""
    draft = await drafts.locked(request.session, before.draft_id)
    others = set(await proposed.editors(request.session, draft.id)) - {request.caller.person_id}
    if draft.status is not LiaisonStatus.DRAFT or others:
        raise Refused(
            f"The secretariat works on what you proposed already, {before.draft}.", "Tell them what is to be changed."
        )
    actor, now = actor_of(request), request.now
    now_is = await drafts.wording(request.session, draft)
    wanted = replace(now_is, body=body or now_is.body)
    await drafts.change(request.session, draft, wanted, {}, actor, now)
    await files.add(request.session, draft.id, enclosed, actor, now)
    await answers.refresh(request, draft)
    return draft


def _replied(found: Statement, draft: Liaison, *, is_changed: bool = False, is_told: bool = False) -> Reply:
    number = found.liaison.number
    return Reply(
        "liaisons/replied",
        number=number,
        title=found.liaison.title,
        draft=draft.drafted_as,
        is_changed=is_changed,
        is_told=is_told,
        private=True,
        buttons=[Button("Show it", f"liaison show {quote(number)}")],
    )
