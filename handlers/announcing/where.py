"""Where to tell: the places that a subscription may be for, and whose choice each is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.announcing.listening import may_change
from handlers.announcing.places import here
from handlers.announcing.wish import HERE, REFLECTOR
from handlers.command import Refused, Request, Role
from storage import subscriptions, targets
from storage.addresses import as_address
from storage.targets import EMAIL, Destination


async def destination(request: Request, where: str) -> tuple[Destination, ZoneInfo, bool]:
    """Where to tell, the zone there, and whether a reader may end it with one click. Raises `Refused`."""
    is_secretariat = request.role >= Role.SECRETARIAT
    if where == HERE:
        if not (request.place.private or is_secretariat):
            raise Refused(
                "What a channel is told is for the secretariat to choose.",
                "Write subscribe to me in private to be told yourself.",
            )
        return here(request), request.zone if request.place.private else request.household.zone, False
    if not request.household.has_mail:
        raise Refused("E-mail is not set up here, so nothing would arrive.", "Subscribe in chat: subscribe here.")
    if where == REFLECTOR:
        if not is_secretariat:
            raise Refused("What the reflector is told is for the secretariat to choose.")
        if not request.household.reflector:
            raise Refused("No reflector is set up.", "Its address belongs into the settings.")
        return Destination(EMAIL, request.household.reflector.lower()), request.household.zone, False
    owner = await subscriptions.owner_of(request.session, EMAIL, where)
    if owner != request.caller.person_id and not is_secretariat:
        raise Refused(
            "That address is not known to be yours.", "Prove it first; only the secretariat subscribes other addresses."
        )
    is_list = where == request.household.reflector.lower()
    return (
        Destination(EMAIL, where),
        request.zone if owner == request.caller.person_id else request.household.zone,
        not is_list,
    )


async def number_of(request: Request, which: str) -> int | None:
    """The number of a subscription that is named so; None: the one of this place."""
    word = which.strip().lower()
    if word in (HERE, "me"):
        return None
    if word.isdecimal() and len(word) < 10:
        return int(word)
    try:
        address = request.household.reflector.lower() if word.removeprefix("the ") == REFLECTOR else as_address(word)
    except ValueError:
        raise Refused(
            f"“{which[:60]}” is none of here, an e-mail address, or a number.", "Type subscriptions."
        ) from None
    target = await targets.kept(request.session, Destination(EMAIL, address))
    one = await subscriptions.of_target(request.session, target)
    if one is None or not may_change(request, one):
        # Whether an address of somebody else is subscribed is nobody's business.
        raise Refused("That address is not subscribed, or not by you.", "Type subscriptions to see what is.")
    return one.number
