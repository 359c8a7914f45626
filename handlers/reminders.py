"""Reminders: before meetings and deadlines, and whenever somebody wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from handlers.announcing import listening
from handlers.chore import Errand, chore
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.meeting.entries import entry, locked, shown
from handlers.reminding import asked, telling
from handlers.reminding.asked import Before, as_asked
from handlers.reminding.wanted import comes, subscribed, wants_of
from handlers.reminding.wording import before
from storage import audit, lead, reminders
from storage.lead import as_leads
from storage.tables import Meeting, Reminder
from storage.words import ReminderKind

SUBJECT = "reminder"
MOST_OWN = 100
"""Reminders that one person may have."""

_PAGE = 10
_USUAL = ("default", "usual", "normal", "on")
_OWN = Button("My reminders", "reminders")


def _leads_text(text: str) -> str:
    as_leads(text)
    return " ".join(text.split())


def _wish_text(text: str) -> str:
    return text.strip().lower() if text.strip().lower() in _USUAL else _leads_text(text)


Number = Annotated[int, Field(ge=1, le=2_000_000_000)]
LeadsText = Annotated[Line, AfterValidator(_leads_text)]
WishText = Annotated[Line, AfterValidator(_wish_text)]


class Reminding(Form):
    what: Line = field("When and of what", help=asked.EXAMPLE)


class Listing(Form):
    meeting: Annotated[int, Field(ge=1, le=10_000)] | None = field(
        "Meeting", help="all reminders of that meeting, by its number", default=None
    )


class Cancelling(Form):
    number: Number = field("Number", help="of the reminder, as reminders shows it")


class Changing(Form):
    meeting: Annotated[int, Field(ge=1, le=10_000)] = field("Meeting", help="its number")
    before: LeadsText = field("How long before", help="2d,1h, or off")
    of: Literal["meeting", "documents"] = field(
        "Of what", help="the meeting, or the deadline of its documents", default="meeting", named=True
    )


class Wishing(Form):
    before: WishText = field("How long before", help="1d, or 1w,2h; off for none; default as everybody")


@command(
    "remind",
    form=Reminding,
    role=Role.MEMBER,
    help="Be reminded before a meeting, or of anything at any time",
    example="remind me 2 days before meeting 7",
    changes=True,
    bare=asked.POLITE,
)
async def remind(request: Request, reminding: Reminding) -> Reply:
    try:
        wanted = as_asked(reminding.what, request.now, request.zone)
    except ValueError as error:
        raise Refused(f"I cannot read when: {error}.", "Nothing is kept yet.", field="what") from None
    person = request.caller.person_id
    if len(await reminders.of_person(request.session, person)) >= MOST_OWN:
        raise Refused(f"You have {MOST_OWN} reminders already.", "Cancel some first.", [_OWN])
    if isinstance(wanted, Before):
        made, meeting = await _before(request, wanted)
        said = ""
    else:
        if wanted.at.at <= request.now:
            raise Refused("That is in the past.", "Say a time that is still to come.", field="what")
        made = await reminders.remind_at(request.session, person, wanted.at.at, wanted.text, request.now)
        meeting, said = None, wanted.at.said
    await _noted(request, "remind", made.id, {}, {"due": made.due_at.isoformat(), "lead": made.lead})
    return Reply(
        "reminders/made",
        one=_entry(made, meeting),
        said=said,
        buttons=[Button("Cancel it", f"reminders cancel {made.id}"), _OWN],
        private=request.place.private,
    )


@command("reminders", form=Listing, role=Role.MEMBER, help="What you will be reminded of", example="reminders")
async def list_reminders(request: Request, listing: Listing) -> Reply:
    if listing.meeting is not None:
        return await _of_meeting(request, await entry(request, listing.meeting))
    own = await reminders.of_person(request.session, request.caller.person_id)
    wants = await wants_of(request)
    coming = await reminders.of_meetings(request.session, 5 * _PAGE) if wants else ()
    plans = await reminders.plans_of(request.session, {meeting.id for _, meeting in coming})
    told = [_entry(one, meeting) for one, meeting in coming if comes(one, plans, wants)][:_PAGE]
    meetings = await reminders.meetings_of(request.session, own)
    mine = [_entry(one, meetings.get(one.meeting_id or 0)) for one in own[:_PAGE]]
    buttons = [Button(f"Cancel {one.id}", f"reminders cancel {one.id}") for one in own[:5]]
    if not wants:
        buttons.append(Button("Remind me of meetings", "subscribe here to meetings"))
    return Reply(
        "reminders/list",
        own=mine,
        more=max(len(own) - _PAGE, 0),
        told=told,
        is_subscribed=bool(wants),
        buttons=buttons,
        private=True,
    )


@command(
    "reminders cancel",
    form=Cancelling,
    role=Role.MEMBER,
    help="Cancel a reminder",
    example="reminders cancel 12",
    changes=True,
)
async def cancel(request: Request, cancelling: Cancelling) -> Reply:
    one = await reminders.numbered(request.session, cancelling.number)
    person = request.caller.person_id
    is_own = one is not None and one.person_id == person
    if one is None or (one.person_id is not None and not is_own):
        raise Refused(f"You have no reminder {cancelling.number}.", "Type reminders to see yours.", [_OWN])
    if not is_own and request.role < Role.SECRETARIAT:
        raise Refused(
            "That reminder is for all who subscribed to meetings.",
            "You can leave yours out: settings reminders off.",
            [Button("Off for me", "settings reminders off")],
        )
    if not await reminders.cancel(request.session, one, person):
        raise Refused(f"Reminder {one.id} is over already.", "Type reminders to see what is to come.", [_OWN])
    await _noted(request, "cancel", one.id, {"due": one.due_at.isoformat()}, {})
    meetings = await reminders.meetings_of(request.session, [one])
    return Reply(
        "reminders/cancelled",
        one=_entry(one, meetings.get(one.meeting_id or 0)),
        buttons=[_OWN],
        private=request.place.private,
    )


@command(
    "reminders change",
    form=Changing,
    role=Role.SECRETARIAT,
    help="How long before a meeting people are reminded",
    example="reminders change 7 2d,1h",
    changes=True,
)
async def change(request: Request, changing: Changing) -> Reply:
    meeting = await locked(request, changing.meeting)
    kind, leads = ReminderKind(changing.of), as_leads(changing.before)
    old = await reminders.plan_of(request.session, meeting.id, kind)
    await reminders.choose(request.session, meeting, kind, leads, request.now)
    trail = ({"meeting": meeting.number, kind.value: lead.joined(old)}, {kind.value: lead.joined(leads)})
    await _noted(request, "change", meeting.number, *trail)
    return await _of_meeting(request, meeting)


@command(
    "settings reminders",
    form=Wishing,
    role=Role.MEMBER,
    help="How long before meetings you are reminded",
    example="settings reminders 1d",
    changes=True,
)
async def settings_reminders(request: Request, wishing: Wishing) -> Reply:
    chosen = await subscribed(request)
    if not chosen:
        raise Refused(
            "You are told of no meetings here, so there is nothing to change.",
            "Subscribe to meetings first.",
            [Button("Subscribe to meetings", "subscribe here to meetings")],
        )
    for one in chosen:
        listening_to = await listening.changeable(request, one.number)
        leads = None if wishing.before in _USUAL else as_leads(wishing.before)
        await reminders.wish(request.session, listening_to.number, leads, request.now)
        after = {"leads": "default" if leads is None else lead.joined(leads)}
        await listening.noted(request, one.number, "set reminders", {}, after)
    words = "as everybody" if wishing.before in _USUAL else lead.in_words(as_leads(wishing.before))
    return Reply(
        "reminders/wished",
        words=words,
        is_channel=not request.place.private,
        buttons=[_OWN, Button("As everybody", "settings reminders default")],
        private=request.place.private,
    )


@chore("reminders", every=timedelta(minutes=1))
async def send_reminders(errand: Errand) -> None:
    """What is due soon goes into the outbox; what was missed is sent late, or reported."""
    await telling.look_after(errand)
    await telling.plan(errand, errand.now + telling.AHEAD)


@chore("reminders of meetings", every=timedelta(hours=1))
async def plan_reminders(errand: Errand) -> None:
    """Meetings that came with a file have their reminders too."""
    await reminders.replan_all(errand.session, errand.now)


async def _before(request: Request, wanted: Before) -> tuple[Reminder, Meeting]:
    meeting = await entry(request, wanted.meeting)
    show = [Button("Show it", f"meeting show {meeting.number}")]
    begins = reminders.begins(meeting)
    if begins is None:
        why = "is cancelled" if meeting.status == "cancelled" else "was held" if meeting.status == "held" else ""
        raise Refused(
            f"Meeting {meeting.number} {why}." if why else f"Meeting {meeting.number} has no day yet.",
            "" if why else "Subscribe to meetings: then you learn its day, and are reminded.",
            show if why else [*show, Button("Subscribe", "subscribe here to meetings")],
        )
    person = request.caller.person_id
    made = await reminders.remind_before(request.session, person, meeting, wanted.lead, wanted.text, request.now)
    if made is None:
        raise Refused(
            f"{wanted.lead.words} before meeting {meeting.number} is past, or its hour is not known.",
            "Ask for a shorter time before.",
            show,
            field="what",
        )
    return made, meeting


async def _of_meeting(request: Request, meeting: Meeting) -> Reply:
    is_secretariat = request.role >= Role.SECRETARIAT
    some = await reminders.of_meeting(request.session, meeting.id)
    plans = {kind: await reminders.plan_of(request.session, meeting.id, kind) for kind in reminders.DEFAULTS}
    buttons = [Button(f"Cancel {one.id}", f"reminders cancel {one.id}") for one in some[:5]] if is_secretariat else []
    return Reply(
        "reminders/of_meeting",
        meeting=shown(meeting),
        entries=[_entry(one, meeting) for one in some],
        has_day=reminders.begins(meeting) is not None,
        plan=lead.in_words(plans[ReminderKind.MEETING]),
        documents_plan=lead.in_words(plans[ReminderKind.DOCUMENTS]),
        is_secretariat=is_secretariat,
        buttons=[*buttons, Button("Show the meeting", f"meeting show {meeting.number}")],
    )


def _entry(one: Reminder, meeting: Meeting | None) -> dict[str, object]:
    """A reminder as the templates show it."""
    return {
        "number": one.id,
        "kind": one.kind.value,
        "before": before(one),
        "text": one.text,
        "due_at": one.due_at,
        "meeting": shown(meeting) if meeting else None,
    }


async def _noted(
    request: Request, action: str, number: int, before_it: Mapping[str, object], after: Mapping[str, object]
) -> None:
    caller, place = request.caller, request.place.key
    await audit.note(request.session, caller, place, action, SUBJECT, str(number), before_it, after, request.now)
