"""Reading a question: which of its words name what. No database is asked here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from handlers.asking.dates import Span, find_span
from handlers.asking.lexicon import Lexicon, Name
from handlers.asking.tokens import Token, clean, tokens
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
    r"|v(?:ersion\s+)?(?P<version>\d+(?:\.\d+)+)|(?P<ordinal>\d)(?:st|nd|rd|th)\s+edition|(?P<word>first|second|third)\s+edition)"
    r"\s+(?:of|for)\s+(?:the\s+)?(?:rec(?:ommendation)?\.?\s+)?(?:itu-t\s+)?$",
    re.IGNORECASE,
)
_WRITTEN_SERIES = re.compile(r"(?<![\w/])(yd/t|gb/t|gm/t)(?![\w/]|\s*\d)", re.IGNORECASE)
_COMPOUND = re.compile(r"\b[A-Z]{2,5}(?:-[A-Z0-9]{2,5})+\b")
_ORDINAL_WORDS = {"first": "1", "second": "2", "third": "3"}


_QUESTION_WORDS = frozenset({"what", "which", "whatever", "whether", "who", "when", "where", "how"})
_LONG_PREAMBLE = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of tokens [start, end) and what it names."""

    start: int
    end: int
    names: tuple[Name, ...] = ()
    groups: tuple[int, ...] = ()
    word: str = ""
    negated: bool = False


@dataclass
class Reading:
    """A question with its words sorted. Positions are indexes into `tokens`."""

    text: str
    tokens: list[Token]
    mentions: list[Mention] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    span: Span | None = None
    spots: list[Spot] = field(default_factory=list)
    terms: list[tuple[Spot, list[str]]] = field(default_factory=list)
    types: list[tuple[str, Spot]] = field(default_factory=list)
    statuses: list[tuple[str, Spot]] = field(default_factory=list)
    nouns: list[Spot] = field(default_factory=list)
    asks: dict[str, list[Spot]] = field(default_factory=dict)
    connectors: dict[int, str] = field(default_factory=dict)
    taken: list[bool] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Whether any of these is asked."""
        return any(name in self.asks for name in names)

    def begins_with(self, *names: str) -> bool:
        """Whether the question begins with words that ask one of these."""
        return any(spot.start == 0 for name in names for spot in self.asks.get(name, []))

    def take(self, spots: Iterable[Spot]) -> None:
        """These tokens are understood and will not be searched as words."""
        for spot in spots:
            for index in range(spot.start, spot.end):
                self.taken[index] = True

    def free(self) -> list[int]:
        """The tokens that nothing has explained."""
        return [index for index, taken in enumerate(self.taken) if not taken]


def read(text: str, lexicon: Lexicon, today: date) -> Reading:
    """Sort the words of a question. `today` is the asker's day."""
    cleaned = clean(text)
    found = tokens(cleaned)
    reading = Reading(cleaned, found, taken=[False] * len(found))
    _leave_out_preamble(reading)
    _read_idioms(reading, lexicon)
    _read_questions(reading, lexicon)
    reading.series = _series(reading)
    _read_mentions(reading)
    _read_span(reading, today)
    _read_compounds_unnamed(reading, lexicon)
    _read_phrases(reading, lexicon)
    _spread_negation(reading)
    _read_terms(reading, lexicon)
    _read_asks(reading, lexicon)
    return reading


