"""Deadlines: who sees to a liaison statement is reminded of its deadline, each time once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.command import Button, Reply
from handlers.liaison import requests, stages
from handlers.liaison.matter import Host, Matter, load
from handlers.line import quote
from handlers.outgoing import reword
from storage import targets
from storage.liaison import due, told
from storage.liaison.assignments import Assignment
from storage.liaison.told import SECRETARIAT

_DAYS_BEFORE = timedelta(days=max(stages.BEFORE) + 2)
_DAYS_AFTER = timedelta(days=2) + stages.KEPT
_DAY_IN_CAUSE = 3


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is due: what the groups are asked, and who sees to it, where it is known since when."""

    groups: tuple[str, ...]
    day: date
    since: datetime | None
    person: int = SECRETARIAT
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person, or the secretariat, is reminded of."""

    person: int
    stage: stages.Stage
    zone: ZoneInfo
    duties: tuple[Duty, ...]

    @property
    def day(self) -> date:
        return self.duties[0].day

    def cause(self, matter: Matter) -> str:
        return f"liaison:{matter.liaison.id}:due:{self.day.isoformat()}:{self.stage.days}:{self.person}"


async def remind(occasion: Host) -> None:
    """Remind everybody whose time has come, of statements that are open alone."""
    today = occasion.now.date()
    for liaison_id in await due.near(occasion.session, today - _DAYS_AFTER, today + _DAYS_BEFORE):
        if await _untold(occasion, await load(occasion, liaison_id, lock=False, narrow=True)):
            matter = await load(occasion, liaison_id, narrow=True)  # which nobody answers or passes on meanwhile
            for one in await _untold(occasion, matter):
                await _tell(occasion, matter, one)


async def settle(occasion: Host, matter: Matter) -> None:
    """Whoever was reminded reads that nothing is left to do."""
    for cause in await told.causes(occasion.session, f"liaison:{matter.liaison.id}:due:"):
        reply = Reply(
            "liaisons/reminder",
            ls=requests.facts(matter),
            day=date.fromisoformat(cause.split(":")[_DAY_IN_CAUSE]),
            over=requests.over_words(matter),
            buttons=[requests.show_button(matter)],
        )
        await reword(occasion, cause, reply, requests.subject(matter))


async def _untold(occasion: Host, matter: Matter) -> Sequence[Reminder]:
    """The reminders to give now."""
    duties = list(_duties(matter))
    persons = {SECRETARIAT, *(one.person for one in duties)}
    zones = await due.zones(occasion.session, persons, occasion.household.zone)
    found = list(_due(duties, zones, occasion.now))
    known = await told.are_known(occasion.session, [one.cause(matter) for one in found])
    return [one for one in found if one.cause(matter) not in known]


def _duties(matter: Matter) -> Iterator[Duty]:
    if matter.is_waiting:
        yield from _awaited(matter)
        return
    if not matter.is_open:
        return
    liaison = matter.liaison
    owned = [(one, matter.assignment(one)) for one in matter.asked if one.name not in matter.answered]
    open_ones = [(asked, one) for asked, one in owned if one is not None]
    for asked, one in open_ones:
        if day := stages.day_of(matter.due(asked)):
            yield _duty(matter, one, day)
    if not (open_ones or matter.answered) and (day := stages.day_of(matter.due_of_all)):
        yield Duty((), day, _latest(liaison.logged_at, liaison.deadline_since))


def _duty(matter: Matter, one: Assignment, day: date) -> Duty:
    liaison = matter.liaison
    turned = one.accepted_at if one.is_accepted else one.asked_at
    since = _latest(liaison.logged_at, liaison.deadline_since, turned)
    person = one.person_id if one.is_accepted and one.person_id is not None else SECRETARIAT
    return Duty((matter.called(one),), day, since, person, one.person if person else "")


def _awaited(matter: Matter) -> Iterator[Duty]:
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for one in matter.for_action:
        if one.name not in matter.answered and (day := stages.day_of(matter.due(one))):
            by_day[day].append(matter.called(one))
    since = _latest(matter.liaison.sent_at, matter.liaison.deadline_since)
    for day, groups in by_day.items():
        yield Duty(tuple(dict.fromkeys(groups)), day, since)


def _due(duties: Sequence[Duty], zones: Mapping[int, ZoneInfo], now: datetime) -> Iterator[Reminder]:
    """The reminders whose time has come; of what is over the secretariat is told beside the owner."""
    found: defaultdict[tuple[int, date, stages.Stage], list[Duty]] = defaultdict(list)
    for one in duties:
        for person in dict.fromkeys((one.person, SECRETARIAT)):
            stage = stages.latest(one.day, zones[person], one.since, now)
            if stage and (person == one.person or stage.days == stages.AFTER):
                found[person, one.day, stage].append(one)
    for (person, _day, stage), some in found.items():
        yield Reminder(person, stage, zones[person], tuple(some))


async def _tell(occasion: Host, matter: Matter, one: Reminder) -> None:
    own = await targets.of_person(occasion.session, one.person) if one.person != SECRETARIAT else None
    places = [own] if own else await targets.of_secretariat(occasion.session, occasion.household)
    is_owner = own is not None
    reply = Reply(
        "liaisons/reminder",
        ls=requests.facts(matter),
        groups=list(dict.fromkeys(group for duty in one.duties for group in duty.groups)),
        owners=list(dict.fromkeys(duty.owner for duty in one.duties if duty.owner)),
        day=one.day,
        left=stages.left(one.day, one.zone, occasion.now),
        is_owner=is_owner,
        is_waiting=matter.is_waiting,
        over="",
        buttons=_buttons(matter, one, is_owner=is_owner),
    )
    await requests.tell_gently(occasion, places, matter, reply, one.cause(matter))


def _buttons(matter: Matter, one: Reminder, *, is_owner: bool) -> Sequence[Button]:
    number = quote(matter.liaison.number)
    show = requests.show_button(matter)
    if matter.is_waiting:
        return [show]
    if is_owner:
        groups = [group for duty in one.duties for group in duty.groups]
        ours = any(each.group_id == matter.host_id and matter.called(each) in groups for each in matter.asked)
        tail = f" group={quote(groups[0])}" if len(matter.assignments) > 1 else ""
        return [
            *([Button("Answer it", f"liaison answer {number}")] if ours else []),
            *requests.answering(matter, one.person),
            show,
            Button("Pass on…", f"liaison pass {number}{tail}"),
        ]
    free = [group for duty in one.duties if not duty.owner for group in duty.groups]
    assign = [Button(f"Assign {group}…"[:40], f"liaison assign {number} {quote(group)}") for group in free[:3]]
    return [*assign, show]


def _latest(*moments: datetime | None) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)
