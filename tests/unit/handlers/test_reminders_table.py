"""All reminders of a meeting across the changes of clocks: each at its instant, once, whatever the bot's clock does."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import Delivery
from tests.talk import Talk
from tests.unit.handlers.test_reminders import CHORES, at, lives, plans, told

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
TABLE = [
    # Clocks go forward on 28 March 2027, and back on 31 October.
    ("Europe/Zurich", "2027-03-28T14:00", ("02-28T13:00", "03-21T13:00", "03-27T13:00", "03-28T11:00")),
    ("Europe/Zurich", "2027-03-28T03:30", ("02-28T02:30", "03-21T02:30", "03-27T02:30", "03-28T00:30")),
    ("Europe/Zurich", "2027-10-31T14:00", ("10-03T12:00", "10-24T12:00", "10-30T12:00", "10-31T12:00")),
    # On 14 March and 7 November.
    ("America/New_York", "2027-03-14T14:00", ("02-14T19:00", "03-07T19:00", "03-13T19:00", "03-14T17:00")),
    ("America/New_York", "2027-11-07T14:00", ("10-10T18:00", "10-31T18:00", "11-06T18:00", "11-07T18:00")),
    # By half an hour, back on 4 April and forward on 3 October.
    ("Australia/Lord_Howe", "2027-04-04T14:00", ("03-07T03:00", "03-28T03:00", "04-03T03:00", "04-04T02:30")),
    ("Australia/Lord_Howe", "2027-10-03T14:00", ("09-05T03:30", "09-26T03:30", "10-02T03:30", "10-03T02:00")),
    # Never.
    ("Asia/Seoul", "2027-03-28T14:00", ("02-28T05:00", "03-21T05:00", "03-27T05:00", "03-28T04:00")),
    ("Asia/Kolkata", "2027-03-28T14:00", ("02-28T08:30", "03-21T08:30", "03-27T08:30", "03-28T07:30")),
    # 400 days ahead.
    ("Europe/Zurich", "2028-02-05T14:00", ("01-08T13:00", "01-29T13:00", "02-04T13:00", "02-05T12:00")),
]


async def sent(talk: Talk) -> list[tuple[str, str]]:
    """When reminders were due, and when they were sent, in UTC."""
    query = select(Delivery.due_at, Delivery.sent_at).where(Delivery.cause.startswith("reminder:"))
    async with talk.database.reading() as session:
        rows = await session.execute(query.order_by(Delivery.due_at))
        return [(f"{row.due_at:%m-%dT%H:%M}", f"{row.sent_at:%m-%dT%H:%M}") for row in rows]


@ON_SQLITE
@pytest.mark.parametrize(("zone", "start", "dues"), TABLE)
async def test_each_is_sent_once_at_its_instant(sample: Database, zone: str, start: str, dues: tuple[str, ...]) -> None:
    talk = Talk(sample, chores=CHORES)
    talk.clock.now = datetime.fromisoformat("2027-01-01T09:00Z")
    await talk.member.says("subscribe here to meetings")
    await plans(talk, start, zone)
    await lives(talk, datetime.fromisoformat(f"{start[:4]}-{dues[-1]}Z") + timedelta(minutes=1))
    assert await sent(talk) == [(due, due) for due in dues]


@ON_SQLITE
@pytest.mark.parametrize(("zone", "start", "dues"), TABLE[:1] + TABLE[6:7])
async def test_a_clock_that_jumps_sends_none_again(
    sample: Database, zone: str, start: str, dues: tuple[str, ...]
) -> None:
    talk = Talk(sample, chores=CHORES)
    talk.clock.now = datetime.fromisoformat("2027-01-01T09:00Z")
    await talk.member.says("subscribe here to meetings")
    await plans(talk, start, zone)
    for due in dues:
        moment = datetime.fromisoformat(f"{start[:4]}-{due}Z")
        for minutes in (-90, 1, -3_000, 5, -1, 60 if due != dues[-1] else 10):
            await at(talk, moment + timedelta(minutes=minutes))
    assert [text.split("begins in ")[1].split(".")[0] for text in told(talk)] == [
        "4 weeks",
        "1 week",
        "1 day",
        "1 hour",
    ]
