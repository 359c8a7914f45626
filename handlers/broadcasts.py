"""Broadcasts: announcements on their way out, now or at their time, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from handlers.announcements import wrong_time
from handlers.announcing import wording
from handlers.announcing.drafts import (
    ASKED_ABOVE,
    OfAnnouncement,
    count_of,
    counts,
    known,
    noted,
    recipients,
    too_late,
    unsent,
)
from handlers.announcing.fields import Count, LocalText, Number, moment_of
from handlers.announcing.places import target_of_answer
from handlers.chore import Errand, chore
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.outgoing import reword, tell
from handlers.situation import Situation
from storage import announcements, audiences, audit, broadcasts, outbox
from storage.announcements import OUT, SUBJECT, UNSENT
from storage.audience import as_audience
from storage.tables import Announcement
from storage.words import AnnouncementState


class Sending(Form):
    number: Number = field("Number", help="of the announcement")
    count: Count | None = field(
        "Recipients", help="how many it goes to, so that nobody sends to many by mistake", default=None
    )


class Confirming(OfAnnouncement):
    submit: ClassVar[str] = "Confirm"
    number: Number = field("Number", help="of the announcement")
    count: Count = field("Recipients", help="type how many it goes to, so that nobody sends to many by mistake")
    at: LocalText | None = field("At", help="2027-01-10 09:00 in your zone; now if empty", default=None, named=True)

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return wrong_time(self.at, situation)


class Scheduling(OfAnnouncement):
    submit: ClassVar[str] = "Schedule"
    number: Number = field("Number", help="of the announcement")
    at: LocalText = field("At", help="2027-01-10 09:00 in your zone")
    count: Count | None = field(
        "Recipients", help="how many it goes to, so that nobody sends to many by mistake", default=None, named=True
    )

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return wrong_time(self.at, situation)


class Naming(Form):
    number: Number = field("Number", help="of the announcement")


@command(
    "announcement send",
    form=Sending,
    role=Role.SECRETARIAT,
    help="Send an announcement now",
    example="announcement send 3 count=41",
    changes=True,
)
async def send(request: Request, sending: Sending) -> Reply:
    return await _send(request, sending.number, sending.count)


@command(
    "announcement confirm",
    form=Confirming,
    role=Role.SECRETARIAT,
    help="Send an announcement to many, or schedule it: you type how many",
    example="announcement confirm 3 41",
    changes=True,
)
async def confirm(request: Request, confirming: Confirming) -> Reply:
    if confirming.at:
        return await _schedule(request, confirming.number, confirming.at, confirming.count)
    return await _send(request, confirming.number, confirming.count)


async def _send(request: Request, number: int, typed: int | None) -> Reply:
    one = await unsent(request, number)
    place = await target_of_answer(request)
    changes = {"state": AnnouncementState.SENDING, "sent_at": request.now, "status_target_id": place, "due_at": None}
    # First of all: of two who press Send at once the second one waits here, and then finds that it is sent.
    if not await announcements.turn(request.session, one.id, UNSENT, changes):
        raise too_late(await known(request, one.id))
    found = await recipients(request, one)
    count = count_of(found)
    if not count:
        raise Refused("Nobody would get it.", "Choose another audience.", [_audience(one)])
    if problem := _wrong_count(typed, count):
        button = Button("Type the number", f"announcement confirm {one.id}", style="primary")
        line = f"announcement send {one.id} count={count}"
        raise Refused(problem.capitalize() + ".", f"Or type the line: {line}", [button], field="count")
    await _go_out(request, one.id)
    await noted(request, one.id, "send", {"state": one.state.value}, {"state": "sending", "recipients": count})
    reached = [each for each in found if each.target is not None]
    buttons = [
        Button("How it stands", f"announcement show {one.id}"),
        Button("Cancel what waits", f"announcement cancel {one.id}", style="danger"),
    ]
    return Reply("announcements/sending", number=one.id, title=one.title, counts=counts(reached), buttons=buttons)


@command(
    "announcement schedule",
    form=Scheduling,
    role=Role.SECRETARIAT,
    help="Have an announcement sent at a time",
    example="announcement schedule 3 2027-01-10 09:00",
    changes=True,
)
async def schedule(request: Request, scheduling: Scheduling) -> Reply:
    return await _schedule(request, scheduling.number, scheduling.at, scheduling.count)


async def _schedule(request: Request, number: int, at: str, typed: int | None) -> Reply:
    one = await unsent(request, number)
    due = moment_of(at, request)
    place = await target_of_answer(request)
    changes = {"state": AnnouncementState.SCHEDULED, "due_at": due, "status_target_id": place}
    if not await announcements.turn(request.session, one.id, UNSENT, changes):
        raise too_late(await known(request, one.id))
    found = await recipients(request, one)
    if not count_of(found):
        raise Refused("As things stand nobody would get it.", "Choose another audience.", [_audience(one)])
    if problem := _wrong_count(typed, count_of(found)):
        button = Button("Type the number", f"announcement confirm {one.id} at='{at}'", style="primary")
        line = f"announcement schedule {one.id} at='{at}' count={count_of(found)}"
        raise Refused(problem.capitalize() + ".", f"Or type the line: {line}", [button], field="count")
    await noted(request, one.id, "schedule", {"state": one.state.value}, {"state": "scheduled", "due": due.isoformat()})
    buttons = [
        Button("Send now", f"announcement send {one.id}"),
        Button("Cancel", f"announcement cancel {one.id}", style="danger"),
    ]
    reached = [each for each in found if each.target is not None]
    return Reply(
        "announcements/scheduled", number=one.id, title=one.title, due=due, counts=counts(reached), buttons=buttons
    )


@command(
    "announcement cancel",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Do not send an announcement, or no further",
    example="announcement cancel 3",
    changes=True,
)
async def cancel(request: Request, naming: Naming) -> Reply:
    one = await known(request, naming.number)
    states = (*UNSENT, AnnouncementState.SENDING)
    if not await announcements.turn(
        request.session, one.id, states, {"state": AnnouncementState.CANCELLED, "told": ""}
    ):
        raise too_late(await known(request, one.id))
    dropped = sum([await outbox.withdraw(request.session, cause) for cause in broadcasts.causes(one.id)])
    figures = await broadcasts.figures(request.session, one.id, request.now)
    if figures.total:
        now = await known(request, one.id)
        await reword(request, _status_cause(one.id), wording.status(now, figures))
    await noted(request, one.id, "cancel", {"state": one.state.value}, {"state": "cancelled", "dropped": dropped})
    buttons = [Button("Show it", f"announcement show {one.id}")]
    return Reply(
        "announcements/cancelled",
        number=one.id,
        title=one.title,
        dropped=dropped,
        reached=figures.total - figures.dropped,
        buttons=buttons,
    )


@command(
    "announcement resend-failed",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Send an announcement again to whom it did not reach",
    example="announcement resend-failed 3",
    changes=True,
)
async def resend_failed(request: Request, naming: Naming) -> Reply:
    one = await known(request, naming.number)
    place = await target_of_answer(request)
    changes = {"state": AnnouncementState.SENDING, "status_target_id": place, "told": ""}
    if not await announcements.turn(request.session, one.id, OUT, changes):
        raise Refused(f"Announcement {one.id} was not sent.", "", [Button("Show it", f"announcement show {one.id}")])
    plain, subscribed = await wording.messages(request, one)
    has_mail = request.household.has_mail
    count = await broadcasts.resend(request.session, one.id, plain, subscribed, has_mail, request.now)
    if not count:
        raise Refused(
            "There is nobody to send it to again.",
            "Whoever blocked me, or has no address, must change that first.",
            [Button("Who got nothing", f"announcement show {one.id}")],
        )
    await _tell_status(request, one.id, place)
    await noted(request, one.id, "resend", {}, {"recipients": count})
    return Reply("announcements/resending", number=one.id, title=one.title, count=count)


@chore("scheduled announcements", every=timedelta(seconds=15))
async def send_scheduled(errand: Errand) -> None:
    """What was scheduled goes out at its time, to whom its audience means then."""
    for number in await announcements.due(errand.session, errand.now):
        changes = {"state": AnnouncementState.SENDING, "sent_at": errand.now}
        if await announcements.turn(errand.session, number, (AnnouncementState.SCHEDULED,), changes):
            await _go_out(errand, number)
            before, after = {"state": "scheduled"}, {"state": "sending"}
            await audit.note_of_bot(errand.session, "send", SUBJECT, number, before, after, errand.now)


@chore("announcements on their way", every=timedelta(seconds=5))
async def tell_status(errand: Errand) -> None:
    """While one is being sent, its status message says how it stands; at the end, how it ended."""
    for one in await announcements.going_out(errand.session):
        _reply, said, is_settled = await wording.reword_status(errand, one)
        state = AnnouncementState.SENT if is_settled else AnnouncementState.SENDING
        if said == one.told and not is_settled:
            continue
        if await announcements.turn(
            errand.session, one.id, (AnnouncementState.SENDING,), {"state": state, "told": said}
        ):
            now = await announcements.numbered(errand.session, one.id)
            if now is not None:
                reply, _said, _is_settled = await wording.reword_status(errand, now)
                await reword(errand, _status_cause(one.id), reply)


async def _go_out(occasion: Request | Errand, number: int) -> None:
    """Put an announcement into the outbox, for whom its audience means now, and begin its status message."""
    one = await announcements.numbered(occasion.session, number)
    if one is None:
        raise LookupError(f"announcement {number} is gone")
    audience = as_audience(one.audience)
    found = await audiences.resolve(occasion.session, audience, occasion.household, occasion.now)
    plain, subscribed = await wording.messages(occasion, one)
    await broadcasts.send(occasion.session, number, found, plain, subscribed, occasion.now)
    if one.status_target_id is not None:
        await _tell_status(occasion, number, one.status_target_id)


async def _tell_status(occasion: Request | Errand, number: int, target: int) -> None:
    one = await announcements.numbered(occasion.session, number)
    if one is not None:
        reply, _said, _is_settled = await wording.reword_status(occasion, one)
        await tell(occasion, [target], reply, cause=_status_cause(number), subject=one.title)


def _wrong_count(typed: int | None, count: int) -> str:
    """What is wrong with the typed number of recipients; empty when nothing is."""
    if count <= ASKED_ABOVE or typed == count:
        return ""
    return f"it goes to {count} recipients: type {count} to confirm"


def _status_cause(number: int) -> str:
    return f"announcement:{number}:status"


def _audience(one: Announcement) -> Button:
    return Button("Choose the audience", f"announcement audience {one.id}")
