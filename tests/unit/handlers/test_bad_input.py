"""Bad input: each has a clear answer and changes nothing."""

import pytest

from tests.talk import Talk


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00\x07\x1b", "\u202e\u200f"])
async def test_a_message_with_nothing_in_it_is_answered_so(talk: Talk, text: str) -> None:
    await talk.member.says(text)
    talk.member.sees("nothing in that message", "type help")


@pytest.mark.parametrize("text", ["x" * 100_000, "standard " * 12_000, "\U0001f600" * 25_000, "a=" * 50_000])
async def test_a_hundred_kilobytes_are_too_long_and_not_said_back(talk: Talk, text: str) -> None:
    await talk.member.says(text)
    talk.member.sees("sentence or two")
    assert len(talk.member.seen) < 400
    assert not talk.member.is_asked
    await talk.member.says("meeting show 4")
    talk.member.sees("Fourth meeting")


@pytest.mark.parametrize(
    "text",
    [
        "define \x00",
        "define q\x00ubit",
        "roadmap show Y\x00.3800",
        "group show \x1b[31mSG13",
        "settings zone \x00Seoul",
    ],
)
async def test_control_characters_are_left_out(talk: Talk, text: str) -> None:
    await talk.member.says(text, kind="command")
    talk.member.sees_not("Something went wrong", "\x00", "\x1b")


async def test_control_characters_in_a_modal_are_left_out(talk: Talk) -> None:
    await talk.member.fills("settings zone", {"zone": "Asia/\x00Seoul"})
    talk.member.sees("Asia/Seoul")


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE persons; --",
        "' OR 1=1 --",
        "{{ 7*7 }} {% for x in y %}",
        "{{ request.caller }}",
        "<!channel> <@U123> @everyone",
        "\u202eevil\u202c standards",
        '") OR MATCH "*',
        "NEAR(a b) AND NOT -c ^d *",
        "[a](javascript:alert(1)) ![x](http://e.com)",
        "%s %d %(a)s \\x00 \\",
        "fill zone Asia/Seoul",
    ],
)
async def test_fragments_of_languages_are_mere_words(talk: Talk, text: str) -> None:
    for line in (text, f"define {text}", f"group show {text}", f"roadmap list about='{text}'", f"liaison show {text}"):
        await talk.member.says(line, kind="command" if line != text else "message")
        talk.member.sees_not("Something went wrong", "49")
        assert "\u202e" not in talk.member.seen
    await talk.member.says("whoami")
    talk.member.sees("Member (slack:member)", "Europe/Zurich")


async def test_a_name_from_a_platform_smuggles_nothing_in(talk: Talk) -> None:
    arrival = talk.member.arrival("whoami").model_copy(update={"name": "<!channel> **boss** \x00[x](http://e.com)"})
    await talk.member.sends(arrival)
    talk.member.sees("<!channel> **boss** [x](http://e.com)")


@pytest.mark.parametrize("text", ["fill", "fill x", "fill zone Asia/Seoul", "fill  "])
async def test_a_button_of_a_form_that_is_closed_says_so(talk: Talk, text: str) -> None:
    await talk.member.says(text, kind="button")
    talk.member.sees_not("Something went wrong")
    assert not talk.member.is_asked
