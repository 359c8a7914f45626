"""Wanted: which reminders of meetings come to somebody, since they subscribed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.announcing import listening
from handlers.command import Request
from storage import lead, reminders, subscriptions
from storage.lead import Lead
from storage.subscriptions import Subscribed
from storage.tables import Reminder
from storage.words import ReminderKind, SubscriptionKind


async def subscribed(request: Request) -> Sequence[Subscribed]:
    """Those of this channel, or all of the person's own, that are told of meetings."""
    if request.place.private:
        found = await subscriptions.of_person(request.session, request.caller.person_id)
    else:
        here = await listening.subscription_here(request)
        found = [here] if here else []
    return [one for one in found if any(each.kind is SubscriptionKind.MEETINGS for each in one.interests)]


async def wants_of(request: Request) -> Sequence[tuple[Lead, ...] | None]:
    """How long before meetings whoever asks is told, subscription by subscription; None: as everybody."""
    wishes = await reminders.wishes(request.session)
    return [wishes.get(one.number) for one in await subscribed(request)]


def comes(
    one: Reminder,
    plans: Mapping[tuple[int, ReminderKind], tuple[Lead, ...]],
    wants: Sequence[tuple[Lead, ...] | None],
) -> bool:
    """Whether somebody who wants that is told of it."""
    before_it = lead.of_iso(one.lead)
    usual = before_it in plans[one.meeting_id or 0, one.kind]
    return any(usual if want is None else before_it in want for want in wants)
