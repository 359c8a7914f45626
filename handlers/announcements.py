"""Announcements: what the secretariat wants to say to many, written, looked at and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from handlers import dropping
from handlers.announcing import meant, wording
from handlers.announcing.drafts import (
    ASKED_ABOVE,
    OfAnnouncement,
    begun,
    change_unsent,
    count_of,
    known,
    noted,
    preview,
    recipients,
    unsent,
)
from handlers.announcing.fields import AudienceText, LocalText, Number, moment_of
from handlers.announcing.places import platform_name
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.dropping import FILE, FileNumbers, file_field
from handlers.form import Choice, Text, field
from handlers.outgoing import tell
from handlers.situation import Situation
from storage import announcements, broadcasts, reaching, targets
from storage.announcements import UNSENT, Draft, title_of
from storage.tables import Announcement
from storage.targets import Destination
from storage.words import AnnouncementState

PAGE = 10
_NAMED = 10
_AUDIENCE = "everybody, representatives of SG13, here, #general, reflector, people: Kim; with + and without"


class ForWhom(Form):
    """What forms have in common that say for whom an announcement is."""

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        if field == FILE:
            return await dropping.offers(situation, typed)
        return await meant.offers(situation, typed) if situation.role >= Role.SECRETARIAT else ()

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        audience, at = getattr(self, "audience", None), getattr(self, "at", None)
        found = dict(await meant.wrong_audience(situation, audience)) if audience else {}
        return {**found, **wrong_time(at, situation)}


class Announcing(ForWhom):
    submit: ClassVar[str] = "Preview"
    text: Text = field("Text", help="what to say, in Markdown; its first line is the subject of the mails")
    audience: AudienceText = field("Audience", help=_AUDIENCE, named=True, searched=True)
    acknowledge: Literal["yes", "no"] = field(
        "Acknowledge", help="whether readers shall confirm it", default="no", named=True
    )
    at: LocalText | None = field("At", help="2027-01-10 09:00 in your zone", default=None, named=True)
    file: FileNumbers | None = file_field(default=None, named=True)


class Changing(ForWhom):
    submit: ClassVar[str] = "Change"
    number: Number = field("Number", help="of the announcement")
    text: Text | None = field("Text", default=None, named=True)
    audience: AudienceText | None = field("Audience", help=_AUDIENCE, default=None, named=True, searched=True)
    acknowledge: Literal["yes", "no"] | None = field("Acknowledge", default=None, named=True)
    at: LocalText | None = field("At", help="2027-01-10 09:00 in your zone", default=None, named=True)


class Rewriting(OfAnnouncement):
    submit: ClassVar[str] = "Change"
    number: Number = field("Number", help="of the announcement")
    text: Text = field("Text", help="the new text, in Markdown")

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        one = await begun(situation, values)
        return {"text": one.text} if one else {}


class Redirecting(OfAnnouncement, ForWhom):
    submit: ClassVar[str] = "Change"
    number: Number = field("Number", help="of the announcement")
    audience: AudienceText = field("Audience", help=_AUDIENCE, searched=True)

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        one = await begun(situation, values)
        return {"audience": one.audience} if one else {}


class Naming(Form):
    number: Number = field("Number", help="of the announcement")


class Listing(Form):
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


@command(
    "announce",
    form=Announcing,
    role=Role.SECRETARIAT,
    help="Write to many: you see to whom it goes before it goes",
    example="announce 'The seventh meeting is on 18 March.' audience='everybody + representatives'",
    changes=True,
    takes_file=True,
)
async def announce(request: Request, announcing: Announcing) -> Reply:
    audience = await meant.settled(request, announcing.audience)
    wanted = Draft(announcing.text, str(audience), announcing.acknowledge == "yes", _moment(announcing.at, request))
    number = await announcements.draft(request.session, wanted, request.caller.person_id, request.now)
    await announcements.attach(request.session, number, request.files)
    await noted(request, number, "draft", {}, {"title": title_of(wanted.text), "audience": wanted.audience})
    return await preview(request, await known(request, number))


@command(
    "announcement show",
    form=Naming,
    role=Role.SECRETARIAT,
    help="An announcement: its preview, or who got it",
    example="announcement show 3",
)
async def show(request: Request, naming: Naming) -> Reply:
    one = await known(request, naming.number)
    if one.state in UNSENT:
        return await preview(request, one)
    figures = await broadcasts.figures(request.session, one.id, request.now)
    missed = await broadcasts.missed(request.session, one.id, _NAMED)
    reply = wording.status(one, figures, missed)
    buttons = [one for one in reply.buttons if one.label != "Show"]
    if announcements.was_sent(one):
        buttons.append(Button("Correct", f"announcement correct {one.id}"))
    return Reply("announcements/shown", buttons=buttons, private=True, text=one.text, status=reply.data["status"])


@command("announcement list", form=Listing, role=Role.SECRETARIAT, help="Announcements, newest first")
async def list_announcements(request: Request, listing: Listing) -> Reply:
    found, total = await announcements.newest(request.session, (listing.page - 1) * PAGE, PAGE)
    buttons = [Button(f"Show {one.id}", f"announcement show {one.id}") for one in found[:4]]
    if total > listing.page * PAGE:
        buttons.append(Button("More", f"announcement list page={listing.page + 1}"))
    shown = [
        {"number": one.id, "title": one.title, "state": one.state.value, "when": one.sent_at or one.due_at}
        for one in found
    ]
    return Reply("announcements/list", shown=shown, total=total, buttons=buttons, private=True)


@command(
    "announcement change",
    form=Changing,
    role=Role.SECRETARIAT,
    help="Change an announcement that was not sent yet",
    example="announcement change 3 audience=everybody at='2027-01-10 09:00'",
    changes=True,
)
async def change(request: Request, changing: Changing) -> Reply:
    one = await unsent(request, changing.number)
    changes: dict[str, object] = {}
    if changing.text:
        changes |= {"text": changing.text, "title": title_of(changing.text)}
    if changing.audience:
        changes["audience"] = str(await meant.settled(request, changing.audience))
    if changing.acknowledge:
        changes["needs_acknowledgement"] = changing.acknowledge == "yes"
    if changing.at:
        changes["due_at"] = _moment(changing.at, request)
    if not changes:
        has_files = bool(await announcements.file_names(request.session, one.id))
        buttons = _changes(one, has_files=has_files)
        return Reply("announcements/change", number=one.id, title=one.title, buttons=buttons, private=True)
    return await _changed(request, one.id, changes)


@command(
    "announcement text",
    form=Rewriting,
    role=Role.SECRETARIAT,
    help="Give an announcement that was not sent yet another text",
    example="announcement text 3 'The meeting is on 19 March.'",
    changes=True,
)
async def rewrite(request: Request, rewriting: Rewriting) -> Reply:
    one = await unsent(request, rewriting.number)
    return await _changed(request, one.id, {"text": rewriting.text, "title": title_of(rewriting.text)})


@command(
    "announcement audience",
    form=Redirecting,
    role=Role.SECRETARIAT,
    help="Choose for whom an announcement is that was not sent yet",
    example="announcement audience 3 everybody without #general",
    changes=True,
)
async def redirect(request: Request, redirecting: Redirecting) -> Reply:
    one = await unsent(request, redirecting.number)
    return await _changed(request, one.id, {"audience": str(await meant.settled(request, redirecting.audience))})


@command(
    "announcement discard",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Drop a draft",
    example="announcement discard 3",
    changes=True,
)
async def discard(request: Request, naming: Naming) -> Reply:
    one = await unsent(request, naming.number)
    await change_unsent(request, one.id, {"state": AnnouncementState.CANCELLED})
    await noted(request, one.id, "discard", {"state": one.state.value}, {"state": "cancelled"})
    return Reply("announcements/discarded", number=one.id, title=one.title, private=True)


@command(
    "announcement try",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Send an announcement to yourself alone, wherever I know you",
    example="announcement try 3",
    changes=True,
)
async def try_out(request: Request, naming: Naming) -> Reply:
    one = await unsent(request, naming.number)
    ways = await reaching.addresses(request.session, request.caller.person_id)
    usable = [way for way in ways if way[0] != targets.EMAIL or request.household.has_mail]
    own = [await targets.kept(request.session, Destination(*way)) for way in usable]
    reply = wording.message(one, await announcements.files(request.session, one.id))
    trial = Reply(reply.template, buttons=(), attachments=reply.attachments, private=False, **reply.data)
    cause = f"announcement:{one.id}:try:{request.now.isoformat()}"
    await tell(request, own, trial, cause=cause, subject=one.title)
    await noted(request, one.id, "try", {}, {})
    platforms = list(dict.fromkeys(platform_name(platform) for platform, _address in usable))
    buttons = [Button("Back to it", f"announcement show {one.id}")]
    return Reply("announcements/tried", number=one.id, platforms=platforms, buttons=buttons, private=True)


def wrong_time(at: str | None, situation: Situation) -> Mapping[str, str]:
    """What is wrong with the field `at`; empty when nothing is."""
    try:
        _moment(at, situation)
    except Refused as refused:
        return {"at": refused.message}
    return {}


def _moment(at: str | None, situation: Situation) -> datetime | None:
    try:
        return moment_of(at, situation) if at else None
    except ValueError as error:
        raise Refused(str(error).capitalize(), "Write 2027-01-10 09:00.", field="at") from None


async def _changed(request: Request, number: int, changes: Mapping[str, object]) -> Reply:
    before = await known(request, number)
    old = {name: getattr(before, name) for name in changes if name != "due_at"}
    await change_unsent(request, number, changes)
    await noted(request, number, "change", old, {name: value for name, value in changes.items() if name != "due_at"})
    is_open_again = "audience" in changes and await _opens_again(request, await known(request, number))
    return await preview(request, await known(request, number), is_open_again=is_open_again)


async def _opens_again(request: Request, one: Announcement) -> bool:
    """Whether what is scheduled goes to many now, whose number nobody typed: then it becomes a draft again."""
    if one.state is not AnnouncementState.SCHEDULED or count_of(await recipients(request, one)) <= ASKED_ABOVE:
        return False
    await change_unsent(request, one.id, {"state": AnnouncementState.DRAFT})
    await noted(request, one.id, "unschedule", {"state": "scheduled"}, {"state": "draft"})
    return True


def _changes(one: Announcement, *, has_files: bool) -> Sequence[Button]:
    asks, answer = ("Nobody acknowledges", "no") if one.needs_acknowledgement else ("Readers acknowledge", "yes")
    return [
        Button("The text", f"announcement text {one.id}"),
        Button("The audience", f"announcement audience {one.id}"),
        Button(asks, f"announcement change {one.id} acknowledge={answer}"),
        Button("Add a file", f"announcement attach {one.id}"),
        *([Button("Remove a file", f"announcement detach {one.id}")] if has_files else ()),
        Button("Back to it", f"announcement show {one.id}"),
    ]
