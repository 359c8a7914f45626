"""Deciding: the secretariat confirms or declines who asks to be a representative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Choice, Line, field
from handlers.representing import choosing, petition
from handlers.representing.entries import OfRepresentative, actor_of, decided_words, entry, name_of, shown
from handlers.representing.fields import GroupText, Number
from handlers.representing.telling import tell_person
from handlers.situation import Situation
from storage import representatives
from storage.representatives import Appointment
from storage.representing import deeds, proposed
from storage.representing.deeds import Taken
from storage.words import RepresentativeStatus

ADD = "add:"
"""What puts a proposed group into the list: `add: ETSI`."""
_MOST_BODIES = 7


class Confirming(Form):
    number: Number = field("Number", help="of the request")
    group: GroupText | None = field(
        "Group",
        help="only where it is not in the list yet: the group that it is, or the body to add it to",
        default=None,
        named=True,
        searched=True,
    )

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        if field != "group":
            return ()
        groups = [one for one in choosing.offers(situation, typed) if one.fits] if typed else []
        body = typed.lower().removeprefix(ADD).strip()
        codes = [one.code for one in situation.catalogue.bodies.values() if one.code.lower().startswith(body)]
        return [*groups, *(Choice(f"{ADD} {code}", f"Add it to {code}", fits=False) for code in codes[:_MOST_BODIES])]

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        one = await representatives.found(situation.session, self.number)
        if one is None or one.status is not RepresentativeStatus.PENDING or not one.is_proposed:
            return {}
        problem = self._wrong_group(situation, one)
        return {"group": problem} if problem else {}

    def _wrong_group(self, situation: Situation, one: Appointment) -> str:
        if not self.group:
            return f"“{one.group}” is not in the list; choose the group that it is, or the body to add it to"
        if not self.group.lower().startswith(ADD):
            return choosing.wrong_group(situation, self.group)
        return "" if choosing.bodies_meant(situation, self.group[len(ADD) :]) else "I know no such body"


class Declining(OfRepresentative):
    number: Number = field("Number", help="of the request")
    reason: Line = field("Reason", help="the person is told it")


@command(
    "representative confirm",
    form=Confirming,
    role=Role.SECRETARIAT,
    help="Confirm a request to be a representative",
    example="representative confirm 12",
    changes=True,
)
async def confirm(request: Request, confirming: Confirming) -> Reply:
    one = await _undecided(request, confirming.number)
    group_id = await _group_of(request, one, confirming.group) if one.is_proposed else None
    try:
        done = await deeds.confirm(request.session, one.id, actor_of(request), request.now, group_id)
    except Taken:
        raise Refused(
            f"{name_of(one)} is in that group's list already.", "", [Button("Show it", f"representative show {one.id}")]
        ) from None
    one = await representatives.known(request.session, one.id)
    if not done:
        raise Refused(decided_words(one, request))
    before = await _end_predecessor(request, one)
    await petition.refresh(request, one.id)
    buttons = (Button("Change…", f"representative change {one.id}"), Button("My groups", "representative mine"))
    is_told = await tell_person(request, one, "confirmed", buttons=buttons)
    return Reply("representatives/decided", entry=shown(one), before=before, is_told=is_told, private=True)


@command(
    "representative decline",
    form=Declining,
    role=Role.SECRETARIAT,
    help="Decline a request to be a representative",
    example="representative decline 12 'the group named somebody else'",
    changes=True,
)
async def decline(request: Request, declining: Declining) -> Reply:
    one = await _undecided(request, declining.number)
    done = await deeds.decline(request.session, one.id, declining.reason, actor_of(request), request.now)
    one = await representatives.known(request.session, one.id)
    if not done:
        raise Refused(decided_words(one, request))
    await petition.refresh(request, one.id)
    is_told = await tell_person(request, one, "declined", buttons=(Button("Register again", "register"),))
    await _tell_predecessor(request, one)
    return Reply("representatives/decided", entry=shown(one), before="", is_told=is_told, private=True)


async def _undecided(request: Request, number: int) -> Appointment:
    one = await entry(request, number)
    if one.status is not RepresentativeStatus.PENDING:
        raise Refused(decided_words(one, request), "", [Button("Show it", f"representative show {number}")])
    return one


async def _group_of(request: Request, one: Appointment, text: str | None) -> int:
    """The group that a proposed one is; it is put into the list when a body is named. Checked by the form."""
    chosen = text or ""
    if not chosen.lower().startswith(ADD):
        return choosing.groups_meant(request, chosen)[0].id
    body = choosing.bodies_meant(request, chosen[len(ADD) :])[0]
    return await proposed.add_group(request.session, body.id, one.group, request.now)


async def _end_predecessor(request: Request, one: Appointment) -> str:
    """Whoever handed over is a representative no more; gives their name."""
    before = await representatives.found(request.session, one.follows) if one.follows else None
    if before is None or not await deeds.end(
        request.session, before.id, f"handed over to {one.id}", actor_of(request), request.now
    ):
        return ""
    await tell_person(request, before, "handed_over", other=name_of(one))
    return name_of(before)


async def _tell_predecessor(request: Request, one: Appointment) -> None:
    """Whoever wanted to hand over stays for now."""
    before = await representatives.found(request.session, one.follows) if one.follows else None
    if before is not None and before.is_open:
        again = Button("Name somebody else", f"representative handover {before.id}")
        await tell_person(request, before, "stays", buttons=(again,), key=f":{one.id}", other=name_of(one))
