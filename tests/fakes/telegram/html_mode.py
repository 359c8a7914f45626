"""Telegram's HTML parse mode: what it accepts, and the words with which it refuses the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .entities import STYLES, Entity, piece, units
from .errors import cannot_parse

TAGS = frozenset(STYLES) | {"a"}
SPACE = " \t\n\r\f\v\0"
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
LINK = re.compile(r"(?:https?|ftp|tg|ton|tonsite|mailto|tel):\S+$", re.IGNORECASE)
BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?$")
USER = re.compile(r"tg:(?://)?user\?id=(\d+)$")


def decoded(text: str) -> str:
    """A text with its character references replaced; unknown ones stay as they are, as on Telegram."""
    return CHARACTER.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    sixteen, ten, name = match.groups()
    if name:
        return NAMED[name]
    number = int(sixteen, 16) if sixteen else int(ten)
    valid = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if valid else match[0]


@dataclass
class Tag:
    """A start tag that waits for its end."""

    name: str
    attributes: dict[str, str]
    offset: int
    position: int


@dataclass
class Reader:
    """Reads one HTML text from left to right, as Telegram does."""

    source: str
    parts: list[str] = field(default_factory=list)
    offset: int = 0
    open: list[Tag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    position: int = 0

    def read(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            start = self.source.find("<", self.position)
            if start < 0:
                self._say(self.source[self.position :])
                break
            self._say(self.source[self.position : start])
            self._tag(start)
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        text = "".join(self.parts)
        return text, _spelled(text, self.entities)

    def _say(self, raw: str) -> None:
        text = decoded(raw)
        self.parts.append(text)
        self.offset += units(text)

    def _tag(self, start: int) -> None:
        if self.source.startswith("</", start):
            self._end(start)
        else:
            self._start(start)

    def _start(self, start: int) -> None:
        at = self._at(start)
        here = _until(self.source, start + 1, SPACE + ">")
        if here >= len(self.source):
            raise cannot_parse(f"Unclosed start tag at byte offset {at}")
        name = self.source[start + 1 : here].lower()
        if name not in TAGS:
            raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
        attributes, self.position = read_attributes(self.source, here, name, at)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.open.append(Tag(name, attributes, self.offset, start))

    def _end(self, start: int) -> None:
        at = self._at(start)
        if not self.open:
            raise cannot_parse(f"Unexpected end tag at byte offset {at}")
        here = _until(self.source, start + 2, SPACE + ">")
        name = self.source[start + 2 : here].lower()
        here = _skip(self.source, here)
        if here >= len(self.source) or self.source[here] != ">":
            raise cannot_parse(f"Unclosed end tag at byte offset {at}")
        tag = self.open.pop()
        if name and name != tag.name:
            raise cannot_parse(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{name}>"')
        self.position = here + 1
        if self.offset > tag.offset:
            self._mark(tag)

    def _mark(self, tag: Tag) -> None:
        length = self.offset - tag.offset
        if tag.name == "a":
            link = tag.attributes.get("href") or piece("".join(self.parts), tag.offset, length)
            self._link(link, tag.offset, length)
            return
        kind = STYLES[tag.name]
        language = self._language(tag)
        if kind == "pre" and self.entities:
            last = self.entities[-1]
            if (last.type, last.offset, last.length) == ("code", tag.offset, length):
                language = self.entities.pop().language
        if tag.name == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        self.entities.append(Entity(kind, tag.offset, length, "", language=language))

    def _link(self, link: str, offset: int, length: int) -> None:
        if person := USER.match(link):
            self.entities.append(Entity("text_mention", offset, length, "", user_id=int(person[1])))
        elif LINK.match(link) or BARE.match(link):
            self.entities.append(Entity("text_link", offset, length, "", url=link))

    def _language(self, tag: Tag) -> str | None:
        value = tag.attributes.get("class", "")
        inside_pre = tag.name == "code" and bool(self.open) and self.open[-1].name == "pre"
        return value.removeprefix("language-") if inside_pre and value.startswith("language-") else None

    def _at(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))


def read_attributes(source: str, here: int, name: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of a start tag from `here` on, and where the text goes on behind its `>`."""
    attributes: dict[str, str] = {}
    while True:
        here = _skip(source, here)
        if here >= len(source):
            raise cannot_parse(f"Unclosed start tag at byte offset {at}")
        if source[here] == ">":
            return attributes, here + 1
        begin, here = here, _until(source, here, SPACE + "=>")
        if begin == here:
            raise cannot_parse(f'Empty attribute name in the tag "{name}" at byte offset {at}')
        key = source[begin:here].lower()
        here = _skip(source, here)
        if not source.startswith("=", here):
            attributes[key] = ""
            continue
        attributes[key], here = _value(source, _skip(source, here + 1), at)


def _value(source: str, here: int, at: int) -> tuple[str, int]:
    quote = source[here : here + 1]
    if quote in {'"', "'"}:
        end = source.find(quote, here + 1)
        if end < 0:
            raise cannot_parse(f"Unclosed start tag at byte offset {at}")
        return decoded(source[here + 1 : end]), end + 1
    token = re.compile(r"[\w.-]*").match(source, here)
    end = token.end() if token else here
    if end < len(source) and source[end] not in SPACE + ">":
        raise cannot_parse(f"Unexpected end of name token at byte offset {end}")
    return source[here:end].lower(), end


def _until(source: str, here: int, stops: str) -> int:
    while here < len(source) and source[here] not in stops:
        here += 1
    return here


def _skip(source: str, here: int) -> int:
    while here < len(source) and source[here] in SPACE:
        here += 1
    return here


def _spelled(text: str, entities: list[Entity]) -> list[Entity]:
    ordered = sorted(entities, key=lambda entity: (entity.offset, -entity.length))
    return [
        Entity(
            one.type, one.offset, one.length, piece(text, one.offset, one.length), one.url, one.user_id, one.language
        )
        for one in ordered
    ]


def parse(source: str) -> tuple[str, list[Entity]]:
    """The text and the entities of an HTML text; raises the refusal that Telegram would answer."""
    return Reader(source).read()
