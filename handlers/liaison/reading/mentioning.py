"""What a statement says of standards and work items: approved, consented, new, renamed, published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.liaison.reading.days import periods
from handlers.liaison.reading.formers import formers_in
from handlers.liaison.reading.page import one_line
from handlers.liaison.reading.referring import references_in
from handlers.liaison.reading.sentences import sentences
from handlers.liaison.reading.spelling import spelled_out
from handlers.liaison.reading.statement import Mention, Said
from storage.references import parse_reference

_SAYING: tuple[tuple[re.Pattern[str], Said], ...] = (
    (re.compile(r"\b(?:approved|approval of|approval(?=\s*:)|in force|adopted)\b", re.IGNORECASE), Said.APPROVED),
    (
        re.compile(r"\b(?:consented|consent of|consent(?=\s*:)|agreed for consent|AAP consent)\b", re.IGNORECASE),
        Said.CONSENTED,
    ),
    (re.compile(r"\b(?:determined|determination of|determination(?=\s*:))\b", re.IGNORECASE), Said.DETERMINED),
    (re.compile(r"\b(?:published|publication of|publishes|has issued|were issued)\b", re.IGNORECASE), Said.PUBLISHED),
    (
        re.compile(
            r"\bnew (?:draft )?(?:work items?|study items?|WIs?|projects?|NWIs?|NWIPs?)\b|\b(?:started"
            r"|initiated|created|launched|established) (?:a |the |\w+ )?"
            r"(?:new |following )*(?:work|study|project)\b"
            r"|\bwork on [^;]{1,90}? (?:has |was )?(?:been )?(?:started|begun|initiated|launched)\b"
            r"|\bwork items? (?:was|were|has been"
            r"|have been) (?:created|started|established|initiated)\b",
            re.IGNORECASE,
        ),
        Said.NEW_WORK_ITEM,
    ),
)
_NOT_YET = re.compile(
    r"\b(?:not|never|planned?|plans|will|would|expected|expects|intends?|intended|to be|scheduled|targets?"
    r"|targeted|should|(?-i:may)|before|until|once|if|"
    r"foreseen|candidate|proposed?|proposes|towards?|for)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_BASED_ON = re.compile(
    r"\b(?:which|whose|building|builds?|based|basis|according|defined|specified|described|line with|complement\w*"
    r"|extends?|extending|see|us(?:es|ing|ed)|refer\w*|relat\w+|compar\w+|align\w*|taking|considering|addition to"
    r"|on top)\b",
    re.IGNORECASE,
)
"""Words after which a sentence speaks of what its subject rests upon."""
_AGREED = re.compile(
    r"\b(?:was|were|been|is|has|have|SG\d+)\s+agreed\b(?!\s+(?:to|that|on))|\bagreement of\b"
    r"|^\W*(?:\d+\W+)?agreed\b|\b(?:items|documents|texts|supplements|reports) agreed\b",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_INFORMATIVE = re.compile(r"[A-Z] Suppl\. \d|TR\.|[A-Z]STR")
"""Supplements and technical reports, which study groups agree rather than approve."""
_HEADING = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z]\.|[•▪◦·*-]|\#+)\s+")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_NEAR = 60
_QUOTE = 300
_TITLE = 1000
_READ = 100_000
"""Characters of a body that are looked through."""
_MOST = 400


@dataclass(frozen=True, slots=True)
class _Part:
    """One sentence, with the heading that it stands under."""

    text: str
    heading: str
    where: str
    written: str
    """As it stands in the statement; `text` has its references in full."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A word that says something, at [start, end): of what stands before it (`was approved`), else of what follows."""

    start: int
    end: int
    said: Said
    of_before: bool


def mentions_in(title: str, body: str, abstract: str = "") -> tuple[Mention, ...]:
    """What the body, the title and the abstract mention, each reference once, with the most that is said of it."""
    title, body, abstract = title[:_TITLE], body[:_READ], abstract[:_TITLE]
    formers = formers_in(spelled_out(f"{title}\n{abstract}\n{body}"))
    old = {_core(name) for name in formers.values() if name} - {_core(name) for name in formers}
    best: dict[str, Mention] = {}
    for part in (*_parts(body), _part(title, "", "title"), _part(abstract, "", "abstract")):
        named = [(reference, start) for reference, start in references_in(part.text) if _core(reference) not in old]
        heard = _heard(part.text) if named else []
        for reference, start in named:
            core = _core(reference)
            known = best.get(core)
            if (known is None and len(best) < _MOST) or (known is not None and known.said is Said.MENTIONED):
                places = [place for _name, place in named]
                mention = _mention(part, reference, start, _nearest(heard, start, places), places, formers)
                if known is None or mention.said is not Said.MENTIONED:
                    best[core] = mention
    return tuple(best.values())


