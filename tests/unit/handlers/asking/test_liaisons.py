"""Asking about liaison statements: questions in many wordings over a small correspondence."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from sqlalchemy import update

from handlers.asking.answer import Answer
from handlers.command import Role
from storage.database import Database
from storage.tables import Liaison
from tests.questions.asking import Asker, talking
from tests.questions.letters import written

LINES = [
    json.loads(line) for line in (files("tests.questions") / "liaisons.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture
async def letters(sample: Database) -> Database:
    await written(sample)
    return sample


@pytest.fixture
async def member(letters: Database) -> AsyncIterator[Asker]:
    async with talking(letters) as asker:
        yield asker


def judged(line: Mapping[str, Any], answer: Answer, text: str) -> list[str]:
    """What is wrong with an answer."""
    wrong = []
    intent = line.get("intent", "count" if "count" in line else "liaisons")
    if answer.intent.value != intent:
        wrong.append(f"intent {answer.intent.value}")
    references = sorted(entry.reference for entry in answer.entries)
    if "references" in line and references != line["references"]:
        wrong.append(f"references {references}, not {line['references']}")
    if "count" in line and answer.count != line["count"]:
        wrong.append(f"count {answer.count}, not {line['count']}")
    wrong += [f"does not say {one!r}" for one in line.get("says", ()) if one not in text.replace("\\", "")]
    wrong += [f"says {one!r}" for one in line.get("lacks", ()) if one in text]
    return wrong


async def asked(database: Database, line: Mapping[str, Any]) -> list[str]:
    async with talking(database) as asker:
        asker.caller = replace(asker.caller, role=Role[line.get("role", "member").upper()])
        for earlier in line.get("after", ()):
            await asker.says(earlier)
        ask = asker.says if "after" in line else asker.asks
        wrong = judged(line, await ask(line["question"]), asker.text)
        return [f"{line['id']} {line['question']}: {'; '.join(wrong)}\n    {asker.text[:300]!r}"] if wrong else []


async def test_every_question_about_liaison_statements_is_answered_rightly(letters: Database) -> None:
    wrong = [one for line in LINES for one in await asked(letters, line)]
    assert not wrong, f"{len(wrong)} of {len(LINES)} are wrong:\n" + "\n".join(wrong)


@pytest.mark.parametrize("number", ["IN4", "JCA-QKDN-IN4"])
async def test_one_that_came_in_may_be_called_by_our_number(letters: Database, number: str) -> None:
    async with letters.writing() as session:
        await session.execute(update(Liaison).where(Liaison.number == "ETSI-LS21").values(ours="JCA-QKDN-IN4"))
    async with talking(letters) as asker:
        answer = await asker.asks(f"has the JCA answered {number}?")
    assert [one.reference for one in answer.entries] == ["ETSI-LS21"]


def test_every_question_has_an_id_of_its_own() -> None:
    assert len({line["id"] for line in LINES}) == len(LINES)
