"""References to standards: `G.709 (06/2020)`, `ETSI TS 101 999 V1.1.1`, `rfc791`, in any usual writing.

The ways of writing are those of the bodies themselves: ITU-T Rec. A.5 and the ITU-T work programme, ETSI Directives,
ISO/IEC Directives, RFC 7322, the NIST publication series, Chinese sector standards (YD/T, GB/T, GM/T).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_ETSI_TYPES = "GS|GR|TS|TR|EG|EN|ES|SR|ETS|ETR|TBR|TCRTR"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition is meant, as far as it was said. `version` and `ordinal` without leading `V`."""

    year: str = ""
    month: str = ""
    version: str = ""
    ordinal: str = ""

    def __bool__(self) -> bool:
        return bool(self.year or self.version or self.ordinal)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference taken apart.

    `core` tells one standard from another, whatever its edition: `101999`, `G709`, `74981`. `prefix` is the type or
    series that was written before it (`GS`, `Y`), `part` an amendment, corrigendum or supplement to it (`AMD1`).
    """

    core: str
    prefix: str = ""
    part: str = ""
    edition: Edition = Edition()


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference found in a text, at [start, end). `sure`: nothing but a reference is written like that."""

    start: int
    end: int
    text: str
    reference: Reference
    sure: bool


_NOISE = re.compile(
    r"^(?:(?:DRAFT\s+)?(?:NEW\s+)?(?:REC(?:OMMENDATION)?S?\b\.?|ITU-?T(?=[A-Z]\.\d)|ITU(?:\s*-?\s*T)?\b|ETSI\b|IETF\b|IRTF\b|NIST\b|CCSA\b|"
    r"3GPP\b|GSMA\b)[\s,:/]*)+"
)
_IEEE = re.compile(r"^(?:IEEE\s*)(?:STD\.?\s*)?P?\s?(?=\d)")
_ISO = re.compile(r"^(?:ISO\s*/\s*IEC|ISO|IEC)[\s/]*(?=(?:TR|TS|DIS|FDIS|CD|NP)?[\s/]*\d)")
_ISO_STAGE = re.compile(r"^(TR|TS|DIS|FDIS|CD|NP)[\s/]*(?=\d)")
_PART = re.compile(r"[\s,/(]*\b(?:(D?AMD?|AMENDMENT)|(CORR?|CORRIGENDUM|DCOR))(?![A-Z])\.?\s*(?:NO\.?\s*)?(\d+)\)?")
_DATED = re.compile(r"\(\s*(?:(\d{1,2})\s*/\s*)?((?:19|20)\d\d)(?:-(\d\d))?(?:-\d\d)?\s*\)")
_BARE_MONTH = re.compile(r"(?<=\d)\s+(\d{1,2})/((?:19|20)\d\d)$")
_COLON_YEAR = re.compile(r":\s?((?:19|20)\d\d)(?:-(\d\d))?\b")
_TRAILING_YEAR = re.compile(r"(?<=\d)(?:\s*-\s*|\s+)((?:19|20)\d\d)$")
_VERSION = re.compile(r"[\s,(]*\b(?:VERSION|V)\.?\s?(\d+(?:\.\d+)*)\b\)?")
_ORDINAL = re.compile(r"[\s,(]*(?:\b(?:EDITION|EDN|ED)\.?\s?(\d+)\b|\b(\d+)(?:ST|ND|RD|TH)\s+ED(?:ITION)?\b)\)?")
_REVISION = re.compile(r"[\s,]*\bREV(?:ISION)?\.?\s?(\d+)\b|(?<=\d)R(\d)$")
_WORK_ITEM = re.compile(rf"^[DRM]({_ETSI_TYPES})/([A-Z0-9]+)-0*(\d+)(?:ED(\d+))?(?:_\w+)?$")
_TYPE = re.compile(rf"^({_ETSI_TYPES})[\s\-/]*(?=(?:[A-Z]{{2,5}}[\s\-]?)?\d)")
_FOCUS_GROUP = re.compile(r"^(FG-?\s?\w+)[\s\-]+(?=D\d)")
_SUPPLEMENT = re.compile(r"^(?:([A-Z])[.\s\-]*)?(?:\d+[\s\-]SERIES\s)?(?:SUPPLEMENT|SUPPL|SUPP|SUP)\.?\s*(\d+)$")
_OWN_SUPPLEMENT = re.compile(r"[\s,]+(?:SUPPLEMENT|SUPPL|SUPP|SUP)\.?\s*(\d+)$")
_DRAFT_VERSION = re.compile(r"^(DRAFT-.*?)-(\d\d)$")
_DIGITS = re.compile(r"\d+")
_NOT_ALNUM = re.compile(r"[^A-Z0-9]+")


