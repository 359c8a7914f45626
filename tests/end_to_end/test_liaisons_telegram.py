"""A liaison statement on Telegram: a document, a dialogue, buttons; passed on, reminded of once, and closed."""

from __future__ import annotations

from functools import partial

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.statements import (
    LS23,
    at_work,
    kept,
    morning,
    reply,
    represents_on_telegram,
    sample,
    telegram_drops,
)
from tests.end_to_end.timed_house import TimedHouse
from tests.fakes.telegram import Person

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_a_statement_is_logged_passed_on_reminded_of_and_closed(make_database: MakeDatabase) -> None:
    async with at_work(make_database) as at:
        kim = at.telegram.person("Kim", "kim")
        for who in (at.mia, kim):
            await represents_on_telegram(at, who, "ISG QKD")
        await logged_step_by_step(at)
        await passed_on(at, kim)
        await reminded_once(at, kim)
        await answered_and_closed(at, kim)


async def logged_step_by_step(at: TimedHouse) -> None:
    received = await telegram_drops(at, at.sam, LS23, sample())
    assert received.labels[0] == "Log it"
    asked = await at.telegram_presses(at.sam, received, "Log it")
    for line in (
        "Number: SG17-LS23",
        "Source: ITU-T SG17",
        "For action to: ISG QKD",
        "Deadline: 2025-10-01",
        "I have no such statement",
        "Nothing is done yet",
    ):
        assert line in asked.text
    assert "Change In response to" in asked.labels
    wrong = await at.telegram_says(at.sam, "deadline='31 September 2025'")
    assert "no such day" in wrong.text
    again = await at.telegram_says(at.sam, "2 October 2025")
    for line in ("Number: SG17-LS23", "Deadline: 2 October 2025", "Contact's e-mail: jane.doe@acme.kr"):
        assert line in again.text
    await at.telegram.presses(at.sam, again, "Log it")
    await at.telegram_sees(at.sam, "Logged as SG17-LS23 (ours: JCA-QKDN-IN1)")
    assert (await kept(at, "SG17-LS23")).deadline == "2025-10-02"


async def passed_on(at: TimedHouse, kim: Person) -> None:
    mine = await at.telegram_sees(at.mia, "SG17-LS23 from ITU-T SG17", "ISG QKD is asked to act by 2 October 2025")
    assert mine.labels == ["Accept", "Pass on…", "Show it"]
    hers = await at.telegram_sees(kim, "SG17-LS23 from ITU-T SG17")
    for who in (at.mia, kim):
        await at.telegram.wait_for(partial(at.telegram_files, who), PATIENCE)
    await at.telegram.presses(at.mia, mine, "Accept")
    await at.telegram_sees(at.mia, "You see to SG17-LS23 for ISG QKD")
    await at.telegram.wait_for(lambda: "Mia sees to it for ISG QKD" in hers.text, PATIENCE)
    assert "Accept" not in hers.labels
    await at.telegram.presses(at.mia, mine, "Pass on…")
    whom = await at.telegram_sees(at.mia, "Let somebody else of your group")
    await at.telegram_presses(at.mia, whom, "Kim")
    await at.telegram_sees(kim, "Mia passes on to you what ISG QKD is asked")
    await at.telegram.presses(kim, await at.telegram_sees(kim, "passes on to you"), "Accept")
    await at.telegram_sees(kim, "You see to SG17-LS23 for ISG QKD")


async def reminded_once(at: TimedHouse, kim: Person) -> None:
    for day in (18, 18, 19):
        await at.comes(morning(day))
    reminder = await at.telegram_sees(kim, "SG17-LS23 is due in 14 days, 2 October 2025")
    assert "Pass on…" in reminder.labels
    assert (reminders(at, kim), reminders(at, at.mia)) == (1, 0)


def reminders(at: TimedHouse, who: Person) -> int:
    return sum("SG17-LS23 is due" in one.text for one in at.telegram.said(who))


async def answered_and_closed(at: TimedHouse, kim: Person) -> None:
    group = at.telegram.group("Secretariat", at.sam)
    caption = f"@{at.telegram.bot.username} /liaison_log"
    sent = await at.telegram.sends_document(at.sam, reply(), "reply.docx", group, caption=caption)
    elsewhere = await at.telegram.answer_to(sent, PATIENCE)
    assert "Let's do this in private" in elsewhere.text
    (way,) = elsewhere.buttons
    assert way.url
    opened = await at.telegram.opens(at.sam, way.url.partition("start=")[2])
    asked = await at.telegram.answer_to(opened, PATIENCE)
    assert "that is SG17-LS23, LS/r on X.1716" in asked.text
    await at.telegram.presses(at.sam, asked, "Log it")
    await at.telegram_sees(at.sam, "Logged as ISGQKD-LS7")
    assert (await kept(at, "SG17-LS23")).status == "answered"
    await at.telegram.says(at.sam, "/liaison_close LS23")
    await at.telegram_sees(at.sam, "SG17-LS23", "is closed")
    for day, month in ((25, 9), (29, 9), (1, 10), (2, 10), (3, 10), (6, 10)):
        await at.comes(morning(day, month))
    assert (reminders(at, kim), reminders(at, at.sam)) == (0, 0)  # the one that was sent says that nothing is left
    thread = await at.telegram_says(at.mia, "/liaison_thread LS23")
    assert "replies to SG17-LS23" in thread.text
    await at.telegram.says(at.sam, "/liaison_show LS23")  # a digest may come between
    shown = await at.telegram_sees(at.sam, "Status: closed", "Reply: ISGQKD-LS7")
    await at.telegram.presses(at.sam, shown, "History")
    history = await at.telegram_sees(at.sam, "logged by Sam", "closed by Sam")
    steps = ["logged by Sam", "accepted by Mia", "passed by Mia", "accepted by Kim", "answered by Sam", "closed by"]
    places = [history.text.find(step) for step in steps]
    assert places == sorted(places), history.text
    assert -1 not in places, history.text
    assert "for ISG QKD, to Kim" in history.text
