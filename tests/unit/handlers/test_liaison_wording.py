"""Liaison conversations: one set of names for fields, nothing taken for what it is not, and what became of things."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.talk import Talk

REPLY = """Source: ITU-T SG17
Number: SG17-LS9
Title: LS on the protection of key managers [reply to JCA-QKDN-LS1]
For action to: ITU-T SG13

SG17 is pleased to tell that X.1712 was approved on 2 August 2024.
"""


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


@pytest.mark.parametrize(
    "names", ["for_action=SG13 contact_email=kim@example.org", "action=SG13 email=kim@example.org"]
)
async def test_a_draft_takes_the_names_that_a_logged_statement_has_and_short_ones(talk: Talk, names: str) -> None:
    await talk.secretariat.says(f"liaison draft 'LS on overlaps' {names}")
    talk.secretariat.sees("DRAFT-1 LS on overlaps", "For action: ITU-T SG13", "kim@example.org")


async def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft 'LS on overlaps' foraction=SG13")
    talk.secretariat.sees("“liaison draft” has no field foraction", "for_action, for_comment")


async def test_an_equals_sign_amidst_prose_belongs_to_the_text(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft LS on rates where rate=5")
    talk.secretariat.sees("DRAFT-1 LS on rates where rate=5")


async def test_a_command_typed_as_an_answer_is_asked_about_and_may_be_the_answer(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft 'LS on overlaps' for_action=SG13 body=text")
    await talk.secretariat.says("liaison draft")
    await talk.secretariat.says("liaison submit DRAFT-1")
    talk.secretariat.sees("is a command", "kept either way")
    await talk.secretariat.presses("It answers “Title”")
    talk.secretariat.sees("Title: liaison submit DRAFT-1")


@pytest.mark.parametrize("line", ["liaison assign SG13-LS136 SG17", "meeting rsvp 4 banana"])
async def test_a_command_that_lacks_something_or_is_partly_wrong_is_asked_about_too(talk: Talk, line: str) -> None:
    await talk.secretariat.says("liaison draft")
    await talk.secretariat.says(line)
    talk.secretariat.sees(line, "is a command", "kept either way")


@pytest.mark.parametrize("title", ["Liaison report on QKD", "Meeting documents of SG13"])
async def test_a_title_that_begins_like_a_command_is_a_title(talk: Talk, title: str) -> None:
    await talk.secretariat.says("liaison draft")
    await talk.secretariat.says(title)
    talk.secretariat.sees(f"Title: {title}")


async def test_a_command_typed_as_an_answer_may_be_done_instead(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft 'LS on overlaps' for_action=SG13 body=text")
    await talk.secretariat.says("liaison draft")
    await talk.secretariat.says("liaison submit DRAFT-1")
    await talk.secretariat.presses("Do that instead")
    talk.secretariat.sees("In review")


async def test_whoever_may_only_be_a_proxy_is_offered_to_approve_for_the_chair(talk: Talk) -> None:
    await talk.secretariat.says("liaison draft 'LS on overlaps' for_action=SG13 body=text")
    await talk.secretariat.says("liaison submit DRAFT-1")
    talk.secretariat.sees_buttons("Approve for Junsen Lai")


async def test_whoever_logs_reads_of_the_proposals_in_the_answer_alone(talk: Talk) -> None:
    await talk.secretariat.says(f"liaison log {REPLY}")
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9")
    assert not [one for one in talk.secretariat.told if "waits" in one.markdown or "changes wait" in one.markdown]


async def test_nothing_that_is_overdue_is_said_in_a_sentence(talk: Talk) -> None:
    await talk.secretariat.says("liaison list overdue")
    talk.secretariat.sees_not("Nothing is overdue: the roadmap")


async def test_words_that_are_searched_are_shown_as_words(talk: Talk) -> None:
    await talk.member.says("liaison search key zebra")
    talk.member.sees("key or zebra")
