"""What a question names by its words: bodies, groups, topics, types, statuses, terms."""

from __future__ import annotations

from handlers.asking.lexicon import Lexicon, Name
from handlers.asking.negation import negated
from handlers.asking.spots import Reading, Spot


def read_phrases(reading: Reading, lexicon: Lexicon) -> None:
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
    is_negated = negated(reading, lexicon.english, start)
    end = start + length
    if english_length == length and kind != "noun" and not (kind == "status" and names_length == length):
        spot = Spot(start, end, negated=is_negated)
        (reading.types if kind == "type" else reading.statuses).append((value, spot))
        reading.take([spot])
    elif groups_length == length and (
        not _is_subject(names if names_length == length else [])
        or _is_called_group(reading, lexicon, start, end, groups)
    ):
        same = tuple(names) if names_length == length else ()
        reading.spots.append(Spot(start, end, same, tuple(groups), negated=is_negated))
        reading.take(reading.spots[-1:])
    elif names_length == length and not (
        kind == "noun" and english_length == length and _is_plain_noun(reading, start)
    ):
        reading.spots.append(Spot(start, end, tuple(names), negated=is_negated))
        reading.take(reading.spots[-1:])
    elif same_length == length:
        written = " ".join(token.lower for token in reading.tokens[start:end])
        reading.spots.append(Spot(start, end, word=written, negated=is_negated))
        reading.take(reading.spots[-1:])
    elif kind == "noun":
        reading.nouns.append(Spot(start, end))
        reading.take(reading.nouns[-1:])
    return length


def read_terms(reading: Reading, lexicon: Lexicon) -> None:
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
