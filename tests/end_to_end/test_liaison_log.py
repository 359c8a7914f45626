"""A liaison statement dropped on Slack or Telegram is read, seen as a form, logged, answered and closed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.end_to_end.house import PATIENCE, House, house

STATEMENT = b"""LIAISON STATEMENT SG17-LS9

Source: ITU-T SG17
Title: LS on the protection of key managers
For action to: JCA-QKDN
For information to: Quantum Guild
Approval: ITU-T SG17 meeting (Geneva, 2 September 2024)
Deadline: 1 October 2050
Contact: Kim Lee  E-mail: kim@example.org

SG17 is pleased to tell that X.1712 was approved on 2 August 2024.
"""


@pytest.fixture
async def home(sample: Database) -> AsyncIterator[House]:
    async with house(sample) as one:
        yield one


async def test_on_slack_a_form_is_filled_in_from_the_file(home: House) -> None:
    slack = home.slack
    await slack.says("anna", "", files=[slack.file("ls.txt", STATEMENT, "text/plain")])
    kept = await home.slack_sees("anna", "kept as file")
    await slack.presses("anna", kept, "Log it")
    (view,) = await slack.wait_for(lambda: slack.views("anna"), PATIENCE)
    assert "SG17-LS9" in slack.seen(view)
    assert "Quantum Guild" in slack.seen(view)
    await slack.submits("anna", view, {"Deadline": "2050-11-05"})
    logged = await home.slack_sees("anna", "Logged as SG17-LS9")
    await slack.presses("anna", logged, "Show it")
    shown = await home.slack_sees("anna", "Status: received")
    assert "5 November 2050" in slack.seen(shown)
    assert "ls.txt" in slack.seen(shown)
    await slack.presses("anna", shown, "File ls.txt")
    await slack.wait_for(lambda: home.slack_files("anna"), PATIENCE)
    assert home.slack_files("anna")[-1][1] == STATEMENT
    await slack.presses("anna", shown, "Close it")
    await home.slack_sees("anna", "SG17-LS9, LS on the protection of key managers, is closed")


async def test_on_telegram_it_is_shown_corrected_and_logged(home: House) -> None:
    telegram, sam = home.telegram, home.sam
    kept = await telegram.answer_to(await telegram.sends_document(sam, STATEMENT, "ls.txt"), PATIENCE)
    review = await home.telegram_presses(sam, kept, "Log it")
    assert "Number: SG17-LS9" in review.text
    assert "I know no group “Quantum Guild”" in review.text
    corrected = await home.telegram_says(sam, "deadline=2050-11-05")
    await telegram.presses(sam, corrected, "Log it")
    logged = await home.telegram_sees(sam, "Logged as SG17-LS9 (ours: JCA-QKDN-IN1)")
    await telegram.presses(sam, logged, "Show it")
    shown = await home.telegram_sees(sam, "Status: received")
    assert "5 November 2050" in shown.text
    await telegram.presses(sam, shown, "File ls.txt")
    await home.telegram.wait_for(lambda: home.telegram_files(sam), PATIENCE)
    assert home.telegram_files(sam)[-1][1] == STATEMENT
    await telegram.presses(sam, shown, "Note it")
    await home.telegram_sees(sam, "SG17-LS9, LS on the protection of key managers, is noted")
