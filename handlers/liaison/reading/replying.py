"""Whether a statement replies to another, and to which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.liaison.reading.header import Header
from handlers.liaison.reading.labels import Label
from handlers.liaison.reading.names import NOBODY, names_in, tidy_name
from handlers.liaison.reading.numbers import number_in
from handlers.liaison.reading.page import one_line
from handlers.liaison.reading.statement import Addressed, Found, Original, Sureness
from storage.words import Purpose

_REPLY_TITLE = re.compile(
    r"\bLS\s?/\s?(?:[io]\s?/\s?)?r\b|\b(?:reply|response|answer)[\s-]+(?:LS|liaison)\b|\b(?:LS"
    r"|liaison(?: statement)?)[\s-]+(?:reply|response|answer)\b"
    r"|\b(?:reply|repl(?:ies|ying)|respon(?:se|ds|ding)|answer(?:ing)?) to\b|^(?:LS\s+)?(?:reply|response)\b",
    re.IGNORECASE,
)
_TO_WHAT = re.compile(
    r"\b(?:repl(?:y|ies|ying)|respon(?:se|ds|ding)|answer(?:ing)?)(?: LS| liaison)?\s+to\b\s*:?\s*(?P<what>.+)$",
    re.I | re.S,
)
_SAID_IN_BODY = re.compile(
    r"\b(?:in|a|as a|as) (?:reply|response|answer) to (?:your|the|their)?\s*(?P<what>[^.]{0,40}?\b(?:LS"
    r"|liaison)\b[^.]{0,200})",
    re.I,
)
_FROM = re.compile(r"\b(?:from|sent by|of|by)\s+(?P<source>.+)$", re.IGNORECASE | re.DOTALL)
_SOURCE_END = re.compile(
    r"\s+(?:of\s+\d{1,2}|on|about|regarding|concerning|dated|entitled|titled|for|with|to|in|at|of \d)\b"
    r"|[,(;“\"\[]|\s[-–]\s"
)
_LEADING = re.compile(r"^(?:(?:your|the|a|an|incoming|liaison statement|liaison|LS(?:/[ior])*)\s+)+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?\b.*$", re.DOTALL)
_OF_LS = re.compile(r"\s+(?:LS|liaison)\b.*$", re.IGNORECASE | re.DOTALL)
_NUMBER_GROUP = re.compile(r"^(?P<group>.+?)-[io]?LS\d", re.IGNORECASE)
_COMMITTEE_GROUP = re.compile(r"^(?P<group>.*\bJTC.*?\d)[\s/-]+N\s?\d+$", re.IGNORECASE)
_PROJECT_GROUP = re.compile(r"^([SRC])([1-6])-")
_GROUPISH = re.compile(
    r"\d|\b(?:ITU|ETSI|ISO|IEC|IETF|IRTF|3GPP|IEEE|JCA|FG|SG|SC|WG|TSAG|ISG|SA|RAN|CT|GSMA|CEN|NIST|[A-Z]{3,})\b"
)
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:19|20)\d\d", re.IGNORECASE)
_PLENARIES = {"S": "SA", "R": "RAN", "C": "CT"}
_FIRST_LINES = 4


def replying_in(header: Header, title: str) -> tuple[bool, Found[Original]]:
    """Whether it is a reply, and the original as far as it is named."""
    field = header.first(Label.RESPONSE_TO, Label.REFERENCED)
    if field and field.text and not NOBODY.fullmatch(field.text):
        return True, Found(_filled(original_of(field.text), title), field.where)
    says_title = bool(_REPLY_TITLE.search(title))
    purpose = header.text(Label.PURPOSE)
    if says_title and (what := _TO_WHAT.search(title)):
        return True, Found(original_of(_inside(what["what"])), "title", Sureness.LIKELY)
    for line in header.body[:_FIRST_LINES]:
        if said := _SAID_IN_BODY.search(line):
            return True, Found(original_of(said["what"]), "body", Sureness.GUESS)
    is_reply = says_title or bool(re.search(r"\bin response\b", purpose, re.IGNORECASE))
    return is_reply, Found(Original())


def _filled(original: Original, title: str) -> Original:
    """What the field does not say of the original, the title may."""
    what = _TO_WHAT.search(title)
    said = original_of(_inside(what["what"])) if what else Original()
    return Original(original.number or said.number, original.source or said.source, original.text)


def sent_by(found: Found[Original], addressees: Sequence[Addressed]) -> Found[Original]:
    """The original with its sender: whom the reply is for, if nothing else tells and it is for one alone."""
    asked = {one.name for one in addressees if one.purpose is not Purpose.INFORMATION}
    names = asked or {one.name for one in addressees}
    if found.value.source or len(names) != 1:
        return found
    original = replace(found.value, source=names.pop())
    return Found(original, found.where or "whom the reply is for", Sureness.GUESS)


def _inside(what: str) -> str:
    """Up to the parenthesis that was open before."""
    depth = 0
    for index, character in enumerate(what):
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            return what[:index]
    return what


def original_of(text: str) -> Original:
    """Number and source of a statement as another one names it."""
    written = one_line(text)[:300]
    number = number_in(written)
    source = _source_of(written)
    if not source and (group := _NUMBER_GROUP.match(number)):
        source = tidy_name(group["group"])
    if not source and (group := _COMMITTEE_GROUP.match(number)):
        source = tidy_name(group["group"])
    if not source and (group := _PROJECT_GROUP.match(number)):
        source = f"{_PLENARIES[group[1]]}{group[2]}"
    return Original(number, source, written)


def _source_of(written: str) -> str:
    rest = _LEADING.sub("", written)
    for candidate in (found["source"] for found in (_FROM.search(written),) if found):
        if name := _named(candidate):
            return name
    return _named(_OF_LS.sub("", _POSSESSIVE.sub("", rest))) if not number_in(rest[:25].partition(" (")[0]) else ""


def _named(text: str) -> str:
    end = _SOURCE_END.search(text)
    first = next(iter(names_in(text[: end.start()] if end else text)), "")
    if _MONTH.match(first):
        return ""
    return tidy_name(first) if first and len(first) <= 60 and _GROUPISH.search(first) and not number_in(first) else ""
