"""Escaping: how text from people becomes Markdown that shows exactly that text."""

from __future__ import annotations

import re

# Control characters, and those that turn the direction of everything that follows them.
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile("[ \t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
# "&" only where it could begin a character reference, "#" where it could open or close a heading, "_" not inside
# a word, "!" only where a template may put a link after it.
_ACTIVE = re.compile(r"[\\`*\[\]<~|]|&(?=[#A-Za-z])|(?<!\w)#|(?<![^\W_])_|_(?![^\W_])|!\Z")
# What may open a block when the text happens to stand at the beginning of a line: signs, or "1." and "1)".
_OPENING = re.compile(r"\A(?:\d{1,9}[.)](?!\S)|\W+)")
_OPENER = re.compile(r"[\\`*\[\]<~|#&!>+=:.)-]")


class Markdown(str):
    """Text that is Markdown already: a template prints it as it is."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text without control characters and direction overrides; line breaks and tabs stay."""
    return text if text.isprintable() else _HIDDEN.sub("", text)


def one_line(text: str) -> str:
    """The visible text on one line, without white space at its ends."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _BREAKS.sub(" ", visible(text)).strip()


def escape(text: str) -> str:
    """Markdown that shows the text, literally and on one line, wherever in a line it is put."""
    return _escape_line(one_line(text))


def escape_separator(text: str) -> str:
    """As `escape`, but white space at the ends stays."""
    return _escape_line(_BREAKS.sub(" ", visible(text)))


def _escape_line(line: str) -> str:
    if line.isalpha():
        return line
    opening = _OPENING.match(line)
    head = opening.end() if opening else 0
    escaped = _OPENER.sub(r"\\\g<0>", line[:head]) + _ACTIVE.sub(r"\\\g<0>", line[head:])
    # A last backslash would take the mark that a template puts after it, such as a table's bar.
    return escaped[:-2] + "&#92;" if escaped.endswith("\\\\") else escaped


def source(text: str) -> Markdown:
    """A block that shows the text letter by letter."""
    shown = visible(text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return Markdown(f"{fence}\n{shown}\n{fence}")


def code(text: str) -> Markdown:
    """A code span that shows the text; text with a bar is shown without the span, which a table would cut."""
    line = one_line(text)
    if not line or "|" in line:
        return Markdown(_escape_line(line))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return Markdown(f"{fence}{pad}{line}{pad}{fence}")
