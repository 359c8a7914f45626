"""Command words: shortened, mistyped, unknown, or the beginning of a sentence."""

import pytest

from tests.talk import Talk


@pytest.mark.parametrize("line", ["/meeting show 4", "meeting show 4", "meet show 4", "meetin shw 4", "MEETING SHOW 4"])
async def test_words_may_be_shortened_or_mistyped_a_little(talk: Talk, line: str) -> None:
    await talk.member.says(line)
    talk.member.sees("Fourth meeting")


async def test_a_word_that_is_less_clear_is_asked_about(talk: Talk) -> None:
    await talk.member.says("hlep")
    talk.member.sees("There is no command “hlep”", "Did you mean “help”?")
    await talk.member.presses("help")
    talk.member.sees("Ask in plain words")


async def test_what_was_meant_as_a_question_can_still_be_asked(talk: Talk) -> None:
    await talk.member.says("hlep")
    await talk.member.presses("Ask it as a question")
    talk.member.sees_not("Did you mean")


async def test_did_you_mean_keeps_the_rest_of_the_line(talk: Talk) -> None:
    await talk.member.says("/meetig sw 4")
    talk.member.sees_buttons("meeting show 4")
    await talk.member.presses("meeting show 4")
    talk.member.sees("Fourth meeting")


async def test_a_subject_alone_offers_its_commands(talk: Talk) -> None:
    await talk.member.says("/roadmap")
    talk.member.sees_buttons("roadmap show", "roadmap list", "roadmap count", "roadmap latest")


async def test_a_shortened_word_of_two_commands_offers_both(talk: Talk) -> None:
    await talk.member.says("/roadmap l")
    talk.member.sees_buttons("roadmap list", "roadmap latest")
    assert len(talk.member.message.buttons) == 2


async def test_an_unknown_command_says_what_to_type(talk: Talk) -> None:
    await talk.member.says("/abracadabra")
    talk.member.sees("There is no command “abracadabra”", "Type help")
    talk.member.sees_buttons("Help")


async def test_too_much_for_a_command_says_what_it_takes(talk: Talk) -> None:
    await talk.member.says("/whoami really")
    talk.member.sees("“really” is too much for “whoami”")


@pytest.mark.parametrize(
    "question",
    ["meeting next week in Geneva?", "which groups list QKD in their scope?", "who covers key management?"],
)
async def test_a_sentence_is_asked_even_if_it_begins_like_a_command(talk: Talk, question: str) -> None:
    await talk.member.says(question)
    talk.member.sees_not("There is no command", "is too much for")
    assert not talk.member.is_asked


async def test_a_wrong_value_of_a_command_is_explained_in_place(talk: Talk) -> None:
    await talk.member.says("settings zone Moon")
    talk.member.sees('"Moon" does not do: that is no time zone', "Time zone")
    await talk.member.says("Seoul")
    talk.member.sees("Asia/Seoul")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("meeting plan Seventh '2027-02-30 14:00'", "there is no such day as 2027-02-30"),
        ("meeting plan Seventh 2027-02-30 14:00 Geneva", "there is no such day as 2027-02-30"),
        ("meeting plan 'Seventh meeting' “2027-03-18 25:00” Geneva", "there is no such hour"),
        ("meeting rsvp 4 perhaps", "allowed are yes, no or maybe"),
        ("meeting note 4 decided that we go on", "allowed are decision or action"),
        ("reminders change 4 2x", "is no span of time"),
    ],
)
async def test_a_value_that_a_command_does_not_take_is_told_wherever_it_stands(
    talk: Talk, line: str, problem: str
) -> None:
    await talk.secretariat.says(line)
    talk.secretariat.sees("does not do", problem)
    assert talk.secretariat.is_asked


async def test_a_line_that_fills_a_form_in_part_asks_for_the_rest(talk: Talk) -> None:
    await talk.secretariat.says("meeting note 4 decision")
    talk.secretariat.sees("Number: 4", "What is it: decision", "What?")
    assert talk.secretariat.is_asked


@pytest.mark.parametrize(
    "question",
    [
        "meeting plan for 2027?",
        "meeting list of 2024",
        "meeting show 4 and its documents",
        "meeting agenda of the 4th meeting in Singapore",
        "document list of ETSI for 2024",
    ],
)
async def test_a_sentence_with_figures_is_still_a_sentence(talk: Talk, question: str) -> None:
    await talk.secretariat.says(question)
    talk.secretariat.sees_not("does not do", "is meeting 7")
    assert not talk.secretariat.is_asked
