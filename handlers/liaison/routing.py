"""Routing: a liaison statement is brought to exactly those whom it concerns, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handlers.announcing.publish import publish, withdraw
from handlers.command import Attachment, Button, Reply
from handlers.liaison import deadlines, requests
from handlers.liaison.matter import Host, Matter, is_outgoing, load
from handlers.line import quote
from handlers.outgoing import reword
from storage import people, targets
from storage.liaison import assignments, events, told
from storage.liaison.assignments import Assignment
from storage.liaison.concerned import Asked
from storage.liaison.events import Deed
from storage.liaison.told import SECRETARIAT, Told
from storage.representing.trail import Actor
from storage.subscriptions import Listener
from storage.tables import Liaison
from storage.words import DeadlineKind, SubscriptionKind

__all__ = ["Informed", "Routed", "begun", "deadline_changed", "resume", "route", "settle"]

_OURS = ("ask", "due", "date", "deadline", "raised")
"""What the causes of our messages begin with after the statement's number; its news have the cause `news`."""


@dataclass(frozen=True, slots=True)
class Informed:
    """Somebody who was told: what each of their groups is asked, `SG17 for action`, or why they are told."""

    person_id: int
    name: str
    about: tuple[str, ...]
    is_reached: bool = True


@dataclass(frozen=True, slots=True)
class Routed:
    """Who was told of a statement, fit for the answer to whoever logged or sent it (`shown`).

    `unrepresented` are groups that nobody represents here, as the statement calls them; `unowned` those of them that
    must act. `listeners`: how many subscribers will be told.
    """

    number: str
    informed: tuple[Informed, ...] = ()
    unrepresented: tuple[str, ...] = ()
    unowned: tuple[str, ...] = ()
    listeners: int = 0

    @property
    def shown(self) -> dict[str, object]:
        """What the template `liaisons/routed` shows."""
        return {
            "informed": [
                {"name": one.name, "about": list(one.about), "is_reached": one.is_reached} for one in self.informed
            ],
            "unrepresented": list(self.unrepresented),
            "listeners": self.listeners,
        }

    @property
    def buttons(self) -> Sequence[Button]:
        """What the secretariat may do for groups that must act and have nobody here."""
        number = quote(self.number)
        return [Button(f"Assign {one}"[:40], f"liaison assign {number} {quote(one)}") for one in self.unowned[:3]]


async def route(occasion: Host, liaison_id: int, actor: Actor, *, attachments: Sequence[Attachment] = ()) -> Routed:
    """Tell all whom a logged or sent statement concerns, in this transaction; who was told is not told again.

    To be called again when its addressees or what it mentions was corrected: then only those are told who are asked
    something new. `attachments` go with what representatives are told. Nobody is told of a draft.
    """
    matter = await begun(occasion, liaison_id)
    if matter.is_draft:
        return Routed(matter.liaison.number)
    before = await told.of_statement(occasion.session, liaison_id)
    if before:
        await requests.make_right(occasion, matter)
    turn = await told.rounds(occasion.session, liaison_id)
    entries: dict[str, dict[str, object]] = {}
    informed: list[Informed] = []
    reached: set[int] = set()
    for person in [*_host(matter), *matter.persons()]:
        keys = requests.keys_of(matter, person)
        if _known(before, person).issuperset(keys):
            continue
        cause = requests.cause(liaison_id, person, turn)
        files = () if person == SECRETARIAT else attachments
        target = await requests.ask(occasion, matter, person, cause, attachments=files)
        if target is not None:
            entries[cause] = told.entry(person, keys)
            reached.add(target)
        if person != SECRETARIAT:
            informed.append(await _informed(occasion, matter, person, is_reached=target is not None))
    knowing = {*(one.person for one in before), *matter.persons(), actor.person_id}
    count = await _publish(occasion, matter, lambda one: one.person not in knowing and one.target not in reached)
    await _ask_for_date(occasion, matter)
    missing = tuple(dict.fromkeys(matter.called(one) for one in matter.asked if not _is_served(matter, one)))
    groups = list(dict.fromkeys([*map(matter.called, matter.asked), *_touched(matter)]))
    after: dict[str, object] = {"groups": groups, told.TOLD: entries}
    why = f"to {', '.join(groups)}" if groups else ""
    if entries or not await told.was_routed(occasion.session, liaison_id):
        await events.note(occasion.session, liaison_id, Deed.ROUTED, actor, occasion.now, reason=why, after=after)
    unowned = tuple(one for one in missing if any(matter.called(each) == one for each in matter.assignments))
    return Routed(matter.liaison.number, tuple(informed), missing, unowned, count)


