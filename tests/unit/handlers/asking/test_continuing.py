"""Questions that go on with one about a meeting: they keep the meeting, or what of it was asked."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.talk import Talk

SECOND = "Second meeting of JCA-QKDN (meeting 2)"
FOURTH = "Fourth meeting of JCA-QKDN (meeting 4"
FIFTH = "Fifth meeting of JCA-QKDN (meeting 5)"
CONVERSATIONS = [
    (
        ("when do we meet next?", FIFTH),
        ("and its documents?", f"No document is recorded here for {FIFTH}"),
        ("and the second one?", f"No document is recorded here for {SECOND}"),
        ("and who attended?", SECOND),
        ("where was it?", "Where: remote"),
        ("what about the agenda?", "Agenda of Second meeting"),
    ),
    (
        ("what was decided in Singapore?", f"I have no decisions of {FOURTH}"),
        ("and in Geneva?", "I have no decisions of First meeting"),
        ("and the third one?", "I have no decisions of Third meeting"),
        ("and its report?", "Report: Doc. 52"),
    ),
    (
        ("which documents came from ETSI?", "No document from ETSI"),
        ("and from SG13?", "No document from SG13"),
    ),
    (
        ("meeting show 4", "Singapore"),
        ("and its decisions?", f"I have no decisions of {FOURTH}"),
        ("and the next one?", "I have no decisions of Fifth meeting"),
    ),
    (("meeting next", FIFTH), ("and its deadline?", "No deadline for documents is set")),
    (("list the meetings", "6 meetings"), ("and the third one?", "14 December 2023"), ("and its status?", "held")),
    (("who comes to meeting 5?", "Nobody has answered yet"), ("and when is it?", "July 2025")),
]


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one[0][0])
async def test_a_follow_up_is_about_the_same_meeting_or_the_same_of_another(
    talk: Talk, conversation: tuple[tuple[str, str], ...]
) -> None:
    for question, answer in conversation:
        await talk.member.says(question)
        talk.member.sees(answer)


@pytest.mark.parametrize(
    ("first", "then", "answer"),
    [
        ("when do we meet next?", "and from ETSI?", "items, 1 to 8 shown"),
        ("when do we meet next?", "what is QKDN?", "quantum key distribution network"),
        ("when do we meet next?", "more", "I did not understand"),
        ("what has ETSI published on QKDN?", "and from SG13?", "Y.38"),
        ("what is QKDN?", "and its documents?", "items, 1 to 8 shown"),
        ("when do we meet next?", "what about liaison statements?", "liaison statements"),
        ("when do we meet next?", "is there a standard on QKD interfaces?", "GS QKD"),
        ("when do we meet next?", "and the technical reports from ETSI?", "TR 1"),
        ("when do we meet next?", "are there documents from ETSI on QKD interfaces?", "GS QKD"),
        ("what was decided in Singapore?", "and the ETSI documents on QKDN?", "ETSI"),
        ("when do we meet next?", "when was Y.3800 published, and is it in force?", "Y.3800"),
        ("when do we meet next?", "and the second edition of Y.3800?", "Y.3800"),
        ("and", "and", ""),
    ],
)
async def test_what_does_not_go_on_with_a_meeting_is_understood_by_itself(
    talk: Talk, first: str, then: str, answer: str
) -> None:
    await talk.member.says(first)
    await talk.member.says(then)
    talk.member.sees(answer)
    talk.member.sees_not("Fifth meeting")


async def test_a_question_about_meetings_does_not_go_on_with_liaison_statements(talk: Talk) -> None:
    await talk.member.says("liaisons from SG13")
    await talk.member.says("when do we meet next?")
    talk.member.sees("Fifth meeting")


async def test_another_place_has_a_conversation_of_its_own(talk: Talk) -> None:
    await talk.member.says("what was decided in Singapore?")
    await talk.member.says("and in Geneva?", channel=True)
    talk.member.sees_not("decisions")
