"""Deadlines of liaison statements: who is reminded when, once each, as long as the statement is open."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from handlers import following
from storage.liaison.events import Deed
from storage.tables import Liaison
from storage.words import DeadlineKind, LiaisonStatus
from tests.talk import Talk, buttons_of
from tests.unit.handlers.liaison_desk import (
    Statement,
    errand,
    logged,
    newest,
    over,
    put_off,
    represents,
    voice,
)

SEOUL = ZoneInfo("Asia/Seoul")
FOR_SG17 = Statement("LS on threats", action=["SG17"], deadline="2024-11-04")
"""In the secretariat's zone clocks go back on 27 October 2024."""

ZURICH = ZoneInfo("Europe/Zurich")
ACCEPT = "liaison accept SG11-LS5"


@pytest.fixture
def talk(talk: Talk) -> Talk:
    talk._chores = [following.remind]
    return talk


async def on(talk: Talk, month: int, day: int, hour: int = 9, zone: ZoneInfo = ZURICH) -> None:
    """It is so late there, and the bot does its chores."""
    talk.clock.now = datetime(2024, month, day, hour, tzinfo=zone).astimezone(UTC)
    await talk.does_chores()


async def owned(talk: Talk, one: Statement = FOR_SG17, zone: str = "") -> None:
    """The member owns what SG17 is asked; the secretariat listens in its place."""
    await talk.secretariat.says("secretariat here")
    await represents(talk, talk.member, "SG17", zone=zone, name="Kim")
    await logged(talk, one)
    await talk.member.says(ACCEPT)
    talk.platform("slack").letters.clear()


async def test_a_whole_life_is_reminded_by_the_owners_clocks(talk: Talk) -> None:
    """Three times a day for three weeks; the secretariat's clocks, which are eight hours behind, change meanwhile."""
    await owned(talk, zone="Asia/Seoul")
    heard: list[str] = []
    hours = (timedelta(hours=8, minutes=45), timedelta(hours=9), timedelta(hours=17))
    days = (datetime(2024, 10, 20, tzinfo=SEOUL) + timedelta(days=count) for count in range(20))
    for talk.clock.now in (day + hour for day in days for hour in hours):
        before = len(talk.member.told)
        await talk.does_chores()
        for message in talk.member.told[before:]:
            there = talk.clock.now.astimezone(SEOUL)
            heard.append(f"{there:%m-%d %H:%M} {talk.plain(message).split(', ')[0].removeprefix('SG11-LS5 ')}")
    assert heard == [
        "10-21 09:00 is due in 14 days",
        "10-28 09:00 is due in 7 days",
        "11-01 09:00 is due in 3 days",
        "11-03 09:00 is due tomorrow",
        "11-04 09:00 is due today",
        "11-05 09:00 was due yesterday",
    ]
    assert [talk.plain(one).split(", ")[0] for one in talk.secretariat.told] == ["SG11-LS5 was due yesterday"]
    talk.secretariat.is_told("Kim sees to it")


async def test_the_reminder_says_what_is_due_and_lets_the_owner_pass_it_on(talk: Talk) -> None:
    await owned(talk)
    await on(talk, 10, 28)
    talk.member.is_told("SG11-LS5 is due in 7 days, 4 November 2024, for SG17: LS on threats", "You see to it")
    assert [one.label for one in buttons_of(talk.member.told[-1])] == ["Reply…", "Show it", "Pass on…"]


