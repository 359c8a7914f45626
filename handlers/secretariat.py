"""The secretariat's places: the conversations that requests and reports go to."""

from __future__ import annotations

from handlers.announcing.places import place_words, target_here
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from storage import audit, secretariat, subscriptions


class Choosing(Form):
    name: Line | None = field("Name", help="what people call this channel", default=None, named=True)


class Nothing(Form):
    """Takes nothing."""


@command(
    "secretariat here", form=Choosing, role=Role.SECRETARIAT, help="Have requests and reports sent here", changes=True
)
async def here(request: Request, choosing: Choosing) -> Reply:
    target = await target_here(request)
    name = choosing.name or request.place.title
    if name and not request.place.private:
        await subscriptions.entitle(request.session, target, name)
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
    shown = [(place_words(request, one.platform, one.address, one.name), one.closed_because) for one in chosen]
    return Reply(
        "secretariat/list",
        places=shown,
        is_nameless=any(not one.name for one in chosen),
        private=True,
        buttons=[Button("Here, too", "secretariat here")],
    )


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
