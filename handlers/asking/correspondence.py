"""Whether a question is about liaison statements, and what its words ask of them. No database is asked here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.asking.corresponding import Aspect, Corresponding
from handlers.asking.lexicon import Lexicon
from handlers.asking.query import Asked
from handlers.asking.reading import Reading, Spot, inside
from handlers.asking.sides import Party, Side, parties_in
from handlers.asking.tokens import LIAISON_NUMBER
from handlers.asking.weeks import find_near
from handlers.asking.wordings import masked, wordings
from storage.references import scan

_FORMS = (
    *("count", "latest", "first", "liaison", "who", "when", "title", "incoming", "outgoing", "news", "scope", "more"),
    *("greeting", "help", "meeting", "next", "previous"),
)
"""Ways of asking whose words are no subject of a statement."""

_ABOUT = (
    "about",
    "on",
    "regarding",
    "concerning",
    "concern",
    "concerns",
    "mention",
    "mentions",
    "mentioning",
    "mentioned",
    "re",
)


def corresponds(lexicon: Lexicon, reading: Reading) -> bool:
    """Whether a question is about liaison statements though it does not name them: "what is overdue?"."""
    text = masked(lexicon, reading)
    words = wordings()
    if not words.about.search(text) or words.otherwise.search(text):
        return False
    nouns = {reading.tokens[noun.start].lower for noun in reading.nouns} - lexicon.english.lists["vague"]
    return not (nouns or reading.types or reading.mentions or reading.series or reading.has("represents", "officer"))


def corresponding_of(
    lexicon: Lexicon, reading: Reading, asked: Sequence[Asked], host: str, today: date
) -> Corresponding:
    """What a question asks of liaison statements. Persons are found elsewhere."""
    text = masked(lexicon, reading, host)
    numbers = list(LIAISON_NUMBER.finditer(reading.text))
    hidden = {index for match in numbers for index in inside(reading, match.start(), match.end())}
    parties = parties_in(lexicon, reading, text, hidden)
    aspect = _aspect(text)
    counted = reading.has("count")
    if numbers and aspect != "replies":
        groups = tuple(dict.fromkeys(one.code for one in parties))
        return Corresponding(numbers=tuple(dict.fromkeys(match[0] for match in numbers)), aspect=aspect, groups=groups)
    facets = _facets(lexicon, reading, text, parties, host, today)
    spans = {
        index for match in wordings().every() for one in match.finditer(text) for index in inside(reading, *one.span())
    }
    taken = hidden | spans | {index for one in parties for index in range(one.start, one.end)}
    about, hints = _subjects(lexicon, reading, asked, taken, today)
    items = tuple((item.id, one.written) for one in asked for item in one.items[:1])
    about += tuple(one.written for one in asked if not one.items)
    return facets.model_copy(
        update={
            "aspect": aspect,
            "about": about,
            "items": items,
            "hints": hints,
            "answering": numbers[0][0] if numbers else "",
            "counted": counted,
            "only": next((name for name in ("latest", "first") if _is_asked(reading, name, today)), ""),
        }
    )


def _is_asked(reading: Reading, name: str, today: date) -> bool:
    """Whether a word asks for this, and is no part of a date: "the last one", not "last week"."""
    dated = _dated(reading, today)
    return any(not dated.intersection(range(spot.start, spot.end)) for spot in reading.asks.get(name, []))


def _aspect(text: str) -> Aspect:
    return next((aspect for aspect, pattern in wordings().aspects.items() if pattern.search(text)), "")


def _facets(
    lexicon: Lexicon, reading: Reading, text: str, parties: Sequence[Party], host: str, today: date
) -> Corresponding:
    words = wordings()
    states = {name for name, pattern in words.states.items() if pattern.search(text)}
    statuses = tuple(status for status, pattern in words.statuses.items() if pattern.search(text))
    hosts = {one.side for one in parties if one.code == host}
    others = [one for one in parties if one.code != host]
    direction = next((name for name, pattern in words.directions.items() if pattern.search(text)), "")
    if not direction and "source" in hosts:
        direction = "outgoing"
    elif not direction and "to" in hosts:
        direction = "incoming"
    waits = "open" in states and "overdue" not in states
    if waits or {"overdue", "unowned"} & states:
        statuses = ()
    span = reading.span or find_near(reading.text, today)
    since, until = (span.since, span.until) if span else ("", "")
    is_due = "due" in states and "undated" not in states
    return Corresponding(
        direction=direction,
        status=statuses,
        open=waits or is_due,
        overdue="overdue" in states,
        unowned="unowned" in states,
        undated="undated" in states,
        proposing="proposing" in states,
        arrived="arrived" in states and direction != "outgoing",
        source=_on(others, "source"),
        to=_on(others, "to"),
        beside=_on(others, "beside"),
        purpose=tuple(purpose for purpose, pattern in words.purposes.items() if pattern.search(text)),
        since="" if is_due else since,
        until="" if is_due else until,
        due_since=since if is_due else "",
        due_until=until if is_due else "",
        order="due" if "overdue" in states or is_due else "newest",
    )


def _on(parties: Sequence[Party], side: Side) -> tuple[str, ...]:
    marked = (("!" if one.negated else "") + one.code for one in parties if one.side == side)
    return tuple(dict.fromkeys(marked))


def _subjects(
    lexicon: Lexicon, reading: Reading, asked: Sequence[Asked], taken: set[int], today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the statements must be about, and words that are only looked for where something has them."""
    language = lexicon.english
    hidden = taken | _dated(reading, today) | _referred(reading)
    hidden |= {i for name in _FORMS for spot in reading.asks.get(name, []) for i in range(spot.start, spot.end)}
    named = {index: spot for spot in reading.spots if _is_subject(spot) for index in range(spot.start, spot.end)}
    about: dict[str, None] = {}
    hints: dict[str, None] = {}
    opened = False
    for index, token in enumerate(reading.tokens):
        opened = opened or token.lower in _ABOUT
        if spot := named.get(index):
            if index == spot.start and not hidden.intersection(range(spot.start, spot.end)):
                about[" ".join(one.lower for one in reading.tokens[spot.start : spot.end])] = None
            continue
        is_plain = token.lower in language.fillers or token.lower in language.lists["of liaisons"]
        if index in hidden or is_plain or (reading.taken[index] and not _may_be_said(reading, index)):
            continue
        if token.lower in language.soft and not opened:
            continue
        (about if opened else hints)[token.lower] = None
    return tuple(about), tuple(hints)


def _is_subject(spot: Spot) -> bool:
    return bool(spot.word) or (not spot.groups and any(name.kind == "topic" for name in spot.names))


def _may_be_said(reading: Reading, index: int) -> bool:
    """Whether a word that means something of the roadmap may as well be one of a statement: "drafts", "reports"."""
    facets = [*reading.nouns, *(spot for _, spot in reading.types), *(spot for _, spot in reading.statuses)]
    return not any(spot.start <= index < spot.end for spot in facets) and any(
        spot.start <= index < spot.end for pair in reading.terms for spot in pair[:1]
    )


def _dated(reading: Reading, today: date) -> set[int]:
    spans = [span for span in (reading.span, find_near(reading.text, today)) if span]
    return {index for span in spans for index in inside(reading, span.start, span.end)}


def _referred(reading: Reading) -> set[int]:
    return {index for one in (*reading.mentions, *scan(reading.text)) for index in inside(reading, one.start, one.end)}
