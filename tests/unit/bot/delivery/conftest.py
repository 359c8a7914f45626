"""An outbox on an empty database, and a platform to send to."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.unit.bot.delivery.scripted import Bench, Scripted


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


@pytest.fixture
def stage(bench: Bench) -> Scripted:
    return Scripted(bench)
