"""A platform that does what a test wrote down, and an outbox to send to it from."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.arrival import Message
from bot.commands import Commands, declared
from bot.delivery.mailroom import Mailroom
from bot.delivery.pump import Pump
from bot.dispatch import Dispatcher
from bot.platforms import Address, Envelope, Limits, Receipt
from bot.render.renderer import Renderer
from bot.turn import Turns
from handlers.command import Reply
from handlers.outgoing import Priority, reword, tell
from storage import targets
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Household
from storage.tables import Delivery, Target
from storage.targets import Destination

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NO_LIMITS = Limits(per_second=float("inf"), target_seconds=0, at_once=8)


@dataclass
class Occasion:
    session: AsyncSession
    now: datetime


@dataclass
class Post:
    """One call of the platform."""

    at: datetime
    to: str
    text: str
    key: str
    edits: str = ""


class Scripted:
    """Raises, for each address, what is written down for it, one after the other; then it takes everything."""

    is_ready = True

    def __init__(self, bench: Bench, limits: Limits = NO_LIMITS, name: str = "stage") -> None:
        self.name = name
        self.limits = limits
        self.posts: list[Post] = []
        self.tried: list[Post] = []
        self.troubles: dict[str, list[BaseException]] = {}
        self.groups: set[str] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.knocked = asyncio.Event()
        self._bench = bench

    def raises(self, address: str, *errors: BaseException) -> None:
        self.troubles.setdefault(address, []).extend(errors)

    def is_group(self, address: Address) -> bool:
        return address.conversation in self.groups

    async def send(self, address: Address, message: Message, envelope: Envelope) -> Receipt:
        return await self._take(Post(self._bench.now, address.conversation, message.markdown, envelope.key))

    async def edit(self, address: Address, receipt: Receipt, message: Message, envelope: Envelope) -> Receipt:
        post = Post(self._bench.now, address.conversation, message.markdown, envelope.key, receipt["post"])
        return await self._take(post)

    async def _take(self, post: Post) -> Receipt:
        self.tried.append(post)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.knocked.set()
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
        finally:
            self.at_once -= 1
        if self.troubles.get(post.to):
            raise self.troubles[post.to].pop(0)
        self.posts.append(post)
        return {"post": str(len(self.posts))}

    @property
    def received(self) -> list[str]:
        """Who got a message, in that order."""
        return [post.to for post in self.posts]


@dataclass
class Bench:
    """A database with an outbox, and the time."""

    database: Database
    now: datetime = NOW
    administrators: frozenset[str] = frozenset({"stage:secretary"})
    renderer: Renderer = field(default_factory=Renderer)

    def clock(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def mailroom(self, *senders: Scripted, turns: Turns | None = None) -> Mailroom:
        household = Household(ZoneInfo("Europe/Zurich"), self.administrators)
        dispatcher = Dispatcher(Commands(declared()), self.renderer, CatalogueKeeper(), household, "JCA-QKDN")
        return Mailroom(self.database, dispatcher, senders, self.clock, turns=turns)

    def pump(self, sender: Scripted) -> Pump:
        return self.mailroom(sender).pumps[sender.name]

    async def tell(
        self,
        addresses: Iterable[str],
        text: str = "Hello",
        *,
        cause: str = "matter:1",
        due: datetime | None = None,
        expires: datetime | None = None,
        priority: Priority = Priority.NORMAL,
        platform: str = "stage",
    ) -> list[int]:
        """Put a message to these addresses into the outbox; gives the deliveries."""
        async with self.database.writing() as session:
            ids = [await targets.kept(session, Destination(platform, address)) for address in addresses]
            reply = Reply("dialogue/refused", message=text, hint="")
            occasion = Occasion(session, self.now)
            await tell(occasion, ids, reply, cause=cause, due=due, expires=expires, priority=priority)
            query = select(Delivery.id).where(Delivery.cause == cause).order_by(Delivery.id)
            return list(await session.scalars(query))

    async def reword(self, text: str, cause: str = "matter:1") -> None:
        async with self.database.writing() as session:
            await reword(Occasion(session, self.now), cause, Reply("dialogue/refused", message=text, hint=""))

    async def delivery(self, id_: int) -> Delivery:
        async with self.database.reading() as session:
            return (await session.execute(select(Delivery).where(Delivery.id == id_))).scalar_one()

    async def deliveries(self, cause: str | None = None) -> list[Delivery]:
        query = select(Delivery).order_by(Delivery.id)
        async with self.database.reading() as session:
            return list(await session.scalars(query if cause is None else query.where(Delivery.cause == cause)))

    async def states(self, cause: str | None = None) -> list[str]:
        return [one.state.value for one in await self.deliveries(cause)]

    async def target(self, address: str) -> Target:
        async with self.database.reading() as session:
            return (await session.execute(select(Target).where(Target.address == address))).scalar_one()


def limits(**changes: float) -> Limits:
    return replace(NO_LIMITS, **changes)  # type: ignore[arg-type]  # at_once is an int whenever a test gives one
