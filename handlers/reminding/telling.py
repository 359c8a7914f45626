"""Telling: what is due goes into the outbox, what could not be sent in time is sent late, or reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from handlers.announcing.publish import publish
from handlers.chore import Errand
from handlers.outgoing import tell
from handlers.reminding import wording
from storage import reminders, targets
from storage.lead import Lead, of_iso
from storage.reminding import firing
from storage.reminding.firing import Outcome
from storage.subscriptions import Listener
from storage.tables import Meeting, Reminder
from storage.words import ReminderKind, ReminderState, SubscriptionKind

AHEAD = timedelta(hours=2)
"""So long before it is due a reminder is put into the outbox."""

GRACE = timedelta(minutes=10)
"""A reminder that comes so much later than it should is late, and says so."""

_A_PAGE = 200


async def plan(errand: Errand, until: datetime) -> int:
    """Put into the outbox what is due by then; gives how many reminders. What was missed comes late, if at all."""
    count = 0
    wishes = await reminders.wishes(errand.session)
    while claimed := await firing.claim(errand.session, until, _A_PAGE):
        count += len(claimed)
        meetings = await firing.meetings_of(errand.session, claimed)
        plans = await reminders.plans_of(errand.session, list(meetings))
        missed: defaultdict[tuple[int | None, ReminderKind], list[Reminder]] = defaultdict(list)
        for one in claimed:
            if one.person_id is not None:
                await _tell_person(errand, one, meetings)
            elif one.due_at + GRACE <= errand.now:
                missed[one.meeting_id, one.kind].append(one)
            else:
                await _publish(errand, one, meetings, _wanting(one, wishes, plans))
        for some in missed.values():
            await _tell_late(errand, some, meetings, wishes, plans)
    return count


async def look_after(errand: Errand) -> None:
    """See what became of those that were due: who missed one gets it late, or the secretariat learns of it."""
    due = await firing.sent_by_now(errand.session, errand.now, _A_PAGE)
    if not due:
        return
    over = [one for one in due if one.begins_at is not None and one.begins_at + GRACE <= errand.now]
    await firing.expire(errand.session, due, errand.now)
    await firing.expire(errand.session, over, errand.now, all_=True)
    outcomes = await firing.outcomes(errand.session, due)
    meetings = await firing.meetings_of(errand.session, due)
    dropped = []
    for one in due:
        outcome = outcomes[one.id]
        if outcome.missed and not (_is_over(one, errand.now) and one.person_id is None):
            await _tell_again(errand, one, meetings, outcome.missed)
        if outcome.waiting:
            continue
        await firing.settle(errand.session, [one.id], _state(one, outcome, errand.now))
        if outcome.missed and _is_over(one, errand.now):
            dropped.append(one)
    await _report(errand, dropped, meetings)


def _state(one: Reminder, outcome: Outcome, now: datetime) -> ReminderState:
    if not outcome.missed:
        return ReminderState.SENT
    if not _is_over(one, now):
        return ReminderState.LATE
    return ReminderState.SENT if outcome.reached else ReminderState.DROPPED


async def _publish(
    errand: Errand, one: Reminder, meetings: Mapping[int, Meeting], wanting: Callable[[Listener], bool]
) -> None:
    """To all who subscribed; what cannot be sent within the grace is left to `look_after`."""
    begins = one.begins_at or one.due_at + GRACE
    lasts = max(min(GRACE, begins - one.due_at), timedelta(minutes=1))
    had_it = await firing.reached(errand.session, one)
    meeting = meetings[one.meeting_id or 0]
    await publish(
        errand,
        SubscriptionKind.MEETINGS,
        wording.of_meeting(one, meeting),
        reminders.cause(one),
        headline=wording.headline(one, meeting),
        command=f"meeting show {meeting.number}",
        due=one.due_at,
        subject=wording.subject(one, meeting),
        among=lambda listener: (
            wanting(listener)
            and listener.target not in had_it
            and listener.due(max(one.due_at, errand.now)) + lasts <= begins
        ),
        lasts=lasts,
    )


async def _tell_late(
    errand: Errand,
    missed: Sequence[Reminder],
    meetings: Mapping[int, Meeting],
    wishes: Mapping[int, tuple[Lead, ...]],
    plans: Mapping[tuple[int, ReminderKind], tuple[Lead, ...]],
) -> None:
    """Of several that were missed, one message: it goes to whom any of them was for."""
    last = missed[-1]
    meeting = meetings[last.meeting_id or 0]
    begins = last.begins_at or errand.now
    if begins <= errand.now:
        await firing.settle(errand.session, [one.id for one in missed], ReminderState.DROPPED)
        await _report(errand, missed, meetings)
        return
    wanting = [_wanting(one, wishes, plans) for one in missed]
    await publish(
        errand,
        SubscriptionKind.MEETINGS,
        wording.of_meeting(last, meeting, is_late=True),
        reminders.cause(last),
        headline=wording.headline(last, meeting),
        command=f"meeting show {meeting.number}",
        subject=wording.subject(last, meeting),
        among=lambda listener: any(one(listener) for one in wanting) and listener.due(errand.now) < begins,
        lasts=begins - errand.now,
    )
    await firing.settle(errand.session, [one.id for one in missed], ReminderState.LATE)


async def _tell_again(errand: Errand, one: Reminder, meetings: Mapping[int, Meeting], missed: Collection[int]) -> None:
    """To those whom it did not reach in time."""
    cause = f"{reminders.cause(one)}:late"
    late_ones = sorted(set(missed) - await firing.told(errand.session, cause))
    if not late_ones:
        return
    if one.person_id is not None:
        reply = wording.personal(
            one, meetings.get(one.meeting_id or 0), is_late=True, is_over=_is_over(one, errand.now)
        )
        await tell(errand, late_ones, reply, cause=cause, subject=wording.PERSONAL)
        return
    meeting = meetings[one.meeting_id or 0]
    reply = wording.of_meeting(one, meeting, is_late=True, is_subscriber=True)
    subject = wording.subject(one, meeting)
    await tell(errand, late_ones, reply, cause=cause, subject=subject, expires=one.begins_at)


async def _tell_person(errand: Errand, one: Reminder, meetings: Mapping[int, Meeting]) -> None:
    """To the person alone: however late, since nobody else would."""
    target = await targets.of_person(errand.session, one.person_id or 0)
    if target is None:
        await firing.settle(errand.session, [one.id], ReminderState.DROPPED)
        return
    is_late = one.due_at + GRACE <= errand.now
    meeting = meetings.get(one.meeting_id or 0)
    reply = wording.personal(one, meeting, is_late=is_late, is_over=_is_over(one, errand.now))
    if is_late:
        await tell(errand, [target], reply, cause=reminders.cause(one), subject=wording.PERSONAL)
        await firing.settle(errand.session, [one.id], ReminderState.LATE)
        return
    await tell(
        errand,
        [target],
        reply,
        cause=reminders.cause(one),
        subject=wording.PERSONAL,
        due=one.due_at,
        expires=max(one.due_at, errand.now) + GRACE,
    )


async def _report(errand: Errand, dropped: Sequence[Reminder], meetings: Mapping[int, Meeting]) -> None:
    """The secretariat is told what nobody was reminded of in time."""
    of_meetings = [one for one in dropped if one.person_id is None]
    if not of_meetings:
        return
    people = await targets.of_secretariat(errand.session, errand.household)
    cause = f"reminder:{of_meetings[0].id}:{of_meetings[0].revision}:dropped"
    await tell(errand, people, wording.dropped(of_meetings, meetings), cause=cause)


def _wanting(
    one: Reminder,
    wishes: Mapping[int, tuple[Lead, ...]],
    plans: Mapping[tuple[int, ReminderKind], tuple[Lead, ...]],
) -> Callable[[Listener], bool]:
    """Whether a subscriber wants to be reminded so long before: as they chose, or as it is planned for all."""
    before = of_iso(one.lead)
    usual = before in plans[one.meeting_id or 0, one.kind]

    def wants(listener: Listener) -> bool:
        chosen = wishes.get(listener.subscription)
        return usual if chosen is None else before in chosen

    return wants


def _is_over(one: Reminder, now: datetime) -> bool:
    return one.begins_at is not None and one.begins_at <= now
