"""The workspace: its people, its channels, who is where."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.fakes.slack.wire import Json, SlackRefusal


@dataclass(eq=False)
class Person:
    id: str
    name: str
    real_name: str
    email: str
    tz: str = "Europe/Zurich"
    tz_offset: int = 3600
    title: str = ""
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False
    deactivated: bool = False
    takes_messages: bool = True

    def payload(self, team: str, *, with_email: bool = True) -> Json:
        profile: Json = {"real_name": self.real_name, "display_name": self.name, "title": self.title}
        if with_email and not self.is_bot:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deactivated,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset,
            "locale": self.locale,
            "is_admin": self.is_admin,
            "is_bot": self.is_bot,
            "profile": profile,
        }


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    kind: str = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    partner: str | None = None

    @property
    def channel_type(self) -> str:
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]

    def payload(self, bot: str) -> Json:
        if self.kind == "im":
            return {"id": self.id, "is_im": True, "user": self.partner, "is_archived": self.archived}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_private": self.kind == "private",
            "is_archived": self.archived,
            "is_member": bot in self.members,
            "num_members": len(self.members),
        }


class Workspace:
    """Team, app and bot identities; people and channels are looked up by id, name or object."""

    def __init__(self, team: str = "T0LIAISON", bot_name: str = "liaison") -> None:
        self.team = team
        self.team_name = "Coordination"
        self.app_id = "A0LIAISON"
        self.bot_id = "B0LIAISON"
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self._dms: dict[str, Channel] = {}
        self._people_by_name: dict[str, Person] = {}
        self._channels_by_name: dict[str, Channel] = {}
        self._numbers = 0
        self.bot = self.add_person(bot_name, id="U0LIAISON", real_name="Liaison Bot", is_bot=True)

    def _next_id(self, letter: str) -> str:
        self._numbers += 1
        return f"{letter}0{self._numbers:08d}"

    def add_person(
        self,
        name: str,
        *,
        id: str | None = None,
        real_name: str | None = None,
        email: str | None = None,
        tz: str = "Europe/Zurich",
        tz_offset: int = 3600,
        title: str = "",
        is_admin: bool = False,
        is_bot: bool = False,
    ) -> Person:
        person = Person(
            id=id or self._next_id("U"),
            name=name,
            real_name=real_name or name.title(),
            email=email or f"{name}@example.org",
            tz=tz,
            tz_offset=tz_offset,
            title=title,
            is_admin=is_admin,
            is_bot=is_bot,
        )
        self.people[person.id] = person
        self._people_by_name.setdefault(name, person)
        return person

    def add_people(self, count: int, name: str = "member") -> list[Person]:
        """Many at once: `member0`, `member1` ..."""
        return [self.add_person(f"{name}{number}") for number in range(count)]

    def add_channel(
        self,
        name: str,
        *,
        kind: str = "public",
        members: Iterable[Person] = (),
        bot: bool = True,
        archived: bool = False,
    ) -> Channel:
        channel = Channel(self._next_id("C"), name, kind, {person.id for person in members}, archived)
        if bot:
            channel.members.add(self.bot.id)
        self.channels[channel.id] = channel
        self._channels_by_name.setdefault(name, channel)
        return channel

    def dm(self, person: Person) -> Channel:
        """The direct-message conversation of the bot with a person, opened when there is none."""
        if person.id not in self._dms:
            channel = Channel(self._next_id("D"), "", "im", {person.id, self.bot.id}, partner=person.id)
            self.channels[channel.id] = self._dms[person.id] = channel
        return self._dms[person.id]

    def person(self, who: Person | str) -> Person:
        if isinstance(who, Person):
            return who
        found = self.people.get(who) or self._people_by_name.get(who)
        if found is None:
            raise KeyError(f"no such person in the workspace: {who}")
        return found

    def channel(self, where: Channel | Person | str) -> Channel:
        """For tests: by object, id, name with or without `#`, or a person for the direct messages with that person."""
        if isinstance(where, Channel):
            return where
        if isinstance(where, Person):
            return self.dm(where)
        if where in self.channels:
            return self.channels[where]
        named = self._channels_by_name.get(where.removeprefix("#"))
        return named or self.dm(self.person(where))

    def reachable(self, target: object) -> Channel:
        """The channel that the app named, as the Web API resolves it."""
        channel = self._resolved(str(target or ""))
        if channel is None or (channel.kind != "public" and self.bot.id not in channel.members):
            raise SlackRefusal("channel_not_found")
        return channel

    def _resolved(self, target: str) -> Channel | None:
        if target in self.channels:
            return self.channels[target]
        if target in self.people:
            person = self.people[target]
            return None if person.deactivated or person.is_bot else self.dm(person)
        return self._channels_by_name.get(target.removeprefix("#"))
