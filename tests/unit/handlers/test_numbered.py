"""What has no such number is refused before anybody fills in the rest of a form about it."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.talk import Talk


@pytest.fixture
async def talk(sample: Database) -> Talk:
    return Talk(sample)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("meeting cancel 99", "There is no meeting 99"),
        ("meeting set 99", "There is no meeting 99"),
        ("meeting rsvp 99", "There is no meeting 99"),
        ("meeting attended 99", "There is no meeting 99"),
        ("meeting note 99 decision", "There is no meeting 99"),
        ("meeting report 99", "There is no meeting 99"),
        ("meeting agenda add 99", "There is no meeting 99"),
        ("meeting agenda move 99 5", "There is no meeting 99"),
        ("document replace 99", "I have no Doc. 99"),
        ("announcement text 99", "There is no announcement 99"),
        ("announcement audience 99", "There is no announcement 99"),
        ("announcement attach 99", "There is no announcement 99"),
        ("announcement confirm 99", "There is no announcement 99"),
        ("announcement schedule 99", "There is no announcement 99"),
        ("announcement correct 99", "There is no announcement 99"),
        ("representative change 99 email", "There is no representative 99"),
        ("representative handover 99", "There is no representative 99"),
        ("representative decline 99", "There is no representative 99"),
    ],
)
async def test_nobody_is_asked_for_more_of_what_there_is_not(talk: Talk, line: str, words: str) -> None:
    await talk.secretariat.says(line)
    talk.secretariat.sees(words)
    assert not talk.secretariat.is_asked


async def test_a_number_that_was_asked_for_and_is_wrong_may_be_given_again(talk: Talk) -> None:
    await talk.secretariat.says("meeting plan 'Seventh meeting' '2024-12-18 14:00'")
    await talk.secretariat.says("meeting cancel")
    await talk.secretariat.says("99")
    talk.secretariat.sees("There is no meeting 99")
    await talk.secretariat.says("7")
    talk.secretariat.sees("Reason")
    await talk.secretariat.says("the hall burnt down")
    talk.secretariat.sees("Seventh meeting", "cancelled")


async def test_a_form_that_is_complete_stays_open_with_all_that_was_typed(talk: Talk) -> None:
    await talk.secretariat.fills("meeting cancel", {"number": "99", "reason": "the hall burnt down"})
    talk.secretariat.sees("There is no meeting 99")
    talk.secretariat.sees_buttons("Change it", "Drop it")
