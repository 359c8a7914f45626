"""The loopback Telegram watches the documented limits."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import BadRequest, RetryAfter

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.limits import Limits


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as server:
        yield server


@pytest.fixture
async def bot(telegram: TelegramFake) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as bot:
        yield bot


def test_the_thirty_first_message_of_a_second_is_an_excess() -> None:
    limits = Limits()
    for number in range(31):
        limits.sent(number, is_group=False, now=number / 100)
    limits.sent(99, is_group=False, now=1.02)
    assert [(one.kind, one.chat_id) for one in limits.excesses] == [("overall", 30)]


def test_two_messages_to_one_chat_within_a_second_are_an_excess() -> None:
    limits = Limits()
    for chat, now in ((1, 0.0), (2, 0.1), (1, 1.0), (1, 1.9)):
        limits.sent(chat, is_group=False, now=now)
    assert [(one.kind, one.at) for one in limits.excesses] == [("chat", 1.9)]


def test_the_twenty_first_message_of_a_minute_to_a_group_is_an_excess() -> None:
    limits = Limits()
    for number in range(21):
        limits.sent(-1, is_group=True, now=number * 2.5)
        limits.sent(1, is_group=False, now=number * 2.5)
    limits.sent(-1, is_group=True, now=63)
    assert [(one.kind, one.chat_id) for one in limits.excesses] == [("group", -1)]


async def test_what_the_bot_sends_is_watched(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    for text in ("one", "two"):
        await bot.send_message(anna.id, text)
    assert [(one.kind, one.chat_id) for one in telegram.limits.excesses] == [("chat", anna.id)]


async def test_a_flood_of_the_whole_bot_closes_every_chat(telegram: TelegramFake, bot: Bot) -> None:
    anna, beom = telegram.persons(2)
    telegram.misbehave("rate_limited", retry_after=30, whole_bot=True)
    for one in (anna, beom):
        with pytest.raises(RetryAfter):
            await bot.send_message(one.id, "x")
    assert telegram.copies("x") == {}


async def test_copies_are_counted_by_chat(telegram: TelegramFake, bot: Bot) -> None:
    anna, group = telegram.person("Anna"), telegram.group("G")
    for chat in (anna.id, anna.id, group.id):
        await bot.send_message(chat, "the news")
    await bot.send_message(anna.id, "something else")
    assert telegram.copies("news") == {anna.id: 2, group.id: 1}


async def test_a_frozen_message_cannot_be_changed(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    message = await bot.send_message(anna.id, "x")
    telegram.said(anna)[0].frozen = True
    with pytest.raises(BadRequest, match="can't be edited"):
        await message.edit_text("y")
