"""Arrivals: what people say and press on Telegram, as the bot's own events."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.arrival import Arrival, Kind
from bot.platforms.telegram.enclosed import enclosed
from bot.render.escape import visible
from handlers.command import AnyCommand, Place

PLATFORM = "telegram"
# Telegram: a command's name has up to 32 of these characters; it takes others' longer ones for commands too.
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>[A-Za-z0-9_]+))?(?:\s+(?P<rest>.*))?", re.DOTALL)
_HELP: tuple[Kind, str] = ("command", "help")


def menu_name(command: AnyCommand) -> str:
    """The command's words as Telegram allows them: `roadmap_list`."""
    return re.sub(r"[ -]", "_", command.words).lower()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads updates as the bot of that name; in groups it hears only what is meant for it."""

    bot_id: int
    username: str
    words: Mapping[str, str]

    @classmethod
    def of(cls, bot_id: int, username: str, commands: Sequence[AnyCommand]) -> Reader:
        return cls(bot_id, username.lower(), {menu_name(command): command.words for command in commands})

    def message(self, update: Update) -> Arrival | None:
        """What somebody wrote; None if it is not for the bot."""
        message = update.message
        if message is None or message.via_bot:
            return None
        files = enclosed(message)
        text = message.text or message.caption or ""
        if not (text or files):
            return None
        speaker = _speaker(message)
        place = place_of(message)
        heard = self._heard(message, text, place.private)
        if speaker is None or heard is None:
            return None
        (account, name), (kind, text) = speaker, heard
        return Arrival(
            platform=PLATFORM,
            event_id=str(update.update_id),
            account=account,
            name=name,
            place=place,
            kind=kind,
            text=text,
            address={"message": str(message.message_id)},
            files=files,
        )

    def _heard(self, message: Message, text: str, private: bool) -> tuple[Kind, str] | None:
        command = _COMMAND.fullmatch(text)
        if command and not private and (command["bot"] or self.username).lower() != self.username:
            return None
        said, mentioned = self._without_mentions(message, text)
        if command or private or mentioned or self._answers_bot(message):
            line = said if mentioned and not command else text
            return self._line(line) if line.strip() or not enclosed(message) else ("message", "")
        return None

    def _line(self, text: str) -> tuple[Kind, str]:
        """The kind and the command line of what was said to the bot."""
        said = text.strip()
        if not said.startswith("/"):
            return ("message", said) if said else _HELP
        command = _COMMAND.fullmatch(said)
        if command is None:
            line = said.lstrip("/").strip()
        else:
            name = command["name"].lower()
            line = f"{self.words.get(name, name)} {command['rest'] or ''}".strip()
        return ("command", line) if line else _HELP

    def _without_mentions(self, message: Message, text: str) -> tuple[str, bool]:
        """The text without the bot's name, and whether it was in it."""
        entities = message.entities or message.caption_entities
        mentions = {(one.offset, one.length) for one in entities if self._is_mention(message, one)}
        for offset, length in sorted(mentions, reverse=True):
            text = _cut_out(text, offset, length)
        return text, bool(mentions)

    def _is_mention(self, message: Message, entity: MessageEntity) -> bool:
        if entity.type == MessageEntity.TEXT_MENTION:
            return entity.user is not None and entity.user.id == self.bot_id
        parsed = message.parse_entity if message.text else message.parse_caption_entity
        return entity.type == MessageEntity.MENTION and parsed(entity).lower() == f"@{self.username}"

    def _answers_bot(self, message: Message) -> bool:
        original = message.reply_to_message
        if original is None or original.from_user is None or original.from_user.id != self.bot_id:
            return False
        # In a topic that the bot opened every message is a reply to its opening, which means nothing.
        return not (message.is_topic_message and original.message_id == message.message_thread_id)


def press(update_id: int, query: CallbackQuery, line: str) -> Arrival | None:
    """A pressed button; None if it stands under a message of which the bot does not know the place."""
    if query.message is None:
        return None
    return Arrival(
        platform=PLATFORM,
        event_id=str(update_id),
        account=str(query.from_user.id),
        name=query.from_user.full_name,
        place=place_of(query.message),
        kind="button",
        text=line,
        address={"message": str(query.message.message_id)},
    )


def place_of(message: MaybeInaccessibleMessage) -> Place:
    """The chat of a message, and the topic if it is in one; a reply is no topic."""
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    private = message.chat.type == ChatType.PRIVATE
    title = "" if private else visible(message.chat.title or "")
    return Place(PLATFORM, str(message.chat.id), str(topic) if topic is not None else "", private, title)


def _speaker(message: Message) -> tuple[str, str] | None:
    """Account and name. Who speaks as a chat has the chat's account: Telegram gives them all the same user."""
    if chat := message.sender_chat:
        return None if message.is_automatic_forward else (str(chat.id), chat.effective_name or "")
    user = message.from_user
    return None if user is None or user.is_bot else (str(user.id), user.full_name)


def _cut_out(text: str, offset: int, length: int) -> str:
    """The text without a name in it; Telegram counts in UTF-16 code units."""
    units = text.encode("utf-16-le")
    before = units[: 2 * offset].decode("utf-16-le").rstrip()
    after = units[2 * (offset + length) :].decode("utf-16-le")
    if not before:
        return after.lstrip(" \t\n,:;-–—")
    gap = " " if after[:1].isspace() and after.strip() else ""
    return f"{before}{gap}{after.lstrip()}"
