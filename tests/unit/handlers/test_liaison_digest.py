"""The weekly digest of liaison statements: on Monday morning, once, and only where there is something to say."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers import following
from tests.talk import Talk, buttons_of
from tests.unit.handlers.liaison_desk import Statement, errand, logged, over, represents

ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    talk._chores = [following.tell_weekly]
    await talk.secretariat.says("secretariat here")
    return talk


async def on(talk: Talk, month: int, day: int, hour: int = 8) -> None:
    talk.clock.now = datetime(2024, month, day, hour, tzinfo=ZURICH).astimezone(UTC)
    await talk.does_chores()


async def test_without_anything_to_say_nothing_is_said(talk: Talk) -> None:
    await on(talk, 9, 9)
    talk.secretariat.is_told_nothing()


async def test_it_says_what_is_new_due_overdue_awaited_and_unowned(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await logged(talk, Statement("LS on one", number="A-1", action=["SG17"], deadline="2024-10-25"))
    await talk.member.says("liaison accept A-1")
    talk.clock.now = datetime(2024, 10, 23, 9, tzinfo=UTC)
    await logged(talk, Statement("LS on two", number="A-2", action=["SG17"], deadline="2024-10-30"))
    out = Statement("LS on three", number="", source="JCA-QKDN", action=["SG13"], deadline="2024-12-01", outgoing=True)
    await logged(talk, out)
    talk.platform("slack").letters.clear()
    await on(talk, 10, 28)
    said = talk.plain(talk.secretariat.told[-1])
    assert [line for line in said.splitlines() if line and not line.lstrip().startswith(("-", "•"))] == [
        "Liaison statements this week",
        "Overdue",
        "Due this week",
        "New",
        "Unowned",
        "Waiting for others",
    ]
    talk.secretariat.is_told("A-1 from SG11, due 3 days ago: LS on one", "A-2 from SG11, due in 2 days: LS on two")
    talk.secretariat.is_told("for SG13, due in 34 days: LS on three")
    assert buttons_of(talk.secretariat.told[-1])[0].command == "liaison list incoming overdue order=due"


async def test_it_fits_a_phone_however_many_there_are(talk: Talk) -> None:
    for number in range(15):
        await logged(talk, Statement("LS on many", number=f"A-{number}", action=["SG17"], deadline="2024-09-05"))
    await on(talk, 9, 9)
    said = talk.plain(talk.secretariat.told[-1])
    assert "and 12 more" in said
    assert len(said) < 1_200
    assert "Overdue (15)" in [one.label for one in buttons_of(talk.secretariat.told[-1])]


async def test_what_is_in_two_parts_is_named_in_full_once(talk: Talk) -> None:
    await logged(talk, Statement("LS on threats", action=["SG17"], deadline="2024-09-05"))
    await on(talk, 9, 9)
    said = talk.plain(talk.secretariat.told[-1])
    assert (said.count("SG11-LS5"), said.count("LS on threats")) == (3, 1)


async def test_it_comes_on_monday_morning_and_once_a_week(talk: Talk) -> None:
    await logged(talk, Statement(action=["SG17"]))
    talk.platform("slack").letters.clear()
    heard = []
    days = (datetime(2024, 10, 17, tzinfo=ZURICH) + timedelta(days=count) for count in range(27))
    for talk.clock.now in (day.replace(hour=hour) for day in days for hour in (7, 8, 12)):
        before = len(talk.secretariat.told)
        await talk.does_chores()
        if len(talk.secretariat.told) > before:
            heard.append(f"{talk.clock.now.astimezone(ZURICH):%a %m-%d %H:%M}")
    assert heard == ["Mon 10-21 08:00", "Mon 10-28 08:00", "Mon 11-04 08:00", "Mon 11-11 08:00"]


async def test_after_downtime_it_comes_late_but_not_days_later(talk: Talk) -> None:
    await logged(talk, Statement(action=["SG17"]))
    await on(talk, 9, 10, 9)
    assert len(talk.secretariat.told) == 1
    await on(talk, 9, 18, 9)
    assert len(talk.secretariat.told) == 1


async def test_what_is_over_is_not_in_it(talk: Talk) -> None:
    await logged(talk, Statement(action=["SG17"]))
    await over(talk)
    await on(talk, 9, 9)
    talk.secretariat.is_told_nothing()


async def test_two_at_once_tell_it_once(talk: Talk) -> None:
    await logged(talk, Statement(action=["SG17"]))
    talk.clock.now = datetime(2024, 9, 9, 8, tzinfo=ZURICH).astimezone(UTC)

    async def chore() -> None:
        async with talk.database.writing() as session:
            await following.tell_weekly(await errand(talk, session))

    await asyncio.gather(chore(), chore())
    await talk.settles()
    assert len(talk.secretariat.told) == 1
