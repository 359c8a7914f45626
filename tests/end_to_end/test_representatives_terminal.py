"""Representatives in the terminal: the representative and the secretariat on one local database."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.forked import Forked
from tests.end_to_end.registry import PATIENCE, code_for, mailed, settings_of
from tests.end_to_end.running import ROOT, running
from tests.end_to_end.terminal import Terminal
from tests.fakes.smtp import SmtpFake
from tests.fakes.telegram import TelegramFake

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
EMAIL = "kim@example.org"
REGISTERING = ("register", "SG17", "representative", EMAIL)


@pytest.fixture
async def server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake() as fake:
        yield fake


@pytest.fixture
def settings(server: SmtpFake, make_database: MakeDatabase) -> dict[str, str]:
    return settings_of(make_database(True), server, "terminal:ada")


@pytest.fixture
def environment(settings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_BOT_")}
    own = {f"LIAISON_BOT_{name}": value for name, value in settings.items()}
    state = {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "xterm-256color"}
    return {**kept, **own, **state}


class Chats:
    """Sessions of `liaison-bot chat`, each a process of its own: nothing but the database lasts between them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    async def says(self, who: str, *lines: str) -> str:
        """What a session shows in which somebody types these lines."""
        process = await Forked(("chat", "--as", f"terminal:{who}"), self._environment, Path.cwd()).opened()
        async with asyncio.timeout(60):
            shown = await process.communicate("".join(f"{line}\n" for line in lines).encode())
        assert process.returncode == 0, shown.decode()
        return shown.decode()


@pytest.fixture
def chats(environment: dict[str, str]) -> Chats:
    return Chats(environment)


async def confirmed(chats: Chats, server: SmtpFake) -> None:
    await chats.says("ada", "secretariat here")
    await chats.says("kim", *REGISTERING)
    assert "stands verified" in await chats.says("kim", await code_for(server, EMAIL))
    assert "Confirmed: kim" in await chats.says("ada", "1")


@ON_SQLITE
async def test_a_representative_and_the_secretariat_need_nothing_but_a_terminal(chats: Chats, server: SmtpFake) -> None:
    await chats.says("ada", "secretariat here")
    assert "- Group: SG17 (ITU-T) Study Group 17" in await chats.says("kim", "register", "SG17")
    assert "I sent a code to kim@example.org" in await chats.says("kim", "representative", EMAIL)
    assert "stands verified" in await chats.says("kim", await code_for(server, EMAIL))
    decided = await chats.says("ada", "1", "representative confirm 1")
    assert "Please decide: kim, representative of SG17" in decided
    assert "Confirmed by ada" in decided.partition("Corrected:")[2]
    assert "You are confirmed: kim, representative of SG17" in await chats.says("kim")
    assert "kim, representative of SG17" in await chats.says("eve", "who represents SG17?")
    handing = await chats.says("kim", "representative handover 1", "Eve Moss", "eve@example.org")
    assert "Until then kim stays representative of SG17" in handing
    assert "kim hands over to you" in await mailed(server, "eve@example.org", "hands over")
    assert "Confirmed: Eve Moss" in await chats.says("ada", "1")
    assert "Eve Moss has taken over from you" in await chats.says("kim")
    await chats.says("eve", "address eve@example.org")
    assert "stands verified" in await chats.says("eve", await code_for(server, "eve@example.org"))
    ended = await chats.says("eve", "representative mine", "2", "1")
    assert "Shall that end today?" in ended
    assert "SG17 no more" in ended
    assert "SG17 has no representative now" in await chats.says("ada")
    assert "Done: your names" in await chats.says("kim", "forget me", "forget")
    assert "kim" not in await chats.says("ada", "representative show 1", "representative show 2")


@ON_SQLITE
async def test_what_is_held_about_somebody_is_saved_as_a_file(
    chats: Chats, server: SmtpFake, environment: dict[str, str], tmp_path: Path
) -> None:
    await confirmed(chats, server)

    def at_a_terminal() -> None:
        opened = Terminal(environment, "--as", "terminal:kim", folder=tmp_path)
        try:
            opened.sees("> ")
            opened.types("my data\r")
            opened.sees("Save my-data.json")
            opened.types("y\r")
            opened.sees("Saved: ")
        finally:
            opened.close()

    await asyncio.to_thread(at_a_terminal)
    assert EMAIL in json.dumps(json.loads((tmp_path / "my-data.json").read_text()))


@ON_SQLITE
async def test_somebody_in_the_terminal_and_on_telegram_is_one_person(
    chats: Chats, server: SmtpFake, settings: dict[str, str]
) -> None:
    await confirmed(chats, server)
    code = re.search(r"link ([A-Z0-9]{8})", await chats.says("kim", "link"))
    assert code
    async with TelegramFake() as telegram:
        kim = telegram.person("Kim", "kim")
        way = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.api_url}
        async with running({**settings, **way}) as bot:
            await bot.says("receives by polling")
            linked = await telegram.answer_to(await telegram.says(kim, f"/link {code[1]}"), PATIENCE)
            assert "you are one person to me here and there" in linked.text
            mine = await telegram.answer_to(await telegram.says(kim, "/representative_mine"), PATIENCE)
            assert "representative of SG17" in mine.text
            again = await telegram.answer_to(await telegram.says(kim, f"/link {code[1]}"), PATIENCE)
            assert "That code was used already" in again.text
            await telegram.answer_to(await telegram.says(kim, "/representative_end 1 retired"), PATIENCE)
    assert "is linked: you are one person" in await chats.says("kim", "representative mine")
