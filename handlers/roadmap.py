"""The roadmap by command: one item, a list, a count, the latest."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from handlers.asking.dates import parse_point
from handlers.asking.followup import remember
from handlers.asking.items import LATEST, answer_list, answer_show
from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.listing import STATUSES, Listing
from handlers.asking.query import Asked, Intent, Query
from handlers.asking.reading import read
from handlers.asking.references import resolve
from handlers.asking.wording import read_about
from handlers.command import Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from storage import roadmap
from storage.references import Mention, parse_reference, scan

_SEPARATOR = ";"


class Showing(Form):
    reference: Line = field("Reference", help="in any usual writing, with or without an edition")


class Choosing(Form):
    """Facets of a list; several values of one are separated by `;`, a leading `!` excludes."""

    about: Line | None = field("About", help="a topic or words of the title; + for both, | for either", default=None)
    body: Line | None = field("Body", help="its code, or several separated by ;", default=None, named=True)
    group: Line | None = field("Group", help="its code", default=None, named=True)
    question: Line | None = field("Question", help="as in Q1/2", default=None, named=True)
    type: Line | None = field("Type", help="such as Recommendation", default=None, named=True)
    status: Line | None = field("Status", help=f"one of {', '.join(STATUSES)}", default=None, named=True)
    since: Line | None = field("Since", help="a year, month or day", default=None, named=True)
    until: Line | None = field("Until", help="a year, month or day", default=None, named=True)
    without: Line | None = field("Not about", default=None, named=True)
    series: Line | None = field("Series", help="how the references begin", default=None, named=True)
    order: Literal["newest", "oldest"] = field("Order", default="newest", named=True)
    verified: Literal["yes", "no"] | None = field("Verified", default=None, named=True)
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


@command(
    "roadmap show", form=Showing, role=Role.GUEST, help="Show one item of the roadmap", example="roadmap show RFC 791"
)
async def show(request: Request, showing: Showing) -> Reply:
    mentions = scan(showing.reference) or [
        Mention(0, len(showing.reference), showing.reference, parse_reference(showing.reference), sure=True)
    ]
    asked = await resolve(request.session, mentions[:1])
    if not asked[0].items:
        named = request.catalogue.named_items.get(showing.reference)
        asked = [await _named(request, showing.reference, named)] if named else asked
    answer = await answer_show(request, asked)
    await remember(request, Query(Intent.SHOW, asked=tuple(asked)), answer)
    return answer.reply()


@command(
    "roadmap list",
    form=Choosing,
    role=Role.GUEST,
    help="List items by body, group, topic, status, date",
    example="roadmap list key-management body=ETSI since=2020",
)
async def list_items(request: Request, choosing: Choosing) -> Reply:
    return await _chosen(request, choosing, Intent.LIST)


@command(
    "roadmap count",
    form=Choosing,
    role=Role.GUEST,
    help="Count items by body, group, topic, status, date",
    example="roadmap count status=published since=2024",
)
async def count(request: Request, choosing: Choosing) -> Reply:
    return await _chosen(request, choosing, Intent.COUNT)


@command(
    "roadmap latest",
    form=Choosing,
    role=Role.GUEST,
    help=f"The {LATEST} newest publications",
    example="roadmap latest body=ETSI",
)
async def latest(request: Request, choosing: Choosing) -> Reply:
    return await _chosen(request, choosing, Intent.LATEST)


async def _chosen(request: Request, choosing: Choosing, intent: Intent) -> Reply:
    listing = listing_of(request, choosing)
    if intent is Intent.LATEST and not listing.status:
        listing = listing.model_copy(update={"status": ("published",)})
    query = Query(intent, listing)
    answer = await answer_list(request, query, page=choosing.page)
    await remember(request, query, answer)
    return answer.reply()


def listing_of(request: Request, choosing: Choosing) -> Listing:
    """The listing that a form asks for. Raises `Refused` for a code or word that means nothing."""
    lexicon = lexicon_of(request.catalogue)
    choosing = _with_source(request, choosing, lexicon)
    return Listing(
        body=_codes(choosing.body, lexicon, request, "body"),
        group=_codes(choosing.group, lexicon, request, "group"),
        question=tuple(part.upper() for part in _parts(choosing.question)),
        type=_types(choosing.type, lexicon),
        status=_statuses(choosing.status, lexicon),
        about=_subjects(choosing.about, lexicon),
        without=_subjects(choosing.without, lexicon),
        since=_point(choosing.since, "since"),
        until=_point(choosing.until, "until"),
        series=_parts(choosing.series),
        order=choosing.order,
        verified={None: None, "yes": True, "no": False}[choosing.verified],
    )


def _with_source(request: Request, choosing: Choosing, lexicon: Lexicon) -> Choosing:
    """`roadmap list ETSI` means the body, and `roadmap list SG13` the group, unless one is given."""
    if not choosing.about or choosing.body or choosing.group:
        return choosing
    reading = read(choosing.about, lexicon, request.now.date())
    whole = [spot for spot in reading.spots if (spot.start, spot.end) == (0, len(reading.tokens))]
    source = "body" if any(name.kind == "body" for spot in whole for name in spot.names) else "group"
    if source == "group" and not any(spot.groups for spot in whole):
        return choosing
    return choosing.model_copy(update={"about": None, source: choosing.about})


async def _named(request: Request, written: str, item: int) -> Asked:
    return Asked(written, await roadmap.by_ids(request.session, [item]))


def _parts(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(_SEPARATOR) if part.strip())


def _codes(value: str | None, lexicon: Lexicon, request: Request, kind: str) -> tuple[str, ...]:
    """Codes of bodies or groups, from any of their names."""
    found: list[str] = []
    for part in _parts(value):
        mark, name = ("!", part[1:]) if part.startswith("!") else ("", part)
        reading = read(name, lexicon, request.now.date())
        if kind == "body":
            codes = [one.value for spot in reading.spots for one in spot.names if one.kind == "body"]
        else:
            codes = [request.catalogue.groups[one].code for spot in reading.spots for one in spot.groups]
        if not codes:
            raise Refused(f"I know no {kind} “{name}”.", "Type group list to see them." if kind == "group" else "")
        found += [mark + code for code in codes]
    return tuple(dict.fromkeys(found))


def _types(value: str | None, lexicon: Lexicon) -> tuple[str, ...]:
    known = {kind.lower(): kind for kind in lexicon.catalogue.types}
    found = []
    for part in _parts(value):
        kind = known.get(part.lower()) or lexicon.type_of(part)
        if not kind:
            raise Refused(f"The roadmap has no type “{part}”.", f"It has {', '.join(lexicon.catalogue.types)}.")
        found.append(kind)
    return tuple(found)


def _statuses(value: str | None, lexicon: Lexicon) -> tuple[str, ...]:
    found = []
    for part in _parts(value):
        status = part.lower() if part.lower() in STATUSES else lexicon.status_of(part)
        if not status:
            raise Refused(f"“{part}” is no status.", f"Allowed are {', '.join(STATUSES)}.")
        found.append(status)
    return tuple(found)


def _subjects(value: str | None, lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Topics where the words name one, else words of the title."""
    codes = {topic.id: topic.code for topic in lexicon.catalogue.topics.values()}
    clauses = []
    for clause in read_about(value or ""):
        subjects: list[str] = []
        for subject in clause:
            topics = lexicon.topics_of(subject.removeprefix("#"))
            if subject.startswith("#") and not topics:
                raise Refused(f"There is no topic “{subject[1:]}”.", "Leave the # out to look for the word in titles.")
            subjects += [f"#{codes[one]}" for one in sorted(topics)] or [subject]
        clauses.append(tuple(subjects))
    return tuple(clauses)


def _point(value: str | None, name: str) -> str:
    if not value:
        return ""
    point = parse_point(value)
    if not point:
        raise Refused(f"“{value}” is no date for {name}.", "Type a year, a month or a day: 2024, 2024-05, 2024-05-17.")
    return point
