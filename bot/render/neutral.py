"""Neutral text: what Telegram would turn into a mention, a command, a tag or a link stays mere text.

The rules are those of Telegram's own library (TDLib, MessageEntity.cpp), taken a little wider than they are there.
A word joiner after the sign that begins such a thing ends it, and cannot be seen.
"""

from __future__ import annotations

import re
from itertools import pairwise

from bot.render.document import Code, Inline, Inlines, LineBreak, Link, Text, text_of

WORD_JOINER = "\u2060"
# Each alternative ends where the joiner goes: after what begins a mention or an address, a command, a tag, a cashtag,
# a link, before a domain's last letters, and before the last number of an Internet address.
_BEGINNING = re.compile(
    r"@(?=[A-Za-z0-9_])"
    r"|://(?=\S)"
    r"|(?<![A-Za-z0-9_])/(?=[A-Za-z0-9_])"
    r"|(?<![A-Za-z0-9_])#(?=[A-Za-z0-9_]|[^\x00-\x7f])"
    r"|\$(?=[A-Z1])"
    r"|\.(?=[A-Za-z]{2,}(?![A-Za-z0-9_~-])|[A-Za-z]?[^\x00-\xbf]|[Xx][Nn]--)"
    r"|(?<![A-Za-z0-9_~-])(?:\d{1,3}\.){3}(?=\d)"
)


def neutral(inlines: Inlines) -> Inlines:
    """The inlines with joiners in their text; code is left alone, since nothing is detected in it."""
    letters = text_of(inlines)
    places = [match.end() for match in _BEGINNING.finditer(letters)]
    return _joined(inlines, places, 0)[0] if places else inlines


def _joined(inlines: Inlines, places: list[int], start: int) -> tuple[Inlines, int]:
    said: list[Inline] = []
    for inline in inlines:
        changed, start = _joined_inline(inline, places, start)
        said.append(changed)
    return tuple(said), start


def _joined_inline(inline: Inline, places: list[int], start: int) -> tuple[Inline, int]:
    match inline:
        case Text(text):
            end = start + len(text)
            cuts = [start, *(place for place in places if start < place <= end), end]
            pieces = [text[a - start : b - start] for a, b in pairwise(cuts)]
            return Text(WORD_JOINER.join(pieces)), end
        case Code(text):
            return inline, start + len(text)
        case LineBreak():
            return inline, start + 1
        case Link(label, url):
            shown, end = _joined(label, places, start)
            return Link(shown, url), end
    content, end = _joined(inline.content, places, start)
    return type(inline)(content), end
