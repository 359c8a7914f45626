"""The whole life of a meeting, led from Slack, and what of it comes to Slack, Telegram and a mailbox."""

from __future__ import annotations

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE, REPORT
from tests.end_to_end.timed_house import KIM, TimedHouse, local, timed_house

BEGIN = local(2027, 1, 4, 9, 0)
START = local(2027, 7, 14, 14, 0)
MOVED = local(2027, 7, 15, 15, 0)
LINK = "https://meet.example.org/seventh"


async def test_a_meeting_lives_from_a_vague_date_to_its_minutes(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with timed_house(database, BEGIN) as at:
        await vague_then_planned(at)
        await announced_then_changed(at)
        await answered(at)
        await reminded_and_sent_in(at)
        await held_and_minuted(at)
    await database.close()


async def vague_then_planned(at: TimedHouse) -> None:
    seen = await at.slack_says("anna", "meeting plan 'Seventh meeting' 'July 2027, Geneva'")
    assert "Seventh meeting is meeting 7, tentative" in at.slack.seen(seen)
    assert "When: July 2027" in at.slack.seen(seen)
    asked = await at.slack_says("boris", "when do we meet next?")
    assert "July 2027" in at.slack.seen(asked)
    change = f"meeting change 7 start='2027-07-14 14:00' end=16:00 documents_due=2027-07-01 link={LINK}"
    seen = await at.slack_says("anna", change)
    assert "Wednesday, 14 July 2027, 14:00" in at.slack.seen(seen) or "14 July 2027, 14:00" in at.slack.seen(seen)
    await at.slack_presses("anna", seen, "Confirm it")
    preview = await at.slack_says("anna", "meeting preview 7")
    assert at.heard("Seventh meeting") == {"boris": 1, "general": 0, "mia": 0, "kim": 0}
    await at.slack_presses("anna", preview, "Announce it")


async def announced_then_changed(at: TimedHouse) -> None:
    await at.all_are_told("Seventh meeting", "14 July 2027", "Geneva", "Documents by 1 July 2027")
    assert all(LINK not in at.slack.seen(one) for one in at.slack.answers("general"))
    (entry,) = {str(found[0]): found[0] for found in (await at.entries(1)).values()}.values()
    assert (entry.method, entry.start, entry.status, entry.has_alarm) == ("PUBLISH", START, "CONFIRMED", True)

    await at.slack_says("anna", "meeting change 7 start='2027-07-15 15:00' place=Lausanne")
    await at.all_are_told("Seventh meeting is changed: time and place", "15 July 2027", "Lausanne")
    for who, (_, newer) in (await at.entries(2)).items():
        assert (who, newer.uid, newer.method, newer.start) == (who, entry.uid, "PUBLISH", MOVED)
        assert newer.sequence > entry.sequence
    assert not [one for one in at.slack.answers("general") if "14 July" in at.slack.seen(one)]
    assert not [one for one in at.telegram.said(at.mia) if "14 July" in one.text]


async def answered(at: TimedHouse) -> None:
    boris = await at.slack_sees("boris", "is changed", "[I will come]")
    yes = await at.slack_presses("boris", boris, "I will come")
    assert LINK in at.slack.seen(yes)
    mia = await at.telegram_sees(at.mia, "is changed")
    no = await at.telegram_presses(at.mia, mia, "I cannot come")
    assert "You cannot come" in no.text or "will not come" in no.text
    overview = await at.slack_says("anna", "meeting show 7")
    assert "Yes: 1 (Boris)" in at.slack.seen(overview)
    assert "No: 1 (Mia)" in at.slack.seen(overview)


async def reminded_and_sent_in(at: TimedHouse) -> None:
    await at.comes(local(2027, 6, 17, 15, 1))
    await at.all_are_told("Seventh meeting (meeting 7) begins in 4 weeks", "15 July 2027")
    reminder = await at.slack_sees("boris", "begins in 4 weeks")
    assert "09:00 (America/New_York); 15:00 in Europe/Zurich" in at.slack.seen(reminder)
    await at.comes(local(2027, 6, 24, 9, 1))
    await at.all_are_told("Documents for Seventh meeting (meeting 7) are due in 1 week")

    await at.represents(f"{at.slack.workspace.team}/{at.slack.workspace.person('boris').id}", "SG13")
    given = "document submit 'Overlaps in key management' meeting=7"
    taken = await at.slack_says("boris", given, file="overlaps.pdf")
    assert "It is Doc. 68, Overlaps in key management (SG13), for Seventh meeting" in at.slack.seen(taken)
    await at.slack_sees("anna", "Doc. 68 came for meeting 7")
    await at.slack_says("anna", "document show 68")
    await at.slack.wait_for(lambda: ("JCA-QKDN-Doc-068v1.pdf", REPORT) in at.slack_files("anna"), PATIENCE)
    agenda = await at.slack_says("boris", "show me the agenda")
    assert "Doc. 68 Overlaps in key management (SG13)" in at.slack.seen(agenda)

    for moment, words in (
        (local(2027, 6, 30, 9, 1), "are due in 1 day"),
        (local(2027, 7, 8, 15, 1), "begins in 1 week"),
        (local(2027, 7, 14, 15, 1), "begins in 1 day"),
        (local(2027, 7, 15, 14, 1), "begins in 1 hour"),
    ):
        await at.comes(moment)
        await at.all_are_told(words)
        await at.comes(moment)
        assert set(at.heard(words).values()) == {1}
    assert set(at.heard("This reminder is late").values()) == {0}


async def held_and_minuted(at: TimedHouse) -> None:
    await at.comes(local(2027, 7, 15, 16, 30))
    await at.slack_says("anna", "meeting note 7 decision We publish the comparison")
    await at.slack_says("anna", "meeting note 7 action Draft the liaison statement owner='Kim Lee' due=2027-09-01")
    there = await at.slack_says("anna", "meeting attended 7 all")
    assert "Boris" in at.slack.seen(there)
    await at.slack_says("anna", "document defer 68")
    closed = await at.slack_says("anna", "meeting close 7 report='Doc. 69'")
    assert "Seventh meeting was held. Report: Doc. 69" in at.slack.seen(closed)
    announcement = await at.slack_sees("general", "Seventh meeting was held")
    assert announcement.edited
    assert "I will come" not in [button.label for button in at.slack.buttons(announcement)]
    for question, answer in (
        ("what was decided in Lausanne?", "We publish the comparison"),
        ("and who attended?", "Boris"),
        ("what is deferred?", "Doc. 68 Overlaps in key management"),
        ("which documents came from SG13?", "Doc. 68 Overlaps in key management"),
    ):
        seen = await at.slack_says("boris", question)
        assert answer in at.slack.seen(seen), question
    overview = await at.slack_says("anna", "meeting show 7")
    assert "held" in at.slack.seen(overview)
    assert "Still to do" not in at.slack.seen(overview)
    quiet = len(at.mail.messages_to(KIM))
    await at.comes(local(2027, 9, 15, 9, 0))
    assert len(at.mail.messages_to(KIM)) == quiet
