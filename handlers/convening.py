"""Convening: a planned meeting is confirmed, announced, cancelled, and closed when it was held."""

from __future__ import annotations

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.meeting import news
from handlers.meeting.entries import OfMeeting, planned, shown, today
from handlers.meeting.fields import MeetingNumber, as_document
from handlers.meeting.steps import afterwards, done, tell
from handlers.representing.entries import actor_of
from storage.meeting import deeds, documents, times
from storage.words import DocumentStatus, MeetingStatus


class One(Form):
    number: MeetingNumber = field("Number", help="of the meeting")


class Cancelling(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    reason: Line = field("Reason", help="everybody who knows of the meeting is told it")


class Closing(Form):
    number: MeetingNumber = field("Number", help="of the meeting")
    report: Line | None = field("Report", help="its document, such as Doc. 68", default=None, named=True, asked=True)
    executive_summary: Line | None = field(
        "Executive summary", help="its document", default=None, named=True, asked=True
    )


@command(
    "meeting confirm",
    form=One,
    role=Role.SECRETARIAT,
    help="A planned meeting will be held on its day",
    example="meeting confirm 7",
    changes=True,
)
async def confirm(request: Request, one: One) -> Reply:
    meeting = await planned(request, one.number)
    if meeting.status is MeetingStatus.CONFIRMED:
        raise Refused(
            f"Meeting {meeting.number} is confirmed already.",
            "",
            [Button("Show it", f"meeting show {meeting.number}")],
        )
    if not times.is_day(meeting.start):
        raise Refused(
            f"The day of meeting {meeting.number} is not known yet.",
            "Say when it begins, such as 2027-03-18 14:00; then confirm it.",
            [Button("Say when", f"meeting set {meeting.number} start", style="primary")],
        )
    changes = {"status": MeetingStatus.CONFIRMED}
    before = await deeds.change(request.session, meeting, changes, actor_of(request), request.now, "confirm")
    told = await tell(request, meeting, before)
    return done(request, "meetings/planned", meeting, told=told)


@command(
    "meeting announce",
    form=One,
    role=Role.SECRETARIAT,
    help="Tell everybody who subscribed that there will be a meeting",
    example="meeting announce 7",
    changes=True,
)
async def announce(request: Request, one: One) -> Reply:
    meeting = await planned(request, one.number)
    if meeting.announced_at is not None:
        day = meeting.announced_at.astimezone(request.zone)
        raise Refused(
            f"Meeting {meeting.number} was announced on {day.day} {day:%B %Y}.",
            "A change of it is told by itself.",
            [Button("Change it…", f"meeting change {meeting.number}")],
        )
    await deeds.announce(request.session, meeting, actor_of(request), request.now)
    return done(request, "meetings/announced", meeting, told=await news.announce(request, meeting))


@command(
    "meeting preview",
    form=One,
    role=Role.SECRETARIAT,
    help="See what everybody will be told of a meeting, before they are",
    example="meeting preview 7",
)
async def preview(request: Request, one: One) -> Reply:
    meeting = await planned(request, one.number)
    reply = news.announcement(request, meeting, with_file=True)
    count = await news.listeners(request)
    send = [Button("Announce it", f"meeting announce {meeting.number}", style="primary")]
    return Reply(
        "meetings/preview",
        meeting=shown(meeting),
        today=today(request),
        count=count,
        asks=bool(news.answers(meeting)),
        private=True,
        attachments=reply.attachments,
        buttons=[*([] if meeting.announced_at else send), Button("Change it…", f"meeting change {meeting.number}")],
    )


@command(
    "meeting cancel",
    form=Cancelling,
    role=Role.SECRETARIAT,
    help="A meeting will not be held; everybody who knows of it is told",
    example="meeting cancel 7 'the hall burnt down'",
    changes=True,
)
async def cancel(request: Request, cancelling: Cancelling) -> Reply:
    meeting = await planned(request, cancelling.number)
    await deeds.cancel(request.session, meeting, cancelling.reason, actor_of(request), request.now)
    told = await tell(request, meeting, ["status"])
    return Reply(
        "meetings/cancelled",
        meeting=shown(meeting),
        told=told,
        private=True,
        buttons=[Button("Plan another one", "meeting plan"), Button("All meetings", "meeting list")],
    )


@command(
    "meeting close",
    form=Closing,
    role=Role.SECRETARIAT,
    help="A meeting was held; what came of it",
    example="meeting close 7 report='Doc. 68'",
    changes=True,
)
async def close(request: Request, closing: Closing) -> Reply:
    meeting = await planned(request, closing.number)
    if not times.has_begun(meeting, request.now):
        raise Refused(
            f"Meeting {meeting.number} has not begun yet.",
            "If it will not be held, cancel it.",
            [Button("Cancel it…", f"meeting cancel {meeting.number}", style="danger")],
        )
    given = {"report": closing.report, "executive_summary": closing.executive_summary}
    results = {name: as_document(text) for name, text in given.items() if text}
    left = [
        one
        for one in await documents.for_meeting(request.session, meeting, request.now)
        if one.status is not DocumentStatus.REVIEWED
    ]
    await deeds.close(request.session, meeting, results, actor_of(request), request.now)
    if meeting.announced_at is not None:
        await news.settle(request, meeting)
    numbers = ",".join(str(one.number) for one in left)
    ways = [
        Button("All were reviewed", f"document review {numbers}"),
        Button("Defer them", f"document defer {numbers}"),
    ]
    return Reply(
        "meetings/closed",
        meeting=shown(meeting),
        left=[one.number for one in left],
        private=True,
        buttons=[*(ways if left else []), *afterwards(meeting)],
    )
