"""A button is its command line, within the 64 bytes that Telegram keeps."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.arrival import Arrival, Message
from bot.platforms import Suggestion
from bot.platforms.telegram.buttons import inline_keyboard, pack, unpack
from handlers.command import Button, Place
from handlers.form import Choice


class Shortener:
    """A reception that only keeps long command lines."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}

    async def shorten(self, command: str) -> str:
        token = f"{len(self.lines):040d}"
        self.lines[token] = command
        return token

    async def lengthen(self, token: str) -> str | None:
        return self.lines.get(token)

    async def receive(self, arrival: Arrival) -> bool:
        return False

    async def suggest(self, platform: str, account: str, text: str, limit: int = 20) -> Sequence[Suggestion]:
        return ()

    async def offer(self, platform: str, account: str, words: str, field: str, typed: str) -> Sequence[Choice]:
        return ()

    async def hears(self, account: str, place: Place) -> bool:
        return False

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        return Message("")


@given(st.text(max_size=200))
async def test_every_command_line_comes_back_as_it_was(line: str) -> None:
    reception = Shortener()
    data = await pack(reception, line)
    assert 1 <= len(data.encode()) <= 64
    assert await unpack(reception, data) == line


async def test_a_short_line_needs_no_memory() -> None:
    reception = Shortener()
    await pack(reception, "x" * 63)
    assert reception.lines == {}


async def test_data_that_is_not_ours_is_no_command() -> None:
    for data in ("", "#unknown", "liaison show 12"):
        assert await unpack(Shortener(), data) is None


async def test_a_keyboard_has_commands_and_pages() -> None:
    keyboard = await inline_keyboard(Shortener(), (Button("Show", "show 1"), Button("Page", url="https://itu.int/")))
    assert keyboard
    keys = [key for row in keyboard.inline_keyboard for key in row]
    assert [(key.text, key.callback_data, key.url) for key in keys] == [
        ("Show", "=show 1", None),
        ("Page", None, "https://itu.int/"),
    ]


async def test_no_buttons_are_no_keyboard() -> None:
    assert await inline_keyboard(Shortener(), ()) is None
