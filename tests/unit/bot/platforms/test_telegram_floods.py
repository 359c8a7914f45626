"""What Telegram's wish to wait covers."""

from bot.platforms.telegram.floods import Floods


def test_one_refused_chat_is_that_chats() -> None:
    floods = Floods()
    assert [floods.refused(-100) for _try in range(5)] == ["target"] * 5


def test_several_chats_in_a_row_are_the_bots() -> None:
    floods = Floods()
    assert [floods.refused(chat) for chat in (1, 2, 3, 4)] == ["target", "target", "platform", "platform"]


def test_a_message_that_is_taken_ends_the_row() -> None:
    floods = Floods()
    found = []
    for chat in (1, 2, 3, 4):
        found.append(floods.refused(chat))
        floods.taken()
    assert found == ["target"] * 4
