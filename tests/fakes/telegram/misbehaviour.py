"""Misbehaviour: what the server does wrong, when, and how often."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

EVERY = "*"


class Kind(StrEnum):
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    SLOW = "slow"
    LOST_REPLY = "lost_reply"
    DROPPED = "dropped"
    REVOKED = "revoked"
    DUPLICATED = "duplicated"


AFTER_EFFECT = frozenset({Kind.SLOW, Kind.LOST_REPLY})


@dataclass
class Misbehaviour:
    """One thing that goes wrong; `happened` counts how often it did."""

    kind: Kind
    method: str = EVERY
    times: float = 1
    probability: float = 1.0
    seed: int = 0
    retry_after: float = 1
    status: int = 500
    chat_id: int | None = None
    delay: float = math.inf
    happened: int = 0
    whole_bot: bool = False
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def strikes(self, method: str, chat_id: str | None) -> bool:
        """Whether it goes wrong this time; counts it if so."""
        if self.happened >= self.times or not self._concerns(method, chat_id):
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        self.happened += 1
        return True

    def stop(self) -> None:
        self.times = self.happened

    def _concerns(self, method: str, chat_id: str | None) -> bool:
        if self.chat_id is not None and str(self.chat_id) != chat_id:
            return False
        # Polling and the wish to stop it go on working unless they are named.
        return self.method.lower() == method if self.method != EVERY else method != "getupdates"


@dataclass
class Misbehaviours:
    """Everything that is to go wrong, in the order in which it was asked for."""

    planned: list[Misbehaviour] = field(default_factory=list)

    def next(self, method: str, chat_id: str | None) -> Misbehaviour | None:
        for one in self.planned:
            if one.kind is not Kind.DUPLICATED and one.strikes(method.lower(), chat_id):
                return one
        return None

    def copies(self, kind: str, chat_id: int) -> int:
        """How often an update of a kind is to be delivered."""
        doubled = any(one.strikes(kind.lower(), str(chat_id)) for one in self.planned if one.kind is Kind.DUPLICATED)
        return 2 if doubled else 1
