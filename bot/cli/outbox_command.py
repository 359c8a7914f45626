"""`liaison-bot outbox`: what waits to be sent and why, and what to do about it."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncSession

from bot.command_line import Usage
from bot.reception import utc_now
from bot.settings import Settings
from storage import backlog
from storage.backlog import Entry
from storage.database import Database
from storage.words import DeliveryState

_HEADINGS = ("id", "platform", "target", "cause", "state", "tries", "due", "problem")
_NARROWEST_PROBLEM = 30
_WHICH = "name the deliveries by their ids, as liaison-bot outbox list shows them, or all that failed with --failed"


def arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", metavar="list|retry|drop", required=True)
    listing = deeds.add_parser("list", help="what waits, failed or is uncertain")
    listing.add_argument("--state", choices=[state.value for state in DeliveryState], help="only these")
    listing.add_argument("--platform", help="only those of this platform")
    listing.add_argument("--json", action="store_true", help="an object a line")
    retrying = deeds.add_parser("retry", help="send again, now")
    retrying.add_argument("ids", nargs="*", type=int, metavar="ID")
    retrying.add_argument("--failed", action="store_true", help="all that failed")
    dropping = deeds.add_parser("drop", help="never send")
    dropping.add_argument("ids", nargs="*", type=int, metavar="ID")


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    if chosen.deed != "list" and not (chosen.ids or getattr(chosen, "failed", False)):
        raise Usage(_WHICH if chosen.deed == "retry" else _WHICH.partition(", or")[0])
    database = Database(settings.database_url.get_secret_value())
    try:
        await database.check()
        if chosen.deed == "list":
            await _list(database, chosen)
        elif chosen.deed == "retry":
            await _retry(database, chosen)
        else:
            await _drop(database, chosen.ids)
    finally:
        await database.close()
    return 0


async def _list(database: Database, chosen: argparse.Namespace) -> None:
    states = (DeliveryState(chosen.state),) if chosen.state else backlog.UNDONE
    async with database.reading() as session:
        found = await backlog.entries(session, states, chosen.platform)
    if chosen.json:
        sys.stdout.writelines(f"{_as_json(entry)}\n" for entry in found)
    elif found:
        sys.stdout.writelines(f"{line}\n" for line in _table(found))
    else:
        sys.stdout.write("nothing\n")


async def _retry(database: Database, chosen: argparse.Namespace) -> None:
    async with database.writing() as session:
        ids = await backlog.failed(session) if chosen.failed else []
        await _expect(session, chosen.ids, backlog.RETRIABLE, "sent again")
        again = await backlog.retry(session, [*ids, *chosen.ids], utc_now())
    sys.stdout.write(f"{len(again)} to be sent again\n")


async def _drop(database: Database, ids: Sequence[int]) -> None:
    async with database.writing() as session:
        await _expect(session, ids, backlog.DROPPABLE, "dropped")
        dropped = await backlog.drop(session, ids)
    sys.stdout.write(f"{len(dropped)} dropped\n")


async def _expect(session: AsyncSession, ids: Sequence[int], states: Collection[DeliveryState], deed: str) -> None:
    """All or none: see that each is there and in one of these states."""
    found = await backlog.known(session, ids)
    for one in ids:
        if one not in found:
            raise Usage(f"there is no delivery {one}; type liaison-bot outbox list")
        if found[one] not in states:
            raise Usage(f"delivery {one} is {found[one].value} and cannot be {deed}; type liaison-bot outbox list")


def _table(entries: Sequence[Entry]) -> list[str]:
    """Aligned columns; the last one is as long as the terminal is wide, or whole where there is none."""
    rows = [_HEADINGS, *map(_row, entries)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS) - 1)]
    before = sum(widths) + 2 * len(widths)
    room = max(shutil.get_terminal_size().columns - before, _NARROWEST_PROBLEM) if sys.stdout.isatty() else None
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1][:room]]).rstrip()
        for row in rows
    ]


def _row(entry: Entry) -> tuple[str, ...]:
    state = (
        f"{entry.state.value}, in doubt" if entry.doubts and entry.state is DeliveryState.WAITING else entry.state.value
    )
    due = f"{entry.due_at:%Y-%m-%d %H:%M:%S}Z"
    problem = " ".join(entry.problem.split())
    return (str(entry.id), entry.platform, entry.target, entry.cause, state, str(entry.tries), due, problem)


def _as_json(entry: Entry) -> str:
    return json.dumps({**asdict(entry), "state": entry.state.value, "due_at": entry.due_at.isoformat()})
