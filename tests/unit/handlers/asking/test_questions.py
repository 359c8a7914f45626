"""Questions with gold answers: those of the sample, and a larger set in other words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.database import Database
from tests.questions.asking import asking
from tests.questions.judge import Given, Question, explained, is_right, questions

FLOOR = 0.96
"""The share of the larger set that is answered rightly, at least."""

SAMPLE = questions("sample.jsonl")
MORE = questions("more.jsonl")
ENGINES = ("sqlite", "postgresql")

pytestmark = pytest.mark.timeout(600)  # thousands of questions are asked for the first test

TERMS = ("define", "compare")
"""Intents whose answers give definitions, of which one source may have several."""

Answers = Mapping[str, Given]
"""Question id -> its answer."""


@pytest.fixture(scope="module")
def answers(
    sqlite_templates: dict[bool, Path], postgresql_url: str, postgresql_templates: dict[bool, str]
) -> dict[str, Answers]:
    """All questions, asked once of each database. Asking changes nothing, so the templates themselves are asked."""
    on_server = make_url(postgresql_url).set(database=postgresql_templates[True])
    urls = {
        "sqlite": f"sqlite:///{sqlite_templates[True]}",
        "postgresql": on_server.render_as_string(hide_password=False),
    }
    return {engine: asyncio.run(_answers(urls[engine])) for engine in ENGINES}


async def _answers(url: str) -> Answers:
    database = Database(url)
    try:
        async with asking(database) as asker:
            return {question.id: await asker.given(question.question) for question in (*SAMPLE, *MORE)}
    finally:
        await database.close()


def _wrong(asked: tuple[Question, ...], answers: Answers) -> list[str]:
    return [explained(one, answers[one.id]) for one in asked if not is_right(one, answers[one.id])]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_question_of_the_sample_is_answered_rightly(answers: dict[str, Answers], engine: str) -> None:
    wrong = _wrong(SAMPLE, answers[engine])
    assert not wrong, "\n" + "\n".join(wrong)


def test_nearly_all_questions_in_other_words_are_answered_rightly(answers: dict[str, Answers]) -> None:
    wrong = _wrong(MORE, answers["sqlite"])
    right = 1 - len(wrong) / len(MORE)
    assert right >= FLOOR, f"{right:.1%} are right, wrong are:\n" + "\n".join(wrong)


def test_both_databases_give_the_same_answers(answers: dict[str, Answers]) -> None:
    ours, theirs = (answers[engine] for engine in ENGINES)
    different = [
        f"{one.id} {one.question}\n    {ours[one.id]}\n    {theirs[one.id]}"
        for one in (*SAMPLE, *MORE)
        if ours[one.id] != theirs[one.id]
    ]
    assert not different, "\n" + "\n".join(different)


def test_no_answer_gives_an_item_twice(answers: dict[str, Answers]) -> None:
    given = ((one.question, answers["sqlite"][one.id]) for one in (*SAMPLE, *MORE))
    of_items = ((asked, one.references) for asked, one in given if one.intent not in TERMS)
    twice = [f"{asked}: {references}" for asked, references in of_items if len(set(references)) < len(references)]
    assert not twice, "\n" + "\n".join(twice)


def test_every_question_has_an_id_of_its_own() -> None:
    ids = [one.id for one in (*SAMPLE, *MORE)]
    assert len(set(ids)) == len(ids)
