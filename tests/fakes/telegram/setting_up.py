"""Setting up the world: people, chats, topics, and who is in them."""

from __future__ import annotations

from .chats import GENERAL_TOPIC, PRESENT, Chat, Kind, Standing, Topic
from .methods.looking import bot_becomes, change
from .people import ANONYMOUS_ADMINISTRATOR, Person
from .world import World

FIRST_PERSON, FIRST_GROUP, FIRST_SUPERGROUP = 5_000_000_000, -4_000_000_000, -1_002_000_000_000


class SettingUp:
    """What a test prepares, and what changes among people."""

    world: World

    def person(
        self,
        first_name: str,
        username: str | None = None,
        *,
        id: int | None = None,
        language_code: str | None = "en",
        started: bool = True,
    ) -> Person:
        """A person with a private chat; `started=False`: never wrote to the bot."""
        number = id if id is not None else FIRST_PERSON + self.world.number()
        person = Person(number, first_name, username, language_code, started=started)
        self.world.people[number] = person
        self.world.chats[number] = Chat(number, Kind.PRIVATE, person=person)
        return person

    def persons(self, count: int, name: str = "Member") -> list[Person]:
        """Many at once: `Member0`, `Member1` ..."""
        return [self.person(f"{name}{number}") for number in range(count)]

    def group(self, title: str, *members: Person, bot: Standing = Standing.MEMBER) -> Chat:
        return self._chat(Chat(FIRST_GROUP - self.world.number(), Kind.GROUP, title, bot=bot), members)

    def supergroup(
        self,
        title: str,
        *members: Person,
        topics: tuple[str, ...] = (),
        username: str | None = None,
        bot: Standing = Standing.MEMBER,
    ) -> Chat:
        """A supergroup; with topics it is a forum."""
        number = FIRST_SUPERGROUP - self.world.number()
        chat = Chat(number, Kind.SUPERGROUP, title, username, is_forum=bool(topics), bot=bot)
        self._chat(chat, members)
        for name in topics:
            self.topic(chat, name)
        return chat

    def channel(
        self, title: str, *members: Person, username: str | None = None, bot: Standing = Standing.ADMINISTRATOR
    ) -> Chat:
        number = FIRST_SUPERGROUP - self.world.number()
        return self._chat(Chat(number, Kind.CHANNEL, title, username, bot=bot), members)

    def topic(self, chat: Chat, name: str) -> Topic:
        """Opens a topic, or finds the one of that name."""
        for known in chat.topics.values():
            if known.name == name:
                return known
        chat.is_forum = True
        service: dict[str, object] = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        if not chat.messages:
            # The general topic has the number 1, so no message may have it.
            self.world.show(chat, ANONYMOUS_ADMINISTRATOR, service={"supergroup_chat_created": True})
        opening = self.world.show(chat, ANONYMOUS_ADMINISTRATOR, service=service)
        opening.thread = opening.message_id
        assert opening.message_id > GENERAL_TOPIC
        topic = Topic(opening.message_id, name)
        chat.topics[topic.id] = topic
        return topic

    def _chat(self, chat: Chat, members: tuple[Person, ...]) -> Chat:
        chat.members = dict.fromkeys((person.id for person in members), Standing.MEMBER)
        self.world.chats[chat.id] = chat
        return chat

    async def joins(self, person: Person, chat: Chat) -> None:
        """A person joins a group."""
        self._moves(person, chat, Standing.MEMBER, {"new_chat_members": [person.payload()]})
        await self.world.changed()

    async def leaves(self, person: Person, chat: Chat) -> None:
        """A person leaves a group."""
        self._moves(person, chat, Standing.LEFT, {"left_chat_member": person.payload()})
        await self.world.changed()

    async def adds_bot(self, person: Person, chat: Chat, standing: Standing = Standing.MEMBER) -> None:
        bot_becomes(self.world, chat, standing, person)
        await self.world.changed()

    async def kicks_bot(self, person: Person, chat: Chat) -> None:
        bot_becomes(self.world, chat, Standing.KICKED, person)
        await self.world.changed()

    async def blocks(self, person: Person) -> None:
        """A person blocks the bot, which learns it."""
        person.blocked = True
        bot_becomes(self.world, self.world.chats[person.id], Standing.KICKED, person)
        await self.world.changed()

    async def unblocks(self, person: Person) -> None:
        person.blocked = False
        bot_becomes(self.world, self.world.chats[person.id], Standing.MEMBER, person)
        await self.world.changed()

    async def migrates(self, group: Chat) -> Chat:
        """A group becomes a supergroup: a new id, a service message on both sides."""
        assert group.kind is Kind.GROUP, "only a basic group can become a supergroup"
        assert group.title
        new = self.supergroup(group.title, bot=group.bot)
        new.members, group.migrated_to = dict(group.members), new.id
        for chat, service in ((group, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": group.id})):
            message = self.world.show(chat, ANONYMOUS_ADMINISTRATOR, service=dict(service))
            self.world.happen("message", message.payload(), chat.id)
        await self.world.changed()
        return new

    def _moves(self, person: Person, chat: Chat, standing: Standing, service: dict[str, object]) -> None:
        before = chat.members.get(person.id, Standing.LEFT)
        chat.members[person.id] = standing
        message = self.world.show(chat, person, service=service)
        if chat.bot in PRESENT:
            self.world.happen("message", message.payload(), chat.id)
            self.world.happen("chat_member", change(self.world, chat, person, person, before, standing), chat.id)