async def settle(occasion: Host, liaison_id: int, actor: Actor) -> None:
    """Nothing has to be done about it any more: nothing of it is sent, and who was asked reads so.

    To be called after the step: answered, noted, closed, forwarded, withdrawn.
    """
    await assignments.settle(occasion.session, liaison_id)
    matter = await load(occasion, liaison_id)
    await withdraw(occasion, _news(matter.liaison))
    for kind in _OURS:
        await requests.hush(occasion, f"liaison:{liaison_id}:{kind}:")
    await requests.make_right(occasion, matter)
    await deadlines.settle(occasion, matter)
    await _ask_for_date(occasion, matter)


async def resume(occasion: Host, liaison_id: int, actor: Actor) -> None:
    """It was reopened: those who were asked to act are asked again."""
    await assignments.resume(occasion.session, liaison_id, occasion.now)
    matter = await load(occasion, liaison_id)
    await requests.make_right(occasion, matter)
    turn = await told.rounds(occasion.session, liaison_id)
    entries: dict[str, dict[str, object]] = {}
    asked = {one.person for one in await told.of_statement(occasion.session, liaison_id)}
    for person in sorted(asked):
        asks = requests.asks_of(matter, person)
        if not any(matter.assignment(one) for one in asks):
            continue
        cause = requests.cause(liaison_id, person, turn)
        if await requests.ask(occasion, matter, person, cause, lead="It was reopened.") is not None:
            entries[cause] = told.entry(person, requests.keys_of(matter, person))
    if entries:
        after = {told.TOLD: entries}
        why = "reopened"
        await events.note(occasion.session, liaison_id, Deed.ROUTED, actor, occasion.now, reason=why, after=after)


async def deadline_changed(occasion: Host, liaison_id: int, actor: Actor) -> None:
    """It has another deadline: the reminders begin anew, nothing old is said, and owners are told the new one.

    To be called after the change. `actor` is not told what they did themselves.
    """
    matter = await load(occasion, liaison_id)
    matter.liaison.deadline_since = occasion.now
    await occasion.session.flush()
    await requests.hush(occasion, f"liaison:{liaison_id}:due:")
    if matter.is_draft or requests.over_words(matter):
        return
    await requests.make_right(occasion, matter)
    await _ask_for_date(occasion, matter)
    for one in matter.assignments:
        is_its = matter.due(one) == matter.due_of_all  # else the group has a day of its own
        if is_its and one.is_accepted and one.person_id is not None and one.person_id != actor.person_id:
            await _tell_deadline(occasion, matter, one, one.person_id)


async def begun(occasion: Host, liaison_id: int) -> Matter:
    """The matter, with an assignment for each group that must act on what came in, and for none that must no more."""
    matter = await load(occasion, liaison_id)
    if is_outgoing(matter.liaison) or not matter.is_open:
        return matter
    groups = {one.name: one.group_id for one in matter.for_action}
    raised = [one.name for one in matter.for_action if not matter.represented(one.group_id)]
    await assignments.drop(occasion.session, liaison_id, but=list(groups))
    await assignments.offer(occasion.session, liaison_id, groups, raised, occasion.now)
    return replace(matter, assignments=await assignments.of_statement(occasion.session, liaison_id))


