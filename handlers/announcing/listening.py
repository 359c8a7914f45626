"""Listening: whose subscription one is, what it is called, and who may change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.announcing.places import HERE, here, place_words
from handlers.command import Button, Refused, Request, Role
from handlers.situation import Situation
from storage import audit, subscriptions, targets
from storage.subscriptions import SUBJECT, Interest, Subscribed
from storage.targets import EMAIL
from storage.words import SubscriptionKind

PACES = {"at-once": "at once", "daily": "once a day", "weekly": "once a week"}
KINDS = {
    SubscriptionKind.ANNOUNCEMENTS: "announcements",
    SubscriptionKind.MEETINGS: "meetings",
    SubscriptionKind.LIAISONS: "liaison statements",
    SubscriptionKind.ROADMAP: "roadmap news",
}
"""The kinds of messages for people."""


def shown(one: Subscribed, situation: Situation) -> dict[str, object]:
    """A subscription as the templates show it. An address is shown in private alone."""
    return {
        "number": one.number,
        "place": place_name(one, situation),
        "is_here": place_name(one, situation) == HERE,
        "is_private": situation.place.private,
        "zone_name": one.zone,
        "quiet": one.quiet,
        "closed_because": one.closed_because,
        "interests": all_in_words(one.interests),
    }


def interest_words(interest: Interest) -> str:
    """'roadmap news about qkdn-arch once a week'."""
    about = ", ".join((*interest.topics, *interest.groups))
    kind = KINDS[interest.kind]
    return f"{kind}{f' about {about}' if about else ''} {PACES[interest.pace.value]}"


def all_in_words(interests: Sequence[Interest]) -> Sequence[str]:
    """As `interest_words`, those that come alike together: 'announcements and meetings at once'."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in interests:
        about = ", ".join((*one.topics, *one.groups))
        alike.setdefault((f" about {about}" if about else "", PACES[one.pace.value]), []).append(KINDS[one.kind])
    return [f"{_and(kinds)}{about} {pace}" for (about, pace), kinds in alike.items()]


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def place_name(one: Subscribed, situation: Situation) -> str:
    """What people call the place of a subscription."""
    words = place_words(situation, one.platform, one.address, one.person or one.title)
    if one.platform == EMAIL and words != HERE:
        is_reflector = bool(one.address) and one.address == situation.household.reflector.lower()
        return "the reflector" if is_reflector else one.address if situation.place.private else "an e-mail address"
    return words


async def subscription_here(request: Request) -> Subscribed | None:
    """What the place where somebody speaks is subscribed to."""
    target = await targets.kept(request.session, here(request))
    return await subscriptions.of_target(request.session, target)


async def changeable(request: Request, number: int | None) -> Subscribed:
    """The subscription of that number, else that of this place, which the caller may change. Raises `Refused`."""
    if number is not None:
        found = await subscriptions.numbered(request.session, number)
        if found is None or not _may_see(request, found):
            raise Refused(f"There is no subscription {number}.", "Type subscriptions to see yours.", [_LIST])
    else:
        found = await subscription_here(request) or await _only_one(request)
        if found is None:
            raise Refused("Nothing comes here because of a subscription.", "Type subscribe to change that.", [_BEGIN])
    if not may_change(request, found):
        raise Refused(
            "What a channel is told is for the secretariat to choose.",
            "In private you can subscribe yourself.",
            [_BEGIN],
        )
    return found


def may_change(request: Request, one: Subscribed) -> bool:
    """A person their own, the secretariat any."""
    return one.owner == request.caller.person_id or request.role >= Role.SECRETARIAT


async def noted(
    request: Request, number: int, action: str, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    """Write a deed into the audit trail."""
    await audit.note(
        request.session, request.caller, request.place.key, action, SUBJECT, str(number), before, after, request.now
    )


def trail(one: Subscribed | None) -> dict[str, object]:
    """A subscription as the audit trail keeps it: no address."""
    if one is None:
        return {}
    return {"interests": [interest_words(each) for each in one.interests], "quiet": one.quiet, "zone": one.zone}


def change_buttons(one: Subscribed) -> Sequence[Button]:
    """The usual changes, a tap each."""
    paces = {interest.pace.value for interest in one.interests}
    buttons = [
        Button(label, f"subscription change {one.number} how={pace}")
        for pace, label in (("at-once", "At once"), ("daily", "Once a day"), ("weekly", "Once a week"))
        if paces != {pace}
    ]
    night = (
        Button("No quiet hours", f"subscription change {one.number} quiet=none")
        if one.quiet
        else Button("Quiet at night", f"subscription change {one.number} quiet=22:00-07:00")
    )
    return [*buttons, night, Button("Nothing any more", f"unsubscribe {one.number}", style="danger")]


async def _only_one(request: Request) -> Subscribed | None:
    if not request.place.private:
        return None
    own = await subscriptions.of_person(request.session, request.caller.person_id)
    return own[0] if len(own) == 1 else None


def _may_see(request: Request, one: Subscribed) -> bool:
    own = here(request)
    return may_change(request, one) or (one.platform, one.address) == (own.platform, own.address)


_LIST = Button("My subscriptions", "subscriptions")
_BEGIN = Button("Subscribe", "subscribe")
