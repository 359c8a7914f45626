"""The person: who they are to the bot, their settings, and the way out of a form."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.timing import as_zone
from storage import accounts, audit, dialogues, people


class Nothing(Form):
    """Takes nothing."""


class Reach(Form):
    platform: Line = field("Platform", help="where I tell you things: slack, telegram, email ...")


class Zone(Form):
    zone: Annotated[str, AfterValidator(as_zone)] = field(
        "Time zone", help="a city or an IANA name, such as Asia/Seoul"
    )


@command("whoami", form=Nothing, role=Role.GUEST, help="Who you are to me, and what you may do", for_everyone=True)
async def whoami(request: Request, _nothing: Nothing) -> Reply:
    return Reply("person/whoami", caller=request.caller, private=True, buttons=[Button("Settings", "settings")])


@command("settings", form=Nothing, role=Role.GUEST, help="Your settings", for_everyone=True)
async def settings(request: Request, _nothing: Nothing) -> Reply:
    mine = await accounts.of(request.session, request.caller.person_id)
    platforms = list(dict.fromkeys(one.platform for one in mine))
    reach = [Button(f"Tell me things on {one}", f"settings reach {one}") for one in platforms if len(platforms) > 1]
    return Reply(
        "person/settings",
        caller=request.caller,
        reached_on=await accounts.reached_on(request.session, request.caller.person_id),
        private=True,
        buttons=[Button("Change the zone", "settings zone"), *reach, Button("My accounts", "account list")],
    )


@command(
    "settings reach",
    form=Reach,
    role=Role.GUEST,
    help="Where I tell you things",
    example="settings reach telegram",
    changes=True,
)
async def settings_reach(request: Request, reach: Reach) -> Reply:
    person, wanted = request.caller.person_id, reach.platform.lower()
    platforms = {one.platform for one in await accounts.of(request.session, person)}
    if wanted not in platforms:
        raise Refused(
            f"I do not know you on “{wanted[:40]}”.",
            f"I know you on {', '.join(sorted(platforms))}; link makes another account yours.",
            [Button("Link another account", "link")],
            field="platform",
        )
    before = await accounts.reached_on(request.session, person)
    await accounts.reach_on(request.session, person, wanted)
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        "set reach",
        "person",
        str(person),
        {"platform": before},
        {"platform": wanted},
        request.now,
    )
    return Reply("person/reach", platform=wanted, private=True)


@command(
    "settings zone",
    form=Zone,
    role=Role.GUEST,
    help="See times in your own zone",
    example="settings zone Asia/Seoul",
    for_everyone=True,
    changes=True,
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


@command(
    "cancel",
    form=Nothing,
    role=Role.GUEST,
    help="Leave the form that you are filling in",
    for_everyone=True,
    changes=True,
)
async def cancel(request: Request, _nothing: Nothing) -> Reply:
    account, place = request.caller.account_id, request.place.key
    found = await dialogues.find(request.session, account, place, request.now)
    if found is None:
        raise Refused("There is nothing to cancel.", "Ask a question, or type help.")
    await dialogues.end(request.session, account, place, found.command)
    return Reply("dialogue/cancelled")