def _host(matter: Matter) -> Sequence[int]:
    """The secretariat, where we ourselves are asked to act."""
    is_asked = any(one.group_id == matter.host_id and one.is_offered for one in matter.assignments)
    return [SECRETARIAT] if is_asked else []


def _touched(matter: Matter) -> Sequence[str]:
    """Groups that it does not name and that were told all the same."""
    return [code for group, code in matter.touched.items() if matter.represented(group)]


def _known(before: Sequence[Told], person: int) -> set[str]:
    return {ask for one in before if one.person == person for ask in one.asks}


async def _informed(occasion: Host, matter: Matter, person: int, *, is_reached: bool) -> Informed:
    asks = (f"{matter.called(one)} for {one.purpose.value}" for one in requests.asks_of(matter, person))
    about = (*dict.fromkeys(asks), *requests.reasons_for(matter, person))
    name = await people.name_of(occasion.session, person)
    return Informed(person, name or "somebody", about, is_reached)


def _is_served(matter: Matter, one: Asked) -> bool:
    """Whether somebody represents the group, or it is one who needs not be told."""
    needs_nobody = one.group_id is not None and one.group_id in (matter.host_id, matter.liaison.source_id)
    return needs_nobody or matter.represented(one.group_id)


async def _publish(occasion: Host, matter: Matter, among: Callable[[Listener], bool]) -> int:
    liaison = matter.liaison
    deed = "sent" if is_outgoing(liaison) else "came"
    return await publish(
        occasion,
        SubscriptionKind.LIAISONS,
        Reply(
            "liaisons/news",
            ls=requests.facts(matter),
            asks=[{"group": matter.called(one), "purpose": one.purpose.value} for one in matter.asked],
            due=liaison.deadline if liaison.deadline_kind is DeadlineKind.DATE else "",
            buttons=[requests.show_button(matter)],
        ),
        _news(liaison),
        headline=f"{liaison.number} {deed}: {liaison.title}",
        command=f"liaison show {quote(liaison.number)}",
        topics=matter.topics,
        groups=matter.groups,
        subject=requests.subject(matter),
        among=among,
    )


def _news(liaison: Liaison) -> str:
    return f"liaison:{liaison.id}:news"


async def _ask_for_date(occasion: Host, matter: Matter) -> None:
    """The secretariat is asked, once, which day a vague deadline is; then it reads what became of the question."""
    cause = f"liaison:{matter.liaison.id}:date:"
    is_vague = bool(requests.facts(matter)["vague"])
    is_asked = bool(await told.are_known(occasion.session, [cause]))
    if not is_asked and not (is_vague and matter.is_open):
        return
    give = Button("Give its date", f"liaison set {quote(matter.liaison.number)} deadline")
    over = requests.over_words(matter)
    reply = Reply(
        "liaisons/vague",
        ls=requests.facts(matter),
        due=matter.due_of_all,
        over=over,
        buttons=[*([give] if is_vague and not over else []), requests.show_button(matter)],
    )
    if is_asked:
        await reword(occasion, cause, reply, requests.subject(matter))
        return
    places = await targets.of_secretariat(occasion.session, occasion.household)
    await requests.tell_gently(occasion, places, matter, reply, cause)


async def _tell_deadline(occasion: Host, matter: Matter, one: Assignment, person: int) -> None:
    target = await targets.of_person(occasion.session, person)
    if target is None:
        return
    due = matter.due(one)
    reply = Reply(
        "liaisons/deadline",
        ls=requests.facts(matter),
        group=matter.called(one),
        due=due,
        buttons=[requests.show_button(matter)],
    )
    cause = f"liaison:{matter.liaison.id}:deadline:{one.id}:{occasion.now.isoformat()}"
    await requests.tell_gently(occasion, [target], matter, reply, cause)
