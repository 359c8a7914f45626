"""What a question does not want: "not", "except", "other than" before a name."""

from __future__ import annotations

from dataclasses import replace

from handlers.asking.english import English
from handlers.asking.spots import Reading

_FAR = 5
"""So many words before a name at the most."""


def negated(reading: Reading, language: English, start: int) -> bool:
    """Whether "not", "except" ... stands before, with nothing but small words between."""
    lower = [token.lower for token in reading.tokens[:start]]
    for back in range(1, min(_FAR, start) + 1):
        word = lower[-back]
        earlier = lower[-back - 1] if back < start else ""
        if word in language.lists["not"]:
            return True
        if word == "than" and earlier in ("other", "rather"):
            return True
        if word == "from" and earlier in ("apart", "aside"):
            return True
        if word == "but" and earlier in language.lists["all"]:
            return True
        if word not in language.lists["between not and a name"]:
            return False
    return False


def spread_negation(reading: Reading) -> None:
    """“Outside ITU-T and ETSI”: the second is left out too."""
    for index, (first, second) in enumerate(zip(reading.spots, reading.spots[1:], strict=False), start=1):
        between = [token.lower for token in reading.tokens[first.end : second.start]]
        if first.negated and between in (["and"], ["or"], ["nor"], []):
            reading.spots[index] = replace(second, negated=True)
