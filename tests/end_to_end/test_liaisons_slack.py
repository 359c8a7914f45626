"""The life of a liaison statement on Slack: dropped, seen, corrected, logged, accepted, answered, closed."""

from __future__ import annotations

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.statements import (
    LS23,
    at_work,
    boris_represents,
    form_of,
    kept,
    morning,
    reply,
    sample,
    slack_drops,
    slack_opens,
    values,
)
from tests.end_to_end.timed_house import TimedHouse
from tests.fakes.slack import Message

FORM = "Liaison log"
ROOM = "secretariat"


async def test_a_statement_lives_from_its_drop_to_its_close(make_database: MakeDatabase) -> None:
    async with at_work(make_database) as at:
        await boris_represents(at, "ISG QKD")
        await at.slack.says("anna", f"{at.slack.mention} secretariat here", ROOM, raw=True)
        await at.slack_sees(ROOM, "requests and reports come here")
        await logged_as_seen(at)
        await accepted(at)
        await reminded_once(at)
        await answered(at)
        await closed_with_its_history(at)


async def logged_as_seen(at: TimedHouse) -> None:
    received = await slack_drops(at, LS23, sample(), channel=ROOM)
    view = await slack_opens(at, "anna", received, "Log it", FORM)
    shown = values(view)
    assert shown == {
        "Number": "SG17-LS23",
        "Source": "ITU-T SG17",
        "Title": "LS/r on X.1716 and quantum-safe migration (reply to ETSI ISG QKD - ISGQKD(25)000011)",
        "Date": "2025-04-17",
        "For action to": "ISG QKD",
        "For information to": "ITU-T SG11; ITU-T SG13; JTC 1/SC 27/WG 2; JTC 3; GSMA",
        "Deadline": "2025-10-01",
        "In response to": "ISGQKD(25)000011",
        "Questions": "Q15/17",
        "Contact": "Jane Doe",
        "Contact's e-mail": "jane.doe@acme.kr",
        "Abstract": "This LS replies to ISG QKD.",
        "File": LS23,
    }
    assert "I have no such statement" in at.slack.seen(view)
    wrong = await at.slack.submits("anna", view, {"Deadline": "31 September 2025", "Contact": "Jane A. Doe"})
    assert set(wrong.errors) == {"deadline"}
    still = form_of(at.slack, "anna", FORM)
    assert still is view
    assert "Jane A. Doe" in str(still.values)
    right = await at.slack.submits("anna", still, {"Deadline": "2 October 2025"})
    assert (right.errors, right.problems) == ({}, [])
    seen = await at.slack_sees(ROOM, "Logged as SG17-LS23 (ours: JCA-QKDN-IN1)", "Boris: ISG QKD for action")
    assert "jane.doe@acme.kr" not in at.slack.seen(seen)
    one = await kept(at, "SG17-LS23")
    assert (one.deadline, one.contact, one.questions) == ("2025-10-02", "Jane A. Doe", "Q15/17")


async def accepted(at: TimedHouse) -> None:
    asked = await request_of(at)
    assert "ISG QKD is asked to act by 2 October 2025" in at.slack.seen(asked)
    assert [one.label for one in at.slack.buttons(asked)] == ["Accept", "Pass on…", "Show it"]
    await at.slack.wait_for(
        lambda: [name for name, content in at.slack_files("boris") if content == sample()], PATIENCE
    )
    await at.slack.presses("boris", asked, "Accept")
    await at.slack_sees("boris", "You see to SG17-LS23 for ISG QKD by 2 October 2025")
    await at.slack.wait_for(lambda: "You see to it for ISG QKD" in at.slack.seen(asked), PATIENCE)
    assert "Accept" not in [one.label for one in at.slack.buttons(asked)]


async def request_of(at: TimedHouse) -> Message:
    return await at.slack_sees("boris", "SG17-LS23 from ITU-T SG17", "ISG QKD is asked")


async def reminded_once(at: TimedHouse) -> None:
    for day in (18, 18, 19):
        await at.comes(morning(day))
    await at.slack_sees("boris", "SG17-LS23 is due in 14 days, 2 October 2025")
    assert reminders(at) == 1


def reminders(at: TimedHouse) -> int:
    return sum("SG17-LS23 is due" in at.slack.seen(one) for one in at.slack.answers("boris"))


async def answered(at: TimedHouse) -> None:
    received = await slack_drops(at, "reply.docx", reply(), channel=ROOM)
    view = await slack_opens(at, "anna", received, "Log it", FORM)
    assert values(view)["In response to"].endswith("SG17-LS23")
    assert "that is SG17-LS23, LS/r on X.1716" in at.slack.seen(view)
    await at.slack.submits("anna", view)
    await at.slack_sees(ROOM, "Logged as ISGQKD-LS7 (ours: JCA-QKDN-IN2)", "SG17-LS23", "answered")
    first, second = await kept(at, "SG17-LS23"), await kept(at, "ISGQKD-LS7")
    assert (first.status, second.response_to_id) == ("answered", first.id)
    asked = await request_of(at)
    await at.slack.wait_for(lambda: "Nothing is left to do" in at.slack.seen(asked), PATIENCE)
    assert "Pass on…" not in [one.label for one in at.slack.buttons(asked)]
    for day, month in ((25, 9), (29, 9), (1, 10), (2, 10), (3, 10), (6, 10)):
        await at.comes(morning(day, month))
    assert reminders(at) == 0  # the one that was sent says now that nothing is left to do


async def closed_with_its_history(at: TimedHouse) -> None:
    await at.slack.says("boris", "liaison thread LS23")
    await at.slack_sees("boris", "SG17-LS23 from", "ISGQKD-LS7 from", "replies to SG17-LS23")
    shown = await at.slack_says("anna", "liaison show LS23")
    assert "Reply: ISGQKD-LS7 from ETSI ISG QKD" in at.slack.seen(shown)
    closed = await at.slack_presses("anna", shown, "Close it")
    assert "SG17-LS23" in at.slack.seen(closed)
    assert "is closed" in at.slack.seen(closed)
    shown = await at.slack_presses("anna", closed, "Show it")
    history = at.slack.seen(await at.slack_presses("anna", shown, "History"))
    steps = ["logged by Anna", "accepted by Boris", "answered by Anna", "closed by Anna"]
    places = [history.find(step) for step in steps]
    assert places == sorted(places), history
    assert -1 not in places, history
