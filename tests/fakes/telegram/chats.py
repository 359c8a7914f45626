"""Chats: who is in them, their topics, and whether the bot may speak there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .errors import bad_request, forbidden, migrated
from .params import Object
from .people import Person
from .records import Shown

GENERAL_TOPIC = 1


class Kind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """What a member is in a chat, as Telegram names it."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"


PRESENT = frozenset({Standing.CREATOR, Standing.ADMINISTRATOR, Standing.MEMBER})
NAMES = {Kind.GROUP: "group chat", Kind.SUPERGROUP: "supergroup chat", Kind.CHANNEL: "channel chat"}


@dataclass(eq=False)
class Topic:
    """A topic of a forum; its id is the id of the service message that opened it."""

    id: int
    name: str
    closed: bool = False


@dataclass(eq=False)
class Chat:
    """A place where messages are."""

    id: int
    kind: Kind
    title: str | None = None
    username: str | None = None
    person: Person | None = None
    is_forum: bool = False
    bot: Standing = Standing.MEMBER
    members: dict[int, Standing] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    messages: dict[int, Shown] = field(default_factory=dict)

    def payload(self) -> Object:
        answer: Object = {"id": self.id, "type": self.kind.value}
        if self.person:
            answer["first_name"] = self.person.first_name
            if self.person.last_name:
                answer["last_name"] = self.person.last_name
        if self.title:
            answer["title"] = self.title
        if username := self.username or (self.person and self.person.username):
            answer["username"] = username
        if self.is_forum:
            answer["is_forum"] = True
        return answer

    @property
    def numbers_its_own(self) -> bool:
        """Supergroups and channels count their messages; all other chats share the bot's count."""
        return self.kind in {Kind.SUPERGROUP, Kind.CHANNEL}

    def may_be_written(self) -> None:
        """Raises what Telegram answers when the bot may not write here."""
        if self.migrated_to:
            raise migrated(self.migrated_to)
        if self.person:
            _person_takes_messages(self.person)
        elif self.bot is Standing.KICKED:
            raise forbidden(f"bot was kicked from the {NAMES[self.kind]}")
        elif self.bot is Standing.LEFT:
            raise forbidden(f"bot is not a member of the {NAMES[self.kind]}")
        elif self.kind is Kind.CHANNEL and self.bot is Standing.MEMBER:
            raise bad_request("need administrator rights in the channel chat")

    def thread(self, number: int | None) -> int | None:
        """The topic that a message goes to; the general one has no number."""
        if number is None or (self.is_forum and number == GENERAL_TOPIC):
            return None
        if number not in self.topics:
            raise bad_request("message thread not found")
        if self.topics[number].closed and self.bot is Standing.MEMBER:
            raise bad_request("TOPIC_CLOSED")
        return number


def _person_takes_messages(person: Person) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
