"""Acting as people: what they say, press, ask and send, as the bot gets to know of it."""

from __future__ import annotations

from .chats import PRESENT, Chat, Kind, Standing, Topic
from .content import Content
from .keyboards import read_keyboard
from .methods.answering import inserted_content
from .people import Person
from .records import InlineQuery, Press, Shown
from .watching import Watching


class Acting(Watching):
    """The deeds of people; each returns what they see of it."""

    async def says(
        self,
        person: Person,
        text: str,
        chat: Chat | None = None,
        thread: Topic | int | None = None,
        reply_to: Shown | None = None,
    ) -> Shown:
        """A person writes: privately to the bot, or in a chat."""
        message = self._writes(person, Content(text, written=True), chat, thread, reply_to)
        self._reaches_bot(message)
        await self.world.changed()
        return message

    async def opens(self, person: Person, start_parameter: str | None = None) -> Shown:
        """A person follows a link to the bot and presses Start."""
        return await self.says(person, f"/start {start_parameter}" if start_parameter else "/start")

    async def sends_document(
        self,
        person: Person,
        content: bytes,
        name: str,
        chat: Chat | None = None,
        *,
        caption: str = "",
        mime_type: str = "application/octet-stream",
        claims: int | None = None,
        thread: Topic | int | None = None,
        reply_to: Shown | None = None,
    ) -> Shown:
        message = self._writes(person, Content(caption, written=True), chat, thread, reply_to)
        message.document = self.world.store(name, mime_type, content, claims)
        self._reaches_bot(message)
        await self.world.changed()
        return message

    async def edits(self, person: Person, message: Shown, text: str) -> Shown:
        """A person changes their own message."""
        assert message.sender is person, f"{person.first_name} cannot edit a message of {message.sender.first_name}"
        message.content = Content(text, written=True)
        message.edited, message.edit_date = True, int(self.world.clock())
        self._reaches_bot(message, "edited_")
        await self.world.changed()
        return message

    async def presses(self, person: Person, message: Shown, label: str) -> Press:
        """A person presses the button with that label under a message of the bot."""
        button = next((button for button in message.buttons if button.label == label), None)
        assert button, f"no button {label!r} under the message, only {message.labels}"
        assert button.data is not None, f"the button {label!r} opens {button.url}, the bot does not learn of it"
        press = Press(str(10**17 + self.world.number()), person, message, button.data, self.world.clock())
        self.world.presses[press.id] = press
        body: dict[str, object] = {
            "id": press.id,
            "from": person.payload(),
            "chat_instance": str(message.chat.id),
            "data": button.data,
        }
        if message.inline_id:
            body["inline_message_id"] = message.inline_id
        else:
            body["message"] = message.payload()
        self.world.happen("callback_query", body, message.chat.id)
        await self.world.changed()
        return press

    async def asks_inline(
        self, person: Person, query: str, *, offset: str = "", timeout: float = 30, chat_type: str = "sender"
    ) -> InlineQuery:
        """A person types `@bot query` somewhere; returns with the results that the bot gave."""
        asked = InlineQuery(str(10**17 + self.world.number()), person, query[:256], self.world.clock())
        self.world.inline_queries[asked.id] = asked
        body: dict[str, object] = {
            "id": asked.id,
            "from": person.payload(),
            "query": asked.query,
            "offset": offset,
            "chat_type": chat_type,
        }
        self.world.happen("inline_query", body, person.id)
        await self.world.changed()
        await self.wait_for(lambda: asked.answered, timeout)
        return asked

    async def inserts(self, person: Person, asked: InlineQuery, index: int = 0, chat: Chat | None = None) -> Shown:
        """A person chooses a result: it is shown in the chat, sent via the bot."""
        result = asked.results[index]
        chat = chat or self.world.chats[person.id]
        message = self.world.show(chat, person, inserted_content(result))
        markup = result.get("reply_markup")
        message.keyboard = read_keyboard(markup if isinstance(markup, dict) else None)
        message.via_bot, message.inline_id = self.world.bot, f"BAAAinline{self.world.number()}"
        self.world.inline_messages[message.inline_id] = message
        chosen = {
            "result_id": result["id"],
            "from": person.payload(),
            "query": asked.query,
            "inline_message_id": message.inline_id,
        }
        self.world.happen("chosen_inline_result", dict(chosen), person.id)
        await self.world.changed()
        return message

    def _writes(
        self,
        person: Person,
        content: Content,
        chat: Chat | None,
        thread: Topic | int | None,
        reply_to: Shown | None,
    ) -> Shown:
        chat = chat or self.world.chats[person.id]
        assert not chat.migrated_to, f"{chat.title} is a supergroup now: nobody writes in the old group"
        assert self.world.standing(person, chat) in PRESENT, f"{person.first_name} is not in {chat.title}"
        if chat.person:
            assert not person.blocked, f"{person.first_name} has blocked the bot"
            person.started = True
        number = thread.id if isinstance(thread, Topic) else thread
        if number is None and reply_to:
            number = reply_to.thread
        answered = reply_to.message_id if reply_to else None
        return self.world.show(chat, person, content, thread=number, reply_to=answered)

    def _reaches_bot(self, message: Shown, prefix: str = "") -> None:
        if message.chat.bot in PRESENT and self._is_meant_for_bot(message):
            kind = "channel_post" if message.chat.kind is Kind.CHANNEL else "message"
            self.world.happen(prefix + kind, message.payload(), message.chat.id)

    def _is_meant_for_bot(self, message: Shown) -> bool:
        """Privacy mode: in groups the bot gets commands, mentions of it and replies to it."""
        chat, name = message.chat, f"@{self.world.bot.username}".lower()
        if not self.world.privacy or chat.kind in {Kind.PRIVATE, Kind.CHANNEL} or chat.bot is Standing.ADMINISTRATOR:
            return True
        original = chat.messages.get(message.reply_to) if message.reply_to is not None else None
        if original and original.by_bot:
            return True
        for entity in message.entities:
            shown = entity.text.lower()
            if entity.type == "mention" and shown == name:
                return True
            if entity.type == "bot_command" and ("@" not in shown or shown.endswith(name)):
                return True
        return False
