"""Appointments while they last: changed, ended, handed over, and still true or not."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.representing import petition
from handlers.representing.changing import Changing
from handlers.representing.entries import (
    OfRepresentative,
    actor_of,
    is_own,
    is_secretariat,
    may_change,
    name_of,
    over_words,
    own_entry,
    shown,
)
from handlers.representing.fields import Affiliation, Email, Number, PersonName, last_day
from handlers.representing.telling import tell_person, tell_secretariat
from handlers.representing.verifying import verify
from handlers.situation import Situation
from storage import representatives
from storage.representatives import Appointment
from storage.representing import deeds, owners
from storage.representing.deeds import Taken, Wanted
from storage.representing.due import BEFORE_END
from storage.words import RepresentativeStatus

MINE = Button("My groups", "representative mine")


class One(Form):
    number: Number = field("Number", help="as the list shows it")


class Ending(Form):
    number: Number = field("Number", help="as the list shows it")
    reason: Line | None = field("Reason", default=None)


class HandingOver(OfRepresentative):
    number: Number = field("Number", help="of the one who hands over")
    name: PersonName = field("Who takes over?", help="their name", named=True)
    email: Email = field("Their e-mail", help="I write to them there", named=True)
    affiliation: Affiliation | None = field("Their affiliation", default=None, named=True)

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        one = await representatives.found(situation.session, self.number)
        owner = await owners.owner(situation.session, self.email)
        is_same = one is not None and may_change(situation, one) and owner is not None and owner == one.person_id
        return {"email": "that is the address of the one who hands over"} if is_same else {}


@command(
    "representative change",
    form=Changing,
    role=Role.GUEST,
    help="Change your entry in the list",
    example="representative change 12 affiliation='Example Institute'",
    for_everyone=True,
    changes=True,
    private=True,
)
async def change(request: Request, changing: Changing) -> Reply:
    one = await own_entry(request, changing.number)
    value = changing.parsed(request)
    _check_right(request, one, changing.what, value)
    needs_proof = False
    if changing.what == "name":
        await _rename(request, one, value)
    else:
        changes: dict[str, object] = {changing.what: value}
        if changing.what == "email":
            is_proved = await owners.owner(request.session, value) is not None
            changes["email_proved_at"] = request.now if is_proved else None
            needs_proof = not is_proved and is_own(request, one)
        try:
            done = await deeds.change(request.session, one.id, changes, actor_of(request), request.now)
        except Taken:
            raise Refused(f"That address is in the list for {one.group} already.", field="value") from None
        if not done:
            raise Refused(over_words(await representatives.known(request.session, one.id)))
    problem = await verify(request, value) if needs_proof else ""
    is_sent = needs_proof and not problem
    one = await representatives.known(request.session, one.id)
    await _tell_of_change(request, one, changing.what)
    code = [Button("Type the code", "code", style="primary")] if is_sent else []
    more = Button("Change more…", f"representative change {one.id}")
    return Reply(
        "representatives/changed",
        entry=shown(one),
        what=changing.what,
        is_sent=is_sent,
        problem=problem,
        private=True,
        buttons=[*code, more],
    )


@command(
    "representative end",
    form=Ending,
    role=Role.GUEST,
    help="End an appointment, or take a request back",
    example="representative end 12",
    for_everyone=True,
    changes=True,
)
async def end(request: Request, ending: Ending) -> Reply:
    one = await own_entry(request, ending.number)
    if one.is_confirmed and not ending.reason:
        return _sure(request, one)
    return await _ended(request, one.id, ending.reason or "")


@command(
    "representative nolonger",
    form=One,
    role=Role.GUEST,
    help="Say that you represent a group no longer",
    example="representative nolonger 12",
    for_everyone=True,
    changes=True,
)
async def nolonger(request: Request, chosen: One) -> Reply:
    return await _ended(request, chosen.number, "")


@command(
    "representative still",
    form=One,
    role=Role.GUEST,
    help="Say that you still represent a group",
    example="representative still 12",
    for_everyone=True,
    changes=True,
)
async def still(request: Request, chosen: One) -> Reply:
    one = await own_entry(request, chosen.number)
    if not await deeds.say_still(request.session, one.id, actor_of(request), request.now):
        raise Refused(f"{one.group}: the secretariat has not confirmed that yet.", "", [MINE])
    is_near = bool(one.until) and last_day(one.until) - request.now.date() <= 2 * BEFORE_END
    is_ending = is_near and not is_secretariat(request)
    if is_ending:
        await _ask_to_extend(request, one)
    return Reply("representatives/still_so", entry=shown(one), is_ending=is_ending, private=True, buttons=[MINE])


@command(
    "representative handover",
    form=HandingOver,
    role=Role.GUEST,
    help="Hand over to somebody else, who is invited",
    example="representative handover 12 name='Kim Lee' email=kim@example.org",
    for_everyone=True,
    changes=True,
    private=True,
)
async def handover(request: Request, handing: HandingOver) -> Reply:
    one = await own_entry(request, handing.number)
    if not one.is_confirmed:
        end_it = Button("Take it back", f"representative end {one.id}")
        raise Refused("That request is not confirmed yet, so there is nothing to hand over.", "", [end_it])
    number = await _succeed(request, one, handing)
    successor = await representatives.known(request.session, number)
    register_it = (Button("My groups", "representative mine"),)
    is_told = await tell_person(request, successor, "invited", buttons=register_it, other=name_of(one))
    if successor.is_confirmed:
        await deeds.end(request.session, one.id, f"handed over to {number}", actor_of(request), request.now)
        await tell_person(request, one, "handed_over", other=name_of(successor))
    else:
        await petition.ask(request, number)
    return Reply(
        "representatives/handing_over",
        entry=shown(one),
        successor=shown(successor),
        is_told=is_told,
        private=True,
        buttons=[_show(successor), MINE] if is_secretariat(request) else [MINE],
    )


async def _succeed(request: Request, one: Appointment, handing: HandingOver) -> int:
    """Enter the successor: the secretariat's word is enough, a representative's has to be confirmed."""
    owner = await owners.owner(request.session, handing.email)
    wanted = Wanted(
        person_id=await owners.person_behind(request.session, handing.email, handing.name, request.now),
        kind=one.kind,
        group_id=one.group_id,
        email=handing.email,
        email_proved_at=request.now if owner is not None else None,
        affiliation=handing.affiliation or "",
        since=request.now.astimezone(request.household.zone).date().isoformat(),
        until=one.until,
        follows=one.id,
    )
    deed = deeds.appoint if is_secretariat(request) else deeds.ask
    try:
        return await deed(request.session, wanted, actor_of(request), request.now)
    except Taken:
        raise Refused(
            f"That person, or that address, is in the list for {one.group} already.",
            "If they are the next one, end this appointment.",
            [Button("End it", f"representative end {one.id}")],
            field="email",
        ) from None


def _sure(request: Request, one: Appointment) -> Reply:
    """Ask before an appointment ends: the button stands beside others on a small screen."""
    end_it = Button("Yes, end it", f"representative nolonger {one.id}", style="danger")
    hand_over = Button("Hand over…", f"representative handover {one.id}")
    return Reply(
        "representatives/sure",
        entry=shown(one),
        is_own=is_own(request, one),
        private=True,
        buttons=[end_it, hand_over, MINE],
    )


async def _ended(request: Request, number: int, reason: str) -> Reply:
    one = await own_entry(request, number)
    if not await deeds.end(request.session, one.id, reason, actor_of(request), request.now):
        raise Refused(over_words(await representatives.known(request.session, one.id)))
    was_pending = one.status is RepresentativeStatus.PENDING
    one = await representatives.known(request.session, one.id)
    left = await representatives.of_group(request.session, one.group_id) if one.group_id is not None else ()
    others = [name_of(other) for other in left]
    if was_pending:
        await petition.refresh(request, one.id)
    elif is_own(request, one):
        reply = Reply("representatives/left", entry=shown(one), others=others, buttons=[_show(one)])
        await tell_secretariat(request, f"representative:{one.id}:left", reply)
    if not is_own(request, one):
        await tell_person(request, one, "ended")
    return Reply(
        "representatives/over",
        entry=shown(one),
        was_pending=was_pending,
        is_own=is_own(request, one),
        others=others,
        private=True,
        buttons=[MINE],
    )


def _check_right(request: Request, one: Appointment, what: str, value: str) -> None:
    """What the group or the secretariat decided is not the representative's to change."""
    if is_secretariat(request) or not one.is_confirmed:
        return
    if what == "kind":
        raise Refused("The group decides who is its representative and who the alternate.", "Ask the secretariat.")
    if what == "until" and one.until and (not value or last_day(value) > last_day(one.until)):
        raise Refused("Only the secretariat makes a term longer.", "Ask the secretariat.")


