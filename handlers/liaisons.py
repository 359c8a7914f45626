"""Liaison statements by command: one of them, its history, and the thread that it is part of."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.command import Button, Form, Reply, Request, Role, command
from handlers.form import field
from handlers.liaison import drafted
from handlers.liaison.entries import label, may_see, statement
from handlers.liaison.fields import Name
from handlers.liaison.overview import facts, overview
from handlers.line import quote
from storage import people
from storage.liaison import events, replies
from storage.liaison.events import DRAFTING, Deed, Event
from storage.liaison.unsent import is_unsent
from storage.words import UNSENT, DeadlineKind

_UNSHOWN = ("told", "deadline_kind", "source_id")
"""What only the bot reads in an event, or what its other values say."""


class Showing(Form):
    number: Name = field("Number", help="as its sender numbered it, or the end of it")


@command(
    "liaison show",
    form=Showing,
    role=Role.GUEST,
    help="One liaison statement in full",
    example="liaison show LS1",
)
async def show(request: Request, showing: Showing) -> Reply:
    found = await statement(request, showing.number)
    if found.liaison.status in UNSENT and found.liaison.drafted_as:
        return await drafted.shown(request, found.liaison)
    return await overview(request, found)


@command(
    "liaison thread",
    form=Showing,
    role=Role.GUEST,
    help="What a liaison statement replies to, and what replies to it",
    example="liaison thread LS1",
)
async def thread(request: Request, showing: Showing) -> Reply:
    one = (await statement(request, showing.number)).liaison
    chain = [each for each in await replies.thread(request.session, one.id) if await may_see(request, each)]
    numbers = {each.id: each.number for each in chain}
    return Reply(
        "liaisons/thread",
        number=one.number,
        chain=[{**facts(request, each), "to": numbers.get(each.response_to_id or 0, "")} for each in chain],
        private=any(map(is_unsent, chain)),
        buttons=[Button(label(each), f"liaison show {quote(each.number)}") for each in chain[-4:]],
    )


@command(
    "liaison history",
    form=Showing,
    role=Role.MEMBER,
    help="Who did what with a liaison statement, and when",
    example="liaison history LS1",
)
async def history(request: Request, showing: Showing) -> Reply:
    one = (await statement(request, showing.number)).liaison
    some = await events.history(request.session, one.id)
    if not await drafted.may_see(request):
        some = [event for event in some if event.deed not in DRAFTING]
    return Reply(
        "liaisons/history",
        number=one.number,
        title=one.title,
        events=[await _shown(request, event) for event in some],
        private=any(event.deed in DRAFTING for event in some),
        buttons=[Button("Show it", f"liaison show {quote(one.number)}")],
    )


async def _shown(request: Request, event: Event) -> Mapping[str, object]:
    """A step as the history shows it."""
    before, after = _with_deadline(event.before), _with_deadline(event.after)
    changes = [
        (name.replace("_", " "), before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if name not in _UNSHOWN and event.before
    ]
    who = event.name or ("somebody" if event.person_id is not None else "the bot")
    return {
        "at": event.at,
        "deed": event.deed.value,
        "who": who,
        "acting_as": "" if event.person_id is None else event.acting_as,
        "reason": ", ".join(filter(None, [event.reason, await _to(request, event)])),
        "changes": changes,
    }


async def _to(request: Request, event: Event) -> str:
    """Whom it was handed to."""
    if event.deed not in (Deed.PASSED, Deed.ASSIGNED):
        return ""
    person = event.after.get("person_id")
    if not isinstance(person, int):
        return "to the secretariat"
    return f"to {await people.name_of(request.session, person) or 'somebody'}"


def _with_deadline(values: Mapping[str, object]) -> Mapping[str, object]:
    """The values with the deadline in words, where its kind is among them."""
    if "deadline_kind" not in values:
        return values
    kind = DeadlineKind(str(values["deadline_kind"]))
    words = {DeadlineKind.NONE: "none", DeadlineKind.UNSTATED: "not stated"}.get(kind)
    return {**values, "deadline": words or values.get("deadline", "")}
