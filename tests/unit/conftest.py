"""What all unit tests share: no patience that a busy machine wears out."""

from __future__ import annotations

import pytest

LONG = 60.0
SHORT_TIMES = (
    "bot.cli.doctor_command.PATIENCE",
    "bot.platforms.slack.forms._PATIENCE",
    "bot.platforms.slack.people._PATIENCE",
    "bot.platforms.slack.shared._PATIENCE",
    "bot.service._DATABASE_PATIENCE",
    "handlers.liaison.reading.apart.PATIENCE",
    "storage.sqlite.BUSY_TIMEOUT",
)
"""What gives up after so many seconds. A test of the giving up makes its own one short again."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in SHORT_TIMES:
        monkeypatch.setattr(one, LONG)
