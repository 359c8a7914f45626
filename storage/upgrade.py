"""Making and upgrading the shared database with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from storage.database import VERSIONS, Database, DatabaseUnfit, head, revision, unfit
from storage.tables import Base

_LOCK = 0x11A150  # any number of our own: which lock of the PostgreSQL database means an upgrade

SEARCH_OBJECTS = ("roadmap_search", "liaison_search")
"""What the tables and indexes of full-text search begin with; each engine has its own and no model describes them."""


async def upgrade(database: Database) -> tuple[str, str]:
    """Bring the database to our version; gives the revision before and after. Raises `DatabaseUnfit`."""
    _check_folder(database)
    try:
        async with database.engine.connect() as connection:
            await connection.execution_options(writes=True)
            before = await connection.run_sync(revision)
            if before > head():
                await database.check()
            await connection.run_sync(_to_head)
            await connection.commit()
    except (DBAPIError, OSError) as error:
        raise unfit(error, database.url) from error
    return before, head()


def _check_folder(database: Database) -> None:
    """Said before the driver tries: it would only say that it cannot open the file."""
    folder = Path(database.url.database or "").parent
    if database.is_sqlite and not folder.is_dir():
        raise DatabaseUnfit(f"there is no folder {folder} for the database", f"mkdir -p {folder}")


def drift(connection: Connection) -> list[Any]:
    """What differs between the tables in the database and the models; empty when nothing does."""
    context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def is_ours(_object: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool | Literal[False]:
    return not (name or "").startswith(SEARCH_OBJECTS)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for this connection, without a file."""
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.attributes["connection"] = connection
    return config


def _to_head(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Replicas that start together upgrade one after the other; SQLite has one writer anyway.
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    command.upgrade(configuration(connection), "head")
