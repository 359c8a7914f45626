"""A liaison statement that arrives by mail, with the bot as a process: told, seen, logged; once, whatever dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from storage.database import Database
from tests.end_to_end.running import Running, running, start
from tests.fakes.imap import ImapFake
from tests.fakes.telegram import Person, Shown, TelegramFake
from tests.unit.bot.mails import mail, statement

PATIENCE = 60.0
TOLD = "A liaison statement came by mail"
ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)


@dataclass
class Office:
    """A mailbox with a statement in it, and Sam, who is the secretariat, on Telegram."""

    telegram: TelegramFake
    imap: ImapFake
    sam: Person
    settings: dict[str, str]

    @property
    def told(self) -> list[Shown]:
        return [one for one in self.telegram.said(self.sam) if TOLD in one.text]

    async def is_told(self) -> Shown:
        return (await self.telegram.wait_for(lambda: self.told, PATIENCE))[0]

    async def presses(self, message: Shown, label: str) -> Shown:
        """The bot's answer."""
        count = len(self.telegram.said(self.sam))
        await self.telegram.presses(self.sam, message, label)
        return (await self.telegram.wait_for(lambda: self.telegram.said(self.sam)[count:], PATIENCE))[0]

    async def is_marked(self) -> None:
        await self.imap.wait_for(lambda: all(one.flags for one in self.imap.inbox.mails), PATIENCE)


@pytest.fixture
async def office(sample: Database) -> AsyncIterator[Office]:
    async with TelegramFake() as telegram, ImapFake() as imap:
        sam = telegram.person("Sam", "sam")
        imap.inbox.receives(mail(files={"LS.docx": statement()}))
        settings = {
            "DATABASE_URL": sample.url.render_as_string(hide_password=False),
            "HTTP_BIND": "127.0.0.1:0",
            "ADMINISTRATORS": f"telegram:{sam.id}",
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
            "IMAP_URL": imap.url(),
        }
        yield Office(telegram, imap, sam, settings)


@asynccontextmanager
async def killed(office: Office, step: str) -> AsyncIterator[Running]:
    """A bot that dies when it has come to this step with the mail."""
    office.imap.misbehaves("hangs", step)
    bot = await start(office.settings)
    asked = "BODY.PEEK[]" if step == "BODY" else step
    await office.imap.wait_for(lambda: any(asked in one for one in office.imap.commands), PATIENCE)
    yield bot
    await bot.kill()


async def first_that_says(words: str, *bots: Running) -> Running:
    saying = {asyncio.create_task(bot.says(words)): bot for bot in bots}
    done, others = await asyncio.wait(saying, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    return saying[done.pop()]


@ON_SQLITE
async def test_a_statement_that_came_by_mail_is_logged_by_a_tap(office: Office) -> None:
    async with running(office.settings) as bot:
        form = await office.presses(await office.is_told(), "Log it")
        assert "LS on QKD networks" in form.text
        logged = await office.presses(form, "Log it")
        assert "Logged as SG13-LS999" in logged.text
        assert '"mailbox": "connected"' in (await bot.gets("/healthz"))[1]
        assert await bot.stop() == 0
    assert office.imap.password not in bot.output


@ON_SQLITE
async def test_a_crash_loses_no_statement_and_tells_of_none_twice(office: Office) -> None:
    async with killed(office, "BODY"):
        assert office.told == []
    async with killed(office, "UID STORE"):
        await office.is_told()
    async with running(office.settings) as bot:
        await office.is_marked()
        assert await bot.stop() == 0
    assert len(office.told) == 1


@ON_POSTGRESQL
async def test_of_two_replicas_one_reads_the_mailbox_and_the_other_takes_over(office: Office) -> None:
    async with running(office.settings) as one, running(office.settings) as other:
        await office.is_told()
        await office.is_marked()
        reading = await first_that_says("mailbox is connected", one, other)
        waiting = other if reading is one else one
        logins = office.imap.logins
        assert await reading.stop() == 0
        await waiting.says("mailbox is connected")
        assert (logins, office.imap.logins, len(office.told)) == (1, 2, 1)
        assert await waiting.stop() == 0
