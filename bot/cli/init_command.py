"""`liaison-bot init`: make the database, and fill it with the sample."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from bot.settings import Settings
from storage.database import Database
from storage.upgrade import upgrade


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sample", action="store_true", help="bring in the sample that comes with the program")


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    database = Database(settings.database_url.get_secret_value())
    try:
        before, after = await upgrade(database)
        sys.stdout.write(f"{made(before, after)}\n")
        if chosen.sample:
            await _bring_sample(database)
    finally:
        await database.close()
    return 0


def made(before: str, after: str) -> str:
    """What an upgrade did, in words."""
    if not before:
        return f"database: made, version {after}"
    if before == after:
        return f"database: version {after}, nothing to change"
    return f"database: upgraded from version {before} to {after}"


async def _bring_sample(database: Database) -> None:
    # Not needed without --sample, and it takes a while to import.
    from storage.transfer import load_sample

    outcomes = await load_sample(database, datetime.now(UTC))
    if all(outcome.is_nothing for outcome in outcomes):
        sys.stdout.write("sample: nothing to change\n")
        return
    for outcome in outcomes:
        sys.stdout.write(f"{outcome}\n")
