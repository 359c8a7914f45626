"""Forms as the end-to-end tests fill them in: one that searches and knows, and a plain one."""

from collections.abc import Mapping, Sequence
from typing import Literal

from handlers.command import Reply, Request, Role, command
from handlers.form import Choice, Form, Line, field
from handlers.situation import Situation

GROUPS = {
    "SG13": "SG13 Future networks",
    "SG17": "SG17 Security",
    "ISG QKD": "ETSI ISG QKD Quantum keys",
    "SG11": "SG11 Quantum signalling",
}


class Delegation(Form):
    group: Line = field("Group", searched=True)
    kind: Literal["representative", "alternate"] = field("Kind")
    name: Line = field("Name", named=True)

    @classmethod
    async def known(cls, situation: Situation) -> Mapping[str, str]:
        return {"name": situation.caller.name}

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return [Choice(code, label) for code, label in GROUPS.items() if typed.lower() in label.lower()]

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return {"group": "it ended"} if self.group == "SG11" else {}


@command("delegate", form=Delegation, role=Role.GUEST, help="Be a delegate", changes=True, private=True)
async def delegate(request: Request, given: Delegation) -> Reply:
    return Reply("terms/unknown", subject=f"{given.group}/{given.kind}/{given.name}", near=(), private=True)


class Booking(Form):
    title: Line = field("Title")
    mode: Literal["physical", "remote"] = field("Mode")


@command("room book", form=Booking, role=Role.GUEST, help="Book a room", changes=True)
async def book(request: Request, booking: Booking) -> Reply:
    return Reply("terms/unknown", subject=f"{booking.title}/{booking.mode}", near=())
