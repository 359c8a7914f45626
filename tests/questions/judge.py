"""How an answer to a question is judged.

Each line of `sample.jsonl` and `more.jsonl` has a `question`, a `check`, what is to `expect`, and sometimes what is
`optional` in a set or what other counts one would `allow`. The database holds the sample. An answer is right when:

| check | right when |
|---|---|
| `top` | the first item's reference is the expected one |
| `top_any` | the first item's reference is one of the expected |
| `set` | the items are exactly the expected; amendments, corrigenda and what is optional may be there too |
| `contains` | every expected reference is among the items, and they are at most three times as many (at least ten) |
| `contains_top3` | every expected reference is among the first three items |
| `count` | the count is the expected one, or an allowed one |
| `text` | the text has every expected string, whatever the case |
| `text_or_unknown` | as `text`, or the intent is `unknown` |
| `none` | no items, and the intent is `unknown` or the text says that the roadmap does not have it |
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from storage.words import SUPPLEMENTARY_TYPES

_ABSENT = re.compile(
    r"not (?:in|on|part of|listed in) (?:the|this|our) roadmap"
    r"|roadmap (?:does not|doesn't|has no|holds no|lists no|knows no|contains no)"
    r"|no(?:thing| \w+(?: \w+){0,6})? in the roadmap|nothing (?:matches|found|fits)"
    r"|no (?:match|item|result|document|entr)|not found|not (?:have|known|listed)|does not have|there (?:is|are) no",
    re.IGNORECASE,
)
"""Ways to say that something is not there."""

FEW = 10
"""Items that `contains` allows however few are expected."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its gold answer."""

    id: str
    question: str
    check: str
    expected: tuple[str, ...]
    number: int = 0
    optional: frozenset[str] = frozenset()
    allowed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer says, as far as it is judged: the fields of `ask --json`."""

    intent: str
    count: int
    references: tuple[str, ...]
    text: str


@cache
def questions(name: str) -> tuple[Question, ...]:
    """The questions of a file of this folder."""
    lines = (files("tests.questions") / name).read_text(encoding="utf-8").splitlines()
    return tuple(_question(json.loads(line)) for line in lines if line.strip())


def is_right(question: Question, given: Given) -> bool:
    """Whether an answer is right."""
    return _CHECKS[question.check](question, given)


def explained(question: Question, given: Given) -> str:
    """A wrong answer in one paragraph."""
    lacking = [one for one in question.expected if one not in given.references]
    beside = [one for one in given.references if one not in question.expected]
    return (
        f"{question.id} [{question.check}] {question.question}\n"
        f"    expected {question.number or list(question.expected)[:12]}; intent {given.intent}, count {given.count}, "
        f"{len(given.references)} items, lacking {lacking[:8]}, beside {beside[:8]}\n    {given.text[:160]!r}"
    )


def _question(line: Mapping[str, Any]) -> Question:
    expect = line["expect"]
    expected: Sequence[str] = [expect] if isinstance(expect, str) else expect if isinstance(expect, list) else []
    return Question(
        line["id"],
        line["question"],
        line["check"],
        tuple(expected),
        expect if isinstance(expect, int) else 0,
        frozenset(line.get("optional", ())),
        frozenset(line.get("allow", ())),
    )


def _is_top(question: Question, given: Given) -> bool:
    return given.references[:1] != () and given.references[0] in question.expected


def _is_set(question: Question, given: Given) -> bool:
    beside = set(given.references) - set(question.expected) - question.optional - supplementary()
    return not beside and set(question.expected) <= set(given.references)


def _is_contained(question: Question, given: Given) -> bool:
    most = max(FEW, 3 * len(question.expected))
    return set(question.expected) <= set(given.references) and len(given.references) <= most


def _is_in_top_three(question: Question, given: Given) -> bool:
    return set(question.expected) <= set(given.references[:3])


def _is_count(question: Question, given: Given) -> bool:
    return given.count == question.number or given.count in question.allowed


def _is_said(question: Question, given: Given) -> bool:
    return all(one.lower() in given.text.lower() for one in question.expected)


def _is_said_or_unknown(question: Question, given: Given) -> bool:
    return given.intent == "unknown" or _is_said(question, given)


def _is_none(_question: Question, given: Given) -> bool:
    return not given.references and (given.intent == "unknown" or bool(_ABSENT.search(given.text)))


@cache
def supplementary() -> frozenset[str]:
    """The amendments and corrigenda of the sample."""
    with (files("storage") / "sample" / "roadmap.csv").open(encoding="utf-8") as file:
        return frozenset(row["reference"] for row in csv.DictReader(file) if row["type"] in SUPPLEMENTARY_TYPES)


_CHECKS: Mapping[str, Callable[[Question, Given], bool]] = {
    "top": _is_top,
    "top_any": _is_top,
    "set": _is_set,
    "contains": _is_contained,
    "contains_top3": _is_in_top_three,
    "count": _is_count,
    "text": _is_said,
    "text_or_unknown": _is_said_or_unknown,
    "none": _is_none,
}
