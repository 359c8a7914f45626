"""Understanding, not cases: no question's text and no reference of the sample stands in the code."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from tests.questions.judge import questions

ROOT = Path(__file__).parents[4]
FLOORS = ("bot", "handlers", "storage")
SHORTEST = 12
"""Characters of a question from which on its text cannot stand in the code by accident."""

SHORTEST_OF_PEOPLE = 24
"""The same of questions about representatives: "list of representatives" is what everybody calls it."""


def _code() -> Iterator[tuple[str, str]]:
    """Every file of code and its text."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def _references() -> set[str]:
    with (files("storage") / "sample" / "roadmap.csv").open(encoding="utf-8") as file:
        written = {row["reference"] for row in csv.DictReader(file)}
    return {one for one in written if re.search(r"\d", one)}


def test_no_reference_of_the_sample_stands_in_the_code() -> None:
    ways = "|".join(re.escape(one) for one in sorted(_references(), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.]){ways.join(('(?:', ')'))}(?![\w.]?\w)")
    found = [f"{name}: {match[0]}" for name, text in _code() for match in pattern.finditer(text)]
    assert not found, "\n" + "\n".join(found)


def test_no_text_of_a_question_stands_in_the_code() -> None:
    asked = [(one.question, SHORTEST) for name in ("sample.jsonl", "more.jsonl") for one in questions(name)]
    lines = (files("tests.questions") / "representatives.jsonl").read_text(encoding="utf-8").splitlines()
    asked += [(json.loads(line)["question"], SHORTEST_OF_PEOPLE) for line in lines]
    plain = [(question.lower().strip(" ?.!"), shortest) for question, shortest in asked]
    long = {one for one, shortest in plain if len(one) >= shortest and " " in one}
    found = [f"{name}: {one}" for name, text in _code() for one in long if one in text.lower()]
    assert not found, "\n" + "\n".join(found)
