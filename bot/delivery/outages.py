"""Outages: how long to leave a platform alone that cannot be reached by anybody."""

from __future__ import annotations

import random

from storage.results import Result
from storage.words import DeliveryState

LONGEST = 60.0
"""Seconds between two tries of a platform that is away."""


class Outages:
    """A platform that `patience` sends in a row found away is away: it is tried ever more seldom until one arrives."""

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self._failures = 0

    def after(self, result: Result) -> float:
        """Seconds in which nothing should be sent after this; mostly 0."""
        if result.failing_since is None or result.state is not DeliveryState.WAITING or result.target_rests:
            if result.state is DeliveryState.SENT:
                self._failures = 0
            return 0.0
        self._failures += 1
        pauses, rest = divmod(self._failures, self._patience)
        if rest:
            return 0.0
        pause = LONGEST if pauses > 6 else min(2.0 ** (pauses - 1), LONGEST)
        return pause * random.uniform(0.75, 1.25)  # noqa: S311 - it only spreads the tries
