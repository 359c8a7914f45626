"""Sending: an approved liaison statement gets its number and goes out, once it was seen to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from handlers.command import Attachment, Button, Refused, Reply, Request, Role, command
from handlers.drafting import Naming
from handlers.form import field
from handlers.liaison import answers, approvals, drafted, recipients, replying
from handlers.liaison.drafted import draft, missing, papers
from handlers.liaison.entering import mentioned
from handlers.liaison.fields import PAST, ExactDay, is_over
from handlers.liaison.paper import MEDIA_TYPE, Unfit
from handlers.liaison.reading.mentioning import mentions_in
from handlers.liaison.recipients import Recipients
from handlers.liaison.routing import route
from handlers.line import quote
from handlers.outgoing import tell
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import drops, targets
from storage.drops import Content
from storage.liaison import drafts, files, life, mentions
from storage.liaison.events import Deed
from storage.liaison.files import Enclosed
from storage.tables import Liaison
from storage.targets import EMAIL, Destination
from storage.words import Approval, LiaisonFileKind, LiaisonStatus

_MOST_BUTTONS = 3
_PLATFORMS = {"email": "mail", "slack": "Slack", "telegram": "Telegram"}


class Sending(Naming):
    submit: ClassVar[str] = "Preview"
    until: ExactDay | None = field(
        "Holding until", help="a reply that only asks for more time: until which day", default=None, named=True
    )
    revision: Annotated[int, Field(ge=1, le=1_000_000)] | None = field("Revision", default=None, named=True)
    count: Annotated[int, Field(ge=0, le=1_000_000)] | None = field(
        "Messages", help="how many you saw that it is; without it you see them first", default=None, named=True
    )

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return {"until": PAST} if self.until and is_over(self.until, situation) else {}


@command(
    "liaison send",
    form=Sending,
    role=Role.SECRETARIAT,
    help="Send a liaison statement: you see to whom it goes first",
    example="liaison send DRAFT-3",
    changes=True,
    private=True,
)
async def send(request: Request, sending: Sending) -> Reply:
    one = await draft(request, sending.draft)
    await _refuse_unready(request, one, sending)
    says = await drafts.wording(request.session, one)
    await mentions.write(request.session, one.id, mentioned(mentions_in(says.title, says.body, says.abstract)))
    found = await recipients.of(request, one)
    if sending.count != found.count or sending.revision != one.revision:
        return await _preview(request, one, found, sending)
    try:
        return await _sent(request, one, found, sending.until or "")
    except Unfit as unfit:
        raise Refused(f"The Word template does not do: {unfit}.", "Tell whoever runs me; doctor says more.") from None


async def _refuse_unready(request: Request, one: Liaison, sending: Sending) -> None:
    """Raise `Refused` for what nobody approved, or what is not whole."""
    show = Button("Show it", f"liaison show {one.number}")
    if lacking := missing(await drafts.wording(request.session, one)):
        edit = Button("Edit it…", f"liaison edit {one.number} revision={one.revision}")
        raise Refused(f"{one.number} still needs {' and '.join(lacking)}.", "", [edit, show])
    if one.status is not LiaisonStatus.APPROVED and request.household.approval is not Approval.NOBODY:
        ways = {
            LiaisonStatus.DRAFT: Button("Submit it", f"liaison submit {one.number}", style="primary"),
            LiaisonStatus.IN_REVIEW: Button("Approve", f"liaison approve {one.number} revision={one.revision}"),
        }
        raise Refused(f"{one.number} is not approved yet.", "", [ways[one.status], show])
    if sending.until and await drafts.original(request.session, one) is None:
        raise Refused(f"{one.number} replies to nothing, so it asks for no time.", "", [show], field="until")


async def _preview(request: Request, one: Liaison, found: Recipients, sending: Sending) -> Reply:
    until = f" until={sending.until}" if sending.until else ""
    line = f"liaison send {one.number} revision={one.revision} count={found.count}{until}"
    go = f"Send it to {found.count}" if found.count else "Number it, I send it by hand"
    lacking = [way for way in found.ways if way.mailbox is None and way.group_id is not None and found.has_mail]
    original = await drafts.original(request.session, one)
    return Reply(
        "liaisons/sending",
        number=one.number,
        title=one.title,
        ways=[_shown(way) for way in found.ways],
        has_mail=found.has_mail,
        unreached=[way.name for way in found.unreached],
        beside=[{"name": name, "reasons": list(reasons)} for name, reasons in found.beside.items()],
        approval=one.approval,
        original=original.number if original else "",
        until=sending.until or "",
        files=[each.name for each in await drafted.attachments(request, one)],
        private=True,
        buttons=[
            Button(go, line, style="primary"),
            *(
                Button(f"Address of {way.name}…"[:60], f"group mail {quote(way.name)}")
                for way in lacking[:_MOST_BUTTONS]
            ),
            Button("Word file", f"liaison paper {one.number}"),
            Button("Show it", f"liaison show {one.number}"),
        ],
    )


def _shown(way: recipients.Way) -> dict[str, object]:
    return {
        "name": way.name,
        "purpose": way.purpose,
        "address": way.mailbox.address if way.mailbox else "",
        "said_in": way.mailbox.said_in if way.mailbox else "",
        "people": [
            {"name": one.name, "how": _PLATFORMS.get(one.platform, one.platform.capitalize()), "why": one.because}
            for one in way.people
        ],
    }


async def _sent(request: Request, one: Liaison, found: Recipients, until: str) -> Reply:
    session, actor, now = request.session, actor_of(request), request.now
    if one.status is not LiaisonStatus.APPROVED:
        reason = "nobody has to approve it"
        await life.move(session, one.id, LiaisonStatus.APPROVED, Deed.APPROVED, actor, now, reason=reason)
    # What is refused below gives the number back.
    await drafts.number(session, one, request.household.outgoing_numbers, request.host, drafted.today(request), now)
    as_what = f"as {one.number}"
    if await life.move(session, one.id, LiaisonStatus.SENT, Deed.SENT, actor, now, reason=as_what) is None:
        raise drafted.over(await drafts.locked(session, one.id))
    await session.refresh(one)
    document = await _kept(request, one)
    await _mail(request, one, found.addresses, [document, *await _enclosures(request, one)])
    original = await drafts.original(session, one)
    linked = await replying.link(request, one, original.id, actor, until=until) if original else None
    routed = await route(request, one.id, actor, attachments=[document])
    await approvals.refresh(request, one, f"sent as {one.number} by {request.caller.name}")
    await answers.refresh(request, one, f"it was sent as {one.number}")
    return Reply(
        "liaisons/sent",
        number=one.number,
        title=one.title,
        addresses=len(found.addresses),
        routed=routed.shown,
        linked=replying.shown(linked),
        unreached=[way.name for way in found.unreached],
        private=True,
        attachments=[document],
        buttons=[Button("Show it", f"liaison show {quote(one.number)}"), *replying.buttons(linked)],
    )


async def _kept(request: Request, one: Liaison) -> Attachment:
    """The document as it is sent, kept with the statement."""
    document = await papers(request, one)
    digest = await drops.keep_content(request.session, document.content, request.now)
    body = (await drafts.wording(request.session, one)).body
    content = Content(document.name, MEDIA_TYPE, len(document.content), digest)
    enclosed = Enclosed(content, LiaisonFileKind.STATEMENT, body)
    await files.add(request.session, one.id, [enclosed], actor_of(request), request.now)
    return document


async def _enclosures(request: Request, one: Liaison) -> Sequence[Attachment]:
    return [
        Attachment(each.name, each.media_type, await files.content(request.session, each))
        for each in await drafted.attachments(request, one)
    ]


async def _mail(request: Request, one: Liaison, addresses: Sequence[str], documents: Sequence[Attachment]) -> None:
    """Write to the groups themselves."""
    places = [await targets.kept(request.session, Destination(EMAIL, address)) for address in addresses]
    wording = await drafts.wording(request.session, one)
    letter = Reply(
        "liaisons/letter",
        number=one.number,
        title=wording.title,
        groups={name: list(getattr(wording, name)) for name in ("action", "comment", "information")},
        deadline=drafted.deadline_words(wording.deadline_kind, wording.deadline),
        in_response_to=one.in_response_to,
        abstract=wording.abstract,
        contact=wording.contact,
        contact_email=wording.contact_email,
        attachments=documents,
    )
    await tell(request, places, letter, cause=f"liaison:{one.id}:mail", subject=f"{one.number}: {wording.title}")