def _leave_out_preamble(reading: Reading) -> None:
    """ "On behalf of our group I would like to ask which …": the question begins at its last question word.

    What stands before is only left out when nothing in it can be a name: no capital, digit or dot inside.
    """
    starts = [index for index, token in enumerate(reading.tokens) if token.lower in _QUESTION_WORDS]
    if not starts or starts[-1] < _LONG_PREAMBLE:
        return
    before = reading.tokens[: starts[-1]]
    begins_question = before[0].lower in _QUESTION_WORDS or before[0].lower in (
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


def _read_idioms(reading: Reading, lexicon: Lexicon) -> None:
    words = [token.lower for token in reading.tokens]
    for idiom in lexicon.english.idioms:
        for start in range(len(words) - len(idiom) + 1):
            if tuple(words[start : start + len(idiom)]) == idiom:
                reading.take([Spot(start, start + len(idiom))])


def _inside(reading: Reading, start: int, end: int) -> list[int]:
    """The tokens within characters [start, end)."""
    return [index for index, token in enumerate(reading.tokens) if token.start < end and token.end > start]


def _cover(reading: Reading, start: int, end: int) -> Spot:
    """The spot of the tokens within characters [start, end), marked as taken."""
    inside = _inside(reading, start, end)
    spot = Spot(inside[0], inside[-1] + 1) if inside else Spot(0, 0)
    reading.take([spot])
    return spot


def _read_questions(reading: Reading, lexicon: Lexicon) -> None:
    patterns = ((_QUESTION, (1, 2)), (_QUESTION_OF, (1, 2)), (_QUESTION_IN_GROUP, (2, 1)))
    for pattern, (number, group) in patterns:
        for match in pattern.finditer(reading.text):
            code = f"Q{int(match[number])}/{int(match[group])}"
            if code not in reading.questions:
                reading.questions.append(code)
            _cover(reading, match.start(), match.end())


def _series(reading: Reading) -> list[str]:
    """Beginnings of references: "Y.3800-series" is Y.38, "X-series" is X."""
    found = []
    for match in _SERIES.finditer(reading.text):
        letter = match[1] or match[3] or match[5]
        digits = (match[2] or match[4] or "").rstrip("0")
        if match[5] and match[0] != match[0].upper():
            continue
        found.append(f"{letter.upper()}.{digits}")
        _cover(reading, match.start(), match.end())
    for match in _MASKED_SERIES.finditer(reading.text):
        if not any(reading.taken[index] for index in _inside(reading, match.start(), match.end())):
            found.append((match[1] + match[2]).upper())
            _cover(reading, match.start(), match.end())
    for match in _WRITTEN_SERIES.finditer(reading.text):
        found.append(match[1].upper())
        _cover(reading, match.start(), match.end())
    return found


def _read_mentions(reading: Reading) -> None:
    for mention in scan(reading.text):
        if any(reading.taken[index] for index in _inside(reading, mention.start, mention.end)):
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
            _cover(reading, mention.start, mention.end)


def _with_edition(reading: Reading, mention: Mention) -> Mention:
    """ "The 2023 edition of X" is X (2023)."""
    found = _EDITION_OF.search(reading.text[: mention.start])
    if not found or mention.reference.edition:
        return mention
    edition = Edition(
        year=found["year"] or found["dated"] or "",
        version=found["version"] or "",
        ordinal=found["ordinal"] or _ORDINAL_WORDS.get((found["word"] or "").lower(), ""),
    )
    written = reading.text[found.start() : mention.end]
    return Mention(found.start(), mention.end, written, replace(mention.reference, edition=edition), mention.sure)


def _read_compounds_unnamed(reading: Reading, lexicon: Lexicon) -> None:
    """Names such as "ML-KEM" are one word, whatever their halves mean."""
    for match in _COMPOUND.finditer(reading.text):
        inside = _inside(reading, match.start(), match.end())
        named = max(lexicon.names_at(reading.tokens, inside[0])[0], lexicon.groups_at(reading.tokens, inside[0])[0])
        if any(reading.taken[index] for index in inside) or named >= len(inside):
            continue
        reading.spots.append(Spot(inside[0], inside[-1] + 1, word=match[0].lower()))
        reading.take(reading.spots[-1:])


def _read_span(reading: Reading, today: date) -> None:
    # Characters of references and Questions are hidden, so that the year of an edition is no date.
    hidden = list(reading.text)
    for index, taken in enumerate(reading.taken):
        if taken:
            token = reading.tokens[index]
            hidden[token.start : token.end] = "_" * (token.end - token.start)
    reading.span = find_span("".join(hidden), today)
    if reading.span:
        _cover(reading, reading.span.start, reading.span.end)


def _read_phrases(reading: Reading, lexicon: Lexicon) -> None:
    index = 0
    while index < len(reading.tokens):
        if reading.taken[index]:
            index += 1
            continue
        index += _read_phrase(reading, lexicon, index) or 1


def _read_phrase(reading: Reading, lexicon: Lexicon, start: int) -> int:
    """Sort the longest phrase that begins here; gives its length, 0 for none."""
    names_length, names = lexicon.names_at(reading.tokens, start)
    groups_length, groups = lexicon.groups_at(reading.tokens, start)
    english_length, kind, value = _english_at(reading, lexicon, start)
    same_length = lexicon.synonym_at(reading.tokens, start)
    length = max(names_length, groups_length, english_length, same_length)
    if not length or any(reading.taken[start : start + length]):
        return 0
    negated = _negated(reading, start)
    end = start + length
    if english_length == length and kind != "noun" and not (kind == "status" and names_length == length):
        spot = Spot(start, end, negated=negated)
        (reading.types if kind == "type" else reading.statuses).append((value, spot))
        reading.take([spot])
    elif groups_length == length and (
        not _is_subject(names if names_length == length else [])
        or _is_called_group(reading, lexicon, start, end, groups)
    ):
        same = tuple(names) if names_length == length else ()
        reading.spots.append(Spot(start, end, same, tuple(groups), negated=negated))
        reading.take(reading.spots[-1:])
    elif names_length == length and not (
        kind == "noun" and english_length == length and _is_plain_noun(reading, start)
    ):
        reading.spots.append(Spot(start, end, tuple(names), negated=negated))
        reading.take(reading.spots[-1:])
    elif same_length == length:
        written = " ".join(token.lower for token in reading.tokens[start:end])
        reading.spots.append(Spot(start, end, word=written, negated=negated))
        reading.take(reading.spots[-1:])
    elif kind == "noun":
        reading.nouns.append(Spot(start, end))
        reading.take(reading.nouns[-1:])
    return length


def _read_terms(reading: Reading, lexicon: Lexicon) -> None:
    grouped = {index for spot in reading.spots if spot.groups for index in range(spot.start, spot.end)}
    index = 0
    while index < len(reading.tokens):
        length, terms = lexicon.terms_at(reading.tokens, index)
        if length and index not in grouped:
            reading.terms.append((Spot(index, index + length), terms))
        index += length or 1


def _is_subject(names: list[Name]) -> bool:
    return any(name.kind == "topic" for name in names)


def _is_called_group(reading: Reading, lexicon: Lexicon, start: int, end: int, groups: list[int]) -> bool:
    """Whether what may be a topic or a group ("TLS") is the group: its body stands before, or "working group" near."""
    bodies = {lexicon.catalogue.groups[one].body_id for one in groups}
    before = reading.spots[-1] if reading.spots else None
    if before and before.end == start and any(name.kind == "body" and name.id in bodies for name in before.names):
        return True
    following = [token.lower for token in reading.tokens[end : end + 5]]
    return any(
        word in ("wg", "wgs") or (word == "working" and any(w.startswith("group") for w in following))
        for word in following
    )


def _is_plain_noun(reading: Reading, start: int) -> bool:
    """Whether a word that is both a topic and a general noun ("roadmap") is the noun here."""
    before = reading.tokens[start - 1].lower if start else ""
    return before in ("the", "our", "this", "your", "on", "in")


def _english_at(reading: Reading, lexicon: Lexicon, start: int) -> tuple[int, str, str]:
    """The longest phrase here that names a type, a status or items in general."""
    language = lexicon.english
    for length in range(min(language.longest, len(reading.tokens) - start), 0, -1):
        phrase = tuple(token.lower for token in reading.tokens[start : start + length])
        if phrase in lexicon.types:
            return length, "type", lexicon.types[phrase]
        if phrase in language.type_words:
            return length, "type", "*" + language.type_words[phrase]
        if phrase in language.statuses:
            return length, "status", language.statuses[phrase]
        if phrase in language.nouns:
            return length, "noun", ""
    return 0, "", ""


_NOT = frozenset(
    "not except excluding without besides exclude non minus outside beyond don't doesn't haven't hasn't isn't aren't didn't wasn't "
    "weren't never excepting barring".split()
)
_BETWEEN = frozenset(
    "the from by those for of ones any in that are about on all come comes came concern concerns been be have has deal deals with "
    "cover covers belong belongs to related relate written made it yet".split()
)
_ALL = frozenset({"everything", "all", "anything", "anyone", "everyone", "every", "any", "body", "bodies"})


def _negated(reading: Reading, start: int) -> bool:
    """Whether "not", "except" ... stands before, with nothing but small words between."""
    lower = [token.lower for token in reading.tokens[:start]]
    for back in range(1, min(5, start) + 1):
        word = lower[-back]
        earlier = lower[-back - 1] if back < start else ""
        if word in _NOT:
            return True
        if word == "than" and earlier in ("other", "rather"):
            return True
        if word == "from" and earlier in ("apart", "aside"):
            return True
        if word == "but" and earlier in _ALL:
            return True
        if word not in _BETWEEN:
            return False
    return False


def _spread_negation(reading: Reading) -> None:
    """ "Outside ITU-T and ETSI": the second is left out too."""
    for index, (first, second) in enumerate(zip(reading.spots, reading.spots[1:], strict=False), start=1):
        between = [token.lower for token in reading.tokens[first.end : second.start]]
        if first.negated and between in (["and"], ["or"], ["nor"], []):
            reading.spots[index] = replace(second, negated=True)


def _read_asks(reading: Reading, lexicon: Lexicon) -> None:
    language = lexicon.english
    count = len(reading.tokens)
    dated = _tokens_of_span(reading)
    named = [spot for spot in (*reading.spots, *(spot for spot, _terms in reading.terms)) if spot.end - spot.start > 1]
    silent = {
        index
        for index, taken in enumerate(reading.taken)
        if taken and not any(spot.start <= index < spot.end for spot in _explained(reading))
    }
    for start in range(count):
        connected = False
        for length in range(min(language.longest, count - start), 0, -1):
            if (dated | silent).intersection(range(start, start + length)):
                continue
            if any(
                spot.start <= start and start + length <= spot.end and length < spot.end - spot.start for spot in named
            ):
                continue  # "defined" within "software-defined networking" asks for nothing
            phrase = tuple(token.lower for token in reading.tokens[start : start + length])
            for name in language.asks.get(phrase, ()):
                reading.asks.setdefault(name, []).append(Spot(start, start + length))
            if not connected and phrase in language.connectors:
                reading.connectors[start] = language.connectors[phrase]
                connected = True
    # "which study group" asks for a group: its "study" is no noun for items.
    phrases = [spot for spots in reading.asks.values() for spot in spots if spot.end - spot.start > 1]
    reading.nouns = [noun for noun in reading.nouns if not _within(noun, phrases)]
    reading.types = [pair for pair in reading.types if not _within(pair[1], phrases)]


def _within(spot: Spot, phrases: list[Spot]) -> bool:
    """Whether a spot of one word is part of one of these phrases."""
    return spot.end - spot.start == 1 and any(
        phrase.start <= spot.start and spot.end <= phrase.end for phrase in phrases
    )


def _explained(reading: Reading) -> list[Spot]:
    """The spots of everything that was named."""
    return [
        *reading.spots,
        *reading.nouns,
        *(spot for _value, spot in reading.types),
        *(spot for _value, spot in reading.statuses),
    ]


def _tokens_of_span(reading: Reading) -> set[int]:
    span = reading.span
    if not span:
        return set()
    return set(_inside(reading, span.start, span.end))
