"""The doctor: says what is wrong and what to do, and shows no secret."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from aiohttp import web
from telegram import Bot

from bot.main import main
from bot.platforms.email import checkup as mail_checkup
from bot.platforms.slack import checkup as slack_checkup
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.telegram import checkup as telegram_checkup
from storage.database import Database
from tests.conftest import MakeDatabase
from tests.fakes.imap import ImapFake
from tests.fakes.slack import SlackFake
from tests.fakes.smtp import SmtpFake
from tests.fakes.telegram import TelegramFake

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)

Diagnosis = tuple[int, list[str]]
T = TypeVar("T")


class Patient:
    """Settings that a test makes ill. The doctor runs as a person starts it, beside the test's servers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def has(self, settings: Mapping[str, str]) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(f"LIAISON_BOT_{name}", value)

    async def is_examined(self) -> Diagnosis:
        """The exit status, and the lines."""
        status = await asyncio.to_thread(main, ["doctor"])
        return status, self._capsys.readouterr().out.splitlines()


@pytest.fixture
def patient(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Patient]:
    """The sample, and no platform."""
    patient = Patient(monkeypatch, capsys)
    patient.has({"DATABASE_URL": address_of(make_database(True)), "HTTP_BIND": "127.0.0.1:0"})
    yield patient
    logging.disable(logging.NOTSET)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as fake:
        yield fake


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    async with SlackFake() as fake:
        fake.scopes = SCOPES
        yield fake


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def tokens_of(telegram: TelegramFake, slack: SlackFake) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


def hurried(checkup: Callable[..., T], *what: object) -> T:
    """The checkup of a platform, which waits for it no longer than this, whatever it is told."""
    return checkup(*what[:-1], 0.5)


def wrong(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("wrong")]


async def test_without_a_platform_all_is_well_and_chat_works(patient: Patient) -> None:
    status, lines = await patient.is_examined()
    assert (status, wrong(lines)) == (0, [])
    assert any("239 roadmap items (the sample)" in line for line in lines)
    assert lines[-1].endswith("liaison-bot chat works")


@ON_SQLITE
async def test_with_right_tokens_all_is_well(patient: Patient, telegram: TelegramFake, slack: SlackFake) -> None:
    patient.has(tokens_of(telegram, slack))
    status, lines = await patient.is_examined()
    assert (status, wrong(lines)) == (0, [])
    for expected in ("@liaison", "the app token is right", "@liaison_test_bot", "run will poll", "is free"):
        assert any(expected in line for line in lines)


@ON_SQLITE
async def test_a_mailbox_is_looked_into(patient: Patient) -> None:
    async with ImapFake("starttls") as imap:
        patient.has({"IMAP_URL": imap.url()})
        _status, lines = await patient.is_examined()
        assert any("logged in as ls@example.org, over TLS; INBOX has 0 unread mails" in line for line in lines), lines


@ON_SQLITE
async def test_a_mailbox_that_lets_nobody_in_is_told_without_its_password(patient: Patient) -> None:
    async with ImapFake() as imap:
        patient.has({"IMAP_URL": imap.url(password="hidden-word")})
        status, lines = await patient.is_examined()
        assert status == 1
        assert any("refuses the login" in line and "LIAISON_BOT_IMAP_URL" in line for line in wrong(lines)), lines
        assert "hidden-word" not in "\n".join(lines)


@ON_SQLITE
async def test_refused_tokens_are_named_and_not_shown(
    patient: Patient, telegram: TelegramFake, slack: SlackFake
) -> None:
    telegram.revoke()
    slack.auth_error = "token_revoked"
    settings = tokens_of(telegram, slack)
    patient.has(settings)
    status, lines = await patient.is_examined()
    assert status == 1
    assert [line.split()[1] for line in wrong(lines)] == ["slack:", "telegram:"]
    assert all("do: put" in line for line in wrong(lines))
    assert not any(settings[name] in "\n".join(lines) for name in settings if name.endswith("TOKEN"))


