"""Meetings: which there were and will be, and how to join one."""

from __future__ import annotations

from handlers.asking.followup import remember_meeting
from handlers.asking.meetings import meetings_answer
from handlers.calendar import calendar_file
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.meeting import news
from handlers.meeting.entries import entry, is_secretariat, planned, shown, today
from handlers.meeting.fields import MeetingNumber
from handlers.meeting.overview import overview
from storage import meetings
from storage.meeting import attendance, documents


class Numbered(Form):
    number: MeetingNumber = field("Number", help="the meeting's number, such as 4")


class PerhapsNumbered(Form):
    number: MeetingNumber | None = field("Number", help="the meeting's number; the next one by default", default=None)


class Nothing(Form):
    """Takes nothing."""


@command("meeting next", form=Nothing, role=Role.GUEST, help="When and where the next meeting is")
async def next_meeting(request: Request, _nothing: Nothing) -> Reply:
    day = request.now.astimezone(request.zone).date()
    upcoming = meetings.upcoming(await meetings.all_meetings(request.session), day)
    for one in upcoming[:1]:
        await remember_meeting(request, one.number)
    return meetings_answer(request, upcoming[:1], ["next"]).reply()


@command("meeting list", form=Nothing, role=Role.GUEST, help="All meetings, held and planned")
async def list_meetings(request: Request, _nothing: Nothing) -> Reply:
    return meetings_answer(request, await meetings.all_meetings(request.session)).reply()


@command(
    "meeting show",
    form=Numbered,
    role=Role.GUEST,
    help="One meeting in full; the secretariat sees who comes and what is to do",
    example="meeting show 4",
)
async def show(request: Request, numbered: Numbered) -> Reply:
    meeting = await entry(request, numbered.number)
    await remember_meeting(request, meeting.number)
    if is_secretariat(request):
        return await overview(request, meeting)
    is_member = request.role >= Role.MEMBER
    is_private = request.place.private and is_member
    papers = await documents.for_meeting(request.session, meeting, request.now)
    said = await attendance.answer_of(request.session, meeting, request.caller.person_id) if is_private else None
    return Reply(
        "meetings/card",
        meeting=shown(meeting),
        today=today(request),
        link=meeting.link if is_private and news.is_ahead(meeting) else "",
        said=said.value if said else "",
        papers=len(papers),
        buttons=[
            *(news.buttons(meeting, shows_link=is_private) if is_member else [news.agenda(meeting)]),
            *_ways(request, news.is_ahead(meeting), meeting.number, has_papers=bool(papers)),
        ],
    )


@command(
    "meeting link",
    form=PerhapsNumbered,
    role=Role.MEMBER,
    help="How to join a meeting from afar, for you alone",
    example="meeting link 7",
)
async def link(request: Request, numbered: PerhapsNumbered) -> Reply:
    meeting = await planned(request, (await entry(request, numbered.number)).number)
    if not meeting.link:
        raise Refused(
            f"There is no link for meeting {meeting.number} yet.",
            "",
            [Button("Show the meeting", f"meeting show {meeting.number}")],
        )
    return Reply("meetings/link", meeting=shown(meeting), link=meeting.link, today=today(request), private=True)


@command(
    "meeting calendar",
    form=PerhapsNumbered,
    role=Role.GUEST,
    help="A meeting as a file for your calendar",
    example="meeting calendar 7",
)
async def calendar(request: Request, numbered: PerhapsNumbered) -> Reply:
    meeting = await entry(request, numbered.number)
    knows_link = request.role >= Role.MEMBER
    file = calendar_file(meeting, host=request.host, now=request.now, with_link=knows_link)
    if file is None:
        raise Refused(
            f"The day of meeting {meeting.number} is not known yet.",
            *(_SUBSCRIBE if request.role >= Role.MEMBER else ()),
        )
    return Reply("meetings/calendar", meeting=shown(meeting), today=today(request), private=True, attachments=[file])


_SUBSCRIBE = ("Subscribe to meetings, and I tell you when it is.", (Button("Subscribe", "subscribe meetings"),))


def _ways(request: Request, is_ahead: bool, number: int, *, has_papers: bool) -> list[Button]:
    found = [Button("Documents", f"document list {number}")] if has_papers and request.role >= Role.MEMBER else []
    return [*found, *([Button("For my calendar", f"meeting calendar {number}")] if is_ahead else [])]
