"""Misbehaviour: what the mail server does wrong, at which step, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """`refused` answers with `reply`. `lost_reply` drops the connection after a step took effect, `dropped` before."""

    REFUSED = "refused"
    SLOW = "slow"
    LOST_REPLY = "lost_reply"
    DROPPED = "dropped"


@dataclass
class Misbehaviour:
    """One thing that goes wrong at a step (`AUTH`, `MAIL`, `RCPT`, `DATA`), for one address or for all.

    `happened` counts how often it did.
    """

    kind: Kind
    step: str
    reply: str = ""
    address: str = ""
    times: float = 1
    delay: float = 3600
    happened: int = 0

    def strikes(self, step: str, address: str) -> bool:
        """Whether it goes wrong this time; counts it if so."""
        if self.happened >= self.times or self.step != step or self.address not in ("", address):
            return False
        self.happened += 1
        return True

    def stop(self) -> None:
        self.times = self.happened
