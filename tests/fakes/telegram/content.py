"""What a message says: a text in a parse mode, given entities, or a rich message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from .detection import find, find_beside
from .entities import Entity, piece, units
from .errors import bad_request
from .html_mode import parse
from .params import Object, Parameters
from .rich import RichReader, link_entities

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
BLANK = " \t\n\r\f\v\0\u00a0\u200b\u200c\u200e\u200f\u2060\ufeff\u180e"


@dataclass(frozen=True)
class Content:
    """Read when it is first looked at, so that an unchecked server spends nothing on it."""

    source: str = ""
    mode: str = ""
    given: tuple[Entity, ...] = ()
    rich: str | None = None
    rich_markdown: str | None = None
    skip_detection: bool = False
    written: bool = False

    @cached_property
    def _read(self) -> tuple[str, list[Entity]]:
        if self.written:
            return self.source, find(self.source)
        if self.mode.lower() == "html":
            return _trimmed(*parse(self.source))
        if self.mode:
            raise bad_request(f"unsupported parse_mode {self.mode}")
        return _trimmed(self.source, list(self.given))

    @cached_property
    def _rich(self) -> RichReader:
        return RichReader(self.rich or "").read()

    @cached_property
    def text(self) -> str:
        if self.rich is not None:
            return self._rich.text
        return self.rich_markdown if self.rich_markdown is not None else self._read[0]

    @cached_property
    def entities(self) -> list[Entity]:
        if self.rich is None and self.rich_markdown is None:
            return find_beside(*self._read)
        loud = self._rich.detectable if self.rich is not None else self.text
        written = link_entities(self._rich) if self.rich is not None else []
        return written if self.skip_detection else [*written, *find(loud)]

    @property
    def same_as(self) -> tuple[object, ...]:
        """What two contents must share for an edit to change nothing."""
        if self.rich is not None or self.rich_markdown is not None:
            return (self.rich, self.rich_markdown)
        return (self.text, tuple(entity for entity in self.entities if not entity.automatic))

    def check(self, limit: int = TEXT_LIMIT) -> None:
        """Raises what Telegram answers to a text that it does not take."""
        if self.rich is not None or self.rich_markdown is not None:
            self._check_rich()
        elif limit == CAPTION_LIMIT:
            if units(self.text) > limit:
                raise bad_request("message caption is too long")
        elif not self.text.strip(BLANK):
            raise bad_request("message text is empty")
        elif units(self.text) > limit:
            raise bad_request("message is too long")

    def _check_rich(self) -> None:
        if self.rich is not None and self.rich_markdown is not None:
            raise bad_request("exactly one of html and markdown must be specified")
        if self.rich is None and not (self.rich_markdown or "").strip():
            raise bad_request("message text is empty")
        if self.rich is None and units(self.rich_markdown or "") > 32_768:
            raise bad_request("message is too long")
        _ = self.text

    def payload(self, *, caption: bool = False) -> Object:
        if self.rich is not None or self.rich_markdown is not None:
            return {"rich_message": {"blocks": [{"type": "paragraph", "text": self.text}]}}
        if not self.source:
            return {}
        if "_read" not in self.__dict__ and not self.written:
            return {"caption" if caption else "text": self.source}
        answer: Object = {"caption" if caption else "text": self.text}
        if self.entities:
            answer["caption_entities" if caption else "entities"] = [entity.payload() for entity in self.entities]
        return answer


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram drops the blanks around a message and moves its entities along."""
    left = text.lstrip(" \t\n\r\f\v")
    lead = units(text) - units(left)
    short = left.rstrip(" \t\n\r\f\v\0")
    size = units(short)
    kept: list[Entity] = []
    for entity in entities:
        begin, end = max(entity.offset - lead, 0), min(entity.end - lead, size)
        if begin < end:
            kept.append(replace(entity, offset=begin, length=end - begin, text=piece(short, begin, end - begin)))
    return short, kept


def text_content(parameters: Parameters, name: str, entities: str) -> Content:
    """The text parameter of a call with its parse mode or its entities."""
    text = parameters.text(name)
    given = tuple(_given(text, one) for one in parameters.json_list(entities) or [])
    return Content(text, "" if given else parameters.text("parse_mode"), given)


def rich_content(rich: Object) -> Content:
    html, markdown = rich.get("html"), rich.get("markdown")
    if html is None and markdown is None:
        raise bad_request("exactly one of html and markdown must be specified")
    return Content(
        rich=None if html is None else str(html),
        rich_markdown=None if markdown is None else str(markdown),
        skip_detection=bool(rich.get("skip_entity_detection")),
    )


def _given(text: str, raw: object) -> Entity:
    if not isinstance(raw, dict) or "type" not in raw:
        raise bad_request("can't parse MessageEntity: Expected an Object")
    offset, length = int(raw.get("offset", 0)), int(raw.get("length", 0))
    user = raw.get("user")
    return Entity(
        str(raw["type"]),
        offset,
        length,
        piece(text, offset, length),
        url=raw.get("url"),
        user_id=int(user["id"]) if isinstance(user, dict) else None,
        language=raw.get("language"),
    )
