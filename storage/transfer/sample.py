"""The sample that is shipped with the program."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage.database import Database, unfit
from storage.transfer.incoming import Outcome, bring, keep_others_out

FOLDER = Path(__file__).parent.parent / "sample"

KINDS = ("bodies", "groups", "topics", "terms", "roadmap", "meetings", "liaisons", "officers", "overlaps")
"""In this order: each mentions only what came before."""


async def load_sample(database: Database, now: datetime) -> list[Outcome]:
    """Bring the whole sample into the database, in one transaction. Doing it again changes nothing."""
    try:
        async with database.writing() as session:
            connection = await session.connection()
            await keep_others_out(connection)
            return [await bring(connection, kind, FOLDER / f"{kind}.csv", now) for kind in KINDS]
    except (DBAPIError, sqlite3.Error) as error:
        raise unfit(error, database.url) from error
