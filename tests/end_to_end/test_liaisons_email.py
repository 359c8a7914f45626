"""A liaison statement goes out: drafted and submitted on Slack, approved by the chair, mailed as a Word file."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from handlers.liaison.reading.apart import read_apart
from storage.catalogue import read_catalogue
from storage.tables import Officer
from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.statements import at_work, boris_represents, kept
from tests.end_to_end.timed_house import TimedHouse
from tests.fakes.slack import Message

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
BOX = "qkd@etsi.example"
DRAFT = (
    "liaison draft 'LS on overlaps in key management' action='ISG QKD' information=SG13 deadline=2025-11-30 "
    "contact='Anna Secretary' email=anna@example.org abstract='JCA-QKDN asks for a comparison.' "
    "body='Dear **colleagues**, please compare Y.3803 with GS QKD 004.'"
)


@ON_SQLITE
async def test_a_draft_is_approved_by_the_chair_and_mailed_as_word_that_reads_back(make_database: MakeDatabase) -> None:
    async with at_work(make_database) as at:
        await boris_is_chair(at)
        await at.slack_says("anna", f"group mail 'ISG QKD' {BOX}")
        drafted = await at.slack_says("anna", DRAFT)
        assert "DRAFT-1 LS on overlaps in key management" in at.slack.seen(drafted)
        await approved(at, drafted)
        await mailed(at)
        await read_back(at)


async def boris_is_chair(at: TimedHouse) -> None:
    """The officer of the host, and its representative: the secretariat has vouched for him."""
    await boris_represents(at, "JCA-QKDN")
    async with at.database.writing() as session:
        host = (await read_catalogue(session)).group_of_code("JCA-QKDN")
        assert host
        row = {"group_id": host.id, "role": "chair", "name": "Boris", "affiliation": "", "since": "", "until": ""}
        await session.execute(insert(Officer).values(row))


async def approved(at: TimedHouse, drafted: Message) -> None:
    await at.slack.presses("anna", drafted, "Submit it")
    await at.slack_sees("anna", "I asked the chair to approve it")
    asked = await at.slack_sees("boris", "DRAFT-1", "[Approve]")
    await at.slack.presses("boris", asked, "Approve")
    await at.slack_sees("boris", "It is approved")
    await at.slack_sees("anna", "It is approved by Boris")


async def mailed(at: TimedHouse) -> None:
    told = await at.slack_sees("anna", "It is approved by Boris")
    preview = await at.slack_presses("anna", told, "Send…")
    assert BOX in at.slack.seen(preview)
    assert "SG13" in at.slack.seen(preview)
    assert not at.mail.messages_to(BOX)
    await at.slack.presses("anna", preview, "Send it to 1")
    await at.slack_sees("anna", "sent as JCA-QKDN-LS2")
    await at.mail.wait_for(lambda: at.mail.messages_to(BOX), PATIENCE)
    (mail,) = at.mail.messages_to(BOX)
    assert mail.subject == "JCA-QKDN-LS2: LS on overlaps in key management"
    for line in ("For action", "ISG QKD", "30 November 2025", "Anna Secretary"):
        assert line in mail.text
    assert (await kept(at, "JCA-QKDN-LS2")).status == "sent"


async def read_back(at: TimedHouse) -> None:
    (mail,) = at.mail.messages_to(BOX)
    ((name, content),) = mail.files.items()
    assert name.endswith(".docx")
    read = await read_apart(name, content)
    one = await kept(at, "JCA-QKDN-LS2")
    assert {
        name: getattr(read, name).value for name in ("number", "title", "contact", "contact_email", "abstract")
    } == {
        "number": "JCA-QKDN-LS2",
        "title": "LS on overlaps in key management",
        "contact": "Anna Secretary",
        "contact_email": "anna@example.org",
        "abstract": "JCA-QKDN asks for a comparison.",
    }
    assert (read.source.value, read.deadline.value.text, read.date.value) == (one.source, "2025-11-30", one.date)
    named = {each.name: each.purpose.value for each in read.addressees}
    assert named == {"ISG QKD": "action", "ITU-T SG13": "information"}
    assert "please compare Y.3803 with GS QKD 004" in read.body
