"""Mailboxes by command: where a group takes liaison statements by mail."""

from __future__ import annotations

from handlers.command import Button, Form, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.groups import group_named
from handlers.liaison.fields import Address
from handlers.line import quote
from storage import audit, mailboxes

CHANGED = "changed"


class Entering(Form):
    group: Line = field("Group", help="its code or name: SG13, ISG QKD")
    address: Address = field("E-mail", help="of the group or its secretariat")


class Emptying(Form):
    group: Line = field("Group", help="its code or name: SG13, ISG QKD")


@command(
    "group mail",
    form=Entering,
    role=Role.SECRETARIAT,
    help="Enter where a group takes liaison statements by mail",
    example="group mail SG13 tsbsg13@example.org",
    changes=True,
    private=True,
)
async def enter(request: Request, entering: Entering) -> Reply:
    return await _entered(request, entering.group, entering.address)


@command(
    "group nomail",
    form=Emptying,
    role=Role.SECRETARIAT,
    help="Forget where a group takes liaison statements by mail",
    example="group nomail SG13",
    changes=True,
)
async def empty(request: Request, emptying: Emptying) -> Reply:
    return await _entered(request, emptying.group, "")


async def _entered(request: Request, name: str, address: str) -> Reply:
    group = group_named(request, name)
    before = await mailboxes.enter(request.session, group.id, address)
    if before != address:
        # No address may stand in the trail.
        was, now = {"email": CHANGED if before else ""}, {"email": CHANGED if address else ""}
        where = request.place.key
        await audit.note(request.session, request.caller, where, "mail", "group", str(group.id), was, now, request.now)
    undo = [Button("Forget it", f"group nomail {quote(group.code)}")] if address else []
    return Reply("groups/mail", group=group.code, address=address, private=True, buttons=[*undo, _drafts()])


def _drafts() -> Button:
    return Button("Drafts", "liaison drafts")
