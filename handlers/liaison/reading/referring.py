"""The standards and work items that a sentence refers to, written as the roadmap writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.liaison.reading.page import one_line
from storage.references import scan

_DRAFT_NAME = re.compile(r"(?:[A-Z]{1,5}\.)(?!(?:com|org|int|net|edu|gov|g|e|S|A)\b)(?=\w)[\w.-]*[A-Za-z][\w.-]*")
_TECHNICAL_REPORT = re.compile(r"[XYGQHLF]STR-[A-Z0-9-]+|FG-?\w+\s+D\d(?:\.\d)+|JTC3/\d+/\w+")
_ISOLATED = re.compile(
    r"\b(?:ANNEX|APPENDIX|CLAUSE|SECTION|TABLE|FIGURE|FIG|TD|DOC|DOCUMENT|AGENDA ITEM|STEP|CHAPTER|PART)\.?\s*$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"^(?:(?:the|draft|new|revised|rec(?:ommendation)?s?\.?|ITU-?T(?![A-Z])|ITU(?!-)|ETSI|IETF|IRTF|3GPP|GSMA"
    r"|NIST(?=\s+(?:SP|FIPS|IR))|CCSA)\s+)+",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"[\s,(]*\b(?:version\s?|v\.?\s?)\d+(?:\.\d+)+\)?$|\s*\((?:\d{1,2}/)?(?:19|20)\d\d(?:-\d\d)?\)?$", re.IGNORECASE
)
_ITU = re.compile(r"[A-Z]\.?\d{1,4}(?:\.\d{1,3})*\b")
_SHORT_ETSI = re.compile(r"[A-Z]{3}[\s-]?0\d\d")
_MONTHS = frozenset(
    [
        "JAN",
        "FEB",
        "MAR",
        "APR",
        "MAY",
        "JUN",
        "JUL",
        "AUG",
        "SEP",
        "OCT",
        "NOV",
        "DEC",
        "DOC",
        "REV",
        "TEL",
        "FAX",
        "SUB",
        "THE",
        "AND",
    ]
)


def references_in(text: str) -> Iterator[tuple[str, int]]:
    """The references of a sentence as the roadmap writes them, with their places."""
    for found in scan(text):
        reference = tidy_reference(found.text)
        begin = found.start + max(found.text.find(reference), 0)
        before, after = text[: found.start], text[found.end : found.end + 2]
        if _ISOLATED.search(before[-12:]) or before.endswith("@") or after.startswith("@"):
            continue
        if _is_reference(reference, after, sure=found.sure):
            yield reference, begin


def _is_reference(reference: str, after: str, *, sure: bool) -> bool:
    if not sure:
        return bool(_TECHNICAL_REPORT.fullmatch(reference)) or _is_draft_name(reference)
    if re.fullmatch(r"P\d{3,4}(?:\.\d+)*", reference):
        return True
    if _ITU.match(reference) and re.fullmatch(r"[A-Z][\s.-]?\d{1,4}(?:\.\d{1,3})*.*", reference):
        return "." in reference and not after.startswith("/") and reference[1] == "."
    if _SHORT_ETSI.fullmatch(reference):
        return reference[:3] not in _MONTHS and reference[:3].isupper()
    return reference[0].isupper() or reference.startswith("draft-")


def _is_draft_name(reference: str) -> bool:
    """`Y.QKDN-rsrq`, `X.sec_QKDN`, `TR.QN-UC`; no address of a web page and no initials."""
    if not _DRAFT_NAME.fullmatch(reference):
        return False
    name = reference.partition(".")[2]
    is_word = bool(re.fullmatch(r"[A-Z][a-z]+", name)) and not name.startswith("Sup")
    return len(name) > 2 and not is_word and "www" not in reference.lower()


def tidy_reference(written: str) -> str:
    """A reference without the body that it belongs to and without its version: Y.9815, GS ABC 016."""
    text = one_line(written).strip(" ,.;:()")
    text = re.sub(r"^IEEE\s+(?=P\s?\d)", "", _BODY.sub("", text))
    text = re.sub(r"^(?:RFC)[\s-]?(?=\d)", "RFC ", text, flags=re.IGNORECASE)
    text = re.sub(r"^([A-Z])\s*[-.]\s*(?=\d{1,4}(?:\D|$))", r"\1.", text)
    text = re.sub(r"(?<=\d)\s+Supp(?:l(?:ement)?)?\.?\s*\d+$", "", text) if re.match(r"[A-Z]\.?\s?Sup", text) else text
    while text != (shorter := _VERSION.sub("", text)):
        text = shorter
    return text.strip(" ,.;:")
