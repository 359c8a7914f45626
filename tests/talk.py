"""Conversations as tests write them: who says what, and what they then see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.arrival import Arrival, Asking, Kind, Message, Outcome
from bot.commands import Commands, declared
from bot.dispatch import Dispatcher
from bot.reception import Desk
from bot.render.plain import plain
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Button, Place, Role
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Household

HOST = "JCA-QKDN"
ZONE = ZoneInfo("Europe/Zurich")


class Clock:
    """The time of a conversation: it stands until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, time: timedelta) -> None:
        self.now += time


class Memory:
    """A platform that keeps what it is told to answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: list[tuple[Arrival, Outcome]] = []

    async def start(self, reception: object) -> None: ...

    async def stop(self) -> None: ...

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        self.answers.append((arrival, outcome))


@dataclass
class Voice:
    """One person in a talk. What they see is the answer to the last thing that they said."""

    talk: Talk
    account: str
    platform: str = "slack"
    last: Outcome | None = field(default=None, repr=False)
    everything: list[Outcome] = field(default_factory=list, repr=False)

    async def says(self, text: str, *, channel: bool = False, kind: Kind = "message") -> None:
        """Say something, in private or in a channel, and wait for the answer."""
        await self.sends(self.arrival(text, channel=channel, kind=kind))

    async def fills(self, command: str, values: Mapping[str, str]) -> None:
        """Fill in a modal."""
        await self.sends(self.arrival(command, kind="form").model_copy(update={"values": dict(values)}))

    async def presses(self, label: str, *, of: Outcome | None = None) -> None:
        """Press a button of the last answer, or of an older one."""
        button = next((one for one in buttons_of(of or self.last) if one.label == label), None)
        assert button, f"no button {label!r} among {[one.label for one in buttons_of(of or self.last)]}"
        await self.says(button.command, kind="button")

    async def sends(self, arrival: Arrival) -> bool:
        """Have an event delivered; whether it was new."""
        self.last, self.everything = None, []
        is_new = await self.talk.desk.receive(arrival)
        await self.talk.settles()
        return is_new

    def arrival(self, text: str, *, channel: bool = False, kind: Kind = "message") -> Arrival:
        place = Place(self.platform, "general" if channel else f"with-{self.account}", private=not channel)
        return Arrival(
            platform=self.platform,
            event_id=uuid4().hex,
            account=self.account,
            name=self.account.capitalize(),
            place=place,
            kind=kind,
            text=text,
        )

    def hears(self, outcome: Outcome) -> None:
        self.last = outcome
        self.everything.append(outcome)

    @property
    def message(self) -> Message:
        assert self.last is not None, f"{self.account} got no answer"
        return self.last.question if isinstance(self.last, Asking) else self.last

    @property
    def seen(self) -> str:
        """The last answer as plain text."""
        return plain(self.talk.renderer.parse(self.message.markdown), links=False)

    def sees(self, *texts: str) -> None:
        missing = [text for text in texts if text not in self.seen]
        assert not missing, f"{missing} not in what {self.account} sees:\n{self.seen}"

    def sees_not(self, *texts: str) -> None:
        found = [text for text in texts if text in self.seen]
        assert not found, f"{found} in what {self.account} sees:\n{self.seen}"

    def sees_buttons(self, *labels: str) -> None:
        shown = [button.label for button in buttons_of(self.last)]
        assert [label for label in labels if label not in shown] == [], f"{self.account} has the buttons {shown}"

    def sees_nothing(self) -> None:
        assert self.last is None, f"{self.account} sees:\n{self.seen}"

    @property
    def is_asked(self) -> bool:
        """Whether the answer asks for a field of a form."""
        return isinstance(self.last, Asking)


class Talk:
    """A bot on a database, and the people who talk to it. `commands` are those beside the declared ones."""

    def __init__(self, database: Database, *commands: AnyCommand, renderer: Renderer | None = None) -> None:
        self.database = database
        self.clock = Clock(datetime(2024, 9, 2, 9, 0, tzinfo=UTC))
        self.renderer = renderer or Renderer()
        self.guest = Voice(self, "guest")
        self.member = Voice(self, "member")
        self.secretariat = Voice(self, "secretariat")
        self.administrator = Voice(self, "administrator")
        self.colleague = Voice(self, "colleague", "telegram")
        self._voices = [self.guest, self.member, self.secretariat, self.administrator, self.colleague]
        self._commands = Commands((*declared(), *commands))
        self._platforms = {name: Memory(name) for name in ("slack", "telegram")}
        self.desk = self.new_desk()

    def new_desk(self) -> Desk:
        """A bot on the same database, as another replica or after a restart."""
        roles = {
            "slack:guest": Role.GUEST,
            "slack:secretariat": Role.SECRETARIAT,
            "slack:administrator": Role.ADMINISTRATOR,
        }
        household = Household(ZONE, roles=roles)
        dispatcher = Dispatcher(self._commands, self.renderer, CatalogueKeeper(), household, HOST)
        desk = Desk(self.database, dispatcher, self.clock)
        for platform in self._platforms.values():
            desk.add(platform)
        return desk

    def restart(self) -> None:
        """The process ends and another one begins: nothing is left but the database."""
        self.desk = self.new_desk()

    async def settles(self, *desks: Desk) -> None:
        """Wait until all is answered, and give each answer to the person whom it is for."""
        for desk in desks or (self.desk,):
            await desk.settled()
        for platform in self._platforms.values():
            for arrival, outcome in platform.answers:
                self._voice(arrival).hears(outcome)
            platform.answers.clear()

    def _voice(self, arrival: Arrival) -> Voice:
        return next(
            voice for voice in self._voices if (voice.platform, voice.account) == (arrival.platform, arrival.account)
        )


def buttons_of(outcome: Outcome | None) -> tuple[Button, ...]:
    if outcome is None:
        return ()
    return (outcome.question if isinstance(outcome, Asking) else outcome).buttons
