"""The person: who they are to the bot, their settings, and the way out of a form."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from storage import audit, dialogues, people


def _zone(value: str) -> str:
    """The IANA name of a zone, from any case and with spaces for underscores."""
    wanted = value.strip().replace(" ", "_").lower()
    names = people.available_zone_names()
    fitting = [name for name in names if name.lower() == wanted]
    fitting = fitting or [name for name in names if name.lower().rpartition("/")[2] == wanted]
    if not fitting:
        raise ValueError("that is no time zone; one is Europe/Zurich, another Asia/Seoul")
    return min(fitting, key=lambda name: (name.count("/") != 1, name))


class Nothing(Form):
    """Takes nothing."""


class Zone(Form):
    zone: Annotated[str, AfterValidator(_zone)] = field("Time zone", help="a city or an IANA name, such as Asia/Seoul")


@command("whoami", form=Nothing, role=Role.GUEST, help="Who you are to me, and what you may do")
async def whoami(request: Request, _nothing: Nothing) -> Reply:
    return Reply("person/whoami", caller=request.caller, private=True, buttons=[Button("Settings", "settings")])


@command("settings", form=Nothing, role=Role.GUEST, help="Your settings")
async def settings(request: Request, _nothing: Nothing) -> Reply:
    return Reply(
        "person/settings", caller=request.caller, private=True, buttons=[Button("Change the zone", "settings zone")]
    )


@command(
    "settings zone", form=Zone, role=Role.GUEST, help="See times in your own zone", example="settings zone Asia/Seoul"
)
async def settings_zone(request: Request, chosen: Zone) -> Reply:
    zone = ZoneInfo(chosen.zone)
    before = request.caller.zone.key
    await people.set_zone(request.session, request.caller.person_id, zone)
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        "set zone",
        "person",
        str(request.caller.person_id),
        {"zone": before},
        {"zone": zone.key},
        request.now,
    )
    return Reply("person/zone", new_zone=zone, now=request.now, private=True)


@command("cancel", form=Nothing, role=Role.GUEST, help="Leave the form that you are filling in")
async def cancel(request: Request, _nothing: Nothing) -> Reply:
    if not await dialogues.end(request.session, request.caller.account_id, request.place.key):
        raise Refused("There is nothing to cancel.", "Ask a question, or type help.")
    return Reply("dialogue/cancelled")
