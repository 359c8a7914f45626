"""Answers about matters of meetings: what was decided, what came in, who was there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.asking.answer import Answer, Entry
from handlers.asking.matters import Matter
from handlers.asking.occasions import Occasions, occasions_of
from handlers.asking.query import Intent
from handlers.asking.reading import Reading
from handlers.command import Button, Reply, Request, Role
from handlers.meeting.agenda import agenda_reply
from handlers.meeting.entries import label, shown, shown_note, shown_paper, today
from storage.meeting import attendance, documents, minutes
from storage.meeting.attendance import Attendee
from storage.meeting.documents import Paper
from storage.meeting.minutes import Note
from storage.tables import Meeting
from storage.words import Answer as Said
from storage.words import DocumentStatus, NoteKind

_PAGE = 20
_DOCUMENT = re.compile(r"\bdoc\.?\s?(\d{1,6})\b", re.IGNORECASE)
_KINDS = {
    Matter.DECISIONS: (NoteKind.DECISION,),
    Matter.ACTIONS: (NoteKind.ACTION,),
    Matter.MINUTES: tuple(NoteKind),
}
_ALL = Button("All meetings", "meeting list")
_LIST = Button("All documents", "document list")


async def answer_matter(request: Request, reading: Reading, matter: Matter) -> Answer:
    """What is recorded of that matter."""
    occasions = await occasions_of(request, reading, matter)
    if occasions.named and not occasions.meetings:
        return _none(request, matter, occasions)
    match matter:
        case Matter.AGENDA:
            return await _agenda(request, occasions)
        case Matter.DEADLINE:
            return _deadline(request, occasions)
        case Matter.DECISIONS | Matter.ACTIONS | Matter.MINUTES:
            return await _notes(request, matter, occasions)
        case Matter.ATTENDED | Matter.COMING:
            return await _people(request, matter, occasions, counted=reading.has("count"))
        case _:
            return await _papers(request, reading, matter, occasions)


async def _agenda(request: Request, occasions: Occasions) -> Answer:
    if not occasions.meetings:
        return _none(request, Matter.AGENDA, occasions)
    meeting = occasions.meetings[0]
    return _of_reply(await agenda_reply(request, meeting), [meeting], ("agenda", f"meeting {meeting.number}"))


def _deadline(request: Request, occasions: Occasions) -> Answer:
    if not occasions.meetings:
        return _none(request, Matter.DEADLINE, occasions)
    meeting = occasions.meetings[0]
    papers = (Button("Documents so far", f"document list {meeting.number}"),) if request.role >= Role.MEMBER else ()
    return Answer(
        Intent.WHEN,
        "asking/deadline",
        {"meeting": shown(meeting), "today": today(request)},
        entries=(_entry(meeting),),
        count=1,
        chips=("document deadline", f"meeting {meeting.number}"),
        buttons=(*papers, _show(meeting)),
    )


async def _notes(request: Request, matter: Matter, occasions: Occasions) -> Answer:
    chosen = list(occasions.meetings)
    may_see = request.role >= Role.MEMBER
    found = await minutes.notes_of(request.session, [one.id for one in chosen], _KINDS[matter]) if may_see else ()
    if matter is Matter.ACTIONS:
        found = [one for one in found if one.done_at is None]
    by_number = {one.number: one for one in chosen}
    groups = [
        {"meeting": shown(by_number[number]), "notes": [shown_note(one) for one in found if one.meeting == number]}
        for number in dict.fromkeys(one.meeting for one in found)
    ]
    said = {note.meeting for note in found}
    silent = [one for one in chosen if one.number not in said] if occasions.named and may_see else []
    return Answer(
        Intent.LIST,
        "asking/notes",
        {
            "matter": matter.value,
            "groups": groups,
            "silent": [shown(one) for one in silent],
            "nothing": not found,
            "may_see": may_see,
            "today": today(request),
        },
        entries=tuple(_note_entry(one) for one in found),
        count=len(found),
        understood=_understood(chosen, occasions),
        chips=(matter.value, *occasions.chips),
        buttons=tuple(_show(one) for one in chosen[-3:]) if occasions.named else (_ALL,),
    )


async def _people(request: Request, matter: Matter, occasions: Occasions, *, counted: bool) -> Answer:
    if not occasions.meetings:
        return _none(request, matter, occasions)
    some = []
    total = 0
    for meeting in occasions.meetings:
        people = await attendance.people(request.session, meeting)
        there = [one for one in people if one.attended]
        said = {answer.value: [one for one in people if one.answer is answer] for answer in Said}
        total += len(there) if matter is Matter.ATTENDED else len(said[Said.YES.value])
        some.append(
            {
                "meeting": shown(meeting),
                "there": _names(there),
                "said": {answer: _names(ones) for answer, ones in said.items()},
            }
        )
    # Names are for members; who has not been there yet is theirs to say, so the secretariat alone sees who answered.
    needed = Role.MEMBER if matter is Matter.ATTENDED else Role.SECRETARIAT
    return Answer(
        Intent.COUNT if counted else Intent.WHO,
        "asking/attendance",
        {
            "is_past": matter is Matter.ATTENDED,
            "some": some,
            "names": request.role >= needed and request.place.private,
            "needs_secretariat": needed is Role.SECRETARIAT,
            "counted": counted,
            "today": today(request),
        },
        entries=tuple(_entry(one) for one in occasions.meetings),
        count=total,
        understood=_understood(occasions.meetings, occasions),
        chips=(matter.value, *occasions.chips),
        buttons=tuple(_show(one) for one in occasions.meetings[:3]),
        private=request.place.private,
    )


async def _papers(request: Request, reading: Reading, matter: Matter, occasions: Occasions) -> Answer:
    numbers = {int(found[1]) for found in _DOCUMENT.finditer(reading.text)}
    may_see = request.role >= Role.MEMBER
    found = list(await documents.every(request.session)) if may_see else []
    chips = list(occasions.chips)
    if numbers:
        found = [one for one in found if one.number in numbers]
        chips = [f"Doc. {number}" for number in sorted(numbers)]
    elif occasions.named:
        mine = {one.number for one in occasions.meetings}
        of_them = {one.number for each in occasions.meetings for one in await _for(request, each)}
        found = [one for one in found if one.meeting in mine or one.number in of_them]
    if matter is Matter.DEFERRED:
        found = [one for one in found if one.status is DocumentStatus.DEFERRED]
    sources = _sources(request, reading)
    if sources:
        found = [one for one in found if _is_from(request, one, reading)]
        chips.append(", ".join(sources))
    is_full = len(found) > _PAGE
    return Answer(
        Intent.COUNT if reading.has("count") else Intent.LIST,
        "asking/papers",
        {
            "papers": [shown_paper(one) for one in found[:_PAGE]],
            "total": len(found),
            "is_deferred": matter is Matter.DEFERRED,
            "sources": sources,
            "numbers": sorted(numbers),
            "meetings": [shown(one) for one in occasions.meetings] if occasions.named and not numbers else [],
            "may_see": may_see,
            "today": today(request),
        },
        entries=tuple(_paper_entry(one) for one in found),
        count=len(found),
        understood=_understood(occasions.meetings, occasions),
        chips=(matter.value, *chips),
        buttons=(
            *(Button(label(f"Doc. {one.number}: {one.title}"), f"document show {one.number}") for one in found[:4]),
            *((_LIST,) if may_see and (is_full or not found) else ()),
            *(Button(f"Roadmap of {one}", f"ask what has {one} published?") for one in sources[:1] if not found),
        ),
    )


async def _for(request: Request, meeting: Meeting) -> Sequence[Paper]:
    return await documents.for_meeting(request.session, meeting, request.now)


def _sources(request: Request, reading: Reading) -> list[str]:
    """The groups and bodies that a question names, but for the group that runs the bot."""
    groups = [request.catalogue.groups[one].code for spot in reading.spots for one in spot.groups]
    bodies = [name.value for spot in reading.spots for name in spot.names if name.kind == "body" and not spot.groups]
    return [one for one in dict.fromkeys((*groups, *bodies)) if one != request.host and not _is_place(reading, one)]


def _is_place(reading: Reading, code: str) -> bool:
    """A body is named after its country in a question about a meeting there, not by its own name."""
    return code.lower() not in reading.text.lower()


def _is_from(request: Request, paper: Paper, reading: Reading) -> bool:
    groups = {one for spot in reading.spots for one in spot.groups}
    bodies = {name.id for spot in reading.spots for name in spot.names if name.kind == "body" and not spot.groups}
    group = request.catalogue.groups.get(paper.group_id) if paper.group_id is not None else None
    if group is not None:
        return group.id in groups or group.body_id in bodies
    written = paper.source.lower().split()
    return any(code.lower() in written or code.lower() == paper.source.lower() for code in _sources(request, reading))


def _none(request: Request, matter: Matter, occasions: Occasions) -> Answer:
    return Answer(
        Intent.WHEN,
        "asking/no_meeting",
        {"matter": matter.value, "named": occasions.named, "today": today(request)},
        chips=(matter.value, *occasions.chips),
        buttons=(_ALL,),
    )


def _of_reply(reply: Reply, some: Sequence[Meeting], chips: tuple[str, ...]) -> Answer:
    return Answer(
        Intent.WHEN,
        reply.template,
        reply.data,
        entries=tuple(_entry(one) for one in some),
        count=len(some),
        understood={"meetings": [one.number for one in some]},
        chips=chips,
        buttons=reply.buttons,
    )


def _understood(some: Sequence[Meeting], occasions: Occasions) -> dict[str, object]:
    return {"meetings": [one.number for one in some]} if occasions.named else {}


def _names(some: Sequence[Attendee]) -> list[str]:
    return [one.name or "somebody who asked to be forgotten" for one in some]


def _show(meeting: Meeting) -> Button:
    return Button(f"Meeting {meeting.number}", f"meeting show {meeting.number}")


def _entry(meeting: Meeting) -> Entry:
    return Entry("meeting", str(meeting.number), meeting.title, status=meeting.status.value, date=meeting.start)


def _note_entry(note: Note) -> Entry:
    status = "done" if note.done_at else "open" if note.kind is NoteKind.ACTION else ""
    return Entry(note.kind.value, f"meeting {note.meeting}", note.text, group=note.owner, status=status, date=note.due)


def _paper_entry(paper: Paper) -> Entry:
    day = f"{paper.submitted_at:%Y-%m-%d}"
    return Entry(
        "document", f"Doc. {paper.number}", paper.title, group=paper.source, status=paper.status.value, date=day
    )
