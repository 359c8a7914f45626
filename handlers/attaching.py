"""Attaching: files are added to liaison statements later, and every file is sent to whoever asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from handlers import dropping
from handlers.command import Attachment, Button, Form, Refused, Reply, Request, Role, command
from handlers.dropping import FILE, FileNumbers, file_field, in_words
from handlers.form import Choice, field
from handlers.liaison import approvals, entries
from handlers.liaison.completing import complete
from handlers.liaison.enclosed import MAIL
from handlers.liaison.entries import may_see, statement
from handlers.liaison.fields import Name
from handlers.liaison.overview import shown_file
from handlers.liaison.served import address, file_name, is_small
from handlers.line import quote
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import liaisons
from storage.liaison import events, files
from storage.liaison.events import Deed
from storage.liaison.files import Paper
from storage.liaison.unsent import is_unsent
from storage.words import UNSENT

FileId = Annotated[int, Field(ge=1, le=2_000_000_000)]


class Attaching(Form):
    submit: ClassVar[str] = "Add it"
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    file: FileNumbers = file_field(named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        is_file = field == FILE
        return await (dropping.offers(situation, typed) if is_file else entries.offers(situation, typed))


class One(Form):
    id: FileId = field("File", help="its number, as liaison show says it")


@command(
    "liaison attach",
    form=Attaching,
    role=Role.SECRETARIAT,
    help="Add a file to a liaison statement",
    example="liaison attach LS5 file=14",
    changes=True,
    takes_file=True,
)
async def attach(request: Request, attaching: Attaching) -> Reply:
    liaison = (await statement(request, attaching.number)).liaison
    actor = actor_of(request)
    added = await complete(request, liaison, request.files, actor)
    if added:
        names = [paper.name for paper in added]
        await events.note(
            request.session,
            liaison.id,
            Deed.ATTACHED,
            actor,
            request.now,
            reason=", ".join(names),
            after={"files": names},
        )
        if liaison.status in UNSENT:
            await approvals.take_back(request, liaison)
    return Reply(
        "liaisons/attached",
        number=liaison.number,
        title=liaison.title,
        added=[shown_file(paper) for paper in added],
        asked=len(request.files),
        private=is_unsent(liaison),
        buttons=[Button("Show it", f"liaison show {quote(liaison.number)}"), *_buttons(added)],
    )


@command(
    "liaison file",
    form=One,
    role=Role.MEMBER,
    help="A file of a liaison statement",
    example="liaison file 12",
)
async def file(request: Request, one: One) -> Reply:
    paper = await files.found(request.session, one.id)
    found = (await liaisons.known(request.session, paper.liaison_id)).liaison if paper else None
    if paper is None or found is None or not await may_see(request, found):
        raise Refused(f"I have no file {one.id}.", "Look at the statement that you mean.", [entries.ALL], field="id")
    if paper.media_type == MAIL and not (request.place.private and request.role >= Role.REPRESENTATIVE):
        hint = "Representatives and the secretariat get it in private; what is attached to it has a number of its own."
        raise Refused("A mail has people's addresses in it.", hint, [_show(paper)])
    name = file_name(request.host, paper)
    is_here = is_small(request, paper)
    content = await files.content(request.session, paper) if is_here else b""
    return Reply(
        "liaisons/file",
        name=name,
        number=paper.number,
        title=found.title,
        size=in_words(paper.size),
        is_here=is_here,
        address="" if is_here else await address(request, paper),
        platform=request.place.platform.capitalize(),
        attachments=[Attachment(name, paper.media_type, content)] if is_here else (),
        private=is_unsent(found),
        buttons=[_show(paper)],
    )


def _show(paper: Paper) -> Button:
    return Button("The statement", f"liaison show {quote(paper.number)}")


def _buttons(papers: Sequence[Paper]) -> list[Button]:
    return [Button(f"File {paper.name}"[:60], f"liaison file {paper.id}") for paper in papers[:4]]
