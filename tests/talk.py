"""Conversations as tests write them: who says what, and what they then see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.arrival import Arrival, Asking, Enclosed, Kind, Message, Outcome
from bot.chores import Chores, declared_chores
from bot.commands import Commands, declared
from bot.delivery.mailroom import Mailroom
from bot.dispatch import Dispatcher
from bot.platforms import Address, Envelope, Limits, PlatformError, Receipt
from bot.reception import Desk
from bot.render.plain import plain
from bot.render.renderer import Renderer
from handlers.chore import Chore
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


@dataclass
class Letter:
    """What was sent somewhere without being asked for, as it reads now. `edits`: how often it was changed."""

    address: Address
    message: Message
    envelope: Envelope
    edits: int = 0


class Memory:
    """A platform that keeps what it is told to answer, and what it is told to send."""

    limits = Limits(per_second=float("inf"), target_seconds=0)
    is_ready = True
    file_limit = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: list[tuple[Arrival, Outcome]] = []
        self.letters: list[Letter] = []
        self.files: dict[str, bytes | PlatformError] = {}

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        found = self.files[file.reference]
        if isinstance(found, PlatformError):
            raise found
        return found

    async def start(self, reception: object) -> None: ...

    async def stop(self) -> None: ...

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        self.answers.append((arrival, outcome))

    def is_group(self, address: Address) -> bool:
        return False

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        self.letters.append(Letter(address, message, envelope))
        return {"letter": str(len(self.letters) - 1)}

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        letter = self.letters[int(receipt["letter"])]
        letter.message, letter.edits = message, letter.edits + 1
        return receipt

    def told(self, conversation: str) -> list[Message]:
        """What was sent there, in the order of sending."""
        return [letter.message for letter in self.letters if letter.address.conversation == conversation]


@dataclass
class Voice:
    """One person in a talk. What they see is the answer to the last thing that they said.

    What they are `told` comes by itself, through the outbox; a message that was edited reads as it does now.
    """

    talk: Talk
    account: str
    platform: str = "slack"
    last: Outcome | None = field(default=None, repr=False)
    everything: list[Outcome] = field(default_factory=list, repr=False)

    async def says(self, text: str, *, channel: bool = False, kind: Kind = "message") -> None:
        """Say something, in private or in a channel, and wait for the answer."""
        await self.sends(self.arrival(text, channel=channel, kind=kind))

    async def drops(self, files: Mapping[str, bytes | PlatformError], text: str = "", *, channel: bool = False) -> None:
        """Send files, by name, and say something with them. An error is what the platform has instead of a file."""
        enclosed = []
        for name, content in files.items():
            reference = uuid4().hex
            self.talk.platform(self.platform).files[reference] = content
            size = len(content) if isinstance(content, bytes) else 0
            enclosed.append(Enclosed(reference=reference, name=name, size=size))
        arrival = self.arrival(text, channel=channel)
        await self.sends(arrival.model_copy(update={"files": tuple(enclosed)}))

    async def fills(self, command: str, values: Mapping[str, str]) -> None:
        """Fill in a modal."""
        await self.sends(self.arrival(command, kind="form").model_copy(update={"values": dict(values)}))

    async def presses(self, label: str, *, of: Outcome | None = None) -> None:
        """Press a button of the last answer, or of another message: `of=voice.told[-1]`."""
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
        return self.talk.plain(self.message)

    @property
    def told(self) -> list[Message]:
        """Every message that came to them by itself."""
        return self.talk.platform(self.platform).told(self.account)

    def is_told(self, *texts: str) -> None:
        """The newest message that came by itself says this."""
        assert self.told, f"{self.account} was told nothing"
        said = self.talk.plain(self.told[-1])
        missing = [text for text in texts if text not in said]
        assert not missing, f"{missing} not in what {self.account} is told:\n{said}"

    def is_told_nothing(self) -> None:
        said = [self.talk.plain(message) for message in self.told]
        assert not said, f"{self.account} is told:\n{said}"

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
    """A bot on a database, and the people who talk to it. `commands` are those beside the declared ones.

    `has_mail`: it can send e-mail. After every event what is due in the outbox is sent.
    """

    def __init__(
        self,
        database: Database,
        *commands: AnyCommand,
        renderer: Renderer | None = None,
        has_mail: bool = False,
        chores: Sequence[Chore] | None = None,
        public_url: str = "",
    ) -> None:
        self.database = database
        self._has_mail = has_mail
        self._public_url = public_url
        self._chores = declared_chores() if chores is None else chores
        self.clock = Clock(datetime(2024, 9, 2, 9, 0, tzinfo=UTC))
        self.renderer = renderer or _renderer()
        self.guest = Voice(self, "guest")
        self.member = Voice(self, "member")
        self.secretariat = Voice(self, "secretariat")
        self.administrator = Voice(self, "administrator")
        self.colleague = Voice(self, "colleague", "telegram")
        self._voices = [self.guest, self.member, self.secretariat, self.administrator, self.colleague]
        self._commands = Commands((*declared(), *commands))
        self._platforms = {name: Memory(name) for name in ("slack", "telegram")}
        self._email = Memory("email")
        self.dispatcher = self._new_dispatcher()
        self.mailroom = self._new_mailroom()
        self.desk = self.new_desk()

    def platform(self, name: str) -> Memory:
        """A platform of the talk; `email` only takes what is sent to it."""
        return self._email if name == "email" else self._platforms[name]

    def channel_told(self, address: str, platform: str = "slack") -> list[Message]:
        """What was sent to a channel through the outbox."""
        return self.platform(platform).told(address)

    def mailed(self, address: str) -> list[Message]:
        """What was sent to an e-mail address."""
        return self._email.told(address)

    def plain(self, message: Message) -> str:
        """A message as plain text."""
        return plain(self.renderer.parse(message.markdown), links=False)

    async def does_chores(self) -> None:
        """Every chore is done once, at the time of the talk, and what it gives rise to is sent."""
        await Chores(self.database, self.dispatcher, self._chores, self.clock).do_all()
        await self.mailroom.drain()

    def new_desk(self) -> Desk:
        """A bot on the same database, as another replica or after a restart."""
        desk = Desk(self.database, self._new_dispatcher(), self.clock)
        for platform in self._platforms.values():
            desk.add(platform)
        return desk

    def _new_dispatcher(self) -> Dispatcher:
        roles = {
            "slack:guest": Role.GUEST,
            "slack:secretariat": Role.SECRETARIAT,
            "slack:administrator": Role.ADMINISTRATOR,
        }
        household = Household(ZONE, roles=roles, has_mail=self._has_mail, public_url=self._public_url)
        return Dispatcher(self._commands, self.renderer, CatalogueKeeper(), household, HOST)

    def _new_mailroom(self) -> Mailroom:
        senders = [*self._platforms.values(), *([self._email] if self._has_mail else [])]
        return Mailroom(self.database, self.dispatcher, senders, self.clock)

    def restart(self) -> None:
        """The process ends and another one begins: nothing is left but the database."""
        self.desk = self.new_desk()
        self.mailroom = self._new_mailroom()

    async def settles(self, *desks: Desk) -> None:
        """Wait until all is answered and what is due is sent; give each answer to the person whom it is for."""
        for desk in desks or (self.desk,):
            await desk.settled()
        await self.mailroom.drain()
        for platform in self._platforms.values():
            for arrival, outcome in platform.answers:
                self._voice(arrival).hears(outcome)
            platform.answers.clear()

    def _voice(self, arrival: Arrival) -> Voice:
        return next(
            voice for voice in self._voices if (voice.platform, voice.account) == (arrival.platform, arrival.account)
        )


@cache
def _renderer() -> Renderer:
    """One for all talks: it compiles each template once, and keeps nothing else."""
    return Renderer()


def buttons_of(outcome: Outcome | None) -> tuple[Button, ...]:
    if outcome is None:
        return ()
    return (outcome.question if isinstance(outcome, Asking) else outcome).buttons
