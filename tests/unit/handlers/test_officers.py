"""Who holds an office in a group."""

import pytest

from tests.talk import Talk


async def test_who_names_the_officers_of_a_group(talk: Talk) -> None:
    await talk.member.says("who JCA-QKDN")
    talk.member.sees("JCA-QKDN", "chair")


async def test_who_alone_names_our_own(talk: Talk) -> None:
    await talk.member.says("who")
    talk.member.sees("JCA-QKDN", "chair")


@pytest.mark.parametrize("question", ["who covers key management?", "who chairs SG13", "who represents SG17"])
async def test_a_question_that_begins_with_who_is_answered_as_a_question(talk: Talk, question: str) -> None:
    await talk.member.says(question)
    talk.member.sees_not("no code of a group", "I know no group")
    assert not talk.member.is_asked


async def test_a_guest_learns_no_representative_of_a_group(talk: Talk) -> None:
    await talk.secretariat.says("representative add SG13 representative name='Ana Silva' email=ana@example.org")
    await talk.member.says("who SG13")
    talk.member.sees("Ana Silva")
    await talk.guest.says("who SG13")
    talk.guest.sees_not("Ana Silva", "Represented")
    assert [one.label for one in talk.guest.message.buttons] == ["About SG13"]
