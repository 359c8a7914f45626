"""Answers about liaison statements."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking.answer import Answer, Entry
from handlers.asking.english import English
from handlers.asking.lexicon import lexicon_of
from handlers.asking.listing import Listing
from handlers.asking.query import Asked, Intent
from handlers.asking.reading import Reading
from handlers.asking.tokens import LIAISON_NUMBER
from handlers.command import Button, Request
from storage import liaisons
from storage.liaisons import Statement
from storage.search import stems, words
from storage.words import Direction, LiaisonStatus

PAGE = 8


async def answer_liaisons(request: Request, reading: Reading, listing: Listing, asked: Sequence[Asked]) -> Answer:
    """The liaison statements that a question is about."""
    chosen = list(await liaisons.all_statements(request.session))
    chips: list[str] = []
    numbers = {"".join(words(match[0])) for match in LIAISON_NUMBER.finditer(reading.text)}
    if numbers:
        fitting = [one for one in chosen if any("".join(words(one.liaison.number)).endswith(n) for n in numbers)]
        chosen = fitting
        chips += [match[0] for match in LIAISON_NUMBER.finditer(reading.text)]
    else:
        chosen = _by_groups(request, reading, listing, chosen, chips)
        chosen = _by_direction(request, reading, chosen, chips)
        chosen = _by_span(reading, chosen, chips)
        chosen = _by_words(request, reading, asked, chosen, chips)
    if reading.has("latest") and chosen:
        chosen = chosen[:1]
    if reading.has("first") and chosen and not numbers:
        chosen = chosen[-1:]
    return statements_answer(chosen, chips, counted=reading.has("count"))


def statements_answer(
    chosen: Sequence[Statement], chips: Sequence[str] = (), *, counted: bool = False, page: int = 1
) -> Answer:
    """One statement in full, several in short."""
    single = len(chosen) == 1 and not counted
    shown = list(chosen[(page - 1) * PAGE : page * PAGE])
    left = len(chosen) - page * PAGE
    following = (Button(f"Next {min(PAGE, left)} of {left} more", f"liaison list page={page + 1}"),) if left > 0 else ()
    return Answer(
        intent=Intent.COUNT if counted else Intent.LIAISONS,
        template="liaisons/statement" if single else "liaisons/list",
        data={
            "statements": shown,
            "statement": chosen[0] if chosen else None,
            "counted": counted,
            "total": len(chosen),
        },
        entries=tuple(_entry(one) for one in chosen),
        count=len(chosen),
        understood={
            "liaisons": [one.liaison.number for one in chosen],
            **({"chosen by": list(chips)} if chips else {}),
        },
        chips=("liaison statements", *chips),
        buttons=(
            *following,
            *(
                Button(one.liaison.number, f"liaison show {one.liaison.number}")
                for one in (shown[:3] if not single else [])
            ),
        ),
    )


def _by_groups(
    request: Request, reading: Reading, listing: Listing, chosen: list[Statement], chips: list[str]
) -> list[Statement]:
    for spot in reading.spots:
        codes = {request.catalogue.groups[one].code for one in spot.groups}
        codes |= {name.value for name in spot.names if name.kind == "body"}
        written = reading.tokens[spot.start].lower
        if not codes or any(name.kind == "topic" for name in spot.names):
            continue
        if request.host in codes:
            chosen = [one for one in chosen if one.liaison.source == request.host] or chosen
            continue
        before = [token.lower for token in reading.tokens[max(0, spot.start - 3) : spot.start]]
        to_them = any(word in _language(request).lists["to"] for word in before) and "from" not in before
        sent = [one for one in chosen if _names(one.liaison.source, codes, request)]
        got = [one for one in chosen if any(_names(name, codes, request) for name in one.addressees)]
        chosen = got if to_them or not (sent or "from" in before) else sent
        chips.append(f"{'to' if chosen is got else 'from'} {', '.join(sorted(codes)) or written}")
    return chosen


def _names(written: str, codes: set[str], request: Request) -> bool:
    """Whether a sender or addressee, as written in a statement, is one of these groups or bodies."""
    flat = written.lower()
    bodies = {
        request.catalogue.bodies[group.body_id].code
        for group in request.catalogue.groups.values()
        if group.code.lower() == flat
    }
    return any(code.lower() == flat or flat.startswith(code.lower() + " ") for code in codes) or bool(
        bodies & codes and not any(request.catalogue.group_of_code(code) for code in codes)
    )


def _by_direction(request: Request, reading: Reading, chosen: list[Statement], chips: list[str]) -> list[Statement]:
    lower = [token.lower for token in reading.tokens]
    direction = None
    if reading.has("outgoing") or (
        "we" in lower and any(word in lower for word in ("send", "sent", "issued", "issue", "write"))
    ):
        direction = Direction.OUTGOING
    elif any(word in lower for word in ("incoming", "received", "inbound", "receive", "arrived")) or (
        "we" in lower and any(word in lower for word in ("get", "got"))
    ):
        direction = Direction.INCOMING
    if direction:
        chips.append(direction.value)
        chosen = [one for one in chosen if one.liaison.direction is direction]
    if _language(request).lists["open"].intersection(lower):
        chips.append("open")
        chosen = [one for one in chosen if one.liaison.status is LiaisonStatus.OPEN]
    return chosen


def _by_span(reading: Reading, chosen: list[Statement], chips: list[str]) -> list[Statement]:
    span = reading.span
    if not span:
        return chosen
    chips.append(span.since if span.since == span.until else f"{span.since or '…'} to {span.until or '…'}")
    return [
        one
        for one in chosen
        if one.liaison.date >= span.since and (not span.until or one.liaison.date[: len(span.until)] <= span.until)
    ]


def _by_words(
    request: Request, reading: Reading, asked: Sequence[Asked], chosen: list[Statement], chips: list[str]
) -> list[Statement]:
    language = _language(request)
    for one in asked:
        written = "".join(words(one.items[0].reference if one.items else one.written))
        chosen = [each for each in chosen if written in "".join(words(f"{each.liaison.title} {each.liaison.summary}"))]
        chips.append(one.written)
    asked_words = {
        "count",
        "latest",
        "first",
        "liaison",
        "who",
        "when",
        "title",
        "incoming",
        "outgoing",
        "news",
        "scope",
    }
    covered = {i for name in asked_words for spot in reading.asks.get(name, []) for i in range(spot.start, spot.end)}
    for index, token in enumerate(reading.tokens):
        if index in covered or (reading.taken[index] and not _is_subject(reading, index)):
            continue
        if (
            token.lower in language.fillers
            or token.lower in language.lists["of liaisons"]
            or token.lower in language.soft
        ):
            continue
        fitting = [one for one in chosen if token.stem in stems(f"{one.liaison.title} {one.liaison.summary}")]
        if fitting and len(fitting) < len(chosen):
            chosen = fitting
            chips.append(token.written)
    return chosen


def _language(request: Request) -> English:
    return lexicon_of(request.catalogue).english


def _is_subject(reading: Reading, index: int) -> bool:
    return any(
        spot.start <= index < spot.end and not spot.groups and any(name.kind == "topic" for name in spot.names)
        for spot in reading.spots
    )


def _entry(one: Statement) -> Entry:
    liaison = one.liaison
    return Entry(
        "liaison",
        liaison.number,
        liaison.title,
        group=liaison.source,
        status=liaison.status.value,
        date=liaison.date,
        url=liaison.url,
    )