def _mention(
    part: _Part, reference: str, start: int, heard: _Heard | None, places: list[int], formers: dict[str, str]
) -> Mention:
    said, date = (heard.said, _day(part.text, heard)) if heard else _said_above(part)
    former = formers.get(reference, "")
    if _is_aside(part.text, start, heard, places):
        said, date = Said.MENTIONED, ""
    if said is Said.MENTIONED and _INFORMATIVE.match(reference) and _AGREED.search(f"{part.text}\n{part.heading}"):
        said, date = Said.APPROVED, _only_day(part.text)
    if former and said is Said.MENTIONED:
        said = Said.RENAMED
    return Mention(reference, said, former, date, one_line(part.written)[:_QUOTE], part.where)


def _heard(text: str) -> list[_Heard]:
    """What a sentence says has happened, in order."""
    found = []
    for pattern, said in _SAYING:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 80) : match.start()]
            if not _NOT_YET.search(before):
                found.append(_Heard(match.start(), match.end(), said, bool(_PASSIVE.search(before))))
    return sorted(found, key=lambda one: one.start)


def _is_aside(text: str, start: int, heard: _Heard | None, places: list[int]) -> bool:
    """Whether a reference is only what another one of the sentence rests upon: `Y.draft-dm, which builds on Y.9800`."""
    previous = max((place for place in places if place < start), default=start)
    between = _QUOTED.sub("", text[previous:start])
    return bool(_BASED_ON.search(between)) and not (heard and heard.of_before and heard.start > start)


def _nearest(heard: list[_Heard], start: int, places: list[int]) -> _Heard | None:
    """What is said of the reference at a place: `was approved` behind it, else `has approved` before it."""
    after = [one for one in heard if one.start > start and one.of_before]
    before = [one for one in heard if one.start < start and not one.of_before]
    if after and not any(start < place < after[0].start for place in places):
        return after[0]
    if before:
        return before[-1]
    return after[0] if after else min(heard, key=lambda one: abs(one.start - start), default=None)


def _said_above(part: _Part) -> tuple[Said, str]:
    """What the heading says of what stands below it, unless the sentence itself says that it is yet to come."""
    if any(pattern.search(part.text) for pattern, _said in _SAYING[:4]):
        return Said.MENTIONED, ""
    heard = _heard(part.heading)
    return (heard[0].said, _only_day(part.text) or _only_day(part.heading)) if heard else (Said.MENTIONED, "")


def _day(text: str, heard: _Heard) -> str:
    """The day that stands right behind a word, or the only one of the sentence."""
    days = [period for period in periods(text) if period.is_day]
    near = next((period for period in days if 0 <= period.start - heard.end <= _NEAR), None)
    if near:
        return near.first.isoformat()
    others = _heard(text)
    is_of_all = len(others) == 1 or (len(days) == 1 and days[0].end <= others[0].start)
    return _only_day(text) if is_of_all else ""


def _only_day(text: str) -> str:
    found = periods(text)
    return found[0].first.isoformat() if len(found) == 1 and found[0].is_day else ""


def _parts(body: str) -> Iterator[_Part]:
    heading = ""
    for number, sentence in enumerate(sentences(body), 1):
        where = f"body, sentence {number}"
        if _is_heading(sentence):
            heading = sentence
        yield _part(sentence, "" if _is_heading(sentence) else heading, where)


def _part(written: str, heading: str, where: str) -> _Part:
    return _Part(spelled_out(written), heading, where, written)


def _is_heading(sentence: str) -> bool:
    """A short line without a verb's full stop: `2. Items consented at this meeting`, `New work items:`."""
    short = len(sentence) <= 160
    names = next(references_in(sentence), None)
    return short and names is None and (bool(_HEADING.match(sentence)) or not sentence.endswith("."))


def _core(reference: str) -> str:
    parsed = parse_reference(reference)
    return f"{parsed.core}{parsed.part}"
