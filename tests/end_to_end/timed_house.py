"""A bot whose clock a test moves, with the real clients of all platforms, and what each of them was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import vobject
from pydantic import SecretStr
from sqlalchemy import select

from bot import roster
from bot.core import make_core
from bot.metrics import Metrics
from bot.platforms import Limits
from bot.platforms.email import EmailSender
from bot.platforms.slack.manifest import SCOPES
from bot.service import Service
from bot.settings import Settings
from storage.database import Database
from storage.tables import Account, Group, Representative
from storage.words import RepresentativeKind, RepresentativeStatus
from tests.end_to_end.house import PATIENCE, REFLECTOR, Places
from tests.end_to_end.running import free_port
from tests.fakes.slack import SlackFake
from tests.fakes.smtp import SmtpFake
from tests.fakes.telegram import Person, TelegramFake

KIM = "kim@partner.example"
_CALENDAR = b"BEGIN:VCALENDAR"
_NO_LIMITS = Limits(per_second=float("inf"), target_seconds=0, at_once=8)


class Clock:
    """It goes on as clocks do, and jumps where a test sets it."""

    def __init__(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def jump(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)


class Tended(Service):
    """A service that looks after what is due when a test says so, and not only every few seconds."""

    async def start(self) -> None:
        self._tending = asyncio.Lock()
        await super().start()

    async def tend(self) -> None:
        async with self._tending:
            await self._turns.beat()
            await self._chores.do_all()
        self._mailroom.nudge()

    async def settled(self) -> None:
        """Return when all that came in is answered, or given up."""
        await self._core.desk.settled()

    async def _do_chores(self) -> None:
        # Two processes never do the same chore at once; nor do a test and the clock.
        async with self._tending:
            await super()._do_chores()


@dataclass
class Entry:
    """A calendar file as a calendar program reads it."""

    method: str
    uid: str
    sequence: int
    start: datetime
    status: str
    has_alarm: bool


@dataclass
class TimedHouse(Places):
    """Boris, in New York, is told on Slack, as is #general; Mia on Telegram; Kim by e-mail."""

    service: Tended
    clock: Clock
    mia: Person

    async def comes(self, now: datetime) -> None:
        """That time has come, and everybody has what is due."""
        self.clock.jump(now)
        await self.service.tend()
        await self.is_quiet()

    async def settled(self) -> None:
        """All that came in is answered, or given up."""
        await self.service.settled()

    async def all_are_told(self, *texts: str, subject: str = "") -> None:
        """Everybody who subscribed sees a message with all of this; of the mail it is in the text, or its subject."""
        await self.slack_sees("boris", *texts)
        await self.slack_sees("general", *texts)
        await self.telegram_sees(self.mia, *texts)
        await self.mail.wait_for(lambda: self._mailed(subject, texts), PATIENCE)
        await self.is_quiet()

    async def entries(self, count: int) -> dict[str, list[Entry]]:
        """The calendar files that came, by who got them, in order; as soon as each has so many."""

        def have_come(*who: str) -> Callable[[], bool]:
            return lambda: all(len(self._calendars()[one]) >= count for one in who)

        await self.slack.wait_for(have_come("boris", "general"), PATIENCE)
        await self.telegram.wait_for(have_come("mia"), PATIENCE)
        await self.mail.wait_for(have_come("kim"), PATIENCE)
        found = {who: [_entry(one) for one in files] for who, files in self._calendars().items()}
        assert {len(some) for some in found.values()} == {count}
        return found

    def _calendars(self) -> dict[str, list[bytes]]:
        files: dict[str, list[bytes | None]] = {
            "boris": [content for _, content in self.slack_files("boris")],
            "general": [content for _, content in self.slack_files("general")],
            "mia": [content for _, content in self.telegram_files(self.mia)],
            "kim": [content for mail in self.mail.messages_to(KIM) for content in mail.files.values()],
        }
        return {who: [one for one in some if one and one.startswith(_CALENDAR)] for who, some in files.items()}

    def heard(self, words: str) -> dict[str, int]:
        """How many messages with these words came to each."""
        return {
            "boris": sum(words in self.slack.seen(one) for one in self.slack.answers("boris")),
            "general": sum(words in self.slack.seen(one) for one in self.slack.answers("general")),
            "mia": sum(words in one.text for one in self.telegram.said(self.mia)),
            "kim": sum(words in one.text for one in self.mail.messages_to(KIM)),
        }

    async def represents(self, account: str, group: str) -> None:
        """The person of that account becomes the representative of a group."""
        async with self.database.writing() as session:
            person = (await session.scalars(select(Account.person_id).where(Account.external_id == account))).one()
            of = (await session.scalars(select(Group.id).where(Group.code == group))).one()
            status, kind = RepresentativeStatus.CONFIRMED, RepresentativeKind.REPRESENTATIVE
            session.add(
                Representative(person_id=person, group_id=of, kind=kind, status=status, requested_at=self.clock())
            )

    def _mailed(self, subject: str, texts: tuple[str, ...]) -> bool:
        mails = [one for one in self.mail.messages_to(KIM) if subject in one.subject]
        return any(all(text in one.text for text in texts) for one in mails)


