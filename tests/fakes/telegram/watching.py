"""Watching: what people see in their chats, and waiting until they see it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import takewhile
from typing import TypeVar

from .chats import Chat, Kind
from .methods.profile import scope_key
from .people import Person
from .records import Call, Shown
from .setting_up import SettingUp

T = TypeVar("T")


class Watching(SettingUp):
    """The eyes of people, and of the test."""

    def chat_of(self, place: Person | Chat) -> Chat:
        return self.world.chats[place.id] if isinstance(place, Person) else place

    def messages(self, place: Person | Chat) -> list[Shown]:
        """Every message of a chat (a person: the private one) that was not deleted, by whomever."""
        return [message for message in self.chat_of(place).messages.values() if not message.deleted]

    def said(self, place: Person | Chat) -> list[Shown]:
        """What the bot said there."""
        return [message for message in self.messages(place) if message.by_bot]

    def copies(self, text: str) -> Counter[int]:
        """How often the bot has said it, by the number of the chat."""
        return Counter(chat.id for chat in self.world.chats.values() for one in self.said(chat) if text in one.text)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.world.calls if call.method.lower() == method.lower()]

    async def wait_for(self, condition: Callable[[], T], timeout: float = 30) -> T:
        """Waits until the condition is true and returns its value; it is asked again after each change."""
        try:
            async with asyncio.timeout(timeout), self.world.changes:
                while not (value := condition()):
                    await self.world.changes.wait()
                return value
        except TimeoutError:
            tail = [f"{call.method} {dict(call.parameters)} {call.error or ''}" for call in self.world.calls[-5:]]
            raise TimeoutError(f"it did not come true in {timeout} s; the last calls: {tail}") from None

    async def answer_to(self, message: Shown, timeout: float = 30) -> Shown:
        """The first message of the bot after the given one, in the same chat and topic."""
        found = await self.wait_for(lambda: self._after(message), timeout)
        return found[0]

    def menu(self, person: Person, chat: Chat | None = None) -> list[dict[str, object]]:
        """The commands that a person is offered in a chat: the narrowest scope, their language first."""
        where = chat or self.world.chats[person.id]
        commands = self.world.profile.commands
        for scope in _scopes(person, where):
            for language in (person.language_code or "", ""):
                if found := commands.get((scope, language)):
                    return found
        return []

    def _after(self, message: Shown) -> list[Shown]:
        newer = takewhile(lambda one: one.message_id > message.message_id, reversed(message.chat.messages.values()))
        found = [one for one in newer if one.by_bot and not one.deleted and one.thread == message.thread]
        return found[::-1]


def _scopes(person: Person, chat: Chat) -> list[str]:
    if chat.kind is Kind.PRIVATE:
        return [scope_key("chat", chat.id), "all_private_chats", "default"]
    administers = chat.members.get(person.id) in {"administrator", "creator"}
    return [
        scope_key("chat_member", chat.id, person.id),
        *([scope_key("chat_administrators", chat.id)] if administers else []),
        scope_key("chat", chat.id),
        *(["all_chat_administrators"] if administers else []),
        "all_group_chats",
        "default",
    ]
