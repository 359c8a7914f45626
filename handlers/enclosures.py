"""Enclosures: the files that go with an announcement, added and removed before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import dropping
from handlers.announcing.drafts import OfAnnouncement, change_unsent, known, noted, preview, unsent
from handlers.announcing.fields import Number
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.dropping import FileNumbers, file_field
from handlers.form import Choice, Line, field
from handlers.line import quote
from handlers.situation import Situation
from storage import announcements
from storage.tables import Announcement


class Attaching(OfAnnouncement):
    number: Number = field("Number", help="of the announcement")
    file: FileNumbers = file_field()

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await dropping.offers(situation, typed)


class Detaching(Form):
    number: Number = field("Number", help="of the announcement")
    name: Line | None = field("Name", help="of the file", default=None)


@command(
    "announcement attach",
    form=Attaching,
    role=Role.SECRETARIAT,
    help="Add files to an announcement that was not sent yet",
    example="announcement attach 3 file=12",
    changes=True,
    takes_file=True,
)
async def attach(request: Request, attaching: Attaching) -> Reply:
    one = await _kept_unsent(request, attaching.number)
    await announcements.attach(request.session, one.id, request.files)
    await noted(request, one.id, "attach", {}, {"files": [file.digest for file in request.files]})
    return await preview(request, await known(request, one.id))


@command(
    "announcement detach",
    form=Detaching,
    role=Role.SECRETARIAT,
    help="Remove a file from an announcement that was not sent yet",
    example="announcement detach 3 agenda.pdf",
    changes=True,
)
async def detach(request: Request, detaching: Detaching) -> Reply:
    one = await _kept_unsent(request, detaching.number)
    names = await announcements.file_names(request.session, one.id)
    buttons = [
        *(Button(f"Remove {name}", f"announcement detach {one.id} {quote(name)}") for name in names),
        Button("Back to it", f"announcement show {one.id}"),
    ]
    if detaching.name is None and names:
        return Reply("announcements/detach", number=one.id, title=one.title, files=names, buttons=buttons, private=True)
    if detaching.name is None:
        raise Refused(f"Announcement {one.id} has no files.", "", buttons)
    if not await announcements.detach(request.session, one.id, detaching.name):
        raise Refused(f"Announcement {one.id} has no file “{detaching.name}”.", "", buttons, field="name")
    await noted(request, one.id, "detach", {"files": len(names)}, {"files": len(names) - 1})
    return await preview(request, await known(request, one.id))


async def _kept_unsent(request: Request, number: int) -> Announcement:
    """The announcement, which nobody sends before its files are changed. Raises `Refused`."""
    one = await unsent(request, number)
    await change_unsent(request, one.id, {"needs_acknowledgement": one.needs_acknowledgement})
    return one
