"""`liaison-bot migrate`: upgrade the database."""

from __future__ import annotations

import argparse
import sys

from bot.cli.init_command import made
from bot.settings import Settings
from storage.database import Database
from storage.upgrade import upgrade


def arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    database = Database(settings.database_url.get_secret_value())
    try:
        sys.stdout.write(f"{made(*await upgrade(database))}\n")
    finally:
        await database.close()
    return 0
