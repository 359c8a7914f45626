"""Answers about who: which group covers something, what a group does, who its officers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.asking.answer import Answer, Entry
from handlers.asking.lexicon import lexicon_of
from handlers.asking.listing import Listing
from handlers.asking.query import Intent, Query
from handlers.asking.reading import Reading
from handlers.asking.wording import chips_of, list_command, understood_of
from handlers.command import Button, Request
from handlers.line import quote
from storage import officers, roadmap
from storage.catalogue import GroupName
from storage.officers import Office
from storage.search import stems

MOST_GROUPS = 3
PAGE = 10
"""Groups of one message: they fit a phone."""
_SCOPE_WEIGHT = 10
"""A subject named in a group's scope counts as much as so many items on the roadmap."""

_KINDS = {
    "study": "SG",
    "sg": "SG",
    "sgs": "SG",
    "focus": "FG",
    "working": "WG",
    "wg": "WG",
    "technical": "TC",
    "isg": "ISG",
    "jca": "JCA",
}
_BODIES_BEFORE = ("t", "itu", "etsi", "ietf", "irtf", "iso", "iec")
_ROLES = {
    "vice": "vice-chair",
    "vicechair": "vice-chair",
    "vicechairs": "vice-chair",
    "deputy": "vice-chair",
    "co": "co-chair",
    "rapporteur": "rapporteur",
    "rapporteurs": "rapporteur",
    "secretary": "secretary",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """A group that covers a subject, with the evidence."""

    group: GroupName
    body: str
    items: int
    questions: tuple[str, ...]
    command: str


async def answer_covers(request: Request, query: Query, reading: Reading) -> Answer:
    """Which groups cover a subject: from their scopes, and from what they have on the roadmap."""
    lexicon = lexicon_of(request.catalogue)
    listing = query.listing
    every = request.catalogue.groups.values()
    kind = kind_in(reading)
    allowed = [group for group in every if fits(request, group, listing, kind)]
    # "IETF working group": where no group's code says its kind, any group will do.
    allowed = allowed or [group for group in every if fits(request, group, listing, "")]
    subjects, amounts = await _evidence(request, query)
    phrases = [
        {phrase for about in (clause,) for phrase in (*about.phrases, *about.spare)}
        for clause in subjects.selection(lexicon).clauses
    ]
    ranked = sorted(
        ((amounts.get(group.id, 0) + _SCOPE_WEIGHT * _named_in(group, phrases), group) for group in allowed),
        key=lambda pair: (bool(pair[1].ended), -pair[0]),
    )
    best = [group for score, group in ranked if score > 0][:MOST_GROUPS]
    covering = [await _coverage(request, group, subjects, amounts.get(group.id, 0)) for group in best]
    return Answer(
        intent=Intent.WHO,
        template="asking/covers",
        data={"covering": covering, "words": query.words},
        entries=tuple(_entry(request, group) for group in best),
        count=len(best),
        understood=understood_of(listing, lexicon),
        chips=chips_of(listing, lexicon),
        buttons=tuple(
            Button(f"{one.group.code}: {one.items} {'item' if one.items == 1 else 'items'}", one.command)
            for one in covering
            if one.items
        ),
    )


async def _evidence(request: Request, query: Query) -> tuple[Listing, dict[int, int]]:
    """How many items each group has on the subject, or else on the first milder one that any group has items on."""
    lexicon = lexicon_of(request.catalogue)
    first: Listing | None = None
    for listing in (query.listing, *query.milder):
        subjects = listing.model_copy(update={"body": (), "group": (), "question": ()})
        first = first or subjects
        amounts = dict(await roadmap.by_groups(request.session, subjects.selection(lexicon)))
        if amounts and not subjects.is_empty:
            return subjects, amounts
    return first or Listing(), {}


async def _coverage(request: Request, group: GroupName, subjects: Listing, items: int) -> Coverage:
    of_group = subjects.model_copy(update={"group": (group.code,)})
    selection = of_group.selection(lexicon_of(request.catalogue))
    return Coverage(
        group,
        request.catalogue.bodies[group.body_id].code,
        items,
        tuple(await roadmap.questions_of(request.session, selection)) if items else (),
        list_command(of_group),
    )


def answer_groups(request: Request, reading: Reading, listing: Listing, offices: Sequence[Office]) -> Answer:
    """One group in full, or a list of groups."""
    codes = listing.group
    chosen = [group for group in request.catalogue.groups.values() if group.code in codes]
    if not chosen and listing.question:
        owners = {
            request.catalogue.questions[code][1] for code in listing.question if code in request.catalogue.questions
        }
        chosen = [request.catalogue.groups[one] for one in sorted(owners)]
    kind = "" if chosen else kind_in(reading)
    if not chosen:
        over = lexicon_of(request.catalogue).english.lists["over"].intersection(token.lower for token in reading.tokens)
        fitting = [group for group in request.catalogue.groups.values() if fits(request, group, listing, kind)]
        chosen = [group for group in fitting if group.ended or not over]
    if len(chosen) == 1:
        return group_answer(request, chosen[0], offices)
    return groups_answer(request, chosen, listing.body, kind)


def group_answer(request: Request, group: GroupName, offices: Sequence[Office]) -> Answer:
    """What a group is: name, scope, Questions, parent, officers."""
    catalogue = request.catalogue
    return Answer(
        intent=Intent.WHO,
        template="groups/group",
        data={
            "group": group,
            "body": catalogue.bodies[group.body_id].code,
            "parent": catalogue.groups[group.parent_id].code if group.parent_id else "",
            "officers": [office for office in offices if office.group == group.code],
        },
        entries=(_entry(request, group),),
        count=1,
        understood={"group": [group.code]},
        chips=(group.code,),
        buttons=(
            Button("What it published", list_command(Listing(group=(group.code,), status=("published",)))),
            Button("What it works on", list_command(Listing(group=(group.code,), status=("under-development",)))),
        ),
    )


def groups_answer(
    request: Request, groups: Sequence[GroupName], bodies: Sequence[str] = (), kind: str = "", page: int = 1
) -> Answer:
    """A list of groups, of these bodies and of this kind (`SG`, `FG` …) where they are given."""
    first = (page - 1) * PAGE
    left = len(groups) - first - PAGE
    named = {"body": "; ".join(bodies), "kind": kind, "page": str(page + 1)}
    following = " ".join(["group list", *(f"{name}={quote(value)}" for name, value in named.items() if value)])
    return Answer(
        intent=Intent.WHO,
        template="groups/list",
        data={
            "groups": [(request.catalogue.bodies[group.body_id].code, group) for group in groups[first : first + PAGE]],
            "first": first + 1,
        },
        entries=tuple(_entry(request, group) for group in groups),
        count=len(groups),
        understood={"body": list(bodies)} if bodies else {},
        chips=(*bodies, *([kind] if kind else []), "groups"),
        buttons=(Button(f"Next {PAGE} of {left} more" if left > PAGE else f"{left} more", following),)
        if left > 0
        else (),
    )


async def answer_officers(request: Request, reading: Reading, listing: Listing) -> Answer:
    """Who chairs which group; without a group, the host's officers."""
    offices = await officers.all_officers(request.session)
    named = {name.value for spot in reading.spots for name in spot.names if name.kind == "officer"}
    groups = listing.group or (request.host,)
    role = next((_ROLES[token.lower] for token in reading.tokens if token.lower in _ROLES), "")
    if not role and any(token.lower.startswith("chair") for token in reading.tokens):
        role = "chair"
    found = [office for office in offices if (office.name in named if named else office.group in groups)]
    fitting = [office for office in found if not role or office.role == role] or ([] if role and not named else found)
    return Answer(
        intent=Intent.WHO,
        template="groups/officers",
        data={"officers": fitting, "groups": groups, "role": role},
        entries=tuple(Entry("officer", office.name, office.role, group=office.group) for office in fitting),
        count=len(fitting),
        understood={"group": list(groups), "role": role} if role else {"group": list(groups)},
        chips=(*groups, role or "officers"),
        buttons=(Button(f"About {groups[0]}", f"group show {groups[0]}"),),
    )


def fits(request: Request, group: GroupName, listing: Listing, kind: str) -> bool:
    """Whether a group is of the bodies and groups of a listing, and of this kind."""
    body = request.catalogue.bodies[group.body_id].code
    if any(code == f"!{body}" for code in listing.body) or f"!{group.code}" in listing.group:
        return False
    bodies = [code for code in listing.body if not code.startswith("!")]
    groups = [code for code in listing.group if not code.startswith("!")]
    if bodies and body not in bodies:
        return False
    if groups and group.code not in groups:
        return False
    return not kind or has_kind(group, kind)


def kind_in(reading: Reading) -> str:
    """The kind of groups that a question asks for, as their codes begin; empty for any."""
    words = [token.lower for token in reading.tokens]
    for before, first, second in zip(["which", *words], words, [*words[1:], ""], strict=False):
        is_asked = before in ("which", "what", "any") or before in _BODIES_BEFORE
        if (
            is_asked
            and first in _KINDS
            and (second.startswith(("group", "committee")) or first in ("sg", "sgs", "isg", "jca", "wg"))
        ):
            return _KINDS[first]
    return ""


def has_kind(group: GroupName, kind: str) -> bool:
    """Whether the group's code says that it is of this kind."""
    return group.code.startswith(kind) or f"/{kind} " in group.code or f" {kind} " in group.code


def _named_in(group: GroupName, clauses: Sequence[set[tuple[str, ...]]]) -> int:
    """How many of the subjects the group's scope or name has."""
    text = f" {' '.join(stems(f'{group.name} {group.scope}'))} "
    return sum(any(f" {' '.join(phrase)} " in text for phrase in phrases) for phrases in clauses)


def _entry(request: Request, group: GroupName) -> Entry:
    return Entry(
        "group",
        group.code,
        group.name,
        request.catalogue.bodies[group.body_id].code,
        group.code,
        "ended" if group.ended else "active",
        "",
        group.homepage,
    )
