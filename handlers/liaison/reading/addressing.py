"""Whom a statement is sent to, and what each is asked to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers.liaison.reading.header import Header, HeaderField
from handlers.liaison.reading.labels import Label
from handlers.liaison.reading.names import NOBODY, datatracker_name, names_in, tidy_name
from handlers.liaison.reading.statement import Action, Addressed, Found, Layout, Sureness
from storage.words import Purpose

_PURPOSES = {Label.ACTION: Purpose.ACTION, Label.COMMENT: Purpose.COMMENT, Label.INFORMATION: Purpose.INFORMATION}
_IN_PARENTHESES = re.compile(r"\((?:for\s+)?(action|comments?|info(?:rmation)?)(?: only)?\)", re.IGNORECASE)
_FOR = re.compile(r"for (?:action|comment|info)", re.IGNORECASE)
_FEW_WORDS = 4
_PEOPLE = re.compile(r"@|\bDiscussion List\b")


def purpose_in(text: str) -> Purpose | None:
    """The purpose that words name: `For information`, `for comment and action`; of several the one that asks most."""
    lower = text.lower()
    for word, purpose in (("action", Purpose.ACTION), ("comment", Purpose.COMMENT), ("info", Purpose.INFORMATION)):
        if word in lower:
            return purpose
    return None


def addressees_in(header: Header, layout: Layout, actions: Sequence[Action]) -> tuple[Addressed, ...]:
    """Every destination with its purpose, in the order of the header."""
    if layout is Layout.DATATRACKER:
        found = _of_datatracker(header)
    elif header.has(*_PURPOSES):
        found = _of_table(header)
    else:
        found = _of_project(header, actions)
    unique: dict[tuple[str, Purpose], Addressed] = {}
    for one in found:
        unique.setdefault((one.name, one.purpose), one)
    return tuple(unique.values())


def _of_table(header: Header) -> Iterator[Addressed]:
    for field in header.fields:
        if purpose := _PURPOSES.get(field.label):
            for name in names_in(field.text):
                yield Addressed(tidy_name(name), name, purpose, field.where)


def _of_datatracker(header: Header) -> Iterator[Addressed]:
    purpose = purpose_in(header.text(Label.PURPOSE))
    sure = Sureness.CERTAIN if purpose else Sureness.GUESS
    for field in _groups_to(header):
        for name in names_in(re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|<[^<>]*>", "", field.text)):
            tidy = datatracker_name(name)
            yield Addressed(tidy, name, purpose or Purpose.INFORMATION, field.where, sure)


def _groups_to(header: Header) -> list[HeaderField]:
    return header.every(Label.TO_GROUP) or header.every(Label.TO)


def _of_project(header: Header, actions: Sequence[Action]) -> Iterator[Addressed]:
    """`To` of a form that names no purposes: action for those who are asked one, else information."""
    asked = {tidy_name(action.group) for action in actions if not NOBODY.fullmatch(action.text)}
    of_all = _of_all(header)
    for field in header.every(Label.TO):
        names = [name for name in names_in(field.text) if not _PEOPLE.search(name)]
        for name in names:
            written = _IN_PARENTHESES.search(name)
            purpose = purpose_in(written[1]) if written else of_all
            if purpose is None:
                is_asked = _is_asked(tidy_name(name), asked) or ("" in asked and len(names) == 1)
                purpose = Purpose.ACTION if is_asked else Purpose.INFORMATION
            sure = Sureness.CERTAIN if written else Sureness.LIKELY
            yield Addressed(tidy_name(name), name, purpose, field.where, sure)
    for field in header.every(Label.CC):
        for name in names_in(field.text):
            if not _PEOPLE.search(name):
                yield Addressed(tidy_name(name), name, Purpose.INFORMATION, field.where, Sureness.LIKELY)


def _of_all(header: Header) -> Purpose | None:
    """What `Purpose: Information`, `For: Action` or `Status: For action` asks of everybody."""
    said = header.text(Label.PURPOSE) or next(
        (field.text for field in header.every(Label.RELEASE) if _FOR.match(field.text)), ""
    )
    return purpose_in(said) if len(said.split()) <= _FEW_WORDS else None


def _is_asked(name: str, asked: set[str]) -> bool:
    return any(one and (one == name or name.endswith(f" {one}") or one.endswith(f" {name}")) for one in asked)


def groups_of(header: Header, label: Label) -> Found[tuple[str, ...]]:
    """The tidy names in `To` or `Cc` of a form that names no purposes."""
    field = header.first(label)
    if field is None:
        return Found(())
    names = [tidy_name(name) for name in names_in(field.text) if not _PEOPLE.search(name)]
    return Found(tuple(dict.fromkeys(names)), field.where)