async def test_what_we_are_asked_ourselves_is_answered_from_the_reminder(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await logged(talk, Statement(action=["JCA-QKDN"], deadline="2024-11-04"))
    await talk.secretariat.presses("Accept", of=talk.secretariat.told[-1])
    talk.secretariat.is_told("Secretariat sees to it for JCA-QKDN")
    await on(talk, 10, 28)
    assert buttons_of(talk.secretariat.told[-1])[0].command == "liaison answer SG11-LS5"


async def test_what_nobody_owns_reminds_the_secretariat(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    await represents(talk, talk.member, "SG17")
    await logged(talk, FOR_SG17)
    await on(talk, 10, 28)
    talk.secretariat.is_told("due in 7 days", "Nobody sees to it")
    assert [one.label for one in buttons_of(talk.secretariat.told[-1])] == ["Assign SG17…", "Show it"]


async def test_after_downtime_only_the_last_missed_stage_is_said(talk: Talk) -> None:
    await owned(talk)
    await on(talk, 11, 2, 12)
    talk.member.is_told("is due in 2 days")
    await on(talk, 11, 2, 13)
    assert len(talk.member.told) == 1
    await on(talk, 11, 3, 9)
    assert len(talk.member.told) == 2


async def test_stages_before_it_was_logged_are_not_said(talk: Talk) -> None:
    talk.clock.now = datetime(2024, 10, 29, 9, tzinfo=UTC)
    await owned(talk)
    await on(talk, 10, 29, 12)
    talk.member.is_told_nothing()
    await on(talk, 11, 1)
    talk.member.is_told("is due in 3 days")


async def test_whoever_takes_over_is_not_told_what_was_said_before(talk: Talk) -> None:
    await owned(talk)
    other = voice(talk, "ana")
    await represents(talk, other, "SG17")
    await on(talk, 10, 28)
    await talk.member.says("liaison pass SG11-LS5 to=Ana")
    await other.says(ACCEPT)
    talk.platform("slack").letters.clear()
    await on(talk, 10, 28, 12)
    other.is_told_nothing()
    talk.secretariat.is_told_nothing()
    await on(talk, 11, 1)
    other.is_told("is due in 3 days")
    talk.member.is_told_nothing()


@pytest.mark.parametrize(
    ("status", "deed"),
    [
        (LiaisonStatus.ANSWERED, Deed.ANSWERED),
        (LiaisonStatus.NOTED, Deed.NOTED),
        (LiaisonStatus.CLOSED, Deed.CLOSED),
        (LiaisonStatus.WITHDRAWN, Deed.WITHDRAWN),
        (LiaisonStatus.MISDIRECTED, Deed.FORWARDED),
    ],
)
async def test_what_is_over_reminds_nobody(talk: Talk, status: LiaisonStatus, deed: Deed) -> None:
    await owned(talk)
    await over(talk, status, deed)
    talk.platform("slack").letters.clear()
    for day in (1, 3, 4, 5):
        await on(talk, 11, day)
    talk.member.is_told_nothing()
    talk.secretariat.is_told_nothing()


async def test_what_people_were_told_reads_by_what_it_was_answered(talk: Talk) -> None:
    await owned(talk)
    await on(talk, 10, 28)
    reply = {"number": "JCA-QKDN-LS2", "source": "JCA-QKDN", "title": "Reply", "in_response_to": "SG11-LS5"}
    await talk.secretariat.fills("liaison log", reply)
    talk.member.is_told("for 4 November 2024", "Nothing is left to do: it was answered by JCA-QKDN-LS2.")
    assert len(talk.member.told) == 1
    await talk.member.says(ACCEPT)
    talk.member.sees("Nothing is left to do about SG11-LS5: it was answered by JCA-QKDN-LS2.")


async def test_a_reminder_that_waits_in_quiet_hours_is_not_sent_when_it_is_over(talk: Talk) -> None:
    await owned(talk)
    await talk.member.says("subscribe here to meetings quiet=08:00-12:00")
    await on(talk, 10, 28)
    talk.member.is_told_nothing()
    await over(talk)
    await on(talk, 10, 28, 13)
    talk.member.is_told_nothing()


async def test_quiet_hours_put_a_reminder_off(talk: Talk) -> None:
    await owned(talk)
    await talk.member.says("subscribe here to meetings quiet=08:00-12:00")
    await on(talk, 10, 28)
    talk.member.is_told_nothing()
    await on(talk, 10, 28, 12)
    talk.member.is_told("is due in 7 days")


async def test_another_deadline_begins_anew_and_says_nothing_old(talk: Talk) -> None:
    await owned(talk)
    await on(talk, 10, 28)
    await put_off(talk, "2024-11-10")
    talk.platform("slack").letters.clear()
    await on(talk, 10, 28, 12)
    talk.member.is_told_nothing()
    await on(talk, 11, 3)
    talk.member.is_told("is due in 7 days, 10 November 2024")
    await on(talk, 11, 7)
    assert len(talk.member.told) == 2


async def test_a_deadline_that_a_group_has_alone_counts_for_it(talk: Talk) -> None:
    await owned(talk, Statement(action=["SG17"], deadline="2024-12-24", due="2024-11-04"))
    await on(talk, 10, 28)
    talk.member.is_told("is due in 7 days, 4 November 2024")


async def test_a_correction_of_the_deadline_says_nothing_new_to_whom_another_day_is_given(talk: Talk) -> None:
    await owned(talk, Statement(action=["SG17"], deadline="2024-12-24", due="2024-11-04"))
    await put_off(talk, "2024-12-20")
    talk.member.is_told_nothing()


@pytest.mark.parametrize("deadline", ["", "mid-November"])
async def test_without_a_day_nobody_is_reminded(talk: Talk, deadline: str) -> None:
    await owned(talk, Statement(action=["SG17"], deadline=deadline))
    await on(talk, 11, 14)
    talk.member.is_told_nothing()
    talk.secretariat.is_told_nothing()


async def test_a_sent_statement_says_for_whom_we_wait(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    out = Statement(
        "LS on a question", number="", source="JCA-QKDN", action=["SG17", "SG13"], deadline="2024-11-04", outgoing=True
    )
    await logged(talk, out)
    await on(talk, 10, 28)
    talk.secretariat.is_told("is due in 7 days, 4 November 2024: LS on a question", "We are waiting for SG17, SG13")


async def test_a_draft_reminds_nobody(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    out = Statement("LS", number="", source="JCA-QKDN", action=["SG17"], deadline="2024-11-04", outgoing=True)
    await logged(talk, out)
    async with talk.database.writing() as session:
        draft = update(Liaison).where(Liaison.id == await newest(talk))
        await session.execute(draft.values(status=LiaisonStatus.DRAFT))
    await on(talk, 10, 28)
    talk.secretariat.is_told_nothing()


async def test_an_imported_statement_that_was_due_long_ago_reminds_nobody(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    async with talk.database.writing() as session:
        imported = update(Liaison).where(Liaison.number == "SG13-LS136")
        past = {"status": LiaisonStatus.OPEN, "deadline": "2024-05-01", "deadline_kind": DeadlineKind.DATE}
        await session.execute(imported.values(past))
    await on(talk, 10, 28)
    talk.secretariat.is_told_nothing()


async def test_the_chore_done_twice_at_once_reminds_once(talk: Talk) -> None:
    await owned(talk)
    talk.clock.now = datetime(2024, 10, 28, 9, tzinfo=ZURICH).astimezone(UTC)

    async def chore() -> None:
        async with talk.database.writing() as session:
            await following.remind(await errand(talk, session))

    await asyncio.gather(chore(), chore(), chore())
    await talk.settles()
    assert len(talk.member.told) == 1


async def test_an_owner_of_two_groups_gets_one_reminder_for_both(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13")
    await owned(talk, Statement(action=["SG17", "SG13"], deadline="2024-11-04"))
    await on(talk, 10, 28)
    assert len(talk.member.told) == 1
    talk.member.is_told("for SG17, SG13")
