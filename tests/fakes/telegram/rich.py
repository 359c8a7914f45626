"""Rich messages (Bot API 10.1): the HTML that they take, their limits, and the text that a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .entities import Entity, units
from .errors import bad_request, cannot_parse
from .html_mode import SPACE, decoded, read_attributes

CHARACTERS, BLOCKS, DEPTH, COLUMNS = 32_768, 500, 16, 20
VOID = frozenset({"hr", "br", "img", "input"})
INLINE_WORDS = """
    a b strong i em u ins s strike del code mark sub sup span cite tg-spoiler tg-emoji tg-time tg-math
"""
INLINE = frozenset(INLINE_WORDS.split())
BLOCK_WORDS = """
    p h1 h2 h3 h4 h5 h6 pre blockquote aside footer ul ol li table caption tr td th details summary figure
    figcaption audio video tg-math-block tg-collage tg-slideshow tg-map
"""
BLOCK = frozenset(BLOCK_WORDS.split())
COUNTED = BLOCK - {"td", "th", "caption", "summary", "figcaption"} | {"hr", "img"}
PARENTS = {
    "li": {"ul", "ol"},
    "td": {"tr"},
    "th": {"tr"},
    "tr": {"table"},
    "caption": {"table"},
    "summary": {"details"},
}
QUIET = frozenset({"code", "pre", "a", "tg-math", "tg-math-block"})
NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9-]*)")


@dataclass
class RichReader:
    """Reads one rich HTML text: refuses what does not balance, keeps the words and the links."""

    source: str
    open: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    blocks: int = 0
    columns: int = 0

    def read(self) -> RichReader:
        here = 0
        while here < len(self.source):
            start = self.source.find("<", here)
            end = len(self.source) if start < 0 else start
            self._say(decoded(self.source[here:end]))
            here = end if start < 0 else self._tag(start)
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1]}"')
        self._limits()
        return self

    @property
    def text(self) -> str:
        """The words, with a line for a block and a tab between the cells of a row."""
        return re.sub(r"\n{2,}", "\n", "".join(self.parts)).strip()

    @property
    def detectable(self) -> str:
        """The words in which Telegram looks for entities: all but code, formulas and links."""
        return "".join(self.loud)

    def _say(self, text: str) -> None:
        inside_frame = bool(self.open) and self.open[-1] in {"table", "tr", "ul", "ol"}
        if inside_frame and text.strip(SPACE):
            raise cannot_parse(f'Unexpected text in the tag "{self.open[-1]}"')
        if inside_frame or (not self.open and not text.strip(SPACE)):
            return
        self.parts.append(text)
        self.loud.append("\n" if QUIET.intersection(self.open) else text)

    def _tag(self, start: int) -> int:
        at = len(self.source[:start].encode("utf-8", "surrogatepass"))
        match = NAME.match(self.source, start + 1)
        name = match[1].lower() if match else ""
        here = match.end() if match else start + 1
        if self.source.startswith("</", start):
            return self._end(name, here, at)
        if name not in INLINE | BLOCK | VOID:
            raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
        close = self.source.find(">", here)
        if name in VOID and close > 0 and self.source[close - 1] == "/":
            self.source = self.source[: close - 1] + " " + self.source[close:]
        attributes, here = read_attributes(self.source, here, name, at)
        self._begin(name, attributes, at)
        return here

    def _begin(self, name: str, attributes: dict[str, str], at: int) -> None:
        parent = self.open[-1] if self.open else ""
        if name in PARENTS and parent not in PARENTS[name]:
            raise cannot_parse(f'Tag "{name}" is not allowed in the tag "{parent}" at byte offset {at}')
        if name in BLOCK and parent in INLINE | {"p", "h1", "h2", "h3", "h4", "h5", "h6"}:
            raise cannot_parse(f'Tag "{name}" is not allowed in the tag "{parent}" at byte offset {at}')
        self.blocks += name in COUNTED
        if name == "tr":
            self.columns = 0
        if name in {"td", "th"}:
            self._cell(attributes)
        if name == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        self._break(name)
        if name not in VOID:
            self.open.append(name)

    def _cell(self, attributes: dict[str, str]) -> None:
        span = attributes.get("colspan", "1")
        self.parts.append("\t" if self.columns else "")
        self.columns += int(span) if span.isdecimal() else 1
        if self.columns > COLUMNS:
            raise bad_request("rich message table has too many columns")

    def _end(self, name: str, here: int, at: int) -> int:
        if not self.open:
            raise cannot_parse(f"Unexpected end tag at byte offset {at}")
        close = self.source.find(">", here)
        if close < 0 or self.source[here:close].strip(SPACE):
            raise cannot_parse(f"Unclosed end tag at byte offset {at}")
        expected = self.open.pop()
        if name != expected:
            raise cannot_parse(f'Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{name}>"')
        self._break(name)
        return close + 1

    def _break(self, name: str) -> None:
        cell = name in {"td", "th"}
        if name in BLOCK | {"br", "hr"} and not cell:
            self.parts.append("\n")
        if name not in INLINE:
            self.loud.append("\n")
        if len(self.open) >= DEPTH:
            raise bad_request("rich message is nested too deeply")

    def _limits(self) -> None:
        if not self.text:
            raise bad_request("message text is empty")
        if units("".join(self.parts)) > CHARACTERS:
            raise bad_request("message is too long")
        if self.blocks > BLOCKS:
            raise bad_request("rich message has too many blocks")


def link_entities(reader: RichReader) -> list[Entity]:
    """The links of a rich message as entities; they have no place, for blocks have no offsets."""
    return [Entity("text_link", 0, 0, link, url=link) for link in reader.links]
