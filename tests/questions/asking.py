"""Asking in a test: one question after the other, each alone or all in one conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.render.renderer import Renderer
from handlers.asking.answer import Answer
from handlers.asking.ask import ask
from handlers.command import Place, Request, Role
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Caller, Household, Newcomer, identify
from tests.questions.judge import Given

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The day that "this year" of the questions is in."""

HOST = "JCA-QKDN"
ZONE = ZoneInfo("Europe/Zurich")
NOBODY = Caller(0, 0, "terminal", "ask", "", Role.MEMBER, ZONE, zone_is_own=False)


@dataclass
class Asker:
    """Somebody who asks. `text` is what the last answer says in full."""

    session: AsyncSession
    caller: Caller = NOBODY
    keeper: CatalogueKeeper = field(default_factory=CatalogueKeeper)
    renderer: Renderer = field(default_factory=Renderer)
    text: str = ""

    async def request(self) -> Request:
        catalogue = await self.keeper.current(self.session)
        place = Place("terminal", "ask")
        return Request(
            session=self.session,
            catalogue=catalogue,
            commands=(),
            caller=self.caller,
            place=place,
            now=NOW,
            host=HOST,
            household=Household(self.caller.zone),
        )

    async def asks(self, question: str) -> Answer:
        """One question that stands alone, all items of its answer."""
        return self._said(await ask(await self.request(), question, everything=True))

    async def says(self, question: str) -> Answer:
        """The next thing in a conversation, the first page of its answer."""
        return self._said(await ask(await self.request(), question))

    async def given(self, question: str) -> Given:
        """The answer to one question, as it is judged."""
        answer = await self.asks(question)
        references = tuple(entry.reference for entry in answer.entries)
        return Given(answer.intent.value, answer.count, references, self.text)

    def _said(self, answer: Answer) -> Answer:
        reply = answer.reply()
        self.text = self.renderer.markdown(reply.template, {**reply.data, "zone": ZONE})
        return answer


@asynccontextmanager
async def asking(database: Database) -> AsyncIterator[Asker]:
    """Somebody who asks questions that stand alone, in one session."""
    async with database.reading() as session:
        yield Asker(session)


@asynccontextmanager
async def talking(database: Database) -> AsyncIterator[Asker]:
    """Somebody new with an account, whose last question is remembered."""
    async with database.writing() as session:
        newcomer = Newcomer("terminal", uuid4().hex)
        yield Asker(session, await identify(session, newcomer, Household(ZONE), NOW))