@asynccontextmanager
async def timed_house(database: Database, now: datetime, *, listens: bool = True) -> AsyncIterator[TimedHouse]:
    """The service in this process, until this is left; those who listen have subscribed to meetings."""
    clock = Clock(now)
    async with SlackFake() as slack, TelegramFake() as telegram, SmtpFake() as mail:
        slack.scopes = SCOPES
        anna, sam, mia = slack.workspace.person("anna"), telegram.person("Sam", "sam"), telegram.person("Mia", "mia")
        settings = _settings(
            database, slack, telegram, mail, f"slack:{slack.workspace.team}/{anna.id},telegram:{sam.id}"
        )
        metrics = Metrics()
        core = make_core(settings, database, clock, metrics)
        entries, sender = roster.entries(core), _sender(core, settings)
        for one in (*(entry.platform for entry in entries), sender):
            _lift(one)
        service = Tended(core, entries, metrics, clock, [sender])
        try:
            await service.start()
            await slack.connected(2, PATIENCE)
            at = TimedHouse(slack, telegram, mail, sam, database, clock, service, mia)
            if listens:
                await _listen(at)
            yield at
        finally:
            await service.stop()
            await sender.stop()


async def _listen(at: TimedHouse) -> None:
    await at.slack_says("boris", "subscribe here to meetings")
    await at.slack.says("anna", f"{at.slack.mention} subscribe here to meetings name='#general'", "general")
    await at.slack_sees("general", "This channel gets meetings at once")
    await at.telegram_says(at.mia, "subscribe here to meetings")
    await at.slack_says("anna", f"subscribe {KIM} to meetings")


def _settings(database: Database, slack: SlackFake, telegram: TelegramFake, mail: SmtpFake, people: str) -> Settings:
    port = free_port()
    given: dict[str, Any] = {
        "database_url": SecretStr(database.url.render_as_string(hide_password=False)),
        "http_bind": f"127.0.0.1:{port}",
        "public_url": f"http://127.0.0.1:{port}",
        "administrators": people,
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_api_url": slack.api_url,
        "telegram_token": SecretStr(telegram.token),
        "telegram_api_url": telegram.api_url,
        "smtp_url": SecretStr(mail.url),
        "email_from": "bot@example.org",
        "email_reflector": REFLECTOR,
    }
    return Settings(**given)


def _sender(core: Any, settings: Settings) -> EmailSender:
    (made,) = roster.senders(core)
    return made


def _lift(platform: Any) -> None:
    """This is not about the pace."""
    platform.limits = _NO_LIMITS


def _entry(content: bytes) -> Entry:
    calendar = vobject.readOne(content.decode())
    event = calendar.vevent
    start = event.dtstart.value
    return Entry(
        calendar.method.value,
        event.uid.value,
        int(event.sequence.value),
        start.astimezone(UTC) if isinstance(start, datetime) else start,
        event.status.value,
        hasattr(event, "valarm"),
    )


def local(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """An instant by the clocks of Geneva in summer."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)
