"""Files dropped on Telegram: fetched, kept, used; and what may go wrong with them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram import TelegramPlatform
from storage.database import Database
from tests.end_to_end.papers import add_paper
from tests.end_to_end.patience import LONG, gives_up_downloads
from tests.fakes.telegram import TelegramFake
from tests.talk import Talk

PDF = b"%PDF-1.7 " + b"x" * 50_000


@pytest.fixture
async def telegram(sample: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramFake]:
    """A Telegram with the bot at work on a real database; it asks again at once."""
    monkeypatch.setattr("bot.porter._PAUSES", (0.0, 0.0))
    async with TelegramFake() as fake:
        talk = Talk(sample, add_paper)
        platform = TelegramPlatform(
            token=fake.token,
            api_url=fake.api_url,
            webhook_url=None,
            webhook_secret=None,
            commands=[add_paper],
            render=talk.renderer,
            poll_seconds=10,
            timeout=LONG,
        )
        talk.desk.add(platform)
        await platform.start(talk.desk)
        try:
            yield fake
            await talk.desk.settled()
        finally:
            await platform.stop()


async def test_a_document_is_kept_and_used_by_a_button(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    answer = await telegram.answer_to(await telegram.sends_document(anna, PDF, "report.pdf"))
    assert "report.pdf, 49 KB: kept as file 1" in answer.text
    await telegram.presses(anna, answer, "Paper add")
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 2)
    done = await telegram.answer_to(await telegram.says(anna, "The report"))
    assert "The report: report.pdf application/pdf 50009" in done.text


async def test_a_caption_is_a_command_line(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    answer = await telegram.answer_to(
        await telegram.sends_document(anna, PDF, "отчёт.pdf", caption="/paper_add title=Caption")
    )
    assert "Caption: отчёт.pdf application/pdf 50009" in answer.text


async def test_in_a_group_a_caption_that_mentions_the_bot_is_heard(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    caption = f"@{telegram.bot.username} paper add title=Here"
    answer = await telegram.answer_to(await telegram.sends_document(anna, PDF, "a.pdf", group, caption=caption))
    assert "Here: a.pdf" in answer.text


async def test_each_file_of_an_album_is_taken(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    for name in ("a.pdf", "b.pdf"):
        await telegram.sends_document(anna, PDF + name.encode(), name)
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 2)
    said = " ".join(message.text for message in telegram.said(anna))
    assert "a.pdf, 49 KB" in said
    assert "b.pdf, 49 KB" in said


@pytest.mark.parametrize("claims", [None, 1024])
async def test_a_file_larger_than_telegram_gives_is_said_to_be(telegram: TelegramFake, claims: int | None) -> None:
    anna = telegram.person("Anna", "anna")
    content = b"\x01" * (25 * 1024 * 1024)
    answer = await telegram.answer_to(
        await telegram.sends_document(anna, content, "film.mp4", caption="/paper_add title=Film", claims=claims)
    )
    assert "Telegram gives bots files up to 20 MB: send a link instead." in answer.text
    assert "Nothing was changed" in answer.text


@pytest.mark.parametrize("kind", ["slow", "lost_reply", "server_error"])
async def test_what_goes_wrong_once_is_tried_again(
    telegram: TelegramFake, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = telegram.person("Anna", "anna")
    wrong = telegram.misbehave(kind, "download")
    gives_up_downloads(monkeypatch, "telegram", lambda: not wrong.happened)
    answer = await telegram.answer_to(
        await telegram.sends_document(anna, PDF, "a.pdf", caption="/paper_add title=Again")
    )
    assert "Again: a.pdf application/pdf 50009" in answer.text


async def test_no_log_tells_the_token_when_a_download_fails(
    telegram: TelegramFake, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    anna = telegram.person("Anna", "anna")
    telegram.misbehave("lost_reply", "download", times=3)
    answer = await telegram.answer_to(await telegram.sends_document(anna, PDF, "a.pdf"))
    assert "I could not get a.pdf just now" in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert any("did not give a file" in line for line in ours)
    assert not any(telegram.token in line for line in ours)
