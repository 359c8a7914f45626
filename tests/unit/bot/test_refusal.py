"""A platform that refuses the bot itself: said once, shown, and what waits is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.arrival import Arrival, Outcome
from bot.core import Core, make_core
from bot.platforms import PlatformError, Reception, Revoked
from bot.settings import Settings
from handlers.command import Place
from storage.database import Database
from storage.tables import InboxEvent
from storage.words import InboxState

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Stage:
    """A platform that answers unless it is in `trouble`."""

    name = "stage"

    def __init__(self, trouble: PlatformError | None) -> None:
        self.trouble = trouble
        self.answers = 0

    async def start(self, reception: Reception) -> None: ...

    async def stop(self) -> None: ...

    async def answer(self, arrival: Arrival, outcome: Outcome) -> None:
        if self.trouble:
            raise self.trouble
        self.answers += 1


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


async def asked(core: Core, event_id: str) -> None:
    place = Place("stage", "here", "", True)
    await core.desk.receive(
        Arrival(platform="stage", event_id=event_id, account="anna", place=place, kind="command", text="help")
    )
    await core.desk.settled()


async def states(core: Core) -> list[InboxState]:
    async with core.database.reading() as session:
        return list(await session.scalars(select(InboxEvent.state).order_by(InboxEvent.id)))


async def test_a_platform_that_refuses_the_bot_is_shown_and_named_once(
    sample: Database, caplog: pytest.LogCaptureFixture
) -> None:
    core, stage = make_core(Settings(), sample, Clock()), Stage(Revoked("token_revoked"))
    core.desk.add(stage)
    for event in ("1", "2"):
        await asked(core, event)
    assert set(core.desk.refused) == {"stage"}
    assert sum("refuses this bot" in record.message for record in caplog.records) == 1


async def test_what_a_refused_token_kept_from_being_answered_is_answered_later(sample: Database) -> None:
    clock, stage = Clock(), Stage(Revoked("token_revoked"))
    core = make_core(Settings(), sample, clock)
    core.desk.add(stage)
    await asked(core, "1")
    assert await states(core) == [InboxState.HANDLED]
    stage.trouble, clock.now = None, NOW + timedelta(minutes=1)
    await core.desk.recover()
    await core.desk.settled()
    assert (await states(core), stage.answers, set(core.desk.refused)) == ([InboxState.ANSWERED], 1, set())
