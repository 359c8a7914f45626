"""Cutting: a run of text becomes two at the best place at or before a length."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from bot.render.document import Code, Emphasis, Inline, Inlines, LineBreak, Link, Strike, Strong, Text, text_of

_SENTENCE_END = re.compile(r"[.!?;:…。！？]\s|\n")
_SPACE = re.compile(r"\s")
_JOINERS = ("\u200d", "\ufe0f", "\u20e3")


def cut_inlines(content: Inlines, length: int, anywhere: bool = False) -> tuple[Inlines, Inlines]:
    """The text up to a good place at or before the length, and the rest without the white space between them."""
    letters = text_of(content)
    if length >= len(letters):
        return content, ()
    place = length if anywhere else good_place(letters, length)
    head, tail = _cut_at(content, place)
    return (head, tail) if anywhere else (head, _without_leading_space(tail))


def cut_code(text: str, length: int) -> tuple[str, str]:
    """Code is cut at the end of a line when there is one."""
    if length >= len(text):
        return text, ""
    newline = text.rfind("\n", 0, length + 1)
    if newline > 0:
        return text[:newline], text[newline + 1 :]
    place = _between_letters(text, length)
    return text[:place], text[place:]


def good_place(letters: str, length: int) -> int:
    """Where to cut: after a sentence in the second half, else after a word, else between two letters."""
    window = letters[: length + 1]
    sentences = [match.end() for match in _SENTENCE_END.finditer(window) if length // 2 < match.end() <= length]
    if sentences:
        return sentences[-1]
    spaces = [match.end() for match in _SPACE.finditer(window) if match.start() > 0]
    if spaces:
        return min(spaces[-1], length)
    return _between_letters(letters, length)


def _between_letters(letters: str, length: int) -> int:
    """A place at or before the length that does not part a letter from its accent or an emoji from its other half."""
    for place in range(length, max(length - 32, 0), -1):
        before, after = letters[place - 1], letters[place : place + 1]
        if before != "\u200d" and after not in _JOINERS and not unicodedata.combining(after or "a"):
            return place
    return length


def _cut_at(content: Inlines, place: int) -> tuple[Inlines, Inlines]:
    head: list[Inline] = []
    for index, inline in enumerate(content):
        size = len(text_of((inline,)))
        if place < size:
            first, rest = _cut_inline(inline, place)
            return (*head, *first), (*rest, *content[index + 1 :])
        head.append(inline)
        place -= size
    return tuple(head), ()


def _cut_inline(inline: Inline, place: int) -> tuple[Inlines, Inlines]:
    if place == 0:
        return (), (inline,)
    match inline:
        case Text(text) | Code(text):
            return (replace(inline, text=text[:place]),), (replace(inline, text=text[place:]),)
        case Strong(content) | Emphasis(content) | Strike(content):
            first, rest = _cut_at(content, place)
            return (replace(inline, content=first),), (replace(inline, content=rest),)
        case Link(label):
            first, rest = _cut_at(label, place)
            return (replace(inline, label=first),), (replace(inline, label=rest),)
        case LineBreak():
            return (inline,), ()


def _without_leading_space(content: Inlines) -> Inlines:
    letters = text_of(content)
    space = len(letters) - len(letters.lstrip())
    return _cut_at(content, space)[1] if space else content
