"""Filters: which liaison statements a command line names, as `liaison list open for=SG13`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from handlers.asking.concerned import owners_in
from handlers.asking.correspondence import corresponding_of
from handlers.asking.corresponding import Corresponding
from handlers.asking.dates import parse_point
from handlers.asking.lexicon import lexicon_of
from handlers.asking.reading import read
from handlers.asking.references import resolve
from handlers.command import Button, Form, Refused, Request, Role
from handlers.form import Line, field
from handlers.liaison.selecting import selection_of, today
from handlers.line import quote
from storage import merging
from storage.liaison import finding
from storage.references import scan
from storage.words import Direction, LiaisonStatus, Purpose

_SIDE = re.compile(r"(?<!\S)(for|from)=(\"[^\"]*\"|'[^']*'|\S+)", re.IGNORECASE)
_FIELD_OF = {"for": "to", "from": "source"}
_PLAIN = {
    *("open", "overdue", "unowned", "undated", "arrived", "proposing", "proposals", "drafts", "due", "for", "from"),
    *("to", "mine", "my", "unanswered", "late", "waiting", "pending", "new", "about", "without", "no", "not", "since"),
    *("between", "before", "after", "in", "this", "last", "assigned", "all"),
    *(status.value for status in LiaisonStatus),
}
"""Words with which a line begins that says which statements are wanted."""

_SEPARATOR = ";"


class Filters(Form):
    """Which statements; several values of one field are separated by `;`."""

    direction: Literal["incoming", "outgoing"] | None = field("Direction", default=None)
    which: Line | None = field("Which", help="open, overdue, unowned, drafts, due next week, for SG13 …", default=None)
    source: Line | None = field("From", help="a group or body", default=None, named=True)
    to: Line | None = field("To", help="a group or body", default=None, named=True)
    purpose: Line | None = field("Purpose", help="action, comment or information", default=None, named=True)
    about: Line | None = field("About", help="words, a topic or a reference", default=None, named=True)
    since: Line | None = field("Since", help="a year, month or day", default=None, named=True)
    until: Line | None = field("Until", help="a year, month or day", default=None, named=True)
    due_since: Line | None = field("Due since", help="a year, month or day", default=None, named=True)
    due_until: Line | None = field("Due until", help="a year, month or day", default=None, named=True)
    owner: Line | None = field("Owner", help="a person's name, or me", default=None, named=True)
    answering: Line | None = field("In response to", help="the number of a statement", default=None, named=True)
    order: Literal["newest", "oldest", "due"] | None = field("Order", default=None, named=True)

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Mapping[str, str]:
        direction = values.get("direction", "").strip()
        which = values.get("which", "").strip()
        is_direction = direction and any(one.value.startswith(direction.lower()) for one in Direction)
        text = which if is_direction or not direction else f"{direction} {which}".strip()
        sides = {_FIELD_OF[match[1].lower()]: match[2].strip("\"'") for match in _SIDE.finditer(text)}
        plain = " ".join(_SIDE.sub(" ", text).split())
        if direction and not is_direction and not (sides or _says_which(plain)):
            return values
        kept = {name: value for name, value in values.items() if name not in ("direction", "which")}
        given = {"direction": direction} if is_direction else {}
        return {**kept, **given, **({"which": plain} if plain else {}), **sides}


class Paged(Filters):
    """A page of them."""

    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


async def wanted_of(request: Request, filters: Filters) -> Corresponding:
    """What the fields ask for. Raises `Refused` for a word, code, date or person that means nothing."""
    wanted = await _read(request, filters.which or "")
    about, items = await _subjects(request, filters.about)
    given: dict[str, object] = {
        "direction": filters.direction,
        "source": await _codes(request, filters.source, "source"),
        "to": await _codes(request, filters.to, "to"),
        "purpose": _purposes(filters.purpose),
        "about": about,
        "items": items,
        **{name: _point(getattr(filters, name), name) for name in ("since", "until", "due_since", "due_until")},
        "owner": await _owner(request, filters.owner),
        "answering": filters.answering,
        "order": filters.order,
    }
    return wanted.model_copy(update={name: value for name, value in given.items() if value})


async def _read(request: Request, text: str) -> Corresponding:
    if not text:
        return Corresponding()
    lexicon, day = lexicon_of(request.catalogue), today(request)
    reading = read(text, lexicon, day)
    asked = await resolve(request.session, reading.mentions)
    wanted = corresponding_of(lexicon, reading, asked, request.host, day)
    wanted = await owners_in(request, wanted, text)
    if wanted.hints or wanted.numbers:
        written = ", ".join(f"“{word}”" for word in (*wanted.hints, *wanted.numbers))
        search = Button("Search for it", f"liaison search {quote(text)}")
        raise Refused(
            f"I do not know {written} as a kind of liaison statement.",
            "Type for example liaison list open for=SG13, or liaison search and some words.",
            [search],
            field="which",
        )
    to = (*wanted.to, *wanted.beside)
    return wanted.model_copy(update={"aspect": "", "to": to, "beside": (), "counted": False, "only": ""})


async def _codes(request: Request, value: str | None, name: str) -> tuple[str, ...]:
    """Codes of groups and bodies from any of their names; a name that only statements have is taken as it is."""
    found: list[str] = []
    for part in _parts(value):
        mark, written = ("!", part[1:]) if part.startswith("!") else ("", part)
        codes = _known(request, written) or [written]
        if codes == [written] and not await _is_written(request, written, name):
            raise Refused(f"I know no group “{written}”.", "Type group list to see them.", field=name)
        found += [mark + code for code in codes]
    return tuple(dict.fromkeys(found))


def _known(request: Request, written: str) -> list[str]:
    if request.catalogue.group_of_code(written) or written in request.catalogue.body_of_code:
        return [written]
    reading = read(written, lexicon_of(request.catalogue), today(request))
    groups = [request.catalogue.groups[one].code for spot in reading.spots for one in spot.groups]
    return groups or [name.value for spot in reading.spots for name in spot.names if name.kind == "body"]


async def _is_written(request: Request, written: str, name: str) -> bool:
    wanted = await selection_of(request, Corresponding.model_validate({name: (written,)}))
    return await finding.count(request.session, wanted) > 0


async def _subjects(request: Request, value: str | None) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    about: list[str] = []
    items: list[tuple[int, str]] = []
    for part in _parts(value):
        asked = await resolve(request.session, scan(part))
        found = [(item.id, one.written) for one in asked for item in one.items[:1]]
        items += found
        about += [] if found else [part]
    return tuple(about), tuple(items)


async def _owner(request: Request, value: str | None) -> tuple[int, ...]:
    if not value:
        return ()
    if request.role < Role.MEMBER:
        raise Refused("Who sees to a liaison statement is shown to members.", "Leave owner= out.", field="owner")
    if value.lower() in ("me", "mine", "myself"):
        return tuple(sorted(await merging.everyone(request.session, request.caller.person_id)))
    numbers = [int(part) for part in _parts(value) if part.isascii() and part.isdecimal() and len(part) < 10]
    if numbers:
        return tuple(numbers)
    wanted = value.casefold()
    owners = await finding.owners(request.session)
    found = tuple(sorted(id for id, name in owners.items() if wanted in name.casefold()))
    if not found:
        raise Refused(f"Nobody called “{value}” was asked to see to a liaison statement.", field="owner")
    return found


def _purposes(value: str | None) -> tuple[Purpose, ...]:
    parts = [part.lower().removeprefix("for ") for part in _parts(value)]
    wrong = [part for part in parts if part not in set(Purpose)]
    if wrong:
        raise Refused(f"“{wrong[0]}” is no purpose.", "Allowed are action, comment and information.", field="purpose")
    return tuple(map(Purpose, parts))


def _point(value: str | None, name: str) -> str:
    if not value:
        return ""
    point = parse_point(value)
    if not point:
        hint = "Type a year, a month or a day: 2026, 2026-05, 2026-05-17."
        raise Refused(f"“{value}” is no date for {name}.", hint, field=name)
    return point


def _parts(value: str | None) -> Sequence[str]:
    return [part.strip() for part in (value or "").split(_SEPARATOR) if part.strip()]


def _says_which(text: str) -> bool:
    first = text.partition(" ")[0].lower()
    return first in _PLAIN or " " in text or any(one.isdigit() or one.isupper() for one in text)
