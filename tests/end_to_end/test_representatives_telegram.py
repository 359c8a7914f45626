"""Representatives on Telegram, from a link to being forgotten: a real process that is killed half-way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.registry import PATIENCE, all_answered, all_sent, code_for, settings_of
from tests.end_to_end.running import Running, running
from tests.fakes.smtp import SmtpFake
from tests.fakes.telegram import Shown, TelegramFake
from tests.fakes.telegram.chats import Chat
from tests.fakes.telegram.people import Person

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@pytest.fixture
async def server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake() as fake:
        yield fake


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as fake:
        yield fake


class Room:
    """Ada, who is an administrator, and Kim, who registers; the secretariat's group with Ada and Eve in it.

    `address` is that of the bot's database.
    """

    def __init__(self, telegram: TelegramFake) -> None:
        self.telegram = telegram
        self.address = ""
        self.ada, self.kim = telegram.person("Ada", "ada"), telegram.person("Kim", "kim")
        self.eve = telegram.person("Eve", "eve")
        self.group = telegram.group("Secretariat", self.ada, self.eve)
        self.hall = telegram.group("Hall", self.ada, self.kim)

    async def answer(self, where: Person | Chat, deed: Awaitable[object]) -> Shown:
        """The next message of the bot there after a deed."""
        if self.address:
            await all_answered(self.address)
        before = len(self.telegram.said(where))
        await deed
        return await self.next(where, before)

    async def hears(self, who: Person, deed: Awaitable[object], words: str) -> None:
        """Wait for a message with these words; after a crash the answer before may come once more."""
        before = len(self.telegram.said(who))
        await deed
        await self.telegram.wait_for(
            lambda: any(words in one.text for one in self.telegram.said(who)[before:]), PATIENCE
        )

    async def next(self, where: Person | Chat, before: int) -> Shown:
        found = await self.telegram.wait_for(lambda: self.telegram.said(where)[before:], PATIENCE)
        return found[0]

    async def says(self, who: Person, text: str, *words: str) -> Shown:
        """Said to the bot in private; the answer says these words."""
        answer = await self.answer(who, self.telegram.says(who, text))
        assert [one for one in words if one not in answer.text] == [], answer.text
        return answer

    async def presses(self, who: Person, message: Shown, label: str, where: Person | None = None) -> Shown:
        """Press the button that begins so; the answer comes in the private chat of `where`."""
        whole = next(one for one in message.labels if one.startswith(label))
        return await self.answer(where or who, self.telegram.presses(who, message, whole))

    async def reads(self, message: Shown, *words: str) -> None:
        """Wait until the message, which may be edited, says all this."""
        await self.telegram.wait_for(lambda: all(one in message.text for one in words), PATIENCE)

    async def is_told_here(self) -> None:
        here = await self.answer(self.group, self.telegram.says(self.ada, "/secretariat_here", self.group))
        assert "come here" in here.text


@pytest.fixture
def room(telegram: TelegramFake) -> Room:
    return Room(telegram)


@pytest.fixture
def settings(room: Room, server: SmtpFake, make_database: MakeDatabase) -> dict[str, str]:
    common = settings_of(make_database(True), server, f"telegram:{room.ada.id}")
    room.address = common["DATABASE_URL"]
    return {**common, "TELEGRAM_TOKEN": room.telegram.token, "TELEGRAM_API_URL": room.telegram.api_url}


@pytest.fixture
async def bot(settings: dict[str, str]) -> AsyncIterator[Running]:
    async with running(settings) as process:
        await process.says("receives by polling")
        yield process
        assert "Traceback" not in process.output


async def registered(room: Room) -> Shown:
    """Kim follows the link and registers for SG17; gives the request in the secretariat's group."""
    telegram, kim = room.telegram, room.kim
    before = len(telegram.said(room.group))
    groups = await room.answer(kim, telegram.opens(kim, "register"))
    assert "Become the representative of a group" in groups.text
    assert "Name: Kim" in groups.text
    assert "Mine is not here" in groups.labels
    offered = await room.says(kim, "sg1", "5 fit")
    kind = await room.presses(kim, offered, "SG17")
    await room.presses(kim, kind, "representative")
    await room.says(kim, "kim@example.org", "Kim, representative of SG17", "I sent a code to kim@example.org")
    return await room.next(room.group, before)


async def confirmed(room: Room, server: SmtpFake) -> Shown:
    request = await registered(room)
    await room.says(room.kim, await code_for(server, "kim@example.org"), "stands verified")
    told = await room.presses(room.ada, request, "Confirm", where=room.kim)
    assert "You are confirmed" in told.text
    return request


