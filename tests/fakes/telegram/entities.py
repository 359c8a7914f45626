"""Message entities: offsets and lengths in UTF-16 code units, as Telegram counts them."""

from __future__ import annotations

from dataclasses import dataclass

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Entity:
    """A marked piece of a text; `automatic` when Telegram found it by itself."""

    type: str
    offset: int
    length: int
    text: str
    url: str | None = None
    user_id: int | None = None
    language: str | None = None
    automatic: bool = False

    @property
    def end(self) -> int:
        return self.offset + self.length

    def overlaps(self, other: Entity) -> bool:
        return self.offset < other.end and other.offset < self.end

    def payload(self) -> dict[str, object]:
        answer: dict[str, object] = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url is not None:
            answer["url"] = self.url
        if self.user_id is not None:
            answer["user"] = {"id": self.user_id, "is_bot": False, "first_name": "Somebody"}
        if self.language is not None:
            answer["language"] = self.language
        return answer


def piece(text: str, offset: int, length: int) -> str:
    """The text at an offset and length given in UTF-16 code units."""
    if text.isascii():
        return text[offset : offset + length]
    return text.encode("utf-16-le", "surrogatepass")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")
