"""Planning the reminders of the next 24 hours: among a thousand meetings over ten years, against ten."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chore import Errand
from handlers.reminding import telling
from storage import outbox, reminders, subscriptions, targets
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.meeting import times
from storage.outbox import Words
from storage.people import Household
from storage.subscriptions import Interest
from storage.tables import Delivery, Meeting, Reminder
from storage.targets import Destination
from storage.words import DeliveryState, MeetingMode, MeetingStatus, ReminderState, SubscriptionKind
from tests.benchmarks import databases
from tests.benchmarks.figures import Figure, Lap, in_milliseconds, medians, report

BAR = 2.0
FEW, MANY, SUBSCRIBERS, YEARS = 10, 1_000, 50, 10
ROUNDS, WARM_UP = 15, 3
ZONE = "Europe/Zurich"
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def measure() -> list[Figure]:
    with TemporaryDirectory() as few, TemporaryDirectory() as many:
        return asyncio.run(_measured(databases.sample(Path(few)), databases.sample(Path(many))))


async def _measured(few: Path, many: Path) -> list[Figure]:
    made = {name: Database(f"sqlite:///{path}") for name, path in (("few", few), ("many", many))}
    for name, database in made.items():
        await _fill(database, FEW if name == "few" else MANY)
    found = {name: await _planned(database) for name, database in made.items()}
    if found["few"] != found["many"] or not found["few"][0]:
        raise SystemExit(f"not the same is due: {found}")
    taken = await medians({name: _lap(database) for name, database in made.items()}, ROUNDS, WARM_UP)
    for database in made.values():
        await database.close()
    what = (
        f"planning 24 h of reminders ({found['few'][0]} of them, {SUBSCRIBERS} subscribers) of {MANY:,} meetings"
        f" over {YEARS} years / of {FEW} ({in_milliseconds(taken['many'], taken['few'])})"
    )
    return [(what, taken["many"] / taken["few"], BAR)]


async def _fill(database: Database, count: int) -> None:
    """The same ten meetings are near; the others lie in the years before and after."""
    async with database.writing() as session:
        where = [
            await targets.kept(session, Destination("slack", f"T1/U{number}")) for number in range(1, SUBSCRIBERS + 1)
        ]
        for target in where:
            interest = [Interest(SubscriptionKind.MEETINGS)]
            await subscriptions.subscribe(session, target, interest, zone=ZONE, by=None, now=NOW)
        for number, start in enumerate(_starts(count), 100):
            session.add(_meeting(number, start))
        await session.flush()
        await reminders.replan_all(session, NOW - timedelta(days=366 * YEARS))
        await session.flush()
        await _live(session, where)


def _starts(count: int) -> Iterator[datetime]:
    near = [NOW + offset for offset in (DAY, 7 * DAY, 28 * DAY, timedelta(hours=3))]
    for number in range(FEW):
        yield near[number % len(near)] + timedelta(hours=1 + number // len(near))
    others = count - FEW
    for number in range(others):
        days = YEARS * 365 * (number - others / 2) / others
        yield NOW + timedelta(days=days + (40 if days >= 0 else -40))


def _meeting(number: int, start: datetime) -> Meeting:
    local = start.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")
    return Meeting(
        number=number,
        title=f"Meeting {number}",
        start=local,
        timezone=ZONE,
        place="Geneva",
        mode=MeetingMode.PHYSICAL,
        status=MeetingStatus.CONFIRMED,
        **times.computed(local, "", ZONE),
    )


async def _live(session: AsyncSession, where: list[int]) -> None:
    """What was due before was sent, to everybody."""
    notice = await outbox.write(session, Words("reminders/dropped", {"lines": []}), NOW)
    past = list(await session.scalars(select(Reminder).where(Reminder.due_at < NOW)))
    rows = [
        {
            "dedupe_key": f"{reminders.cause(one)}:{target}",
            "cause": reminders.cause(one),
            "platform": "slack",
            "target_id": target,
            "notice_id": notice,
            "priority": 1,
            "due_at": one.due_at,
            "state": DeliveryState.SENT,
            "receipt": {},
            "put_at": one.due_at,
        }
        for one in past
        for target in where
    ]
    for start in range(0, len(rows), 5_000):
        await session.execute(insert(Delivery), rows[start : start + 5_000])
    for one in past:
        one.state = ReminderState.SENT


def _lap(database: Database) -> Lap:
    async def lap() -> float:
        return (await _timed(database))[0]

    return lap


async def _planned(database: Database) -> tuple[int, int]:
    return (await _timed(database))[1:]


async def _timed(database: Database) -> tuple[float, int, int]:
    """Plan, and take it back; gives the seconds of the former, the reminders and the deliveries."""
    async with database.writing() as session:
        catalogue = await CatalogueKeeper().current(session)
        errand = Errand(session, catalogue, NOW, "HOST-1", Household(ZoneInfo(ZONE)))
        start = time.perf_counter()
        count = await telling.plan(errand, NOW + DAY)
        await session.flush()
        took = time.perf_counter() - start
        waiting = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING)
        put = len((await session.scalars(waiting)).all())
        await session.rollback()
    return took, count, put


if __name__ == "__main__":
    sys.exit(report(measure))
