"""Witnesses: whoever counts what happens to events and deliveries."""

from __future__ import annotations

from typing import Protocol


class Witness(Protocol):
    """Is told of every event and every delivery."""

    def received(self, platform: str) -> None: ...

    def answered(self, platform: str, seconds: float) -> None:
        """An event was answered, so long after it was taken in hand."""

    def failed(self, platform: str) -> None: ...

    def delivered(self, platform: str, outcome: str) -> None:
        """A send ended: sent, uncertain, postponed, failed, expired or dropped."""


class Nobody:
    """A witness that looks away."""

    def received(self, platform: str) -> None: ...

    def answered(self, platform: str, seconds: float) -> None: ...

    def failed(self, platform: str) -> None: ...

    def delivered(self, platform: str, outcome: str) -> None: ...