@ON_SQLITE
async def test_a_webhook_that_telegram_cannot_reach_is_found(patient: Patient, telegram: TelegramFake) -> None:
    url = "http://127.0.0.1:1/telegram"
    patient.has({"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.api_url})
    patient.has({"TELEGRAM_WEBHOOK_URL": url, "TELEGRAM_WEBHOOK_SECRET": "hook-secret-1"})
    _, lines = await patient.is_examined()
    assert any("run will set the webhook" in line for line in lines), lines
    anna = telegram.person("Anna")
    async with Bot(telegram.token, base_url=telegram.base_url) as bot:
        await bot.set_webhook(url)
    await telegram.says(anna, "hello")
    await telegram.wait_for(lambda: telegram.posts)
    status, lines = await patient.is_examined()
    assert status == 1
    assert "could not deliver to the webhook" in wrong(lines)[0]


@ON_SQLITE
async def test_missing_scopes_and_a_wrong_clock_are_found(patient: Patient) -> None:
    headers = {"x-oauth-scopes": "commands,chat:write"}

    async def auth_test(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "user": "liaison", "user_id": "U1", "team": "T"}, headers=headers)

    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    patient.has({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s" * 32, "SLACK_API_URL": api_url})
    status, lines = await patient.is_examined()
    assert status == 1
    assert "lacks the scopes app_mentions:read, files:read, files:write, im:history, users:read" in wrong(lines)[0]
    assert "liaison-bot slack-manifest" in wrong(lines)[0]
    headers["Date"] = formatdate(0, usegmt=True)
    _, lines = await patient.is_examined()
    assert "set the clock" in wrong(lines)[0]
    await runner.cleanup()


@ON_SQLITE
async def test_a_platform_that_hangs_is_not_waited_for(
    patient: Patient, telegram: TelegramFake, slack: SlackFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for checkup in (slack_checkup, telegram_checkup):
        monkeypatch.setattr(checkup, "checkup", partial(hurried, checkup.checkup))
    telegram.misbehave("slow", "getMe", times=9)
    slack.misbehave("slow", "auth.test", times=None)
    patient.has(tokens_of(telegram, slack))
    status, lines = await patient.is_examined()
    assert status == 1
    assert [line.split()[1] for line in wrong(lines)] == ["slack:", "telegram:"]
    assert all("does not answer" in line for line in wrong(lines))


@ON_SQLITE
async def test_settings_set_by_half_and_unknown_accounts_are_listed(patient: Patient) -> None:
    patient.has({"SLACK_APP_TOKEN": "xapp-1", "TELEGRAM_WEBHOOK_URL": "https://x", "ADMINISTRATORS": "slack:U1"})
    status, lines = await patient.is_examined()
    assert status == 1
    assert len(wrong(lines)) == 3
    assert "'slack:U1'" in wrong(lines)[2]


@pytest.mark.parametrize("address", ["sqlite:///none.db", "postgresql://u:hidden-word@127.0.0.1:1/none"])
@ON_SQLITE
async def test_a_database_that_is_not_there_is_found(patient: Patient, address: str) -> None:
    patient.has({"DATABASE_URL": address})
    status, lines = await patient.is_examined()
    assert status == 1
    assert wrong(lines)[0].startswith("wrong  database:")
    assert "hidden-word" not in "\n".join(lines)


async def test_an_empty_roadmap_and_an_unknown_host_group_are_found(
    patient: Patient, make_database: MakeDatabase
) -> None:
    patient.has({"DATABASE_URL": address_of(make_database(False)), "HOST_GROUP": "JCA-NONE"})
    status, lines = await patient.is_examined()
    assert status == 1
    assert ["roadmap is empty" in wrong(lines)[0], "no group JCA-NONE" in wrong(lines)[1]] == [True, True]


@ON_SQLITE
async def test_an_address_in_use_is_found(patient: Patient, telegram: TelegramFake) -> None:
    patient.has({"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.api_url})
    patient.has({"HTTP_BIND": f"127.0.0.1:{telegram.port}"})
    status, lines = await patient.is_examined()
    assert status == 1
    assert "Address already in use; do: change LIAISON_BOT_HTTP_BIND" in wrong(lines)[0]


@pytest.fixture
async def mail_server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake("starttls", ("bot", "hidden-word")) as fake:
        yield fake


@ON_SQLITE
async def test_a_mail_server_that_lets_the_bot_in_is_well(patient: Patient, mail_server: SmtpFake) -> None:
    patient.has({"SMTP_URL": mail_server.url, "EMAIL_FROM": "bot@example.org"})
    status, lines = await patient.is_examined()
    assert (status, wrong(lines)) == (0, [])
    expected = f"ok     email: 127.0.0.1:{mail_server.port} takes mail from bot@example.org, logged in as bot, over TLS"
    assert expected in lines
    assert mail_server.mails == []


@ON_SQLITE
async def test_a_mail_server_that_refuses_the_login_is_found(patient: Patient, mail_server: SmtpFake) -> None:
    patient.has({"SMTP_URL": mail_server.url.replace("hidden", "other"), "EMAIL_FROM": "bot@example.org"})
    status, lines = await patient.is_examined()
    assert status == 1
    assert "refuses the login: 535" in wrong(lines)[0]
    assert "other-word" not in "\n".join(lines)


@ON_SQLITE
async def test_a_mail_server_that_is_not_trusted_is_found(patient: Patient, mail_server: SmtpFake) -> None:
    async with SmtpFake("implicit") as other:
        patient.has({"SMTP_URL": f"{mail_server.url.partition('?')[0]}?ca={other.ca}", "EMAIL_FROM": "bot@example.org"})
        _, lines = await patient.is_examined()
    assert "add ?ca=FILE to LIAISON_BOT_SMTP_URL" in wrong(lines)[0]


@ON_SQLITE
async def test_a_mail_server_that_takes_nothing_from_the_bot_is_found(patient: Patient, mail_server: SmtpFake) -> None:
    mail_server.misbehave("refused", "MAIL", "553 5.7.1 Not your address")
    patient.has({"SMTP_URL": mail_server.url, "EMAIL_FROM": "bot@example.org"})
    _, lines = await patient.is_examined()
    assert "takes no mail from bot@example.org: 553 5.7.1 Not your address" in wrong(lines)[0]


@ON_SQLITE
async def test_a_mail_server_that_is_away_or_hangs_is_found(
    patient: Patient, mail_server: SmtpFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_checkup, "checkup", partial(hurried, mail_checkup.checkup))
    patient.has({"SMTP_URL": mail_server.url, "EMAIL_FROM": "bot@example.org"})
    mail_server.misbehave("slow", "MAIL")
    _, lines = await patient.is_examined()
    assert "does not answer as a mail server: Timed out" in wrong(lines)[0]
    await mail_server.stop()
    _, lines = await patient.is_examined()
    assert "see that this machine reaches it" in wrong(lines)[0]


@ON_SQLITE
async def test_mail_from_nobody_is_half_a_setting(patient: Patient, mail_server: SmtpFake) -> None:
    patient.has({"SMTP_URL": mail_server.url})
    status, lines = await patient.is_examined()
    assert status == 1
    assert "do: set it to the address that mail is from" in wrong(lines)[0]


@ON_SQLITE
async def test_a_word_template_that_does_not_do_is_found(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(b"no document")
    patient.has({"LIAISON_TEMPLATE": str(tmp_path / "own.docx")})
    status, lines = await patient.is_examined()
    assert status == 1
    assert [line for line in wrong(lines) if "template: own.docx" in line and "do: mend it in Word" in line]
