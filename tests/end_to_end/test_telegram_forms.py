"""Forms on Telegram: typing a few letters, choosing a button, and going on in private."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram import TelegramPlatform
from storage.database import Database
from tests.end_to_end.delegates import book, delegate
from tests.fakes.telegram import TelegramFake
from tests.talk import Talk


@pytest.fixture
async def telegram(sample: Database) -> AsyncIterator[TelegramFake]:
    """A Telegram with the bot at work on a real database."""
    async with TelegramFake() as fake:
        talk = Talk(sample, delegate, book)
        platform = TelegramPlatform(
            token=fake.token,
            api_url=fake.api_url,
            webhook_url=None,
            webhook_secret=None,
            commands=[delegate, book],
            render=talk.renderer,
            poll_seconds=10,
        )
        talk.desk.add(platform)
        await platform.start(talk.desk)
        try:
            yield fake
            await talk.desk.settled()
        finally:
            await platform.stop()


async def test_a_few_letters_are_enough(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    question = await telegram.answer_to(await telegram.says(anna, "/delegate"))
    assert "Name: Anna" in question.text
    offered = await telegram.answer_to(await telegram.says(anna, "quantum"))
    assert offered.labels[:2] == ["ETSI ISG QKD Quantum keys", "SG11 Quantum signalling"]
    await telegram.presses(anna, offered, "ETSI ISG QKD Quantum keys")
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 3)
    kind = telegram.said(anna)[2]
    assert "Group: ETSI ISG QKD Quantum keys" in kind.text
    await telegram.presses(anna, kind, "alternate")
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 4)
    assert "ISG QKD/alternate/Anna" in telegram.said(anna)[3].text


async def test_what_fits_one_group_alone_is_taken_at_once(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    await telegram.answer_to(await telegram.says(anna, "/delegate"))
    kind = await telegram.answer_to(await telegram.says(anna, "secur"))
    assert "Group: SG17 Security" in kind.text
    assert kind.labels == ["representative", "alternate", "Cancel"]


async def test_in_a_group_a_private_form_goes_on_by_a_link(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    answer = await telegram.answer_to(await telegram.says(anna, "/delegate SG17", group))
    assert answer.chat is group
    assert "in private" in answer.text
    (button,) = answer.buttons
    assert button.url == f"https://t.me/{telegram.world.bot.username}?start=delegate_SG17"
    kind = await telegram.answer_to(await telegram.opens(anna, "delegate_SG17"))
    assert "Group: SG17 Security" in kind.text


async def test_in_a_group_a_free_question_opens_a_reply(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    question = await telegram.answer_to(await telegram.says(anna, "/room_book", group))
    assert "Reply to this message" in question.text
    assert question.labels == []
    mode = await telegram.answer_to(await telegram.says(anna, "Talk", group, reply_to=question))
    assert "Title: Talk" in mode.text
    await telegram.presses(anna, mode, "remote")
    await telegram.wait_for(lambda: len(telegram.said(group)) == 3)
    assert "Talk/remote" in telegram.said(group)[2].text
