"""Command lines: `meeting plan title='Seventh meeting' place=Geneva` becomes a form's values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from keyword import iskeyword

from handlers.form import FieldView

# What phones make of a quotation mark, in one language or another; a ’ within a word is an apostrophe.
_CURLY = "|".join(
    (
        r"“(?:[^”\\]|\\.)*”",
        r"„(?:[^“”\\]|\\.)*[“”]",
        r"”(?:[^”\\]|\\.)*”",
        r"«(?:[^»\\]|\\.)*»",
        r"»(?:[^«\\]|\\.)*«",
        r"[‘‚](?:[^‘’\\]|\\.|’(?=\w))*[‘’]",
    )
)
_MARKS = "'\"“”„‘’‚«»"
_NAMED = re.compile(
    rf"(?:(?<=\s)|^)([a-z_]+)=(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|{_CURLY}|\S*)", re.IGNORECASE | re.DOTALL
)
_QUOTED = re.compile(rf"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|{_CURLY}", re.DOTALL)
# A mark within a word is an apostrophe here too.
_OPEN = "|".join(rf"{mark}(?:[^{mark}\\]|\\.|{mark}(?!\s|$))*{mark}" for mark in "'\"")
_FIRST_QUOTED = re.compile(rf"(?P<quoted>{_OPEN}|{_CURLY})(?:\s+|$)", re.DOTALL)
_PLAIN = re.compile(rf"[^\s\\{_MARKS}]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# Telegram: what a link to a bot may carry.
_CARRIED = re.compile(r"[A-Za-z0-9-]+(?:[ =][A-Za-z0-9-]+)*")
_MASK = "\0"
# A letter or two are a formula's: x=5.
_BEGUN = re.compile(rf"(?:{_MASK}+\s+)*([a-z_]{{3,}})=", re.IGNORECASE)
_EQUALS = "--"
_MOST_CARRIED = 64


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
    values, rest = _apart(line, fields)
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
    names = _names(fields)
    return any(match[1].lower() in names for match in _NAMED.finditer(line))


def unknown_name(line: str, fields: Sequence[FieldView]) -> str:
    """The name of a `name=value` with which a value of the line begins, though no field is called so; else empty.

    One in the midst of prose, in quotes or in a text of several lines belongs to the text, and what a field does not
    take as any text is its own to read.
    """
    _values, rest = _apart(line, fields)
    if "\n" in rest or "=" not in rest:
        return ""
    values = read_line(_QUOTED.sub(lambda match: _MASK * len(match[0]), rest), fields)
    free = {one.name for one in fields if one.free}
    found = (_BEGUN.match(value) for name, value in values.items() if value and name in free)
    names = (match[1].lower() for match in found if match)
    # `for=` and `from=` can be no field's name: forms read them in their texts.
    return next((name for name in names if not iskeyword(name)), "")


def is_one_value(value: str, line: str) -> bool:
    """Whether a value of the line was one word, or stood in quotes."""
    if not re.search(r"\s", value):
        return True
    return any(_unquoted(found[0]) == value for found in _QUOTED.finditer(line))


def read_named(line: str, fields: Sequence[FieldView]) -> dict[str, str]:
    """The values of a line that holds nothing but `name=value`; none when there is anything else in it.

    A value without quotes goes on to the next name, or to the end: `name=Ada Lovelace`.
    """
    named = [replace(one, named=True) for one in fields]
    values = read_line(line, named)
    return _unquoted_named(line.strip(), fields) if "?" in values else values


def write_line(words: str, values: Mapping[str, str]) -> str:
    """The command line that gives these values by name."""
    return " ".join([words, *(f"{name}={quote(value)}" for name, value in values.items() if value)])


def to_parameter(line: str) -> str | None:
    """The line as a link to a bot carries it (`register_SG17`); None for one that it cannot carry."""
    if not _CARRIED.fullmatch(line) or _EQUALS in line or re.search("-=|=-", line):
        return None
    carried = line.replace(" ", "_").replace("=", _EQUALS)
    return carried if len(carried) <= _MOST_CARRIED else None


def of_parameter(parameter: str) -> str:
    """The line that a link carried."""
    return parameter.replace("_", " ").replace(_EQUALS, "=").strip()


def quote(value: str) -> str:
    """The value as a line must write it, so that `read_line` gives it back, without white space at its ends."""
    if _PLAIN.fullmatch(value):
        return value
    return "'" + re.sub(r"[\\']", r"\\\g<0>", value) + "'"


def _names(fields: Sequence[FieldView]) -> dict[str, str]:
    """The fields by all that they may be called in a line."""
    return {one.also: one.name for one in fields if one.also} | {one.name: one.name for one in fields}


def _apart(line: str, fields: Sequence[FieldView]) -> tuple[dict[str, str], str]:
    """The values that the line gives by name, and the rest of it."""
    names = _names(fields)
    values: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        name = names.get(match[1].lower())
        if name is None:
            return match[0]
        values[name] = _unquoted(match[2])
        return " "

    return values, _NAMED.sub(take, line).strip()


def _unquoted_named(line: str, fields: Sequence[FieldView]) -> dict[str, str]:
    """The values of a line that begins with a name, each with all the words before the next one."""
    names = _names(fields)
    found = [match for match in _NAMED.finditer(line) if match[1].lower() in names]
    if not found or found[0].start():
        return {}
    ends = [*(match.start() for match in found[1:]), len(line)]
    values = {
        names[match[1].lower()]: line[match.start(2) : end].strip() for match, end in zip(found, ends, strict=True)
    }
    if any(value.startswith(tuple(_MARKS)) and not _QUOTED.fullmatch(value) for value in values.values()):
        return {}
    return {name: _unquoted(value) for name, value in values.items()}


def _first(rest: str) -> tuple[str, str]:
    """The first word, which may be quoted, and what follows it."""
    quoted = _FIRST_QUOTED.match(rest)
    if quoted:
        return _ESCAPED.sub(r"\1", quoted["quoted"][1:-1]), rest[quoted.end() :]
    word, *after = rest.split(None, 1)
    return word, "".join(after)


def _unquoted(value: str) -> str:
    quoted = _QUOTED.fullmatch(value.strip())
    return _ESCAPED.sub(r"\1", quoted[0][1:-1]) if quoted else value.strip()
