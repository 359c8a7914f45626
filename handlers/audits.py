"""Audits: who changed what, acting as what, when and from where."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from handlers.asking.references import resolve
from handlers.changes import shown
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.line import quote
from storage import audit, liaisons
from storage.references import scan

PAGE = 8
"""Entries of one message."""

_Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Subject(Form):
    subject: _Word = field("About", help="representative, person, meeting, liaison, roadmap ...")
    number: _Word = field("Number", help="its number, such as 12; of the roadmap the reference")
    page: Annotated[int, Field(ge=1, le=100_000)] = field("Page", default=1, named=True)


@command(
    "audit show",
    form=Subject,
    role=Role.SECRETARIAT,
    help="Who changed something, when and how",
    example="audit show representative 12",
    private=True,
)
async def show(request: Request, about: Subject) -> Reply:
    if not request.place.private:
        raise Refused("Others read along here.", "Ask me in private.")
    subject = about.subject.lower()
    first = (about.page - 1) * PAGE
    key = await _key(request, subject, about.number)
    total, entries = await audit.entries(request.session, subject, key, PAGE, first)
    if not total:
        known = ", ".join(await audit.subjects(request.session)) or "nothing yet"
        raise Refused(f"Nothing was changed about {subject} {about.number}.", f"There are entries about: {known}.")
    left = max(total - first - len(entries), 0)
    line = f"audit show {quote(subject)} {quote(about.number)} page={about.page + 1}"
    buttons = [Button(f"{min(left, PAGE)} older of {left}" if left > PAGE else f"{left} older", line)] if left else []
    return Reply(
        "audits/entries",
        subject=subject,
        number=about.number,
        total=total,
        entries=[(entry, await shown(request, entry)) for entry in entries],
        private=True,
        buttons=buttons,
    )


async def _key(request: Request, subject: str, number: str) -> str:
    """What the trail calls it: some things have a number or a key of their own there, which nobody sees."""
    match subject:
        case "liaison":
            one = await liaisons.numbered(request.session, number)
            return str(one.liaison.id) if one else number
        case "group":
            groups = request.catalogue.groups.values()
            return next((str(group.id) for group in groups if group.code.lower() == number.lower()), number)
        case "roadmap":
            asked = await resolve(request.session, scan(number)[:1])
            return asked[0].items[0].key if asked and asked[0].items else number
        case _:
            return number