@lru_cache(maxsize=4096)
def parse_reference(text: str) -> Reference:
    """Take a reference apart. Anything is accepted: what is no reference gets a core that nothing has."""
    rest = text.translate(_DASHES).upper().strip(" .,;?!\"'")
    if work_item := _WORK_ITEM.match(rest):
        kind, committee, number, ordinal = work_item.groups()
        return Reference(f"{committee}{number}", kind, "", Edition(ordinal=ordinal or ""))
    rest = _IEEE.sub("P", rest)
    rest = _NOISE.sub("", rest).replace("NISTIR", "IR").replace("NIST.", "").replace("FIPS PUB", "FIPS")
    rest, part = _take_part(rest)
    rest, edition = _take_edition(rest)
    rest, prefix, core_part = _take_prefix(rest)
    return Reference(_squeeze(rest), prefix, part or core_part, edition)


def core_of(reference: str) -> str:
    """What all editions, amendments and corrigenda of one standard have in common."""
    return parse_reference(reference).core


def _take_part(rest: str) -> tuple[str, str]:
    found = _PART.search(rest)
    if not found or found.start() == 0:
        return rest, ""
    kind = "AMD" if found[1] else "COR"
    return rest[: found.start()] + rest[found.end() :], f"{kind}{int(found[3])}"


def _take_edition(rest: str) -> tuple[str, Edition]:
    year = month = version = ordinal = ""
    if dates := list(_DATED.finditer(rest)):
        # "A.12 (2008) Cor. 1 (06/2015)": the last date is the corrigendum's own.
        own = dates[-1]
        month, year = (own[1] or own[3] or "").zfill(2) if (own[1] or own[3]) else "", own[2]
        rest = _DATED.sub("", rest)
    elif found := _COLON_YEAR.search(rest):
        year, month = found[1], found[2] or ""
        rest = rest[: found.start()] + rest[found.end() :]
    if (found := _VERSION.search(rest)) and found.start() > 0:
        version, rest = found[1], rest[: found.start()] + rest[found.end() :]
    if (found := _ORDINAL.search(rest)) and found.start() > 0:
        ordinal, rest = found[1] or found[2], rest[: found.start()] + rest[found.end() :]
    if (found := _REVISION.search(rest)) and found.start() > 0:
        ordinal, rest = found[1] or found[2], rest[: found.start()] + rest[found.end() :]
    rest = rest.strip(" ,;.")
    if not year and (found := _BARE_MONTH.search(rest)):
        month, year, rest = found[1].zfill(2), found[2], rest[: found.start()]
    if not year and (found := _TRAILING_YEAR.search(rest)):
        year, rest = found[1], rest[: found.start()]
    if found := _DRAFT_VERSION.match(rest):
        rest, version = found[1], found[2]
    return rest.strip(" ,;."), Edition(year, month, version, ordinal)


