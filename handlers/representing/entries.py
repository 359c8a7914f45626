"""Entries: a representative as templates show one, without any address; and finding the one that is meant."""

from __future__ import annotations

from handlers.command import Button, Refused, Request, Role
from handlers.numbered import Numbered
from handlers.situation import Situation
from storage import representatives
from storage.representatives import Appointment
from storage.representing.trail import Actor
from storage.words import RepresentativeStatus

Shown = dict[str, object]


def shown(one: Appointment) -> Shown:
    """What templates show of a representative, fit for the outbox too."""
    return {
        "id": one.id,
        "name": name_of(one),
        "group": one.group,
        "body": one.body,
        "is_proposed": one.is_proposed,
        "kind": one.kind.value,
        "status": one.status.value,
        "is_verified": one.is_verified,
        "affiliation": one.affiliation,
        "since": one.since,
        "until": one.until,
        "liaison": one.liaison,
        "requested_at": one.requested_at,
        "decided_at": one.decided_at,
        "decided_by": one.decided_by,
        "reason": one.reason,
        "ended_at": one.ended_at,
    }


def name_of(one: Appointment) -> str:
    """The name; of one who was forgotten, what may still be said."""
    return one.name or "somebody who asked to be forgotten"


def actor_of(request: Request) -> Actor:
    return Actor(request.caller, request.place.key)


def is_own(request: Situation, one: Appointment) -> bool:
    return one.person_id == request.caller.person_id


def is_secretariat(request: Situation) -> bool:
    return request.role >= Role.SECRETARIAT


def may_change(request: Situation, one: Appointment) -> bool:
    """Whether it is theirs to change. Nobody else is told what would be wrong: that says whose an address is."""
    return is_own(request, one) or is_secretariat(request)


async def entry(request: Situation, number: int) -> Appointment:
    """The representative of that number. Raises `Refused` when there is none that this person may know of."""
    one = await representatives.found(request.session, number)
    is_public = one is not None and one.is_confirmed and request.role >= Role.MEMBER
    if one is None or not (is_public or is_own(request, one) or is_secretariat(request)):
        list_button = Button("Representatives", "representative list")
        raise Refused(f"There is no representative {number}.", "Look into the list.", [list_button])
    return one


class OfRepresentative(Numbered):
    """A form about a representative."""

    @classmethod
    async def check(cls, situation: Situation, number: int) -> None:
        await entry(situation, number)


async def own_entry(request: Request, number: int) -> Appointment:
    """As `entry`, for a deed that only the person themselves and the secretariat may do; it must be open."""
    one = await entry(request, number)
    if not may_change(request, one):
        raise Refused("Only the representative and the secretariat may do that.")
    if not one.is_open:
        raise Refused(over_words(one))
    return one


def over_words(one: Appointment) -> str:
    """What became of an entry that is over."""
    if one.status is RepresentativeStatus.DECLINED:
        return f"The request of {name_of(one)} for {one.group} was declined."
    return f"{name_of(one)} is {one.kind.value} of {one.group} no more."


def decided_words(one: Appointment, request: Request) -> str:
    """Who decided on a request, and when; what became of it since."""
    if one.decided_at is None or one.status is RepresentativeStatus.ENDED:
        return over_words(one)
    when = one.decided_at.astimezone(request.zone)
    by = f" by {one.decided_by}" if one.decided_by else ""
    return f"{one.status.value.capitalize()}{by} on {when.day} {when:%B %Y}: {name_of(one)} for {one.group}."
