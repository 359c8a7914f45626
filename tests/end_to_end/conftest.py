"""What all end-to-end tests share: no patience that a busy machine wears out."""

from __future__ import annotations

import pytest

from tests.end_to_end.patience import LONG, SHORT_TIMES


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process; `be_patient` is for others."""
    for one in (*SHORT_TIMES, "tests.fakes.slack.state:TRIGGER_SECONDS"):
        monkeypatch.setattr(one.replace(":", "."), LONG)
