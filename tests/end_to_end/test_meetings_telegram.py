"""The life of a meeting, led step by step from Telegram, and how another one is cancelled."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession

from bot import dispatch
from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE, REPORT
from tests.end_to_end.timed_house import TimedHouse, local, timed_house

BEGIN = local(2027, 5, 3, 9, 0)
ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_a_meeting_lives_from_its_plan_to_its_minutes(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with timed_house(database, BEGIN) as at:
        await planned_step_by_step(at)
        await changed_while_a_reminder_waits(at)
        await held(at)
    await database.close()


async def planned_step_by_step(at: TimedHouse) -> None:
    sam = at.sam
    await at.telegram_says(sam, "/meeting_plan")
    for said in ("Seventh meeting", "14 July 2027 at 2pm", "Geneva", "90 min"):
        asked = await at.telegram_says(sam, said)
    assert asked.labels[:3] == ["physical", "remote", "hybrid"]
    await at.telegram_presses(sam, asked, "hybrid")
    planned = await at.telegram_says(sam, "https://meet.example.org/seventh")
    assert "Seventh meeting is meeting 7, confirmed" in planned.text
    preview = await at.telegram_presses(sam, planned, "See the announcement")
    assert "4 people and channels" in preview.text or "4" in preview.text
    await at.telegram_presses(sam, preview, "Announce it")
    await at.all_are_told("Seventh meeting", "14 July 2027", "Geneva (hybrid)")
    await at.entries(1)
    told = await at.telegram_sees(at.mia, "Seventh meeting")
    assert told.labels[:3] == ["I will come", "Maybe", "I cannot come"]
    await at.telegram_presses(at.mia, told, "I will come")
    link = await at.telegram_presses(at.mia, told, "How to join")
    assert "https://meet.example.org/seventh" in link.text


async def changed_while_a_reminder_waits(at: TimedHouse) -> None:
    """Of the reminder that is in the outbox already nobody is told the old time."""
    await at.comes(local(2027, 6, 16, 13, 0))
    changed = await at.telegram_says(at.sam, "/meeting_change 7 start='2027-07-21 14:00'")
    assert "is changed: start, end" in changed.text
    await at.all_are_told("Seventh meeting is changed: time", "21 July 2027, ")
    await at.comes(local(2027, 6, 16, 14, 5))
    assert set(at.heard("begins in 4 weeks").values()) == {0}
    await at.comes(local(2027, 6, 23, 14, 1))
    await at.all_are_told("begins in 4 weeks", "21 July 2027")
    assert set(at.heard("begins in 4 weeks").values()) == {1}
    for _ in range(2):
        await at.comes(local(2027, 7, 20, 20, 0))
    await at.all_are_told("Seventh meeting (meeting 7) is soon", "This reminder is late")
    assert set(at.heard("This reminder is late").values()) == {1}


async def held(at: TimedHouse) -> None:
    sam = at.sam
    await at.comes(local(2027, 7, 21, 15, 0))
    await at.telegram_sees(sam, "1 reminder was not sent in time and is dropped", "1 hour before Seventh meeting")
    document = await at.telegram.sends_document(
        sam, REPORT, "量子鍵配送.pdf", caption="/document_submit 'Overlaps in key management' meeting=7 source=ETSI"
    )
    taken = await at.telegram.answer_to(document, PATIENCE)
    assert "It is Doc. 68, Overlaps in key management (ETSI), for Seventh meeting" in taken.text
    await at.telegram.sends_document(sam, REPORT, "copy.pdf", caption="/document_submit Again meeting=7")
    await at.telegram_sees(sam, "That is Doc. 68 already")
    await at.telegram_says(at.mia, "/document_show 68")
    wanted = ("JCA-QKDN-Doc-068v1.pdf", REPORT)
    await at.telegram.wait_for(lambda: wanted in at.telegram_files(at.mia), PATIENCE)
    await too_large_for_telegram(at)
    await at.telegram_says(sam, "/meeting_note 7 decision We publish the comparison")
    await at.telegram_says(sam, "/meeting_attended 7 all")
    await at.telegram_says(sam, "/document_review 68")
    closed = await at.telegram_says(sam, "/meeting_close 7 report=69")
    assert "Seventh meeting was held. Report: Doc. 69" in closed.text
    for question, answer in (
        ("what was decided in Geneva?", "We publish the comparison"),
        ("who attended the seventh meeting?", "Mia"),
        ("which documents came from ETSI?", "Doc. 68 Overlaps in key management (ETSI), reviewed"),
    ):
        assert answer in (await at.telegram_says(at.mia, question)).text, question


async def too_large_for_telegram(at: TimedHouse) -> None:
    """Who cannot be sent a file is told where it lies, and fetches it there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch, "most_sent", {"telegram": 10}.get)
        shown = await at.telegram_says(at.mia, "/document_show 68")
    assert "It is larger than Telegram takes. Fetch it here: JCA-QKDN-Doc-068v1.pdf" in shown.text
    found = re.search(r"http://[^\s\"<>]+/files/[^\s\"<>]+", shown.rich_html or "")
    assert found
    async with ClientSession() as web, web.get(found[0]) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "application/pdf", REPORT)


async def test_a_meeting_that_is_cancelled_leaves_every_calendar_and_reminds_nobody(
    make_database: MakeDatabase,
) -> None:
    database = make_database(True)
    async with timed_house(database, BEGIN) as at:
        await at.telegram_says(at.sam, "/meeting_plan 'Eighth meeting' '2027-05-20 14:00' Lausanne end=16:00")
        await at.telegram_says(at.sam, "/meeting_announce 7")
        first = await at.entries(1)
        await at.telegram_says(at.mia, "remind me 2 days before meeting 7")
        cancelled = await at.telegram_says(at.sam, "/meeting_cancel 7 the hall burnt down")
        assert "Eighth meeting is cancelled: the hall burnt down" in cancelled.text
        await at.all_are_told("Eighth meeting is cancelled: the hall burnt down")
        for who, (announced, ended) in (await at.entries(2)).items():
            assert (who, announced.method, ended.method, ended.status) == (who, "PUBLISH", "CANCEL", "CANCELLED")
            assert (ended.uid, ended.sequence > announced.sequence) == (first[who][0].uid, True)
        posted = await at.telegram_sees(at.mia, "Eighth meeting is cancelled")
        assert "I will come" not in posted.labels
        for moment in (local(2027, 5, 13, 14, 1), local(2027, 5, 18, 14, 1), local(2027, 5, 20, 13, 1)):
            await at.comes(moment)
        asked = await at.telegram_says(at.mia, "/reminders")
        assert "You have no reminders of your own" in asked.text
        assert set(at.heard("begins in").values()) == {0}
    await database.close()
