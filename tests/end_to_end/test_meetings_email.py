"""What a mailbox is told of a meeting: mails in one thread, with calendar files that a calendar program takes."""

from __future__ import annotations

import pytest
import vobject

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.timed_house import KIM, TimedHouse, local, timed_house
from tests.fakes.smtp.records import Mail

BEGIN = local(2027, 5, 3, 9, 0)
ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


async def newest(at: TimedHouse, subject: str) -> Mail:
    found = await at.mail.wait_for(
        lambda: [one for one in at.mail.messages_to(KIM) if subject == one.subject], PATIENCE
    )
    return found[-1]


@ON_SQLITE
async def test_mails_bring_every_turn_of_a_meeting(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with timed_house(database, BEGIN) as at:
        await at.slack_says("anna", "meeting plan 'Seventh meeting' 'July 2027' Geneva")
        await at.slack_says("anna", "meeting announce 7")
        vague = await newest(at, "Seventh meeting")
        assert ("July 2027" in vague.text, "to be confirmed" in vague.text, vague.files) == (True, True, {})
        await at.slack_says("anna", "meeting change 7 start='2027-07-14 14:00' end=16:00 link=https://meet.example/7")
        changed = await newest(at, "Seventh meeting: changed")
        await at.slack_says("anna", "meeting confirm 7")
        confirmed = await newest(at, "Seventh meeting: confirmed")
        await at.comes(local(2027, 7, 13, 14, 1))
        reminder = await newest(at, "Reminder: Seventh meeting")
        assert "14 July 2027, 14:00 (Europe/Zurich)" in reminder.text
        await at.slack_says("anna", "meeting cancel 7 'the hall burnt down'")
        cancelled = await newest(at, "Seventh meeting: cancelled")

        entries = [_calendar(one) for one in (changed, confirmed, cancelled)]
        assert [one.method.value for one in entries] == ["PUBLISH", "PUBLISH", "CANCEL"]
        assert len({one.vevent.uid.value for one in entries}) == 1
        sequences = [int(one.vevent.sequence.value) for one in entries]
        assert sequences == sorted(set(sequences))
        for mail in at.mail.messages_to(KIM):
            assert "meet.example" not in mail.raw.decode()
            assert mail.parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "I will come: meeting rsvp 7 yes" in changed.text or "rsvp 7 yes" in changed.text
    await database.close()


def _calendar(mail: Mail) -> vobject.base.Component:
    (part,) = [one for one in mail.parsed.iter_attachments() if one.get_content_type() == "text/calendar"]
    (content,) = mail.files.values()
    read = vobject.readOne(content.decode())
    assert part.get_param("method") in (None, read.method.value)
    return read