def _take_prefix(rest: str) -> tuple[str, str, str]:
    """The rest, the type or series before it, and a supplement after it."""
    if found := _SUPPLEMENT.match(rest):
        return f"SUP{found[2]}", found[1] or "", ""
    part = ""
    if found := _OWN_SUPPLEMENT.search(rest):
        part, rest = f"SUP{int(found[1])}", rest[: found.start()]
    if found := _ISO.match(rest):
        rest = rest[found.end() :]
        if stage := _ISO_STAGE.match(rest):
            return rest[stage.end() :], stage[1], part
        return rest, "ISO", part
    if found := _TYPE.match(rest):
        return rest[found.end() :], found[1], part
    if found := _FOCUS_GROUP.match(rest):
        return rest[found.end() :], _squeeze(found[1]), part
    return rest, "", part


def _squeeze(text: str) -> str:
    """Letters and digits alone, numbers without leading zeros."""
    return _DIGITS.sub(lambda number: number[0].lstrip("0") or "0", _NOT_ALNUM.sub(" ", text)).replace(" ", "")


_EDITION_TAIL = (
    r"(?:\s*\((?:\d{1,2}/)?(?:19|20)\d\d(?:-\d\d)?\)|\s\d{1,2}/(?:19|20)\d\d\b|:(?:19|20)\d\d|-(?:19|20)\d\d\b|\s(?:19|20)\d\d\b"
    r"|,?\s*\bv(?:ersion)?\.?\s?\d+(?:\.\d+)*\b|,?\s*\b(?:edition|ed\.?)\s?\d+\b|,?\s*\brev(?:ision)?\.?\s?\d+\b)*"
)
_PART_TAIL = r"(?:[\s,/(]*\b(?:d?amd?|amendment|corr?|corrigendum)(?![a-z])\.?\s*(?:no\.?\s*)?\d+)?"
_OWN_SUPPLEMENT_TAIL = r"(?:\s+(?:suppl|supp|sup|supplement)\b\.?\s*\d+)?"
_TAIL = _EDITION_TAIL + _OWN_SUPPLEMENT_TAIL + _PART_TAIL + _EDITION_TAIL

