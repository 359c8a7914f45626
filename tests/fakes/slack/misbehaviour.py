"""The ways in which the loopback Slack can misbehave, and when it does."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.slack.wire import Json

Kind = Literal[
    "rate_limited",
    "message_limit_exceeded",
    "server_error",
    "slow",
    "lost_reply",
    "dropped",
    "revoked",
    "error",
    "duplicate",
]
ANY_METHOD = "*"


@dataclass
class Misbehaviour:
    """One rule. `times` None means for ever; `when` looks at the arguments of the call (or at a payload)."""

    kind: Kind
    method: str = ANY_METHOD
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    retry_after: int = 1
    error: str = "internal_error"
    effect: bool = True
    when: Callable[[Json], bool] | None = None
    met: int = 0
    _chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def applies(self, method: str, args: Json) -> bool:
        if self.method not in (ANY_METHOD, method) or (self.times is not None and self.met >= self.times):
            return False
        if self.when is not None and not self.when(args):
            return False
        return self.probability >= 1 or self._chance.random() < self.probability


class Misbehaviours:
    """The rules of a test, the oldest first."""

    def __init__(self) -> None:
        self._rules: list[Misbehaviour] = []

    def add(self, rule: Misbehaviour) -> Misbehaviour:
        self._rules.append(rule)
        return rule

    def clear(self) -> None:
        self._rules.clear()

    def meets_call(self, method: str, args: Json) -> Misbehaviour | None:
        return self._meets(method, args, duplicates=False)

    def meets_delivery(self, kind: str, payload: Json) -> Misbehaviour | None:
        return self._meets(kind, payload, duplicates=True)

    def _meets(self, method: str, args: Json, *, duplicates: bool) -> Misbehaviour | None:
        for rule in self._rules:
            if (rule.kind == "duplicate") == duplicates and rule.applies(method, args):
                rule.met += 1
                return rule
        return None
