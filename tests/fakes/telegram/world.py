"""The world that the server shows: its people, chats, files, questions and everything recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from .chats import Chat, Kind, Standing
from .content import Content
from .errors import bad_request
from .limits import Limits
from .misbehaviour import Misbehaviours
from .params import Object
from .people import Person
from .records import Call, Document, InlineQuery, Press, Shown, Violation
from .updates import Updates
from .webhook import Poster

Texts = dict[tuple[str, str], str]


@dataclass
class Profile:
    """What the bot says about itself: commands by scope and language, descriptions, menu buttons."""

    commands: dict[tuple[str, str], list[Object]] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)
    menu_buttons: dict[int | None, Object] = field(default_factory=dict)


class World:
    """One Telegram with one bot in it."""

    def __init__(self, *, rich: bool, check: bool, privacy: bool, clock: Callable[[], float]) -> None:
        self.rich, self.check, self.privacy, self.clock = rich, check, privacy, clock
        self.token = "123456789:AAFakeTokenForTheLoopbackServer000"
        self.revoked = False
        self.query_lifetime = 15.0
        self.bot = Person(123456789, "Liaison", "liaison_test_bot", None, is_bot=True)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.documents: dict[str, Document] = {}
        self.inline_messages: dict[str, Shown] = {}
        self.profile = Profile()
        self.presses: dict[str, Press] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.limited_until: dict[str, float] = {}
        self.limits = Limits()
        self.misbehaviours = Misbehaviours()
        self.updates = Updates(Poster(clock, self.notify))
        self.changes = asyncio.Condition()
        self._notices: set[asyncio.Task[None]] = set()
        self._numbers = 0
        self._message_ids: dict[int, int] = {}

    def number(self) -> int:
        """A number that was not given before."""
        self._numbers += 1
        return self._numbers

    async def changed(self) -> None:
        async with self.changes:
            self.changes.notify_all()

    def notify(self) -> None:
        task = asyncio.create_task(self.changed())
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    def find_chat(self, reference: str) -> Chat:
        """The chat that a chat_id parameter means."""
        if not reference:
            raise bad_request("chat_id is empty")
        if reference.startswith("@"):
            found = [chat for chat in self.chats.values() if chat.username == reference[1:]]
        else:
            number = int(reference) if reference.lstrip("-").isdecimal() else 0
            found = [self.chats[number]] if number in self.chats else []
        if not found or (found[0].person and found[0].person.is_bot):
            raise bad_request("chat not found")
        return found[0]

    def next_message_id(self, chat: Chat) -> int:
        key = chat.id if chat.numbers_its_own else 0
        self._message_ids[key] = self._message_ids.get(key, 0) + 1
        return self._message_ids[key]

    def show(
        self,
        chat: Chat,
        sender: Person,
        content: Content | None = None,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        service: Object | None = None,
    ) -> Shown:
        """Puts a message into a chat."""
        message = Shown(
            self.next_message_id(chat),
            chat,
            sender,
            int(self.clock()),
            content or Content(),
            thread=thread,
            reply_to=reply_to,
            service=service,
        )
        chat.messages[message.message_id] = message
        return message

    def store(self, name: str, mime_type: str, content: bytes, claims: int | None = None) -> Document:
        """`claims` is the size that a message says, if not the true one."""
        number = self.number()
        document = Document(f"BQACAgI{number:08d}", f"AgAD{number:04d}", name, mime_type, content, claims)
        self.documents[document.file_id] = document
        return document

    def happen(self, kind: str, body: Object, chat_id: int) -> None:
        """Makes an update of what happened."""
        self.updates.put(kind, body, chat_id, self.misbehaviours.copies(kind, chat_id))

    def standing(self, person: Person, chat: Chat) -> Standing:
        if person is self.bot:
            return chat.bot
        if chat.kind is Kind.PRIVATE:
            return Standing.MEMBER if person is chat.person else Standing.LEFT
        return chat.members.get(person.id, Standing.LEFT)
