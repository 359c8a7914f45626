"""Records: what people saw, what the bot called, and what it should not have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .content import Content
from .entities import Entity
from .keyboards import Button
from .params import Object
from .people import Person

if TYPE_CHECKING:
    from .chats import Chat


@dataclass(frozen=True)
class Document:
    """A file on the server."""

    file_id: str
    unique_id: str
    name: str
    mime_type: str
    content: bytes
    claims: int | None = None

    @property
    def path(self) -> str:
        return f"documents/{self.unique_id}/{self.name}"

    def payload(self) -> Object:
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_size": len(self.content) if self.claims is None else self.claims,
        }


@dataclass(eq=False)
class Shown:
    """A message as the people in its chat see it, edits included."""

    message_id: int
    chat: Chat
    sender: Person
    date: int
    content: Content
    keyboard: list[list[Button]] = field(default_factory=list)
    thread: int | None = None
    reply_to: int | None = None
    document: Document | None = None
    service: Object | None = None
    via_bot: Person | None = None
    edited: bool = False
    edit_date: int | None = None
    deleted: bool = False
    inline_id: str | None = None
    frozen: bool = False

    @property
    def by_bot(self) -> bool:
        return self.sender.is_bot and self.service is None and self.via_bot is None

    @property
    def text(self) -> str:
        """The text (or caption) after entities."""
        return self.content.text

    @property
    def entities(self) -> list[Entity]:
        return self.content.entities

    @property
    def automatic(self) -> list[Entity]:
        """The entities that nobody wrote: Telegram found them in the text."""
        return [entity for entity in self.entities if entity.automatic]

    @property
    def rich_html(self) -> str | None:
        return self.content.rich

    @property
    def buttons(self) -> list[Button]:
        """Every button, row after row."""
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def payload(self, *, with_reply: bool = True) -> Object:
        answer: Object = {"message_id": self.message_id, "date": self.date, "chat": self.chat.payload()}
        if self.chat.kind == "channel":
            answer["sender_chat"] = self.chat.payload()
        else:
            answer["from"] = self.sender.payload()
        if self.thread is not None:
            answer |= {"message_thread_id": self.thread, "is_topic_message": True}
        self._reply(answer, with_reply)
        answer |= self.content.payload(caption=self.document is not None)
        if self.document:
            answer["document"] = self.document.payload()
        if self.service:
            answer |= self.service
        if self.keyboard:
            answer["reply_markup"] = {"inline_keyboard": [[one.payload() for one in row] for row in self.keyboard]}
        if self.edit_date is not None:
            answer["edit_date"] = self.edit_date
        if self.via_bot:
            answer["via_bot"] = self.via_bot.payload()
        return answer

    def _reply(self, answer: Object, with_reply: bool) -> None:
        # In a topic Telegram makes every message a reply: to the one that opened the topic, unless it has another.
        number = self.reply_to if self.reply_to is not None else self.thread
        original = self.chat.messages.get(number) if number is not None and with_reply else None
        if original and original is not self:
            answer["reply_to_message"] = original.payload(with_reply=False)


@dataclass(eq=False)
class Call:
    """One call of a method by the bot, and what it was answered."""

    method: str
    parameters: Mapping[str, object]
    at: float
    chat_id: str | None = None
    error: str | None = None
    misbehaviour: str | None = None
    took_effect: bool = False


@dataclass(frozen=True)
class Violation:
    """A send to a chat before its `retry_after` was over."""

    method: str
    chat_id: str
    early_by: float


@dataclass(eq=False)
class Press:
    """A press of a button, and the bot's answer to it."""

    id: str
    person: Person
    message: Shown
    data: str
    at: float
    answered: bool = False
    answer: str | None = None
    alert: bool = False
    url: str | None = None


@dataclass(eq=False)
class InlineQuery:
    """A query in inline mode, and the results that the bot gave."""

    id: str
    person: Person
    query: str
    at: float
    answered: bool = False
    results: list[Object] = field(default_factory=list)
    next_offset: str = ""
    button: Object | None = None
    cache_time: int = 300
    is_personal: bool = False
