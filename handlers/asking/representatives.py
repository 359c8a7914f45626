"""Answers about representatives: who they are, who they were, and groups without any. Never an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.asking.answer import Answer, Entry
from handlers.asking.groups import fits, kind_in
from handlers.asking.listing import Listing
from handlers.asking.query import Intent
from handlers.asking.reading import Reading
from handlers.asking.representing import Representing, State
from handlers.command import Button, Request, Role
from handlers.line import quote
from storage import directory, officers
from storage.catalogue import GroupName
from storage.directory import Chosen, Found, Seat
from storage.search import words
from storage.words import RepresentativeKind, RepresentativeStatus

PAGE = 10
"""Representatives or groups of one message: they fit a phone."""

_STATUSES: dict[State, frozenset[RepresentativeStatus]] = {
    "current": frozenset({RepresentativeStatus.CONFIRMED}),
    "former": frozenset({RepresentativeStatus.ENDED}),
    "any": frozenset(directory.KNOWN),
    "pending": frozenset({RepresentativeStatus.PENDING}),
    "declined": frozenset({RepresentativeStatus.DECLINED}),
}
_MOST_NEAR = 3
_SECRET: tuple[State, ...] = ("pending", "declined")


async def answer_representatives(
    request: Request, reading: Reading, wanted: Representing, *, page: int = 1, everything: bool = False
) -> Answer:
    """The representatives that a question is about, or the groups that have none."""
    needed = Role.SECRETARIAT if wanted.state in _SECRET else Role.MEMBER
    if request.role < needed:
        return _answer(request, wanted, "asking/representatives_secret", {"state": wanted.state})
    if wanted.missing:
        return await _unrepresented(request, reading, wanted, page=page, everything=everything)
    if wanted.unheard and not wanted.has_source:
        return _unheard_of(request, wanted)
    chosen = _chosen(request, wanted)
    first = 0 if everything else (page - 1) * PAGE
    found = await directory.find(request.session, chosen, offset=first, limit=None if everything else PAGE)
    if not found.total:
        return await _nobody(request, wanted, chosen)
    left = found.total - first - len(found.seats)
    answer = _answer(
        request,
        wanted,
        "asking/representatives",
        {
            "seats": [_shown(seat) for seat in found.seats],
            "first": first + 1,
            "left": left,
            "alternates": found.alternates,
            "counted": wanted.counted,
            "asks_address": reading.has("address"),
        },
    )
    return replace(
        answer,
        intent=Intent.COUNT if wanted.counted else Intent.WHO,
        entries=tuple(_entry(seat) for seat in found.seats),
        count=found.total,
        buttons=(*_more(wanted, left), *_steps(request, wanted, found)),
        chips=(*(dict.fromkeys(seat.name for seat in found.seats) if wanted.persons else ()), *_chips(wanted)),
        private=wanted.state in _SECRET,
        pages=page,
        shown=tuple(dict.fromkeys(seat.person_id for seat in found.seats)),
    )


def _answer(request: Request, wanted: Representing, template: str, data: dict[str, object]) -> Answer:
    """An answer with nobody in it."""
    return Answer(
        intent=Intent.WHO,
        template=template,
        data=data,
        understood=_understood(wanted),
        chips=_chips(wanted),
        representing=wanted,
        pages=1,
    )


def _unheard_of(request: Request, wanted: Representing) -> Answer:
    """A name that neither a person nor a group has."""
    heard = {word.lower() for word in wanted.unheard}
    near = [one for one in request.catalogue.groups.values() if heard.intersection(words(one.code))][:_MOST_NEAR]
    buttons = (
        *(Button(f"Who represents {one.code}", f"representative list {one.code}") for one in near),
        Button("Representatives", "representative list"),
        Button("Groups", "group list"),
    )
    answer = _answer(request, wanted, "asking/representatives_unheard", {"words": " ".join(wanted.unheard)})
    return replace(answer, buttons=buttons, representing=None)


async def _nobody(request: Request, wanted: Representing, chosen: Chosen) -> Answer:
    """Nobody fits: whether that is so for all groups, who was there before, and who else can be asked."""
    group = _only_group(request, wanted)
    former: Sequence[Seat] = ()
    if wanted.state == "current" and (chosen.groups or chosen.persons):
        ended = replace(chosen, statuses=_STATUSES["former"], kind=None)
        former = (await directory.find(request.session, ended, limit=PAGE)).seats
    if former and wanted.persons:
        past = wanted.model_copy(update={"state": "former"})
        answer = _answer(request, past, "asking/representatives", _all_shown(former))
        buttons = tuple(Button(f"About {seat.group}", f"group show {seat.group}") for seat in former[:1])
        return replace(
            answer, entries=tuple(map(_entry, former)), count=len(former), buttons=buttons, representing=wanted
        )
    offices = await officers.all_officers(request.session) if group else []
    answer = _answer(
        request,
        wanted,
        "asking/representatives_nobody",
        {
            "groups": wanted.group,
            "bodies": wanted.body,
            "kind": wanted.kind or "representative",
            "state": wanted.state,
            "has_time": bool(wanted.since or wanted.until),
            "is_empty": wanted.state == "current" and await directory.is_empty(request.session),
            "former": [_shown(seat) for seat in former],
            "officers": [one for one in offices if group and one.group == group.code],
        },
    )
    about = (Button(f"About {group.code}", f"group show {group.code}"),) if group else ()
    return replace(answer, intent=Intent.COUNT if wanted.counted else Intent.WHO, buttons=(_register(group), *about))


async def _unrepresented(
    request: Request, reading: Reading, wanted: Representing, *, page: int, everything: bool
) -> Answer:
    """The groups at work that nobody represents."""
    kind = wanted.group_kind or kind_in(reading)
    listing = Listing(body=wanted.body, group=wanted.group)
    known = request.catalogue.groups
    lacked = RepresentativeKind(wanted.kind or RepresentativeKind.REPRESENTATIVE)
    vacant = await directory.vacant(request.session, lacked)
    fitting = [known[one] for one in vacant if one in known and fits(request, known[one], listing, kind)]
    groups = [group for group in fitting if group.code != request.host]
    first = 0 if everything else (page - 1) * PAGE
    shown = groups[first:] if everything else groups[first : first + PAGE]
    left = len(groups) - first - len(shown)
    wanted = wanted.model_copy(update={"group_kind": kind})
    answer = _answer(
        request,
        wanted,
        "asking/unrepresented",
        {
            "groups": [(request.catalogue.bodies[group.body_id].code, group) for group in shown],
            "first": first + 1,
            "counted": wanted.counted,
            "kind": lacked.value,
        },
    )
    return replace(
        answer,
        intent=Intent.COUNT if wanted.counted else Intent.WHO,
        entries=tuple(_group_entry(request, group) for group in shown),
        count=len(groups),
        chips=(*wanted.body, *([kind] if kind else []), f"groups without {lacked.value}"),
        buttons=(*_more(wanted, left), Button("Represent a group", "register")),
        pages=page,
    )


def _chosen(request: Request, wanted: Representing) -> Chosen:
    catalogue = request.catalogue
    unwanted = {code[1:] for code in (*wanted.body, *wanted.group) if code.startswith("!")}
    groups = {one.id for one in catalogue.groups.values() if one.code in wanted.group}
    bodies = {one.id for one in catalogue.bodies.values() if one.code in wanted.body}
    if unwanted:
        listing = Listing(body=wanted.body, group=wanted.group)
        groups, bodies = {one.id for one in catalogue.groups.values() if fits(request, one, listing, "")}, set()
    return Chosen(
        statuses=_STATUSES[wanted.state],
        groups=frozenset(groups),
        bodies=frozenset(bodies),
        persons=frozenset(wanted.persons),
        kind=RepresentativeKind(wanted.kind) if wanted.kind else None,
        since=wanted.since,
        until=wanted.until,
    )


def _steps(request: Request, wanted: Representing, found: Found) -> Sequence[Button]:
    group = _only_group(request, wanted)
    if group:
        return (
            Button(f"About {group.code}", f"group show {group.code}"),
            Button(f"Represent {group.code}", f"register {quote(group.code)}"),
        )
    codes = dict.fromkeys(seat.group for seat in found.seats)
    if wanted.persons and len(codes) <= 3:
        return tuple(Button(f"Who represents {code}", f"representative list {code}") for code in codes)
    return ()


def _more(wanted: Representing, left: int) -> Sequence[Button]:
    if wanted.state == "pending":
        return (Button("Requests", f"representative list status={RepresentativeStatus.PENDING}"),)
    if left <= 0 or wanted.missing or wanted.persons or wanted.kind or wanted.state != "current":
        return ()
    named = " ".join((*wanted.group, *wanted.body)) if len(wanted.group) + len(wanted.body) == 1 else ""
    return (Button("The whole list", f"representative list {named}".strip()),)


def _register(group: GroupName | None) -> Button:
    if group is None:
        return Button("Register", "register")
    return Button(f"Represent {group.code}", f"register {quote(group.code)}")


def _only_group(request: Request, wanted: Representing) -> GroupName | None:
    if len(wanted.group) != 1 or wanted.body or wanted.persons:
        return None
    return request.catalogue.group_of_code(wanted.group[0])


def _all_shown(seats: Sequence[Seat]) -> dict[str, object]:
    shown = [_shown(seat) for seat in seats]
    alternates = sum(seat.kind is RepresentativeKind.ALTERNATE for seat in seats)
    return {
        "seats": shown,
        "first": 1,
        "left": 0,
        "alternates": alternates,
        "counted": False,
        "asks_address": False,
    }


def _shown(seat: Seat) -> dict[str, str]:
    return {
        "name": seat.name,
        "affiliation": seat.affiliation,
        "kind": seat.kind.value,
        "group": seat.group,
        "body": "" if seat.body == seat.group else seat.body,
        "status": seat.status.value,
        "since": seat.since,
        "until": seat.until,
    }


def _entry(seat: Seat) -> Entry:
    return Entry("representative", seat.group, seat.name, seat.body, seat.group, seat.status.value, seat.since)


def _group_entry(request: Request, group: GroupName) -> Entry:
    body = request.catalogue.bodies[group.body_id].code
    return Entry("group", group.code, group.name, body, group.code, "active", "", group.homepage)


def _chips(wanted: Representing) -> tuple[str, ...]:
    codes = [f"not {code[1:]}" if code.startswith("!") else code for code in (*wanted.body, *wanted.group)]
    span = wanted.since if wanted.since == wanted.until else f"{wanted.since or '…'} to {wanted.until or '…'}"
    state = {"current": "", "any": "now and before"}.get(wanted.state, wanted.state)
    return (*codes, f"{wanted.kind or 'representative'}s", *([state] if state else []), *([span] if span else []))


def _understood(wanted: Representing) -> dict[str, object]:
    facets: dict[str, object] = {
        "body": list(wanted.body),
        "group": list(wanted.group),
        "kind": wanted.kind,
        "state": wanted.state,
        "since": wanted.since,
        "until": wanted.until,
        "missing": wanted.missing,
    }
    return {name: value for name, value in facets.items() if value not in ("", [], False)}
