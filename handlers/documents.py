"""Documents of meetings: submitted by dropping a file, replaced, and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from handlers import dropping
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.dropping import FILE, FileNumbers, file_field
from handlers.form import Choice, Line, field
from handlers.meeting import papers
from handlers.meeting.entries import OfDocument, entry, is_secretariat, label, locked, paper, shown, shown_paper, today
from handlers.meeting.fields import MeetingNumber
from handlers.meeting.telling import tell_secretariat
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage.drops import Dropped
from storage.meeting import documents
from storage.meeting.documents import Known, Paper
from storage.tables import Meeting
from storage.words import DocumentStatus

PAGE = 10
_MOST_BUTTONS = 6
DocumentNumber = Annotated[int, Field(ge=1, le=999_999)]


class Submitting(Form):
    submit: ClassVar[str] = "Submit"
    title: Line = field("Title", help="of the document")
    meeting: MeetingNumber | None = field("Meeting", help="the next one by default", default=None, named=True)
    source: Line | None = field(
        "Source", help="the group that it is from; yours by default", default=None, named=True, searched=True
    )
    file: FileNumbers = file_field(named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        if field == FILE:
            return await dropping.offers(situation, typed)
        own = [Choice(one.group, f"{one.group} ({one.body})") for one in await papers.own_groups(situation)]
        fitting = [one for one in own if one.value.casefold().startswith(typed.casefold())]
        if not fitting and typed and situation.role >= Role.SECRETARIAT:
            return [Choice(typed, typed)]
        return fitting

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        try:
            await papers.source_of(situation, self.source)
        except ValueError as error:
            return {"source": str(error)}
        return {}


class Replacing(OfDocument):
    submit: ClassVar[str] = "Replace"
    number: DocumentNumber = field("Number", help="of the document, such as 68")
    file: FileNumbers = file_field(named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await dropping.offers(situation, typed) if field == FILE else ()


class One(Form):
    number: DocumentNumber = field("Number", help="of the document, such as 68")


class Listing(Form):
    meeting: MeetingNumber | None = field("Meeting", help="its number; else all documents", default=None)
    status: DocumentStatus | None = field("Status", default=None, named=True)
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


@command(
    "document submit",
    form=Submitting,
    role=Role.REPRESENTATIVE,
    help="Send in a document for a meeting: drop its file",
    example="document submit 'Overlaps in key management' meeting=7 file=12",
    changes=True,
    takes_file=True,
)
async def submit(request: Request, submitting: Submitting) -> Reply:
    file = _only(request)
    number = (await entry(request, submitting.meeting)).number
    meeting = await papers.open_for(request, number)
    wanted = await papers.submission(request, submitting.title, submitting.source)
    try:
        made = await documents.submit(request.session, meeting, wanted, file, actor_of(request), request.now)
    except Known as known:
        return await _known(request, known)
    one = await paper(request, made)
    await tell_secretariat(request, one)
    return _submitted(request, meeting, one)


@command(
    "document replace",
    form=Replacing,
    role=Role.REPRESENTATIVE,
    help="Send in a new version of your document",
    example="document replace 68 file=13",
    changes=True,
    takes_file=True,
)
async def replace(request: Request, replacing: Replacing) -> Reply:
    file = _only(request)
    old = await paper(request, replacing.number)
    await papers.check_own(request, old)
    try:
        await documents.replace(request.session, old.number, file, actor_of(request), request.now)
    except Known as known:
        return await _known(request, known)
    one = await paper(request, old.number)
    await tell_secretariat(request, one)
    return _submitted(request, await locked(request, one.meeting), one)


@command(
    "document show",
    form=One,
    role=Role.MEMBER,
    help="A meeting's document, with its file",
    example="document show 68",
)
async def show(request: Request, one: One) -> Reply:
    found = await paper(request, one.number)
    file = await papers.file_of(request, found)
    number = found.number
    steps = [
        *([] if found.status is DocumentStatus.REVIEWED else [Button("Reviewed", f"document review {number}")]),
        *([] if found.status is DocumentStatus.DEFERRED else [Button("Defer it", f"document defer {number}")]),
    ]
    return Reply(
        "documents/document",
        paper=shown_paper(found),
        name=papers.file_name(request.host, found),
        is_here=file is not None,
        address=await papers.address(request, found) if file is None else "",
        platform=request.place.platform.capitalize(),
        attachments=[file] if file else (),
        buttons=[*(steps if is_secretariat(request) else ()), Button("The meeting", f"meeting show {found.meeting}")],
    )


@command(
    "document list",
    form=Listing,
    role=Role.MEMBER,
    help="The documents of a meeting, or all",
    example="document list 7",
)
async def list_documents(request: Request, listing: Listing) -> Reply:
    statuses = [listing.status] if listing.status else list(DocumentStatus)
    meeting = await entry(request, listing.meeting) if listing.meeting else None
    if meeting:
        own = {one.number: one for one in await documents.of_meeting(request.session, meeting)}
        own |= {one.number: one for one in await documents.for_meeting(request.session, meeting, request.now)}
        every = [one for _, one in sorted(own.items()) if one.status in statuses]
    else:
        every = list(reversed(await documents.every(request.session, statuses)))
    first = (listing.page - 1) * PAGE
    page = every[first : first + PAGE]
    about = f" {meeting.number}" if meeting else ""
    status = f" status={listing.status}" if listing.status else ""
    more = Button("More", f"document list{about}{status} page={listing.page + 1}")
    return Reply(
        "documents/list",
        papers=[shown_paper(one) for one in page],
        total=len(every),
        first=first + 1,
        meeting=meeting.number if meeting else None,
        status=listing.status.value if listing.status else "",
        buttons=[
            *(
                Button(label(f"Doc. {one.number}: {one.title}"), f"document show {one.number}")
                for one in page[:_MOST_BUTTONS]
            ),
            *([more] if first + PAGE < len(every) else []),
        ],
    )


def _only(request: Request) -> Dropped:
    if len(request.files) != 1:
        raise Refused("A document is one file.", "Send the files one by one, each with its title.", field=FILE)
    return request.files[0]


async def _known(request: Request, known: Known) -> Reply:
    """The content is a document already: that is an answer, not a mistake."""
    one = await paper(request, known.number)
    return Reply(
        "documents/known",
        paper=shown_paper(one),
        version=known.version,
        private=True,
        buttons=[Button("Show it", f"document show {one.number}")],
    )


def _submitted(request: Request, meeting: Meeting, one: Paper) -> Reply:
    due = meeting.documents_due_at
    return Reply(
        "documents/submitted",
        paper=shown_paper(one),
        name=papers.file_name(request.host, one),
        meeting=shown(meeting),
        is_late=due is not None and request.now > due,
        today=today(request),
        buttons=[
            Button("Show it", f"document show {one.number}"),
            Button("All documents", f"document list {meeting.number}"),
            Button("Agenda", f"meeting agenda {meeting.number}"),
        ],
    )
