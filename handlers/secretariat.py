"""The secretariat's places: the conversations that requests and reports go to."""

from __future__ import annotations

from handlers.announcing.places import target_here
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from storage import audit, secretariat


class Nothing(Form):
    """Takes nothing."""


@command(
    "secretariat here", form=Nothing, role=Role.SECRETARIAT, help="Have requests and reports sent here", changes=True
)
async def here(request: Request, _nothing: Nothing) -> Reply:
    target = await target_here(request)
    is_new = await secretariat.choose(request.session, target)
    if is_new:
        await _note(request, "choose", target)
    return Reply("secretariat/here", is_new=is_new, is_private=request.place.private, buttons=[_LIST])


@command("secretariat nowhere", form=Nothing, role=Role.SECRETARIAT, help="Send no requests here", changes=True)
async def nowhere(request: Request, _nothing: Nothing) -> Reply:
    target = await target_here(request)
    if not await secretariat.leave(request.session, target):
        raise Refused("Requests and reports do not come here.", "", [_LIST])
    await _note(request, "unchoose", target)
    return Reply("secretariat/nowhere", buttons=[_LIST])


@command("secretariat list", form=Nothing, role=Role.SECRETARIAT, help="Where requests and reports go", private=True)
async def list_places(request: Request, _nothing: Nothing) -> Reply:
    chosen = await secretariat.places(request.session)
    return Reply("secretariat/list", places=chosen, private=True, buttons=[Button("Here, too", "secretariat here")])


_LIST = Button("All places", "secretariat list")


async def _note(request: Request, action: str, target: int) -> None:
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        action,
        "target",
        str(target),
        {},
        {"platform": request.place.platform},
        request.now,
    )
