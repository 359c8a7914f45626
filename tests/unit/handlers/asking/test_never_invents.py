"""Never an invention, and never a crash: whatever is asked, an answer names only what the database holds."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.asking.answer import Answer, Entry
from handlers.asking.query import Intent
from handlers.command import Refused
from storage.database import Database
from storage.references import scan
from tests.questions.asking import asking, talking
from tests.questions.judge import questions

SAMPLE = ("bodies", "groups", "liaisons", "meetings", "officers", "overlaps", "roadmap", "terms", "topics")
HARDLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
_ADDRESS = re.compile(r"https?://[^\s)\]>]+")
_CUT_SHORT = re.compile(r"[\w.]+…")
"""The beginning of a reference, for a series."""


@cache
def everything_known() -> str:
    """All that the sample says, in lower case."""
    cells = []
    for kind in SAMPLE:
        with (files("storage") / "sample" / f"{kind}.csv").open(encoding="utf-8") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    return "\n".join(cells).lower()


@cache
def known_cores() -> frozenset[str]:
    return frozenset(mention.reference.core for line in everything_known().splitlines() for mention in scan(line))


def inventions(asked: str, answer: Answer, text: str) -> list[str]:
    """References and addresses of an answer that neither the database has nor the person typed."""
    said = _CUT_SHORT.sub("", "\n".join([text.replace("\\", ""), *(button.label for button in answer.buttons)]))
    typed = {mention.reference.core for mention in scan(asked)}
    references = [
        mention.text
        for line in _ADDRESS.sub("", said).splitlines()
        for mention in scan(line)
        if mention.sure and mention.reference.core not in known_cores() | typed
    ]
    addresses = [one for one in _ADDRESS.findall(said) if one.lower() not in everything_known()]
    unknown = [one.reference for one in answer.entries if one.reference.lower() not in everything_known()]
    return references + addresses + unknown


async def test_no_answer_to_a_question_names_what_the_database_lacks(sample: Database) -> None:
    if not sample.is_sqlite:
        return  # both give the same answers: see `test_questions`
    found = []
    async with asking(sample) as asker:
        for one in (*questions("sample.jsonl"), *questions("more.jsonl")):
            answer = await asker.asks(one.question)
            if named := inventions(one.question, answer, asker.text):
                found.append(f"{one.question}: {named}")
    assert not found, "\n" + "\n".join(found)


def test_an_invention_would_be_noticed() -> None:
    answer = Answer(Intent.LIST, "asking/list", entries=(Entry("item", "Y.9999", "Nothing"),))
    said = "See **Y.9998** at [here](https://example.org/Y.9997), and Y.3800, and Y.9996."
    assert inventions("Y.9996?", answer, said) == ["Y.9998", "https://example.org/Y.9997", "Y.9999"]


async def test_an_empty_database_answers_every_question_with_nothing(database: Database) -> None:
    async with asking(database) as asker:
        for one in questions("sample.jsonl"):
            assert (await asker.asks(one.question)).entries == ()
            assert asker.text


WORDS = [
    "what",
    "who",
    "when",
    "which",
    "how",
    "many",
    "list",
    "latest",
    "is",
    "the",
    "a",
    "of",
    "and",
    "or",
    "not",
    "from",
    "except",
    "since",
    "before",
    "2020",
    "last",
    "year",
    "next",
    "meeting",
    "liaison",
    "chair",
    "difference",
    "between",
    "define",
    "gaps",
    "overlap",
    "replaced",
    "by",
    "amended",
    "published",
    "draft",
    "withdrawn",
    "ETSI",
    "ITU-T",
    "SG13",
    "Q16/13",
    "JTC",
    "IETF",
    "QKD",
    "QKDN",
    "PQC",
    "key",
    "management",
    "network",
    "interworking",
    "standard",
    "Recommendation",
    "Y.3800",
    "x1712",
    "RFC",
    "Y.9999",
    "GS",
    "QKD",
    "014",
    "SP",
    "800-208",
    "Supplement",
    "70",
    "more",
    "it",
    "only",
]
SIGNS = [
    '"',
    "'",
    "*",
    "(",
    ")",
    "?",
    ":",
    "-",
    "/",
    "^",
    "{{7*7}}",
    "%",
    "_",
    "\\",
    "NEAR(",
    "<!channel>",
    "|",
    "&",
    "!",
    ";",
]
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=10).map(" ".join)
HOSTILE = [
    '" OR NEAR( * ^',
    "'; DROP TABLE roadmap_items; --",
    "{{7*7}} {% for x in y %}",
    "key\x00management\x00",
    "\ud800",
    "🔑 key management 🔐",
    "ما هو توزيع المفاتيح الكمومية",
    "\u202egnitupmoc mutnauq\u202c",
    "量子密钥分发",
    "a" * 1999,
    "Y." * 900,
    "- " * 900,
    "1/2/" * 400,
    "not not not ETSI not",
    "<!channel> @everyone [x](http://evil.example) `code`",
    "after 2025-02-30",
    "since 31 February 2025",
    "İ" * 40 + " since 2020 on QKD",
    "%s %d %(x)s \\ \\n",
    "&amp; <b>QKD</b>",
    "ﷺ ﬁnite ½ ① Ⅷ ª º ﹪",
    "𝐘.𝟑𝟖𝟎𝟎",
]


async def test_hostile_text_gets_an_honest_answer(sample: Database) -> None:
    for text in HOSTILE:
        async with asking(sample) as asker:
            assert inventions(text, await asker.asks(text), asker.text) == [], repr(text)


@HARDLY
@given(text=TEXTS)
@example(text="Y.9999 and Y.3800")
async def test_any_text_gets_an_answer_that_invents_nothing(sample: Database, text: str) -> None:
    async with asking(sample) as asker:
        answer = await asker.asks(text)
        assert inventions(text, answer, asker.text) == []
        assert asker.text


@HARDLY
@given(said=st.lists(TEXTS, min_size=2, max_size=4))
@example(said=["what has ETSI published?", "not from"])
@example(said=["Y.3800", "what replaced it?", "more", "and"])
async def test_any_conversation_is_carried_on(sample: Database, said: list[str]) -> None:
    async with talking(sample) as talker:
        for text in said:
            answer = await talker.says(text)
            assert inventions("\n".join(said), answer, talker.text) == []


async def test_a_text_that_is_too_long_to_be_a_question_is_refused(sample: Database) -> None:
    async with asking(sample) as asker:
        for text in ("QKD " * 25_000, "x" * 100_000, "İ" * 2_001):
            with pytest.raises(Refused, match="characters long"):
                await asker.asks(text)
