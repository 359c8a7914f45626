"""Command lines: `meeting plan title='Seventh meeting' place=Geneva` becomes a form's values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.form import FieldView

_NAMED = re.compile(r"(?:(?<=\s)|^)([a-z_]+)=(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\S*)", re.IGNORECASE)
_QUOTED = re.compile(r"(['\"])((?:(?!\1)[^\\]|\\.)*)\1", re.DOTALL)
_PLAIN = re.compile(r"[^\s'\"\\]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def first_words(line: str, count: int) -> list[str]:
    """The first words of a line, without what a `name=value` begins."""
    words = []
    for word in line.split(None, count)[:count]:
        if "=" in word:
            break
        words.append(word)
    return words


def read_line(line: str, fields: Sequence[FieldView]) -> dict[str, str]:
    """The values that a line gives to a form's fields.

    `name=value` sets the field of that name wherever it stands; a value with spaces is quoted. What remains fills the
    other fields in their order, a word each, the last one takes the rest of the line as it was typed.
    """
    names = {one.name for one in fields}
    values: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name not in names:
            return match[0]
        values[name] = _unquoted(match[2])
        return " "

    rest = _NAMED.sub(take, line).strip()
    open_fields = [one for one in fields if one.name not in values and not one.named]
    for index, one in enumerate(open_fields):
        if not rest:
            break
        if index == len(open_fields) - 1:
            values[one.name] = _unquoted(rest)
            rest = ""
        else:
            values[one.name], rest = _first(rest)
    if rest:
        values["?"] = rest
    return values


def names_a_field(line: str, fields: Sequence[FieldView]) -> bool:
    """Whether a `name=value` of these fields stands in the line: no sentence has one."""
    names = {one.name for one in fields}
    return any(match[1].lower() in names for match in _NAMED.finditer(line))


def quote(value: str) -> str:
    """The value as a line must write it, so that `read_line` gives it back, without white space at its ends."""
    if _PLAIN.fullmatch(value):
        return value
    return "'" + re.sub(r"[\\']", r"\\\g<0>", value) + "'"


def _first(rest: str) -> tuple[str, str]:
    """The first word, which may be quoted, and what follows it."""
    quoted = re.match(r"(['\"])(.*?)(?<!\\)\1(?:\s+|$)", rest, re.DOTALL)
    if quoted:
        return _ESCAPED.sub(r"\1", quoted[2]), rest[quoted.end() :]
    word, *after = rest.split(None, 1)
    return word, "".join(after)


def _unquoted(value: str) -> str:
    quoted = _QUOTED.fullmatch(value.strip())
    return _ESCAPED.sub(r"\1", quoted[2]) if quoted else value.strip()
