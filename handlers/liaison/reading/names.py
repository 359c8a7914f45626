"""The names of groups as statements write them, tidied and taken from a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.liaison.reading.page import one_line

NOBODY = re.compile(
    r"[\s\-‐‑‒–—−_.]*|n\s?[./]?\s?a\.?|none\.?|nil|not applicable\.?|no(?:body|ne)|\(none\)|tbd", re.IGNORECASE
)
"""How a statement says that nobody is meant."""

_BULLET = re.compile(r"^(?:[•▪◦·*]|[-–—](?=\s)|\(?[a-z0-9]{1,2}\)(?=\s))\s*", re.IGNORECASE)
_STARTS = (
    r"(?:the\s+)?(?:ITU|ISO|IEC|ETSI|IETF|IRTF|IAB|IESG|3GPP2?|IEEE|JCA|FG|SGs?\b|SG[\s-]?\d|Q\.?\s?\d|SC\s?\d"
    r"|WGs?\s?\d|WP\s?\d|TSAG|"
    r"RAG|TDAG|TC\b|ISG|SA\s?\d|SA\b|RAN|CT\s?\d|CT\b|TSG|GSMA|CCSA|JTC|CEN|CENELEC|NIST|SAC|BSI|Study Group"
    r"|Working Party|Working Group|"
    r"Focus Group|Question|OIF|MEF|BBF|Broadband Forum|TM Forum|ONF|QED|QIRG|[Aa]ll\s"
    r"|\d{1,2}(?:/\d{1,2})?\s*(?:$|,|and|;|\())"
)
_AND = re.compile(rf"\s+(?:and|&|as well as)\s+(?={_STARTS})|\s+(?:and|&)\s*$|^\s*(?:and|&)\s+")
_SLASHED = re.compile(r"(?<=\d)\s+/\s+(?=(?:ITU|SG|ISO|ETSI|JTC|Q)\b|SG\d|Q\d)")
_PART_OF_NAME = re.compile(
    r"\s*(?:rapporteur|working part(?:y|ies)\b(?!\s*\d+/)|chair|secretar|attn|c/o|tsb\b)", re.IGNORECASE
)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]|\s*<[^<>]*>")
_ACRONYM = re.compile(r"[\[(]\s*((?:ETSI\s+)?(?:ISG[\s-]+[A-Z]\w*|(?:ITU-T\s+)?(?:JCA|FG)-[A-Z][\w-]*))\s*[\])]")
"""A code behind the name that it stands for: `Joint Coordination Activity on … (JCA-QKDN)`."""
_LONGEST = 6000
_NUMBER = re.compile(r"\d{1,2}")

_SECTOR = re.compile(r"\bITU[\s-]*([TRD])\b", re.IGNORECASE)
_OTHER_BODY = re.compile(r"(?:ETSI|IEEE|IETF|IRTF|ISO|IEC|3GPP|CCSA|GSMA|CEN|CENELEC)\b")
_STUDY_GROUP = re.compile(r"\b(?:Study[\s-]+Groups?|SGs?)[\s-]*(?:No\.?\s*)?0?(\d{1,2})\b", re.IGNORECASE)
_QUESTION = re.compile(r"\b(?:Questions?|Q)\.?[\s-]*(?:No\.?\s*)?0*(\d{1,2})\s*/\s*0*(\d{1,2})\b", re.IGNORECASE)
_DATATRACKER_QUESTION = re.compile(r"SG[\s-]*(\d{1,2})[\s-]+Q\.?[\s-]*0*(\d{1,2})$", re.IGNORECASE)
_WORKING_PARTY = re.compile(r"\b(?:Working Part(?:y|ies)|WP)[\s-]*(\d{1,2})\s*/\s*(\d{1,2})\b", re.IGNORECASE)
_JOINT = re.compile(
    r"\b(?:ISO\s*/?\s*(?:and\s+)?IEC)?[\s/-]*JTC[\s-]*(\d{1,2})\b(?P<rest>.*)$", re.IGNORECASE | re.DOTALL
)
_SUBCOMMITTEE = re.compile(r"^(?:ISO\s*/\s*IEC[\s/]+)?SC\s*-?(\d{1,2})\b(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_UNIT = re.compile(r"\b(SC|WG|AG|AHG|JWG|SWG)[\s-]*(\d{1,3})\b", re.IGNORECASE)
_ISG = re.compile(r"^(?:ETSI[\s/-]+)?(?:ISG[\s-]+([A-Z][\w-]*)|([A-Z][\w-]*)[\s-]+ISG)$", re.IGNORECASE)
_ETSI_TC = re.compile(r"^ETSI[\s/-]+(?=(?:TC|EP|SC|STF)[\s-]+[A-Z])", re.IGNORECASE)
_OWN_CODE = re.compile(r"^(?:ITU(?:[\s-]*T)?[\s-]+)?(JCA|FG|CG|IRG|GSTR)[\s-]+([A-Z0-9][\w-]*)$", re.IGNORECASE)
_TSAG = re.compile(r"^(?:ITU(?:[\s-]*T)?[\s-]+)?(TSAG|SCV|TSB)$", re.IGNORECASE)
_PROJECT = re.compile(
    r"^(?P<body>3GPP[\s-]+)?(?:TSG[\s-]*)?(?P<plenary>SA|RAN|CT"
    r"|GERAN)[\s/-]*(?:WG[\s-]*)?(?P<number>\d)?(?P<group>\s+group)?$",
    re.IGNORECASE,
)
_DASHED_BODY = re.compile(r"^(ITU|3GPP|ETSI|ISO|IEEE|IETF|IRTF|GSMA|OIF|MEF)-(?=[A-Za-z])", re.IGNORECASE)
_FILLERS = re.compile(r"^(?:the\s+|to\s+|all\s+(?:in\s+)?(?=SG\d))|[\s.,;:]+$", re.IGNORECASE)
_OF_GROUP = re.compile(r"(?:.{0,20}\bQ\.?\s?)?\d{1,2}\s*/\s*(?P<group>\d{1,2})", re.IGNORECASE)
_FIRST_LETTER_Q = re.compile(r"^(?:ITU-T\s+)?Q\.?\s?(\d{1,2})$", re.IGNORECASE)


def names_in(text: str) -> list[str]:
    """The names that a list has, as written; numbers alone get the words of the name before them."""
    found: list[str] = []
    for piece in _pieces(text):
        if NOBODY.fullmatch(piece):
            continue
        if found and _NUMBER.fullmatch(piece):
            piece = re.sub(r"(?i)groups\b", "Group", re.sub(r"\d+\D*$", piece, found[-1]))
        elif found and re.fullmatch(r"\(.*\)", piece, re.DOTALL):
            continue
        elif found and re.match(r"(?i)IETF\s", found[-1]) and re.fullmatch(r"[a-z][a-z0-9]+(?: WG)?", piece):
            piece = f"IETF {piece}"
        found.append(piece)
    return list(dict.fromkeys(_shared_study_groups(found)))


def _shared_study_groups(found: list[str]) -> list[str]:
    """`Q6, 16/13` names Questions of one study group; only the last says of which."""
    shared: list[str] = []
    group, alone = "", False
    for piece in reversed(found):
        if of_group := _OF_GROUP.fullmatch(piece):
            group = of_group["group"]
        if (letter := _FIRST_LETTER_Q.match(piece)) and group:
            piece, alone = f"Q{letter[1]}/{group}", True
        shared.append(piece)
    shared.reverse()
    return [f"Q{one}" if alone and re.fullmatch(r"\d{1,2}/\d{1,2}", one) else one for one in shared]


def _pieces(text: str) -> Iterator[str]:
    for line in re.split(r"[;\n\t|]+", text[:_LONGEST]):
        for part in _at_commas(_BULLET.sub("", line.strip())):
            for half in _SLASHED.split(part):
                for piece in _AND.split(half):
                    clean = one_line(_BULLET.sub("", piece)).strip(" ,;")
                    if clean:
                        yield clean


def _at_commas(line: str) -> Iterator[str]:
    """The parts of a line between commas that are outside parentheses and no part of a name."""
    depth, begin = 0, 0
    for index, character in enumerate(line):
        depth += (character in "([") - (character in ")]" and depth > 0)
        if character == "," and not depth and not _PART_OF_NAME.match(line, index + 1):
            yield line[begin:index]
            begin = index + 1
    yield line[begin:]


def tidy_name(written: str) -> str:
    """One way to write a group: the body is left out where the group's own name tells it.

    ITU-T Study Group 17 -> ITU-T SG17, ETSI ISG QKD -> ISG QKD, ISO/IEC JTC1 SC27 -> JTC 1/SC 27,
    ITU-T Q11/17 -> Q11/17.
    """
    if own := _ACRONYM.search(written):
        return _other(one_line(own[1]))
    name = _FILLERS.sub("", one_line(_PARENTHESIS.sub("", written))).strip() or one_line(written)
    name = _DASHED_BODY.sub(r"\1 ", name) if not _SECTOR.match(name) else name
    if found := _DATATRACKER_QUESTION.search(name):
        return f"Q{int(found[2])}/{int(found[1])}"
    for pattern, prefix in ((_QUESTION, "Q"), (_WORKING_PARTY, "WP")):
        if found := pattern.search(name):
            return f"{prefix}{int(found[1])}/{int(found[2])}"
    if joint := _JOINT.search(name):
        return "/".join((f"JTC {joint[1]}", *_units(joint["rest"])))
    if sub := _SUBCOMMITTEE.match(name):
        return "/".join(("JTC 1", f"SC {int(sub[1])}", *_units(sub["rest"])))
    if (group := _STUDY_GROUP.search(name)) and not _OTHER_BODY.match(name):
        sector = _SECTOR.search(name)
        return f"ITU-{sector[1].upper() if sector else 'T'} SG{int(group[1])}"
    return _other(name)


def _other(name: str) -> str:
    if isg := _ISG.match(name):
        return f"ISG {isg[1] or isg[2]}"
    if own := _OWN_CODE.match(name):
        return f"{own[1].upper()}-{own[2]}"
    if tsag := _TSAG.match(name):
        return tsag[1].upper()
    if (project := _PROJECT.match(name)) and (project["body"] or project["number"] or "TSG" in name.upper()):
        body = "3GPP " if project["body"] else ""
        return f"{body}{project['plenary'].upper()}{project['number'] or ''}"
    name = re.sub(
        r"^ITU-R\s+(?:Working Party|WP)\s*(?=\d[A-Z])", "ITU-R WP ", _ETSI_TC.sub("", name), flags=re.IGNORECASE
    )
    return re.sub(
        r"^(IETF|IRTF)\s+(.+?)(?:\s+(?:WG|RG|working group|research group))$", r"\1 \2", name, flags=re.IGNORECASE
    )


def _units(rest: str) -> Iterator[str]:
    for unit in _UNIT.finditer(rest[:40]):
        yield f"{unit[1].upper()} {int(unit[2])}"


_AREAS = frozenset({"ART", "GEN", "INT", "OPS", "RTG", "SEC", "TSV", "WIT"})
_KNOWN_KIND = re.compile(r"\d|[A-Z]{2}")


def source_name(written: str) -> str:
    """The group that sends: of the parts that are named the study group, with its body."""
    names = names_in(written)
    first = next((name for name in names if _KNOWN_KIND.search(name)), names[0] if names else one_line(written))
    name = tidy_name(first)
    of_group = re.fullmatch(r"(?:Q|WP)\d+/(\d+)", name)
    if of_group and (whole := _STUDY_GROUP.search(written)):
        return f"ITU-T SG{int(whole[1])}"
    if of_group:
        return f"ITU-T SG{int(of_group[1])}"
    if name.startswith(("ISG ", "TC CYBER")):
        return f"ETSI {name}"
    if re.match(r"ETSI\b", first) and not name.startswith("ETSI"):
        return f"ETSI {name}"
    if name.startswith("JTC 1"):
        return f"ISO/IEC {name}"
    if re.match(r"CEN\b|CENELEC\b|CLC\b", first, re.IGNORECASE) and name.startswith("JTC"):
        return f"CEN-CENELEC {name}"
    if re.fullmatch(r"JTC 3(?:/.*)?", name):
        return f"ISO/IEC {name}"
    if re.fullmatch(r"(?:SA|RAN|CT)\d?", name):
        return f"3GPP {name}"
    return name


def datatracker_name(written: str) -> str:
    """A group as the Datatracker writes it: acronyms of IETF groups stand without their body."""
    name = one_line(_PARENTHESIS.sub("", written)).strip(" ,;")
    if name in _AREAS:
        return f"IETF {name}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)?", name):
        return tidy_name(name)
    if name in ("ietf", "iab", "iesg", "irtf", "iana"):
        return name.upper()
    return f"IRTF {name}" if name.endswith("rg") or name == "hrpc" else f"IETF {name}"
