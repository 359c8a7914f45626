"""Meetings that a file changes: whoever knows of them is told as of any other change, and once."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest
import vobject
from sqlalchemy import select

from bot.arrival import Message
from bot.chores import Chores, declared_chores
from storage.database import Database
from storage.tables import Meeting, Reminder
from storage.transfer.incoming import Outcome, import_file
from storage.transfer.outgoing import export_file
from storage.words import ReminderState
from tests.talk import Talk, Voice

PLAN = "meeting plan 'Seventh meeting' '2027-03-18 14:00' Geneva documents_due=2027-03-04"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "meetings.csv"


async def announced(talk: Talk) -> None:
    await talk.member.says("subscribe meetings")
    await talk.secretariat.says(PLAN)
    await talk.secretariat.says("meeting announce 7")
    talk.member.is_told("Seventh meeting", "18 March 2027, 14:00")


async def imported(talk: Talk, file: Path, *, dry_run: bool = False, **cells: str) -> Outcome:
    """The meetings as they are, but for these cells of the seventh, come back by file."""
    async for _ in export_file(talk.database, "meetings", file):
        pass
    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    next(row for row in rows if row["number"] == "7").update(cells)
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return await import_file(talk.database, "meetings", file, talk.clock(), dry_run=dry_run)


def calendar(message: Message) -> tuple[str, str, str]:
    """Method, UID and sequence of the file that a message brought."""
    (file,) = message.attachments
    read = vobject.readOne(file.content.decode())
    return read.method.value, read.vevent.uid.value, read.vevent.sequence.value


def news(voice: Voice) -> list[Message]:
    return voice.told[1:]


async def reminders(talk: Talk) -> list[str]:
    query = select(Reminder.due_at).join(Meeting, Meeting.id == Reminder.meeting_id)
    query = query.where(Meeting.number == 7, Reminder.state == ReminderState.PENDING, Reminder.lead == "P1D")
    async with talk.database.reading() as session:
        return sorted(f"{due:%Y-%m-%d %H:%M}" for due in await session.scalars(query))


async def test_a_new_time_is_told_once_and_what_was_posted_is_corrected(talk: Talk, file: Path) -> None:
    await announced(talk)
    first = calendar(talk.member.told[0])
    outcome = await imported(talk, file, start="2027-03-25T15:00", place="Lausanne")
    assert outcome.notes == ["meeting 7 is announced: whoever knows of it is told of the change, by a bot that runs"]
    assert news(talk.member) == []
    for _ in range(2):
        await talk.does_chores()
    (told,) = news(talk.member)
    assert "is changed: time and place" in talk.plain(told)
    assert "25 March 2027, 15:00" in talk.plain(told)
    assert "25 March 2027, 15:00" in talk.plain(talk.member.told[0])
    assert (first, calendar(told)) == (("PUBLISH", first[1], "0"), ("PUBLISH", first[1], "1"))
    assert await reminders(talk) == ["2027-03-03 08:00", "2027-03-24 14:00"]
    assert (await imported(talk, file)).is_nothing


async def test_two_replicas_tell_it_once(talk: Talk, file: Path) -> None:
    await announced(talk)
    await imported(talk, file, title="The seventh meeting")
    replicas = [Chores(talk.database, talk.dispatcher, declared_chores(), talk.clock) for _ in range(2)]
    await asyncio.gather(*(one.do_all() for one in replicas))
    await talk.mailroom.drain()
    assert ["is changed: title" in talk.plain(one) for one in news(talk.member)] == [True]


async def test_a_cancellation_cancels_the_calendar_entry_and_leaves_the_documents_to_the_next(
    talk: Talk, file: Path
) -> None:
    await announced(talk)
    await talk.secretariat.drops({"paper.txt": b"Overlaps"}, "document submit 'Overlaps' meeting=7")
    await imported(talk, file, status="cancelled")
    await talk.does_chores()
    (told,) = news(talk.member)
    assert "Seventh meeting is cancelled\n" in talk.plain(told)
    assert (calendar(told)[0], calendar(told)[2]) == ("CANCEL", "1")
    assert await reminders(talk) == []
    await talk.member.says("what is deferred?")
    talk.member.sees("Doc. 68 Overlaps")


async def test_of_a_meeting_that_is_not_announced_nobody_is_told_but_its_reminders_move(talk: Talk, file: Path) -> None:
    await talk.member.says("subscribe meetings")
    await talk.secretariat.says(PLAN)
    outcome = await imported(talk, file, start="2027-03-25T15:00")
    await talk.does_chores()
    assert (outcome.notes, talk.member.told) == ([], [])
    assert await reminders(talk) == ["2027-03-03 08:00", "2027-03-24 14:00"]


async def test_a_change_in_chat_tells_what_a_file_changed_before(talk: Talk, file: Path) -> None:
    await announced(talk)
    await imported(talk, file, start="2027-03-25T15:00")
    await talk.secretariat.says("meeting change 7 place=Lausanne")
    await talk.does_chores()
    (told,) = news(talk.member)
    assert "is changed: time and place" in talk.plain(told)


async def test_a_dry_run_and_what_nobody_needs_to_know_tell_nothing(talk: Talk, file: Path) -> None:
    await announced(talk)
    await imported(talk, file, dry_run=True, start="2027-03-25T15:00")
    await imported(talk, file, note="bring your badge")
    await talk.does_chores()
    assert news(talk.member) == []


async def test_a_meeting_that_was_held_asks_nobody_any_more(talk: Talk, file: Path) -> None:
    await announced(talk)
    await imported(talk, file, status="held", report="Doc. 70")
    await talk.does_chores()
    assert (news(talk.member), await reminders(talk)) == ([], [])
    assert "was held" in talk.plain(talk.member.told[0])
    assert "I will come" not in [button.label for button in talk.member.told[0].buttons]
