"""The question that a dialogue asks, and the values that it keeps."""

import pytest

from bot.arrival import Asking
from storage.database import Database
from storage.dialogues import find
from tests.talk import Talk


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


async def test_a_platform_with_modals_learns_what_was_given_and_what_is_wrong(talk: Talk) -> None:
    await talk.member.says("settings zone Moon", kind="command")
    asking = talk.member.last
    assert isinstance(asking, Asking)
    assert (asking.command.words, asking.values) == ("settings zone", {"zone": "Moon"})
    assert list(asking.errors) == ["zone"]


async def test_a_wrong_value_is_not_kept(talk: Talk) -> None:
    await talk.member.says("settings zone Moon", kind="command")
    async with talk.database.reading() as session:
        found = await find(session, 1, "slack:with-member:", talk.clock())
    assert found
    assert (found.command, found.values, found.awaiting) == ("settings zone", {}, "zone")


async def test_a_long_wrong_value_is_not_said_back_whole(talk: Talk) -> None:
    await talk.member.says("settings zone " + "x" * 10_000, kind="command")
    assert len(talk.member.seen) < 300


@pytest.mark.parametrize("choice", ["OUTGOING", "out", " outgoing "])
async def test_a_choice_is_taken_in_any_case(talk: Talk, choice: str) -> None:
    await talk.member.says("liaison list", kind="command")
    await talk.member.fills("liaison list", {"direction": choice})
    assert not talk.member.is_asked


async def test_choices_are_buttons(talk: Talk) -> None:
    await talk.member.says("liaison list sideways", kind="command")
    assert [button.command for button in talk.member.message.buttons] == [
        "fill direction incoming",
        "fill direction outgoing",
        "fill direction -",
        "cancel",
    ]
