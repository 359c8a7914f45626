"""The declared commands, and which one a line calls."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.commands import Commands, declared
from handlers.command import Refused, Role

COMMANDS = Commands(declared())


def test_every_command_has_help_and_an_example_that_calls_it() -> None:
    for command in COMMANDS:
        assert command.help
        called = COMMANDS.exact(command.example)
        assert called
        assert called.command is command


def test_no_two_commands_have_the_same_words() -> None:
    assert len({command.words for command in COMMANDS}) == len(COMMANDS)


def test_one_command_takes_plain_text() -> None:
    assert [command.words for command in COMMANDS if command.takes_plain_text] == ["ask"]


def test_the_longest_words_win() -> None:
    called = COMMANDS.exact("settings zone Asia/Seoul")
    assert called
    assert (called.command.words, called.rest) == ("settings zone", "Asia/Seoul")


@pytest.mark.parametrize(
    ("line", "words", "rest"),
    [
        ("ROADMAP List ETSI", "roadmap list", "ETSI"),
        ("road li ETSI", "roadmap list", "ETSI"),
        ("def qubit", "define", "qubit"),
        ("roadmpa list body=ETSI", "roadmap list", "body=ETSI"),
        ("whoa", "whoami", ""),
        ("meeting  show   4", "meeting show", "4"),
    ],
)
def test_a_line_calls_its_command(line: str, words: str, rest: str) -> None:
    called = COMMANDS.called(line, Role.MEMBER)
    assert (called.command.words, called.rest) == (words, rest)


@pytest.mark.parametrize("line", ["", " ", "xyzzy", "s", "roadmap", "roadmap l", "="])
def test_a_line_that_calls_none_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="There is no command"):
        COMMANDS.called(line, Role.MEMBER)


@given(some.text())
def test_any_line_calls_a_command_or_is_refused_with_buttons_that_do(line: str) -> None:
    refused = None
    try:
        COMMANDS.called(line, Role.MEMBER)
    except Refused as raised:
        refused = raised
    assert refused is None or refused.buttons
    assert all(COMMANDS.exact(button.command) for button in (refused.buttons if refused else ()))


@given(some.text())
def test_guesses_are_commands_that_the_role_may_call(line: str) -> None:
    assert all(called.command.role <= Role.GUEST for called in COMMANDS.guessed(line, Role.GUEST))


@pytest.mark.parametrize("line", ["more", "and from ETSI?", "only published", "how many?", "who covers QKD", "a b"])
def test_a_sentence_is_no_guess(line: str) -> None:
    assert COMMANDS.guessed(line, Role.MEMBER) == []
