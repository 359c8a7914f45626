"""What a question names by its writing: references, Questions, series, dates, and words to leave out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from handlers.asking.dates import find_span
from handlers.asking.lexicon import Lexicon
from handlers.asking.spots import Reading, Spot, cover, inside
from storage.references import Edition, Mention, scan

_QUESTION = re.compile(r"\b(?:q(?:uestion)?s?\.?\s?)(\d{1,2})\s?/\s?(\d{1,2})\b(?!/)", re.IGNORECASE)
_QUESTION_OF = re.compile(
    r"\bq(?:uestion)?\.?\s?(\d{1,2})\s+(?:of|in|from|at)\s+(?:itu-?t\s+)?(?:sg|study\s+group)[\s-]?(\d{1,2})\b",
    re.IGNORECASE,
)
_QUESTION_IN_GROUP = re.compile(
    r"\b(?:sg|study\s+group)[\s-]?(\d{1,2})[\s,/]+q(?:uestion)?\.?\s?(\d{1,2})\b", re.IGNORECASE
)
_SERIES = re.compile(
    r"\b([a-z])(?:\.(\d{1,4})(?:x+)?)?(?:[\s-]*series\b)|\b([a-z])\.(\d{1,3})x+\b|\b([a-z])\.(?=\s|$)", re.IGNORECASE
)
_PART_OF = re.compile(
    r"\b(amendment|amd|corrigendum|cor)s?\.?\s?(\d{1,2})\s+(?:of|to|for)\s+(?:the\s+)?$", re.IGNORECASE
)
_MASKED_SERIES = re.compile(r"(?<![\w/.])([a-z]{1,3}\d?\.)(\d*)x+\b", re.IGNORECASE)
_EDITION_OF = re.compile(
    r"\b(?:(?P<year>(?:19|20)\d\d)\s+(?:edition|version)|(?:edition|version)\s+(?:of\s+)?(?P<dated>(?:19|20)\d\d)"
    r"|v(?:ersion\s+)?(?P<version>\d+(?:\.\d+)+)|(?P<ordinal>\d)(?:st|nd|rd|th)\s+edition|(?P<word>first|second|third)\s+edition"
    r"|edition\s+(?P<numbered>\d))"
    r"\s+(?:of|for)\s+(?:the\s+)?(?:rec(?:ommendation)?\.?\s+)?(?:itu-t\s+)?$",
    re.IGNORECASE,
)
_WRITTEN_SERIES = re.compile(r"(?<![\w/])(yd/t|gb/t|gm/t)(?![\w/]|\s*\d)", re.IGNORECASE)
_COMPOUND = re.compile(r"\b[A-Z]{2,5}(?:-[A-Z0-9]{2,5})+\b")
_ORDINAL_WORDS = {"first": "1", "second": "2", "third": "3"}


_LONG_PREAMBLE = 4


def leave_out_preamble(reading: Reading, lexicon: Lexicon) -> None:
    """“On behalf of our group I would like to ask which …”: the question begins at its last question word.

    What stands before is only left out when nothing in it can be a name: no capital, digit or dot inside.
    """
    starts = [
        index for index, token in enumerate(reading.tokens) if token.lower in lexicon.english.lists["question words"]
    ]
    if not starts or starts[-1] < _LONG_PREAMBLE:
        return
    before = reading.tokens[: starts[-1]]
    begins_question = before[0].lower in lexicon.english.lists["question words"] or before[0].lower in (
        "is",
        "are",
        "does",
        "do",
        "did",
        "has",
        "list",
        "show",
    )
    named = any(
        any(one.isdigit() for one in token.written) or token.written[1:] != token.written[1:].lower()
        for token in before
    )
    if (
        not begins_question
        and not named
        and any(token.lower in ("i", "we", "my", "our", "you", "may", "me") for token in before)
    ):
        reading.take([Spot(0, starts[-1])])


def leave_out_idioms(reading: Reading, lexicon: Lexicon) -> None:
    words = [token.lower for token in reading.tokens]
    for idiom in lexicon.english.idioms:
        for start in range(len(words) - len(idiom) + 1):
            if tuple(words[start : start + len(idiom)]) == idiom:
                reading.take([Spot(start, start + len(idiom))])


def read_questions(reading: Reading) -> None:
    patterns = ((_QUESTION, (1, 2)), (_QUESTION_OF, (1, 2)), (_QUESTION_IN_GROUP, (2, 1)))
    for pattern, (number, group) in patterns:
        for match in pattern.finditer(reading.text):
            code = f"Q{int(match[number])}/{int(match[group])}"
            if code not in reading.questions:
                reading.questions.append(code)
            cover(reading, match.start(), match.end())


def read_series(reading: Reading) -> list[str]:
    """Beginnings of references: "G.700-series" is G.7, "X-series" is X."""
    found = []
    for match in _SERIES.finditer(reading.text):
        letter = match[1] or match[3] or match[5]
        digits = (match[2] or match[4] or "").rstrip("0")
        if match[5] and match[0] != match[0].upper():
            continue
        found.append(f"{letter.upper()}.{digits}")
        cover(reading, match.start(), match.end())
    for match in _MASKED_SERIES.finditer(reading.text):
        if not any(reading.taken[index] for index in inside(reading, match.start(), match.end())):
            found.append((match[1] + match[2]).upper())
            cover(reading, match.start(), match.end())
    for match in _WRITTEN_SERIES.finditer(reading.text):
        found.append(match[1].upper())
        cover(reading, match.start(), match.end())
    return found


def read_mentions(reading: Reading) -> None:
    for mention in scan(reading.text):
        if any(reading.taken[index] for index in inside(reading, mention.start, mention.end)):
            continue
        before = _PART_OF.search(reading.text[: mention.start])
        start = before.start() if before else mention.start
        if before and not mention.reference.part:
            kind = "AMD" if before[1].lower().startswith("am") else "COR"
            reference = replace(mention.reference, part=f"{kind}{int(before[2])}")
            mention = Mention(start, mention.end, reading.text[start : mention.end], reference, mention.sure)
        mention = _with_edition(reading, mention)
        reading.mentions.append(mention)
        if mention.sure:
            cover(reading, mention.start, mention.end)


def _with_edition(reading: Reading, mention: Mention) -> Mention:
    """“The 2023 edition of X” is X (2023)."""
    found = _EDITION_OF.search(reading.text[: mention.start])
    if not found or mention.reference.edition:
        return mention
    edition = Edition(
        year=found["year"] or found["dated"] or "",
        version=found["version"] or "",
        ordinal=found["ordinal"] or found["numbered"] or _ORDINAL_WORDS.get((found["word"] or "").lower(), ""),
    )
    written = reading.text[found.start() : mention.end]
    return Mention(found.start(), mention.end, written, replace(mention.reference, edition=edition), mention.sure)


def read_span(reading: Reading, today: date) -> None:
    # Characters of references and Questions are hidden, so that the year of an edition is no date.
    hidden = list(reading.text)
    for index, taken in enumerate(reading.taken):
        if taken:
            token = reading.tokens[index]
            hidden[token.start : token.end] = "_" * (token.end - token.start)
    reading.span = find_span("".join(hidden), today)
    if reading.span:
        cover(reading, reading.span.start, reading.span.end)


def read_compounds(reading: Reading, lexicon: Lexicon) -> None:
    """Names such as "ML-KEM" are one word, whatever their halves mean."""
    for match in _COMPOUND.finditer(reading.text):
        found = inside(reading, match.start(), match.end())
        named = max(lexicon.names_at(reading.tokens, found[0])[0], lexicon.groups_at(reading.tokens, found[0])[0])
        if any(reading.taken[index] for index in found) or named >= len(found):
            continue
        reading.spots.append(Spot(found[0], found[-1] + 1, word=match[0].lower()))
        reading.take(reading.spots[-1:])
