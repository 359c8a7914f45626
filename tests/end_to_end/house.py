"""A running bot on all platforms at once: loopback Slack, Telegram and a real mail server, and people who use them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.platforms.slack.manifest import SCOPES
from bot.reception import utc_now
from storage import inbox
from storage.database import Database
from storage.tables import Delivery
from storage.words import DeliveryState
from tests.end_to_end.running import Running, free_port, running
from tests.fakes.slack import Message, SlackFake
from tests.fakes.smtp import SmtpFake
from tests.fakes.telegram import Person, Shown, TelegramFake

PATIENCE = 60.0
REFLECTOR = "members@example.org"
REPORT = b"%PDF-1.7 " + b"x" * 5_000


@dataclass
class Places:
    """Anna is the secretariat on Slack, Sam on Telegram; nobody is subscribed to anything."""

    slack: SlackFake
    telegram: TelegramFake
    mail: SmtpFake
    sam: Person
    database: Database
    clock: Callable[[], datetime]

    async def is_quiet(self) -> None:
        """Wait until all that was said is answered, and all that is due is sent: what comes next is an answer."""
        async with asyncio.timeout(PATIENCE):
            while not await self._is_quiet():  # noqa: ASYNC110 - another process's database tells nobody
                await asyncio.sleep(0.02)

    async def _is_quiet(self) -> bool:
        is_open = Delivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING])
        async with self.database.reading() as session:
            due = await session.scalar(select(Delivery.id).where(is_open, Delivery.due_at <= self.clock()).limit(1))
            return not (self.telegram.pending_updates or due or await inbox.waiting(session))

    async def slack_says(self, who: str, text: str, *, file: str = "") -> Message:
        """The bot's answer to what somebody says to it in private, with a file of that name."""
        await self.is_quiet()
        files = [self.slack.file(file, REPORT, "application/pdf")] if file else []
        count = len(self.slack.answers(who))
        await self.slack.says(who, text, files=files)
        return (await self.slack.wait_for(lambda: self.slack.answers(who)[count:], PATIENCE))[0]

    async def slack_presses(self, who: str, message: Message, label: str) -> Message:
        """The bot's answer to a button that answers with a message."""
        await self.is_quiet()
        count = len(self.slack.answers(who))
        await self.slack.presses(who, message, label)
        return (await self.slack.wait_for(lambda: self.slack.answers(who)[count:], PATIENCE))[0]

    async def slack_sees(self, who: str, *texts: str) -> Message:
        """The newest of the bot's messages that says all of this, as soon as there is one."""
        return await self.slack.wait_for(lambda: self._on_slack(who, texts), PATIENCE)

    async def telegram_says(self, who: Person, text: str) -> Shown:
        await self.is_quiet()
        return await self.telegram.answer_to(await self.telegram.says(who, text), PATIENCE)

    async def telegram_presses(self, who: Person, message: Shown, label: str) -> Shown:
        """The bot's answer to a button that answers with a message."""
        await self.is_quiet()
        count = len(self.telegram.said(who))
        await self.telegram.presses(who, message, label)
        return (await self.telegram.wait_for(lambda: self.telegram.said(who)[count:], PATIENCE))[0]

    async def telegram_sees(self, who: Person, *texts: str) -> Shown:
        """As `slack_sees`."""
        return (await self.telegram.wait_for(lambda: self._on_telegram(who, texts), PATIENCE))[-1]

    def telegram_files(self, who: Person) -> list[tuple[str, bytes]]:
        return [(one.document.name, one.document.content) for one in self.telegram.said(who) if one.document]

    def slack_files(self, where: str) -> list[tuple[str, bytes | None]]:
        return [(file.name, file.content) for one in self.slack.answers(where) for file in one.files]

    def _on_slack(self, who: str, texts: tuple[str, ...]) -> Message | None:
        found = [one for one in self.slack.answers(who) if all(text in self.slack.seen(one) for text in texts)]
        return found[-1] if found else None

    def _on_telegram(self, who: Person, texts: tuple[str, ...]) -> list[Shown]:
        return [one for one in self.telegram.said(who) if all(text in one.text for text in texts)]


@dataclass
class House(Places):
    """The bot is a process of its own."""

    bot: Running
    url: str


@asynccontextmanager
async def house(database: Database) -> AsyncIterator[House]:
    """`liaison-bot run` in a process of its own, until this is left."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with SlackFake() as slack, TelegramFake() as telegram, SmtpFake() as mail:
        slack.scopes = SCOPES
        anna, sam = slack.workspace.person("anna"), telegram.person("Sam", "sam")
        settings = {
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
            "HTTP_BIND": f"127.0.0.1:{port}",
            "PUBLIC_URL": url,
            "ADMINISTRATORS": f"slack:{slack.workspace.team}/{anna.id},telegram:{sam.id}",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
            "SMTP_URL": mail.url,
            "EMAIL_FROM": "bot@example.org",
            "EMAIL_REFLECTOR": REFLECTOR,
        }
        async with running(settings) as bot:
            await bot.says("connected to Slack")
            await bot.says("receives by polling")
            yield House(slack, telegram, mail, sam, database, utc_now, bot, url)
            assert await bot.stop() == 0