@ON_SQLITE
async def test_a_representative_registers_and_is_confirmed_in_the_secretariats_group(
    room: Room, bot: Running, server: SmtpFake
) -> None:
    telegram = room.telegram
    await room.is_told_here()
    request = await registered(room)
    assert request.labels == ["Confirm", "Decline", "Show the address"]
    wrong = await room.says(room.kim, "000 000", "That is not the code")
    assert "Send a new code" in wrong.labels
    await room.says(room.kim, await code_for(server, "kim@example.org"), "stands verified")
    await room.reads(request, "Address verified")
    shown = await room.presses(room.ada, request, "Show the address")
    assert "kim@example.org" in shown.text
    old = request.keyboard
    refused = await room.presses(room.eve, request, "Confirm")
    assert "needs the role secretariat" in refused.text
    told = await room.presses(room.ada, request, "Confirm", where=room.kim)
    assert "You are confirmed: Kim, representative of SG17" in told.text
    await room.reads(request, "Confirmed by Ada")
    assert request.labels == []
    request.keyboard = old
    again = await room.presses(room.ada, request, "Confirm")
    assert "Confirmed by Ada on" in again.text
    assert not [one for one in telegram.said(room.group) if "@" in one.text]
    await room.says(room.eve, "who represents SG17?", "Kim, representative of SG17")


@ON_SQLITE
async def test_in_a_group_registering_goes_on_in_private(room: Room, bot: Running) -> None:
    telegram = room.telegram
    answer = await room.answer(room.hall, telegram.says(room.kim, "/register SG17 alternate", room.hall))
    (button,) = answer.buttons
    assert button.url is not None
    question = await room.answer(room.kim, telegram.opens(room.kim, button.url.partition("start=")[2]))
    assert "Group: SG17 (ITU-T) Study Group 17\nRepresentative or alternate: alternate" in question.text


async def test_a_form_that_a_crash_met_goes_on_after_the_restart(
    room: Room, settings: dict[str, str], server: SmtpFake
) -> None:
    telegram, kim = room.telegram, room.kim
    async with running(settings) as first:
        await first.says("receives by polling")
        await room.is_told_here()
        groups = await room.answer(kim, telegram.opens(kim, "register"))
        kind = await room.presses(kim, groups, "SG13")
        await first.kill()
    async with running(settings) as second:
        await second.says("receives by polling")
        so_far = "Group: SG13 (ITU-T) Study Group 13\nRepresentative or alternate: alternate"
        await room.hears(kim, telegram.presses(kim, kind, "alternate"), so_far)
        before = len(telegram.said(room.group))
        await room.hears(kim, telegram.says(kim, "kim@example.org"), "Kim, alternate of SG13")
        assert "Kim, alternate of SG13" in (await room.next(room.group, before)).text
        code = await code_for(server, "kim@example.org")
        await all_sent(settings["DATABASE_URL"])
        await second.kill()
    async with running(settings):
        await room.hears(kim, telegram.says(kim, code), "stands verified")


@ON_SQLITE
async def test_a_hand_over_ends_one_and_invites_the_next(room: Room, bot: Running, server: SmtpFake) -> None:
    telegram, kim, eve = room.telegram, room.kim, room.eve
    await room.is_told_here()
    await confirmed(room, server)
    await room.says(kim, "/representative_handover 1", "Who takes over?")
    await room.says(kim, "Eve Moss", "Their e-mail")
    before = len(telegram.said(room.group))
    await room.says(kim, "eve@example.org", "Until then Kim stays representative of SG17", "I wrote to Eve Moss")
    request = await room.next(room.group, before)
    assert "Takes over from Kim" in request.text
    gone = await room.presses(room.ada, request, "Confirm", where=kim)
    assert "Eve Moss has taken over from you" in gone.text
    await room.says(eve, "/address eve@example.org", "I sent a code")
    proved = await room.says(eve, await code_for(server, "eve@example.org"), "stands verified")
    mine = await room.presses(eve, proved, "My groups")
    sure = await room.presses(eve, mine, "End SG17")
    assert "Shall that end today?" in sure.text
    over = await room.presses(eve, sure, "Yes, end it")
    assert "representative of SG17 no more" in over.text
    await room.says(kim, "who represents SG17?", "SG17 has no representative")


@ON_SQLITE
async def test_who_asks_to_be_forgotten_gets_their_data_and_is_gone(room: Room, bot: Running, server: SmtpFake) -> None:
    telegram, kim = room.telegram, room.kim
    await room.is_told_here()
    request = await confirmed(room, server)
    before = len(telegram.said(kim))
    held = await room.says(kim, "/my_data", "everything that I hold about you")
    await telegram.wait_for(lambda: len(telegram.said(kim)) == before + 2, PATIENCE)
    document = telegram.said(kim)[-1].document
    assert document is not None
    assert document.name == "my-data.json"
    assert "kim@example.org" in json.dumps(json.loads(document.content))
    await room.presses(kim, held, "Forget me")
    await room.says(kim, "forget", "Done: your names, accounts, addresses and settings are gone")
    await room.reads(request, "somebody who asked to be forgotten, representative of SG17")
    await room.says(kim, "/representative_mine", "You represent no group here")
