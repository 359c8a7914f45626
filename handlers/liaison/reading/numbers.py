"""The numbers that bodies give to their statements: SG13-LS136, S3-240001, ISGQKD(24)000012, N 21345."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers.liaison.reading.header import Header
from handlers.liaison.reading.labels import Label
from handlers.liaison.reading.names import NOBODY
from handlers.liaison.reading.page import one_line
from handlers.liaison.reading.statement import Found, Sureness

_LIAISON = re.compile(
    r"\b(?:ISG\s+)?[A-Z][A-Za-z0-9]*(?:[-/][A-Z0-9][A-Za-z0-9]*)*\s?[-–]\s?(?:[io])?LS\s?-?\s?\d{1,5}(?:[-/]?(?:Rev|R|E"
    r"|rev)\.?\d*)?\b"
)
_PROJECT = re.compile(r"\b(?:[SRCGNT][1-6]|[SRCGNT]P)[ah]?-\d{5,7}(?:r\d+)?\b")
_INSTITUTE = re.compile(r"\b[A-Z][A-Za-z0-9/_-]*\(\d{2}\)\d{3,6}[a-z]?(?:r\d+)?\b")
_COMMITTEE = re.compile(
    r"\b(?:ISO/IEC\s+)?(?:JTC\s?1(?:[/ ]+SC\s?\d+)?(?:[/ ]+WG\s?\d+)?\s*[/-]?\s*)N\s?\d{2,6}\b|(?<![\w-])N\s?\d{3,6}\b"
)
_PLAIN = re.compile(r"\b(?:oLS|iLS|LS)[\s-]?(?:No\.?\s?)?\d{1,5}\b")
_ALONE = re.compile(r"LS[\s-]?(?:No\.?\s?)?(\d{1,5})")
_FILE = re.compile(r"^(SG\d{1,2}|TSAG|JCA-[A-Z]+)-LS-?(\d{1,5})(?:$|(?=[_ .-]))", re.MULTILINE)
_TEMPORARY = re.compile(r"\b(?:SG\d{1,2}-)?TD[\s-]?\d{1,5}(?:\s?\([A-Z0-9/.]+\)|/[A-Z0-9]+)?(?:\s?Rev\.?\s?\d+)?")
_OF_OTHERS = (_LIAISON, _PROJECT, _INSTITUTE, _COMMITTEE, _PLAIN)
_NUMBERS = (
    *((one, Sureness.CERTAIN) for one in (_LIAISON, _PROJECT, _INSTITUTE)),
    (_COMMITTEE, Sureness.LIKELY),
    (_PLAIN, Sureness.LIKELY),
)


def number_in(text: str) -> str:
    """The first number of a statement that a text names."""
    return next((_tidy(found[0]) for pattern in _OF_OTHERS if (found := pattern.search(text))), "")


def own_number(header: Header, source: str, subject: str) -> Found[str]:
    """The statement's own number: in a field for it, else above the header, else in the subject of its mail; a
    meeting document's as a last guess. A study group's `LS155` is SG17-LS155."""
    found = _own_number(header, subject)
    if not found:
        found = _of_files(header, source)
    alone, group = _ALONE.fullmatch(found.value), re.fullmatch(r"(?:ITU-T )?(SG\d{1,2}|TSAG)", source)
    if alone and group:
        return Found(f"{group[1]}-LS{int(alone[1])}", found.where, Sureness.LIKELY)
    return found


def _own_number(header: Header, subject: str) -> Found[str]:
    field = header.first(Label.NUMBER)
    if field and field.text and not NOBODY.fullmatch(field.text):
        return Found(number_in(field.text) or one_line(field.text), field.where)
    places = [*_places(header), ("mail, subject", subject)]
    for pattern, sure in _NUMBERS:
        for where, text in places:
            if found := pattern.search(text):
                return Found(_tidy(found[0]), where, sure)
    for where, text in places:
        if found := _TEMPORARY.search(text):
            return Found(one_line(found[0]), where, Sureness.GUESS)
    return Found("")


def _of_files(header: Header, source: str) -> Found[str]:
    """The number that the sender's files are named by: `SG13-LS136_att2`."""
    field = header.first(Label.ATTACHMENTS)
    files = _FILE.findall(field.text) if field else []
    numbers = {number for group, number in files if source.endswith(group)}
    if field is None or len(numbers) != 1 or len(files) != len(field.cells):
        return Found("")
    return Found(f"{files[0][0]}-LS{int(numbers.pop())}", field.where, Sureness.GUESS)


def _places(header: Header) -> Iterator[tuple[str, str]]:
    for text in header.preamble:
        yield "above the header", text
    for field in header.fields:
        for cell in field.cells[1:]:
            if any(pattern.fullmatch(cell.strip()) for pattern, _sure in _NUMBERS):
                yield field.where, cell
    for label in (Label.QUESTIONS, Label.MEETING):
        for field in header.every(label):
            yield field.where, field.text


def _tidy(number: str) -> str:
    """`SG13 - LS 136` is SG13-LS136."""
    number = one_line(number).replace("–", "-")
    if _LIAISON.fullmatch(number):
        number = re.sub(r"-[A-Z]$", "", number)
        return re.sub(r"LS-?\s?-?(?=\d)", "LS", re.sub(r"(?<!ISG)\s", "", number))
    return number


_LISTED_QUESTIONS = re.compile(
    r"(?:Questions?|Q)?\.?\s*((?:ALL|\d{1,2})(?:\s*(?:,|;|and|&|\+|to"
    r"|-)\s*(?:Q\.?\s?)?\d{1,2}(?!\d))*)\s*/\s*(\d{1,2})(?![\d/])",
    re.IGNORECASE,
)


def questions_in(texts: Sequence[str]) -> tuple[str, ...]:
    """The Questions that a text lists: `4/15`, `Q6, Q16/13`, `2, 3 and 4/13`, `ALL/13`."""
    found = []
    for text in texts:
        for listed, group in _LISTED_QUESTIONS.findall(text[:500]):
            numbers = re.findall(r"ALL|\d{1,2}", listed.upper())
            span = re.fullmatch(r"(\d{1,2})\s*(?:to|-)\s*(\d{1,2})", listed.strip(), re.IGNORECASE)
            if span and int(span[1]) < int(span[2]):
                numbers = [str(one) for one in range(int(span[1]), int(span[2]) + 1)]
            found += [f"Q{number if number == 'ALL' else int(number)}/{int(group)}" for number in numbers]
    return tuple(dict.fromkeys(found))