_SURE = (
    # Recommendations: a letter of the ITU-T series, a dot or nothing, a number (G.709, g709, G-709).
    r"(?:itu-?t\s*)[a-z]\.\d{1,4}(?:\.\d{1,3})*(?!\s*-?\s*series)\b",
    r"(?:(?:itu(?:[\s-]?t)?|rec(?:ommendation)?\.?)\s+)*\b[a-z](?:\.\s?|-)\d{1,4}(?:\.\d{1,3})*(?!\s*-?\s*series)\b",
    r"(?:(?:itu(?:[\s-]?t)?|rec(?:ommendation)?\.?)\s+)*\b[a-z]\d{3,4}(?:\.\d{1,3})*(?!\s*-?\s*series)\b",
    r"(?:(?:itu(?:[\s-]?t)?|rec(?:ommendation)?\.?)\s+)+[a-z]\s?\d{2,4}(?:\.\d{1,3})*(?!\s*-?\s*series)\b",
    r"\b[b-hj-z]\s\d{4}(?:\.\d{1,3})*(?!\s*-?\s*series)\b",
    # Supplements.
    r"(?:itu(?:[\s-]?t)?\s+)?(?:\b[a-z](?:\.\d{3,4}[\s-]series)?[\s.\-]*|\b)(?:supplement|suppl|supp|sup)\b\.?\s?\d+",
    # ETSI deliverables and 3GPP specifications.
    rf"(?:etsi\s+|3gpp\s+)?\b(?:{_ETSI_TYPES.lower()})(?:[\s-]+[a-z]{{2,5}}[\s-]?\d{{2,3}}|[\s-]?\d{{2,3}}[\s.]?\d{{3}})(?:-\d+)*",
    r"\b(?:gs|gr)[a-z]{3}[\s-]?\d{3}\b",
    r"\b[drm](?:gs|gr|ts|tr|en|es|eg)/[a-z0-9]+-\w+",
    r"(?:etsi\s+)?\b(?!rfc)[a-z]{3}[\s-]?0\d\d\b",
    r"etsi\s+(?!tc\b|isg\b)[a-z]{3}[\s-]?\d{1,3}\b(?!/)",
    # ISO and IEC.
    r"\b(?:iso\s*/\s*iec|iso|iec)[\s/]*(?:tr|ts|dis|fdis|cd|np)?[\s/]*\d{3,6}(?:-\d{1,3})*",
    r"\b\d{4,5}-\d{1,2}(?=:\d{4})",
    # IETF, IEEE, NIST.
    r"\brfc[\s-]?\d{1,5}",
    r"\bdraft-[a-z0-9]+(?:-[a-z0-9]+)+",
    r"\bieee\s*(?:std\.?\s*)?p?\s?\d{3,4}(?:\.\d+)*[a-z]?",
    r"\bp\s?\d{3,4}(?:\.\d+)*\b",
    r"(?:nist\s+)?\bfips[\s-]?(?:pub\s)?\d{3}(?:-\d)?",
    r"(?:nist\s+)?\bsp[\s-]?800[\s-]\d{1,3}[a-c]?(?:r\d)?\b",
    r"\b(?:nist\s*ir|nistir|ir)[\s.-]?\d{4}",
    # Chinese, Indian, Russian, European and GSMA series.
    r"\b(?:yd|gb|gm)\s?/?\s?[tz]\s?\d{3,5}(?:\.\d+)*",
    r"\btec\s\d{5,6}",
    r"\bpnst\s?\d+",
    r"\bcen\s?/\s?clc\s?/\s?tr\s?\d+",
    r"(?:gsma\s+)?\b(?:pq|ig)\.?\s?\d{2}\b",
)
_LIKELY = (
    # Names of drafts and reports without a number, deliverables of focus groups.
    r"\b[a-z]{1,5}\.[a-z][\w-]+(?:\.[\w-]+)*",
    r"\b[a-z]{2,6}(?:-[a-z0-9]{2,6}){2,}\b",
    r"(?:\bfg-?\s?[a-z0-9]+[\s-]+)?\bd\s?\d(?:\.\d){1,2}\b",
    r"\b[a-z0-9]+/\d+/[a-z]+\b",
)
_NOT_BEFORE = r"(?<![\w/.])"
_SCANNERS = tuple(
    (re.compile(_NOT_BEFORE + "(?:" + "|".join(patterns) + ")", re.IGNORECASE), sure)
    for patterns, sure in ((_SURE, True), (_LIKELY, False))
)
_ENDING = re.compile(_TAIL, re.IGNORECASE)


def scan(text: str) -> list[Mention]:
    """The references that a text mentions, in order, longest first where they overlap."""
    plain = text.translate(_DASHES)
    if not any(character.isdigit() or character in ".-/" for character in plain):
        return []
    found = sorted(_all_mentions(plain), key=lambda mention: (mention.start - mention.end, not mention.sure))
    taken: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or mention.start >= other.end for other in taken):
            taken.append(mention)
    return sorted(taken, key=lambda mention: mention.start)


def _all_mentions(plain: str) -> Iterator[Mention]:
    for pattern, sure in _SCANNERS:
        for match in pattern.finditer(plain):
            tail = _ENDING.match(plain, match.end())
            written = plain[match.start() : tail.end() if tail else match.end()].rstrip(" ,.")
            yield Mention(match.start(), match.start() + len(written), written, parse_reference(written), sure)


_FORMER = re.compile(r"([A-Z][\w./ -]*?[\w])\s*\((?:ex|formerly|previously)\.?\s+([^()\s][^()]*?)\)")


def former_names(text: str) -> list[tuple[str, str]]:
    """Pairs (new reference, former name) of a text such as "G.709 (ex G.otn)"."""
    pairs = []
    for match in _FORMER.finditer(text):
        mentions = scan(match[1])
        if mentions:
            pairs.append((mentions[-1].text, match[2].strip()))
    return pairs
