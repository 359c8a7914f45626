"""Answers about meetings: when, where, what came of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.asking.answer import Answer, Entry
from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.listing import Listing
from handlers.asking.meeting_names import ORDINALS, in_span, numbers_in
from handlers.asking.query import Intent
from handlers.asking.reading import Reading, Spot
from handlers.command import Button, Request, Role
from handlers.meeting import news
from storage import meetings
from storage.search import stems, words
from storage.tables import Meeting
from storage.words import MeetingMode, MeetingStatus

_DOCUMENT = re.compile(r"\b(?:TSAG[\s-]?)?(TD\s?\d+)\b|\b(Doc\.?\s?\d+)\b", re.IGNORECASE)
_MODES = {
    "virtual": MeetingMode.REMOTE,
    "remote": MeetingMode.REMOTE,
    "remotely": MeetingMode.REMOTE,
    "online": MeetingMode.REMOTE,
    "virtually": MeetingMode.REMOTE,
    "physical": MeetingMode.PHYSICAL,
    "physically": MeetingMode.PHYSICAL,
    "person": MeetingMode.PHYSICAL,
    "hybrid": MeetingMode.HYBRID,
    "electronic": MeetingMode.REMOTE,
    "zoom": MeetingMode.REMOTE,
    "face": MeetingMode.PHYSICAL,
}
_STATUSES = {
    "held": (MeetingStatus.HELD,),
    "happened": (MeetingStatus.HELD,),
    "past": (MeetingStatus.HELD,),
    "previous": (MeetingStatus.HELD,),
    "so": (MeetingStatus.HELD,),
    "already": (MeetingStatus.HELD,),
    "tentative": (MeetingStatus.TENTATIVE,),
    "planned": meetings.PLANNED,
    "upcoming": meetings.PLANNED,
    "future": meetings.PLANNED,
    "scheduled": meetings.PLANNED,
    "coming": meetings.PLANNED,
    "next": meetings.PLANNED,
    "forthcoming": meetings.PLANNED,
    "cancelled": (MeetingStatus.CANCELLED,),
    "confirmed": (MeetingStatus.CONFIRMED,),
    "took": (MeetingStatus.HELD,),
    "yet": (),
}


async def answer_meetings(request: Request, reading: Reading, listing: Listing) -> Answer:
    """The meetings that a question is about."""
    lexicon = lexicon_of(request.catalogue)
    every = await meetings.all_meetings(request.session)
    chosen = list(every)
    chips: list[str] = []
    for narrow in (_by_number, _by_document, _by_span, _by_mode, _by_status):
        chosen = narrow(request, reading, chosen, chips)
    strange, chosen = _by_words(reading, lexicon, request, every, chosen, chips)
    foreign = [word for word in strange if word.lower() in lexicon.english.spelt]
    if foreign or (strange and not chips):
        return _not_understood(foreign or strange)
    chosen = _by_position(request, reading, chosen, chips)
    return meetings_answer(request, chosen, chips, counted=reading.has("count"))


def meetings_answer(
    request: Request, chosen: Sequence[Meeting], chips: Sequence[str] = (), *, counted: bool = False
) -> Answer:
    """One meeting in full, several in a line each."""
    single = len(chosen) == 1 and not counted
    some = () if single else [Button(f"Meeting {one.number}", f"meeting show {one.number}") for one in chosen[:4]]
    ways_in = _ways_in(request, chosen[0]) if single else ()
    return Answer(
        intent=Intent.COUNT if counted else Intent.WHEN,
        template="meetings/meeting" if single else "meetings/list",
        data={
            "meetings": list(chosen),
            "meeting": chosen[0] if chosen else None,
            "counted": counted,
            "today": request.now.date(),
        },
        entries=tuple(_entry(one) for one in chosen),
        count=len(chosen),
        understood={"meetings": [one.number for one in chosen], **({"chosen by": list(chips)} if chips else {})},
        chips=("meetings", *chips) if not single else (f"meeting {chosen[0].number}", *chips),
        buttons=tuple(some) or (*ways_in, Button("All meetings", "meeting list")),
    )


def _ways_in(request: Request, meeting: Meeting) -> list[Button]:
    """How to join it, for those who may know."""
    knows = bool(meeting.link) and news.is_ahead(meeting) and request.role >= Role.MEMBER
    return [Button("How to join", f"meeting link {meeting.number}")] if knows else []


def _by_number(_request: Request, reading: Reading, chosen: list[Meeting], chips: list[str]) -> list[Meeting]:
    numbers = numbers_in(reading)
    if not numbers:
        return chosen
    chips.append("number " + ", ".join(str(number) for number in sorted(numbers)))
    return [one for one in chosen if one.number in numbers]


def _by_document(_request: Request, reading: Reading, chosen: list[Meeting], chips: list[str]) -> list[Meeting]:
    found = _DOCUMENT.search(reading.text)
    if not found:
        return chosen
    wanted = "".join(words(found[0])).removeprefix("tsag")
    chips.append(found[0])
    return [
        one
        for one in chosen
        if any("".join(words(text)).removeprefix("tsag") == wanted for text in (one.report, one.executive_summary))
    ]


def _by_span(_request: Request, reading: Reading, chosen: list[Meeting], chips: list[str]) -> list[Meeting]:
    span = reading.span
    if not span:
        return chosen
    chips.append(f"{span.since or '…'} to {span.until or '…'}" if span.since != span.until else span.since)
    return [one for one in chosen if in_span(one, span)]


def _by_mode(_request: Request, reading: Reading, chosen: list[Meeting], chips: list[str]) -> list[Meeting]:
    for token in reading.tokens:
        if token.lower in _MODES and reading.tokens[0].lower not in ("was", "is", "were", "will", "did"):
            mode = _MODES[token.lower]
            fitting = [one for one in chosen if one.mode is mode]
            if fitting:
                chips.append(mode.value)
                return fitting
    return chosen


def _by_status(_request: Request, reading: Reading, chosen: list[Meeting], chips: list[str]) -> list[Meeting]:
    if chips:
        return chosen
    for token in reading.tokens:
        statuses = _STATUSES.get(token.lower, ())
        if token.lower == "so" and "far" not in (other.lower for other in reading.tokens):
            continue
        if statuses:
            chips.append(token.lower if token.lower != "so" else "held")
            return [one for one in chosen if one.status in statuses]
    return chosen


def _by_words(
    reading: Reading,
    lexicon: Lexicon,
    request: Request,
    every: Sequence[Meeting],
    chosen: list[Meeting],
    chips: list[str],
) -> tuple[list[str], list[Meeting]]:
    """Words that no meeting has, and the meetings that have the others."""
    texts = {one.number: set(stems(_text_of(one))) for one in every}
    known = set().union(*texts.values()) if texts else set()
    wanted = _content(reading, lexicon, request)
    strange = [
        reading.tokens[spot.start].written
        for spot in wanted
        if not any(reading.tokens[index].stem in known for index in range(spot.start, spot.end))
    ]
    for spot in wanted:
        needed = {reading.tokens[index].stem for index in range(spot.start, spot.end)} & known
        fitting = [one for one in chosen if needed <= texts[one.number]]
        if needed and fitting and len(fitting) < len(chosen):
            chips.append(" ".join(reading.tokens[index].written for index in range(spot.start, spot.end)))
            chosen = fitting
    return strange, chosen


def _content(reading: Reading, lexicon: Lexicon, request: Request) -> list[Spot]:
    """What the question names beside the meeting itself: groups, subjects, places."""
    host = request.host
    catalogue = request.catalogue
    named = []
    for spot in reading.spots:
        codes = {catalogue.groups[one].code for one in spot.groups}
        is_parent = codes & {"TSAG"}
        if host in codes or is_parent or any(name.kind == "body" for name in spot.names):
            continue
        if host.lower().endswith(" ".join(token.lower for token in reading.tokens[spot.start : spot.end])):
            continue
        named.append(spot)
    covered = {
        index
        for name in ("meeting", "when", "where", "next", "previous", "count", "latest", "first", "title", "questions")
        for spot in reading.asks.get(name, [])
        for index in range(spot.start, spot.end)
        if reading.tokens[index].lower != "workshop"
    }
    taken = {index for spot in reading.spots for index in range(spot.start, spot.end)}
    language = lexicon.english
    for index, token in enumerate(reading.tokens):
        plain = (
            token.lower in language.fillers or token.lower in language.lists["of meetings"] or token.lower in ORDINALS
        )
        is_number = token.lower[0].isdigit()
        if reading.taken[index] or index in taken or index in covered or plain or is_number:
            continue
        named.append(Spot(index, index + 1))
    return named


def _text_of(meeting: Meeting) -> str:
    return " ".join(
        (
            meeting.title,
            meeting.start,
            meeting.place,
            meeting.mode.value,
            meeting.colocated_with,
            meeting.report,
            meeting.executive_summary,
            meeting.note,
            meeting.status.value,
        )
    )


def _by_position(request: Request, reading: Reading, chosen: list[Meeting], chips: list[str]) -> list[Meeting]:
    """“The next meeting” is one, and so is "the last"."""
    if reading.has("count") or len(chosen) < 2:
        return chosen
    lower = [token.lower for token in reading.tokens]
    today = request.now.astimezone(request.zone).date()
    if "next" in lower or (reading.has("when") and any(word in lower for word in ("will", "do"))):
        return meetings.upcoming(chosen, today)[:1] if "meetings" not in lower else meetings.upcoming(chosen, today)
    if any(word in lower for word in ("last", "previous", "latest")) or ("recent" in lower and "most" in lower):
        chips[:] = [*chips, "last held"]
        return meetings.held(chosen)[-1:] if "meetings" not in lower else meetings.held(chosen)
    return chosen


def _not_understood(strange: Sequence[str]) -> Answer:
    return Answer(
        intent=Intent.UNKNOWN,
        template="asking/unknown",
        data={"words": list(strange), "representatives": False},
        buttons=(Button("All meetings", "meeting list"), Button("What can I ask?", "help")),
    )


def _entry(meeting: Meeting) -> Entry:
    return Entry("meeting", str(meeting.number), meeting.title, status=meeting.status.value, date=meeting.start)