async def _rename(request: Request, one: Appointment, name: str) -> None:
    await deeds.rename(request.session, one.person_id, name)
    await deeds.note_rename(request.session, one.id, actor_of(request), request.now)


async def _tell_of_change(request: Request, one: Appointment, what: str) -> None:
    """Whoever did not make the change learns of it; the message with a request says how that stands now."""
    moment = request.now.isoformat()
    if not is_own(request, one):
        buttons = (Button("Show the entry", f"representative show {one.id}"),)
        await tell_person(request, one, "changed_for_you", buttons=buttons, key=f":{moment}", other=what)
    if not one.is_confirmed:
        await petition.refresh(request, one.id)
    elif not is_secretariat(request):
        reply = Reply("representatives/changed_by_person", entry=shown(one), what=what, buttons=[_show(one)])
        await tell_secretariat(request, f"representative:{one.id}:changed:{moment}", reply)


async def _ask_to_extend(request: Request, one: Appointment) -> None:
    year = last_day(one.until).year
    buttons = [
        Button(f"Until {year + 1}", f"representative change {one.id} until={year + 1}"),
        Button(f"Until {year + 4}", f"representative change {one.id} until={year + 4}"),
        Button("No end", f"representative change {one.id} until=none"),
    ]
    reply = Reply("representatives/extend", entry=shown(one), buttons=buttons)
    await tell_secretariat(request, f"representative:{one.id}:extend:{one.until}", reply)


def _show(one: Appointment) -> Button:
    return Button("Show the entry", f"representative show {one.id}")
