"""Planning: a meeting is planned and changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Literal

from handlers.chore import Errand, chore
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.meeting import news
from handlers.meeting.changing import IN_TIME, OF_RESULTS, Change, Setting, columns, described
from handlers.meeting.entries import OfMeeting, locked, shown, today
from handlers.meeting.fields import (
    DueText,
    EndText,
    Link,
    MeetingNumber,
    StartText,
    ZoneName,
    emptied,
    end_of,
    real_time,
    start_and_place,
    start_of,
    wrong_times,
)
from handlers.meeting.steps import done, tell
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import meetings
from storage.meeting import deeds, times
from storage.meeting.deeds import NumberTaken, Plan
from storage.tables import Meeting
from storage.words import MeetingMode, MeetingStatus


class Planning(Form):
    submit: ClassVar[str] = "Plan it"
    title: Line = field("Title")
    start: StartText = field("Starts", help="2027-03-18 14:00, a day, or vaguely: July 2025, late 2025")
    place: Line | None = field("Place", help="a city; empty for a remote meeting", default=None, asked=True)
    end: EndText | None = field("Ends", help="16:00, or 90 min", default=None, named=True, asked=True)
    timezone: ZoneName | None = field("Time zone", help="such as Asia/Seoul", default=None, named=True)
    mode: MeetingMode | None = field("Mode", default=None, named=True, asked=True)
    link: Link | None = field("Remote link", help="shown to members only", default=None, named=True, asked=True)
    colocated_with: Line | None = field("Co-located with", default=None, named=True)
    documents_due: DueText | None = field("Documents due", help="2027-03-04", default=None, named=True)
    status: Literal["tentative", "confirmed"] | None = field(
        "Status", help="confirmed where nothing else is said of an exact time", default=None, named=True
    )
    number: MeetingNumber | None = field("Number", help="the next one by default", default=None, named=True)

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Mapping[str, str]:
        start, place = start_and_place(values.get("start", ""))
        return {**values, "start": start, "place": place} if place and not values.get("place") else values

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        try:
            wanted, _ = self.plan(situation)
        except ValueError as error:
            return {"end": str(error)}
        found = dict(wrong_times(wanted.start, wanted.end, wanted.documents_due, wanted.timezone, situation))
        if self.status == "confirmed" and not times.is_day(wanted.start):
            found["status"] = "a meeting is confirmed when its day is known"
        return found

    def plan(self, situation: Situation) -> tuple[Plan, str]:
        """What is planned, and what to say of its times. Raises `ValueError` for an end that no start goes with."""
        when = start_of(self.start)
        zone = self.timezone or (when.zone.key if when.zone else situation.household.zone.key)
        start, said = real_time(when.kept, zone)
        place = emptied(self.place or "")
        is_remote = place.lower() in ("remote", "online", "virtual")
        mode = MeetingMode.REMOTE if is_remote or not place else MeetingMode.PHYSICAL
        status = MeetingStatus.CONFIRMED if when.is_exact else MeetingStatus.TENTATIVE
        plan = Plan(
            title=self.title,
            start=start,
            end=real_time(end_of(self.end or "", start, zone), zone)[0],
            timezone=zone,
            status=MeetingStatus(self.status) if self.status else status,
            mode=self.mode or (MeetingMode.HYBRID if place and not is_remote and self.link else mode),
            place="" if is_remote else place,
            link=emptied(self.link or ""),
            colocated_with=emptied(self.colocated_with or ""),
            documents_due=real_time(self.documents_due or "", zone)[0],
        )
        return plan, said


class Reporting(OfMeeting):
    number: MeetingNumber = field("Number", help="of the meeting")
    document: Line = field("Report", help="its document, such as Doc. 68")


@command(
    "meeting plan",
    form=Planning,
    role=Role.SECRETARIAT,
    help="Plan a meeting and its reminders",
    example="meeting plan 'Seventh meeting' '2027-03-18 14:00' Geneva",
    changes=True,
    private=True,
)
async def plan(request: Request, planning: Planning) -> Reply:
    wanted, said = planning.plan(request)
    try:
        meeting = await deeds.plan(request.session, wanted, planning.number, actor_of(request), request.now)
    except NumberTaken:
        raise Refused(
            f"There is a meeting {planning.number} already.",
            "Leave the number out for the next one.",
            [Button("Show it", f"meeting show {planning.number}")],
            field="number",
        ) from None
    return done(request, "meetings/planned", meeting, said=said)


@command(
    "meeting change",
    form=Change,
    role=Role.SECRETARIAT,
    help="Change a meeting; everybody who knows of it is told",
    example="meeting change 7 start='2027-03-25 14:00' place=Geneva",
    changes=True,
    private=True,
)
async def change(request: Request, changing: Change) -> Reply:
    meeting = await locked(request, changing.number)
    given = changing.given()
    if not given:
        shut = IN_TIME if news.is_over(meeting) else OF_RESULTS
        fields = [name for name in described() if name not in shut]
        buttons = [Button(described()[name], f"meeting set {meeting.number} {name}") for name in fields]
        return Reply("meetings/what", meeting=shown(meeting), today=today(request), private=True, buttons=buttons)
    return await _changed(request, meeting, given)


@command(
    "meeting set",
    form=Setting,
    role=Role.SECRETARIAT,
    help="Change one thing of a meeting",
    example="meeting set 7 place Geneva",
    changes=True,
    private=True,
)
async def set_one(request: Request, setting: Setting) -> Reply:
    return await _changed(request, await locked(request, setting.number), setting.given())


@command(
    "meeting report",
    form=Reporting,
    role=Role.SECRETARIAT,
    help="Which document is the report of a meeting",
    example="meeting report 7 'Doc. 68'",
    changes=True,
)
async def report(request: Request, reporting: Reporting) -> Reply:
    return await _changed(request, await locked(request, reporting.number), {"report": reporting.document})


@chore("meetings changed by a file", every=timedelta(minutes=1))
async def tell_of_files(errand: Errand) -> None:
    """What a file changed of meetings that are announced is told as any change is."""
    for number in await deeds.changed_by_file(errand.session):
        meeting = await meetings.locked(errand.session, number)
        if meeting is not None:
            await tell(errand, meeting, ())


async def _changed(request: Request, meeting: Meeting, given: Mapping[str, str]) -> Reply:
    late = [name for name in given if name in IN_TIME]
    if news.is_over(meeting) and late:
        words = described()[late[0]].lower()
        raise Refused(
            f"Meeting {meeting.number} is {meeting.status.value}: its {words} cannot be changed any more.",
            "",
            [Button("Show it", f"meeting show {meeting.number}")],
        )
    after, said = columns(meeting, given)
    before = await deeds.change(request.session, meeting, after, actor_of(request), request.now)
    if not before:
        raise Refused(f"Nothing of meeting {meeting.number} is different from that.")
    told = await tell(request, meeting, before)
    changed = [name.replace("_", " ") for name in before]
    return done(request, "meetings/changed", meeting, told=told, changed=changed, said=said)
